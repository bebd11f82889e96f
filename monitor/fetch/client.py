"""Requests as a guest makes them: behind the guards of transport, in turn at each host, redirects by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from math import inf
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

from monitor.addresses import Network
from monitor.errors import AddressRefused, FetchError
from monitor.fetch.answer import Answer
from monitor.fetch.backend import Resolver, resolve
from monitor.fetch.gate import HostGate, HostPaused
from monitor.fetch.hints import challenged, named, retry_after
from monitor.fetch.policy import Policy
from monitor.fetch.robots import Robots, read_robots
from monitor.fetch.transport import Transport
from monitor.fetch.urls import Target, join, lent, mark, target

MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_ROBOTS = 8_000_000  # bytes that all sites' robots.txt may take
_PLACE = 500  # bytes that each takes beside its text
_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBytes:
    """A page as it came."""

    data: bytes
    url: str  # where it came from in the end
    content_type: str
    fetched_at: float  # epoch seconds


class Client:
    """Guarded HTTP for one event loop; one is shared by all feeds and pages, so that their hosts are asked in turn."""

    def __init__(self, policy: Policy | None = None, *, resolver: Resolver = resolve) -> None:
        self.policy = policy or Policy()
        self._allowed: tuple[Network, ...] = self.policy.networks()
        self._gate = HostGate()
        self._slots = asyncio.Semaphore(self.policy.connections)
        self._robots: dict[str, Robots] = {}  # by site, the one read longest ago first
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._transport = Transport(
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
        self._allowed = policy.networks()

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._transport.aclose()

    async def page(
        self, url: str, *, now: float, deadline: float | None = None, proxy: str = "", inside: bool = True
    ) -> PageBytes:
        """A page's bytes, where robots.txt of all sites on the way permits.

        `deadline` is seconds for connecting, redirects and body, waiting for the host's turn not counted; `inside` as
        of `get`. Raises FetchError (AddressRefused, TooBig) in words for people, also for every status but 200 and for
        challenges.
        """
        deadline = deadline or self.policy.page_timeout
        answer = await self.get(url, {"Accept": _PAGE}, deadline=deadline, proxy=proxy, inside=inside, obey=True)
        if answer.status != 200:
            if challenged(answer.status, answer.headers, answer.body):
                raise FetchError(f"the server answered with a challenge for browsers ({answer.status})")
            raise FetchError(f"the server answered {named(answer.status)}")
        content_type = answer.headers.get("content-type", "")
        return PageBytes(data=answer.body, url=answer.url, content_type=content_type, fetched_at=now)

    async def _obey(self, to: Target, proxy: str, inside: bool) -> None:
        robots = await self.robots(to, proxy=proxy, inside=inside)
        if why := await asyncio.to_thread(robots.refusal, to.url):
            raise FetchError(why)

    async def robots(self, where: Target, *, proxy: str = "", inside: bool = True) -> Robots:
        """The rules of the site that an address belongs to, read at most once a day."""
        turn = self._asking.setdefault(where.site, asyncio.Lock())
        async with turn:
            known = self._robots.get(where.site)
            if known is None or known.until <= asyncio.get_running_loop().time():
                known = await self._read_robots(where.site, proxy, inside)
                self._remember(where.site, known)
            return known

    async def _read_robots(self, site: str, proxy: str, inside: bool) -> Robots:
        now = asyncio.get_running_loop().time()
        try:
            accept = {"Accept": "text/plain, */*;q=0.5"}
            answer = await self.get(f"{site}/robots.txt", accept, deadline=10.0, proxy=proxy, inside=inside)
        except (AddressRefused, HostPaused):  # that says nothing of the site's rules
            raise
        except FetchError as error:
            return read_robots(0, b"", now, error.message)
        return await asyncio.to_thread(read_robots, answer.status, answer.body, now)

    def _remember(self, site: str, robots: Robots) -> None:
        self._robots.pop(site, None)
        self._robots[site] = robots
        size = sum(_PLACE + len(one.text) for one in self._robots.values())
        while size > _MOST_ROBOTS:
            size -= _PLACE + len(self._robots.pop(next(iter(self._robots))).text)

    async def get(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        deadline: float,
        proxy: str = "",
        conditional: tuple[str, Mapping[str, str]] = ("", {}),
        inside: bool = True,
        obey: bool = False,
    ) -> Answer:
        """One GET with its redirects, each address checked, at most five; `Answer.trail` names them.

        `conditional` headers go only to the address with this mark, user and password only to their own server.
        `inside`: may private addresses be reached that `allow_networks` permits? True for what a person typed and what
        a private address led to; what is public leads to none. `obey`: only where robots.txt permits.

        Raises FetchError: HostPaused where a host on the way asked to be left alone.
        """
        trail: list[tuple[str, int]] = []
        first = url.strip()
        loop = asyncio.get_running_loop()
        while True:
            to = target(url)
            if obey:
                await self._obey(to, proxy, inside)
            own = {**self._identity(to), **headers, **(conditional[1] if conditional[0] == mark(to.url) else {})}
            async with self._turn(to):
                start = loop.time()
                answer = await self._sent(to, own, inside=inside, deadline=deadline, proxy=proxy)
                deadline -= loop.time() - start
                self._heed(answer)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return replace(answer, trail=tuple(trail))
            trail.append((to.url, answer.status))
            url = lent(join(to.url, answer.headers["location"]), first)
            if len(trail) > MOST_REDIRECTS:
                raise FetchError(f"more than {MOST_REDIRECTS} redirects, the last to {target(url).host}")
            if deadline <= 0:
                raise FetchError("its redirects took too long")
            inside = inside and answer.private

    def _heed(self, answer: Answer) -> None:
        """Pauses a host that says for how long; a date counts only with the server's own clock beside it."""
        if answer.status in (429, 503) and (pause := retry_after(answer.headers, inf)):
            self.pause(answer.host, min(pause, self.policy.retry_cap))

    async def _sent(self, to: Target, headers: Mapping[str, str], *, inside: bool, **how: Any) -> Answer:
        try:
            return await self._transport.send(to, headers, allowed=self._allowed if inside else (), **how)
        except AddressRefused as error:
            if inside:
                raise
            what = error.message.partition(";")[0]
            raise AddressRefused(f"{what}, and what leads there is public", subject=error.subject) from None

    async def post(self, url: str, form: bytes, *, deadline: float = 20.0, inside: bool = True) -> Answer:
        """One POST of a form, redirects not followed; `inside` and what it raises as of `get`."""
        to = target(url)
        headers = {**self._identity(to), "Content-Type": "application/x-www-form-urlencoded"}
        headers["Content-Length"] = str(len(form))
        async with self._turn(to):
            return await self._sent(to, headers, inside=inside, deadline=deadline, form=form)

    async def ping(self, url: str, *, deadline: float = 10.0) -> None:
        """Asks an address that its owner wants asked, whatever its robots.txt. Raises FetchError, also for no 2xx."""
        answer = await self.get(url, {"Accept": "*/*"}, deadline=deadline)
        if not 200 <= answer.status < 300:
            raise FetchError(f"the server answered {answer.status}")

    def pause(self, host: str, seconds: float) -> None:
        """A whole host:port asked to be left alone, unless each of its feeds has a pace of its own."""
        if not self._own_pace(host.rpartition(":")[0]):
            self._gate.pause(host, seconds)

    @asynccontextmanager
    async def _turn(self, to: Target) -> AsyncIterator[None]:
        """The host's turn, then one of the connections that all share."""
        robots = self._robots.get(to.site)
        spacing = 0.0 if self._own_pace(to.host) else max(self.policy.spacing, robots.delay if robots else 0.0)
        async with self._gate.turn(self._turn_of(to), spacing), self._slots:
            yield

    def _turn_of(self, to: Target) -> str:
        """Whose turn a request waits for: the host's, or where it has no common pace the address's own."""
        return to.url if self._own_pace(to.host) else to.key

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
        return {"Host": to.authority, "User-Agent": self.policy.user_agent, "Accept-Encoding": "gzip, deflate"}
