"""No request reaches what it must not: checked addresses at connect time, for feeds, pages and redirects."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import httpcore
import pytest

from monitor.errors import AddressRefused, FetchError
from monitor.fetch import Client, Policy, poll, poll_once, transport
from monitor.fetch.backend import GuardedBackend
from tests.fetch.loopback import LOOPBACK, NOW, SETTINGS, Poller, Reply, Request, Server, ok

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "127。0。0。1",
    "１２７.0.0.1",
    "169.254.169.254",
    "10.0.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "user@127.0.0.1",
    "127.0.0.1%2f",
]


@pytest.fixture
def both() -> Iterator[list[Server]]:
    """A listener on 127.0.0.1 and one on ::1."""
    servers = [Server(), Server(socket.AF_INET6, "::1")]
    for server in servers:
        server.answer(ok("a"))
    yield servers
    for server in servers:
        server.close()


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_address_is_reached(host: str, both: list[Server]) -> None:
    """Feed, page and redirect; the listeners see no connection."""

    async def page(url: str) -> None:
        async with Client() as client:
            with pytest.raises(FetchError):
                await client.page(url, now=NOW)

    for server in both:
        url = f"http://{host}:{server.port}/feed.xml"
        assert poll_once({"url": url, "settings": {"timeout": 2}}, NOW)[1].kind == "error"
        asyncio.run(page(url))
    assert [server.connections for server in both] == [0, 0]


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/", "http://[::ffff:a00:1]/", "file:///etc/passwd", "ftp://127.0.0.1/"]
)
def test_E14_a_redirect_to_a_private_address_is_refused(server: Server, location: str) -> None:
    server.answer(Reply(302, {"Location": location}))
    outcome = Poller(server.url())()
    assert outcome.kind == "error"
    assert "private" in outcome.reason or "only http" in outcome.reason


def test_E14_a_name_is_judged_by_every_answer_and_asked_once(server: Server) -> None:
    """A resolver that says public first and private later gets no second question; one private answer refuses all."""
    answers = [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]]
    questions: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        questions.append(host)
        return answers.pop(0)

    async def fetch() -> None:
        async with Client(Policy(), resolver=resolver) as client:
            for _ in range(2):
                with pytest.raises(AddressRefused):
                    await client.get(f"http://rebind.example:{server.port}/", {}, deadline=2)

    asyncio.run(fetch())
    assert (len(questions), server.connections) == (2, 0)


def test_a_connection_goes_to_the_address_that_was_judged(server: Server) -> None:
    server.answer(ok("a"))

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def fetch() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK)), resolver=resolver) as client:
            await client.get(f"http://news.example:{server.port}/", {}, deadline=2)

    asyncio.run(fetch())
    assert server.requests[0]["Host"] == f"news.example:{server.port}"


@pytest.mark.parametrize("working", ["v4", "v6"])
def test_E09_either_family_works_and_the_fallback_is_quick(working: str) -> None:
    """A name with AAAA and A whose server listens on one of them only; also where the other swallows packets."""
    server = Server() if working == "v4" else Server(socket.AF_INET6, "::1")
    server.answer(ok("a"))

    async def resolver(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    async def fetch() -> float:
        async with Client(Policy(allow_networks=tuple(LOOPBACK)), resolver=resolver) as client:
            start = asyncio.get_running_loop().time()
            await client.get(f"http://both.example:{server.port}/", {}, deadline=3)
            return asyncio.get_running_loop().time() - start

    assert asyncio.run(fetch()) < 1.0
    server.close()


def test_E09_a_silent_address_does_not_hold_up_the_other(server: Server) -> None:
    server.answer(ok("a"))
    silent = socket.create_server(("127.0.0.2", server.port), backlog=0)
    fillers = [socket.socket() for _ in range(3)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(silent.getsockname())

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async def fetch() -> float:
        async with Client(Policy(allow_networks=tuple(LOOPBACK)), resolver=resolver) as client:
            start = asyncio.get_running_loop().time()
            await client.get(f"http://both.example:{server.port}/", {}, deadline=3)
            return asyncio.get_running_loop().time() - start

    assert asyncio.run(fetch()) < 1.0
    for one in [silent, *fillers]:
        one.close()


def test_a_proxy_from_the_environment_is_not_used(
    server: Server, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other.base)
    server.answer(ok("a"))
    assert Poller(server.url())().kind == "new"
    assert other.connections == 0


def test_a_proxy_of_the_feed_is_used(other: Server) -> None:
    """The proxy is the user's own and may be private; what is known to be private behind it is still refused."""
    other.answer(ok("a"))
    state = {"url": "http://news.invalid/feed.xml", "proxy": other.base, "settings": {"timeout": 2}}
    assert poll_once(state, NOW)[1].kind == "new"
    assert other.requests[0].path == "http://news.invalid:80/feed.xml"
    assert poll_once({**state, "url": "http://127.0.0.1:9/feed.xml"}, NOW)[1].kind == "error"
    assert len(other.requests) == 1


