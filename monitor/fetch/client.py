"""Requests as a guest makes them: behind the guards of transport, in turn at each host, redirects by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

from monitor.errors import AddressRefused, FetchError
from monitor.fetch.gate import HostGate
from monitor.fetch.hints import challenged, retry_after
from monitor.fetch.policy import Policy
from monitor.fetch.robots import Robots, read_robots
from monitor.fetch.transport import Answer, Resolver, Transport, resolve
from monitor.fetch.urls import Target, join, lent, mark, target

MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_ROBOTS = 2_000
_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBytes:
    """A page as it came."""

    data: bytes
    url: str  # where it came from in the end
    status: int
    content_type: str
    fetched_at: float  # epoch seconds


class Client:
    """Guarded HTTP for one event loop; one is shared by all feeds and pages, so that their hosts are asked in turn."""

    def __init__(self, policy: Policy | None = None, *, resolver: Resolver = resolve) -> None:
        self.policy = policy or Policy()
        self.gate = HostGate()
        self._allowed = list(self.policy.networks())  # the transport looks at the same list
        self._slots = asyncio.Semaphore(self.policy.connections)
        self._private: set[str] = set()  # hosts that were found at private addresses
        self._robots: dict[str, Robots] = {}
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._transport = Transport(
            self._allowed,
            connections=self.policy.connections,
            wire_limit=self.policy.wire_limit,
            plain_limit=self.policy.plain_limit,
            resolver=resolver,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def adopt(self, policy: Policy) -> None:
        """New settings, from the next request on; bounds of sizes and connections stay as they are."""
        self.policy = policy
        self._allowed[:] = policy.networks()

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._transport.aclose()

    async def page(
        self, url: str, *, now: float, deadline: float | None = None, proxy: str = "", referrer: str = ""
    ) -> PageBytes:
        """A page's bytes, where its site's robots.txt permits and its host has not asked for a pause.

        `referrer` is the address (of a feed) that led here, "" where a person typed it: what is public leads to no
        private address, though `allow_networks` permits it.

        `deadline` is seconds for connecting, redirects and body, waiting for the host's turn not counted. Raises
        FetchError (AddressRefused, TooBig) in words for people, also for every status but 200 and for challenges.
        """
        where, inside = target(url), self._inside(referrer)
        if left := self.paused(url):
            raise FetchError(f"its host asked to be left alone for {left:.0f} s more")
        robots = await self.robots(where, proxy=proxy, inside=inside)
        if why := robots.refusal(where.url):
            raise FetchError(why)
        deadline = deadline or self.policy.page_timeout
        answer = await self.get(url, {"Accept": _PAGE}, deadline=deadline, proxy=proxy, inside=inside)
        if answer.status in (429, 503) and (pause := retry_after(answer.headers, now)):
            self.pause(answer.host, min(pause, self.policy.retry_cap))
        if answer.status != 200:
            refused = "with a challenge for browsers " if challenged(answer.status, answer.headers, answer.body) else ""
            raise FetchError(f"the server answered {refused}({answer.status})")
        return PageBytes(
            data=answer.body,
            url=answer.url,
            status=answer.status,
            content_type=answer.headers.get("content-type", ""),
            fetched_at=now,
        )

    def _inside(self, referrer: str) -> bool:
        return not referrer or target(referrer).key in self._private

    async def robots(self, where: Target, *, proxy: str = "", inside: bool = True) -> Robots:
        """The rules of the site that an address belongs to, read at most once a day."""
        site = f"{where.scheme}://{where.key}"
        turn = self._asking.setdefault(site, asyncio.Lock())
        async with turn:
            known = self._robots.get(site)
            if known and known.until > asyncio.get_running_loop().time():
                return known
            return await self._read_robots(site, where, proxy, inside)

    async def _read_robots(self, site: str, where: Target, proxy: str, inside: bool) -> Robots:
        now = asyncio.get_running_loop().time()
        try:
            accept = {"Accept": "text/plain, */*;q=0.5"}
            answer = await self.get(f"{site}/robots.txt", accept, deadline=10.0, proxy=proxy, inside=inside)
            found = read_robots(answer.status, answer.body, now)
        except AddressRefused:  # says nothing of the site to those who may reach it
            raise
        except FetchError as error:
            found = read_robots(0, b"", now, error.message)
        while len(self._robots) >= _MOST_ROBOTS:
            del self._robots[next(iter(self._robots))]
        self._robots[site] = found
        self.gate.slow_down(where.key, found.delay)
        return found

    async def get(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        deadline: float,
        proxy: str = "",
        conditional: tuple[str, Mapping[str, str]] = ("", {}),
        inside: bool = True,
    ) -> Answer:
        """One GET with its redirects, each address checked, at most five; `Answer.trail` names them.

        `conditional` headers go only to the address with this mark, user and password only to their own server.
        `inside`: may private addresses be reached that are allowed? Never after a redirect from a public one. Raises
        FetchError.
        """
        trail: list[tuple[str, int]] = []
        first = url.strip()
        loop = asyncio.get_running_loop()
        while True:
            to = target(url)
            if trail and (left := self.gate.paused(self.turn_of(to))):
                raise FetchError(f"it leads to a host that asked to be left alone for {left:.0f} s more")
            own = {**self._identity(to), **headers, **(conditional[1] if conditional[0] == mark(to.url) else {})}
            async with self.gate.turn(self.turn_of(to), self._spacing(to)), self._slots:
                start = loop.time()
                answer = await self._sent(to, own, inside=inside, deadline=deadline, proxy=proxy)
                deadline -= loop.time() - start
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return replace(answer, trail=tuple(trail))
            trail.append((to.url, answer.status))
            if len(trail) > MOST_REDIRECTS:
                raise FetchError(
                    f"more than {MOST_REDIRECTS} redirects, the last to {answer.headers['location'][:200]}"
                )
            if deadline <= 0:
                raise FetchError("its redirects took too long")
            inside = inside and answer.private
            url = lent(join(to.url, answer.headers["location"]), first)

    async def _sent(self, to: Target, headers: Mapping[str, str], *, inside: bool, **how: Any) -> Answer:
        try:
            answer = await self._transport.send(to, headers, inside=inside, **how)
        except AddressRefused as error:
            if inside:
                raise
            what = error.message.partition(";")[0]
            raise AddressRefused(f"{what}, and what leads there is public", subject=error.subject) from None
        if answer.private:
            self._private.add(to.key)
        return answer

    async def post(self, url: str, form: bytes, *, deadline: float = 20.0, referrer: str = "") -> Answer:
        """One POST of a form, redirects not followed; `referrer` as of `page`. Raises FetchError."""
        to = target(url)
        headers = {**self._identity(to), "Content-Type": "application/x-www-form-urlencoded"}
        headers["Content-Length"] = str(len(form))
        async with self.gate.turn(self.turn_of(to), self._spacing(to)), self._slots:
            return await self._sent(to, headers, inside=self._inside(referrer), deadline=deadline, form=form)

    async def ping(self, url: str, *, deadline: float = 10.0) -> None:
        """Asks an address that its owner wants asked, whatever its robots.txt. Raises FetchError, also for no 2xx."""
        answer = await self.get(url, {"Accept": "*/*"}, deadline=deadline)
        if not 200 <= answer.status < 300:
            raise FetchError(f"the server answered {answer.status}")

    def paused(self, url: str) -> float:
        """Seconds for which the address's host still wants to be left alone."""
        to = target(url)
        return self.gate.paused(self.turn_of(to))

    def pause(self, host: str, seconds: float) -> None:
        """A whole host:port asked to be left alone, unless each of its feeds has a pace of its own."""
        if not self._own_pace(host.rpartition(":")[0]):
            self.gate.pause(host, seconds)

    def turn_of(self, to: Target) -> str:
        """Whose turn a request waits for: the host's, or where it has no common pace the address's own."""
        return to.url if self._own_pace(to.host) else to.key

    def _spacing(self, to: Target) -> float:
        return 0.0 if self._own_pace(to.host) else self.policy.spacing

    def _own_pace(self, host: str) -> bool:
        """Hosts of a person's own (in `allow_networks`, or named) serve many feeds and need no sparing."""
        if host in self.policy.own_pace:
            return True
        if self.policy.gate_allowed:
            return False
        if host == "localhost":
            return bool(self._allowed)
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._allowed)

    def _identity(self, to: Target) -> dict[str, str]:
        standard = {"http": 80, "https": 443}[to.scheme]
        host = f"[{to.host}]" if ":" in to.host else to.host
        return {
            "Host": host if to.port == standard else f"{host}:{to.port}",
            "User-Agent": self.policy.user_agent,
            "Accept-Encoding": "gzip, deflate",
        }
