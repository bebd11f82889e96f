"""robots.txt of hostile sites: it holds nobody up, and says the same as without what concerns others."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable

import pytest
from protego import Protego

import monitor.fetch.client as client_module
from monitor.errors import FetchError
from monitor.fetch import Client, Policy, poll
from monitor.fetch.policy import PRODUCT
from monitor.fetch.robots import read_robots
from tests.fetch.loopback import LOOPBACK, NOW, Reply, Request, Server

LARGEST = 512_000


def robots(text: bytes) -> Callable[[Request], Reply]:
    """A site with this robots.txt and a page everywhere else."""
    return lambda request: Reply(200, {}, text if request.path == "/robots.txt" else b"<p>x")


async def longest_halt(work: Awaitable[object]) -> float:
    """The longest time for which the event loop's thread computed on end during this work."""
    halt, task = 0.0, asyncio.ensure_future(work)
    while not task.done():
        start = time.thread_time()
        await asyncio.sleep(0.001)
        halt = max(halt, time.thread_time() - start)
    await task
    return halt


def test_E13_a_robots_txt_of_the_largest_size_halts_nothing(server: Server) -> None:
    """Reading it and asking it take a second, during which everything else goes on."""
    rules = b"".join(b"Disallow: /*a%d\n" % n for n in range(40_000))
    server.handler = robots(b"User-agent: *\n" + rules[: LARGEST - 100])

    async def work() -> float:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            page = client.page(server.url("/" + "a" * 7000), now=NOW, deadline=5)
            return await longest_halt(page)

    assert asyncio.run(work()) < 0.1


@pytest.mark.parametrize("name", [b"other%d", b"*" * 4 + b"%d", b"rasid" + b"*%d"])
def test_E13_many_names_with_many_rules_cost_no_more_than_their_length(name: bytes) -> None:
    """Each rule was kept once for each name: 500 kB would have taken all memory."""
    names = b"".join(b"User-agent: " + name % n + b"\n" for n in range(4_000))
    rules = b"".join(b"Disallow: /%d\n" % n for n in range(4_000))
    start = time.perf_counter()
    found = read_robots(200, names + rules + b"User-agent: *\nDisallow: /no\n", 0.0)
    assert "not permit" in found.refusal("https://x.example/no")
    assert time.perf_counter() - start < 1.0


LINES = (
    "User-agent: *", "user agent Rasid", "Useragent: RASID*", "User-agent: googlebot", "User-agent:", "User-agent: ras",
    "User-agent: rasid-news", "Disallow: /a", "disallow /b", "dissallow: /b", "Allow: /a$", "Allow: /*b", "Disallow:",
    "Crawl-delay: 3", "crawl delay 5", "Sitemap: https://x.example/s.xml", "Sitemap https://x.example/t.xml",
    "Host: x.example", "", "# Disallow: /", "<html>", "words", "foo: bar", "foo:bar", "Content-Signal: x # Disallow: /",
)  # fmt: skip


def test_E13_what_is_left_out_concerns_others_only() -> None:
    """Two thousand files of strange lines say the same to us as when they are read whole."""
    dice = random.Random(13)
    for _ in range(2_000):
        text = "\n".join(dice.choices(LINES, k=dice.randint(1, 12)))
        ours, whole = read_robots(200, text.encode(), 0.0), Protego.parse(text)
        for path in ("/a", "/b", "/ab", "/c"):
            url = f"https://x.example{path}"
            assert (ours.refusal(url) == "") == whole.can_fetch(url, PRODUCT), text
        assert ours.delay == (whole.crawl_delay(PRODUCT) or 0.0), text
        assert list(ours.sitemaps) == list(whole.sitemaps), text


def test_E13_a_redirect_to_another_site_asks_its_robots_txt_too(server: Server, other: Server) -> None:
    server.handler = lambda r: Reply(404) if r.path == "/robots.txt" else Reply(302, {"Location": other.url(r.path)})
    other.handler = robots(b"User-agent: *\nDisallow: /no\n")

    async def work() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            assert (await client.page(server.url("/yes"), now=NOW)).url == other.url("/yes")
            with pytest.raises(FetchError, match=r"robots\.txt does not permit"):
                await client.page(server.url("/no"), now=NOW)

    asyncio.run(work())
    assert [r.path for r in other.requests] == ["/robots.txt", "/yes"]


def test_E02_a_robots_txt_that_asks_for_a_pause_pauses_its_host(server: Server) -> None:
    server.answer(Reply(503, {"Retry-After": "600"}))

    async def work() -> float:
        async with Client(Policy(allow_networks=tuple(LOOPBACK), gate_allowed=True)) as client:
            with pytest.raises(FetchError, match=r"robots\.txt could not be read"):
                await client.page(server.url("/a"), now=NOW)
            return (await poll({"url": server.url("/feed")}, NOW, client))[1].next_at - NOW

    assert 590 < asyncio.run(work()) <= 600


def test_E13_a_site_at_an_IPv6_address_has_a_robots_txt_too() -> None:
    server = Server(socket.AF_INET6, "::1")
    server.handler = robots(b"User-agent: *\nDisallow: /no\n")

    async def work() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            assert (await client.page(server.url("/yes"), now=NOW)).data == b"<p>x"
            with pytest.raises(FetchError, match=r"robots\.txt does not permit"):
                await client.page(server.url("/no"), now=NOW)

    asyncio.run(work())
    server.close()


def test_E13_what_is_kept_of_all_sites_has_a_bound(
    server: Server, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one read longest ago is read again where it is needed; one file alone is always kept until then."""
    monkeypatch.setattr(client_module, "_MOST_ROBOTS", 20_000)
    for site in (server, other):
        site.handler = robots(b"User-agent: *\n" + b"Disallow: /no\n" * 1_000)

    async def work() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            for url in (server.url("/1"), server.url("/2"), other.url("/1"), other.url("/2"), server.url("/3")):
                await client.page(url, now=NOW)

    asyncio.run(work())
    assert [[r.path for r in site.requests].count("/robots.txt") for site in (server, other)] == [2, 1]