def test_cookies_and_headers_do_not_grow(server: Server) -> None:
    """A server that sets a hundred cookies gets the same request again."""
    lines = b"".join(b"Set-Cookie: c%d=%s\r\n" % (n, b"x" * 500) for n in range(100))
    server.answer(Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + lines + b"\r\n"), ok("a"))
    poll = Poller(server.url())
    poll(), poll()
    assert server.requests[0].headers == server.requests[1].headers


def test_settings_of_the_checks_allow_loopback_only() -> None:
    assert SETTINGS["allow_networks"] == ["127.0.0.0/8", "::1/128"]


def test_what_is_public_leads_to_no_private_address(server: Server, other: Server) -> None:
    """Neither by a link nor by a redirect nor as a hub, though `allow_networks` permits the address to a person.

    news.example stands for the public web: its connections are made to loopback unjudged.
    """

    class Public(GuardedBackend):
        async def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> Any:
            if host != "news.example":
                return await super().connect_tcp(host, port, *args, **options)
            return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", port)

    async def fetch() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            feed, inside = f"http://news.example:{server.port}/feed", other.url("/page")
            assert not (await client.get(feed, {}, deadline=2)).private
            assert (await client.get(other.url(), {}, deadline=2)).private
            asked = len(other.requests)
            for attempt in (
                client.page(inside, now=NOW, inside=False),
                client.get(f"http://news.example:{server.port}/away", {}, deadline=2),
                client.post(inside, b"hub.mode=subscribe", inside=False),
            ):
                with pytest.raises(AddressRefused, match="what leads there is public"):
                    await attempt
            assert len(other.requests) == asked
            assert (await client.page(inside, now=NOW)).url == inside
            assert (await client.page(server.url("/hop"), now=NOW)).url == inside

    def away(request: Request) -> Reply:
        there = request.path in ("/away", "/hop")
        return Reply(302, {"Location": other.url("/page")}) if there else ok("a")

    server.answer(away)
    other.answer(ok("a"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "GuardedBackend", Public)
        asyncio.run(fetch())


def test_a_name_with_a_public_address_too_is_no_private_host(server: Server) -> None:
    """Its owner could add a private address to lead inside; he that has none but private ones is at home."""
    server.answer(ok("a"))
    found = ["127.0.0.1", "93.184.216.34"]

    async def resolver(host: str, port: int) -> list[str]:
        return found

    async def private() -> bool | None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK)), resolver=resolver) as client:
            state, _ = await poll({"url": f"http://news.example:{server.port}/"}, NOW, client)
            return state.get("private")

    assert asyncio.run(private()) is None
    found.pop()
    assert asyncio.run(private()) is True


def test_networks_that_are_no_longer_allowed_are_not_reached_by_old_connections_either(server: Server) -> None:
    server.answer(ok("a"))

    async def polls() -> None:
        policy = Policy(allow_networks=tuple(LOOPBACK))
        async with Client(policy) as client:
            await client.get(server.url(), {}, deadline=2)
            client.adopt(Policy())
            with pytest.raises(AddressRefused):
                await client.get(server.url(), {}, deadline=2)
            client.adopt(policy)
            await client.get(server.url(), {}, deadline=2)

    asyncio.run(polls())
    assert (len(server.requests), server.connections) == (2, 1)


def test_of_a_name_with_very_many_addresses_a_few_are_tried(server: Server) -> None:
    """Else one name has Rasid knock at a thousand doors; all of them are judged nevertheless."""
    found = [f"127.0.1.{n}" for n in range(1, 200)] + ["127.0.0.1"]

    async def resolver(host: str, port: int) -> list[str]:
        return found

    async def get() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK)), resolver=resolver) as client:
            await client.get(f"http://many.example:{server.port}/", {}, deadline=5)

    with pytest.raises(FetchError, match="refused"):
        asyncio.run(get())
    found.append("10.0.0.1")
    with pytest.raises(AddressRefused):
        asyncio.run(get())
    assert server.connections == 0
