"""Servers that lie, and addresses that hold secrets."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import time
import zlib
from dataclasses import replace
from urllib.parse import quote

import pytest

from monitor.errors import FetchError
from monitor.fetch import Client, Policy, discover, poll, poll_once
from monitor.fetch.hints import fresh_for, retry_after
from monitor.fetch.opml import read_opml
from tests.fetch.loopback import LOOPBACK, NOW, Poller, Reply, Server, ok, rss

DAY = 86400.0


@pytest.mark.parametrize("start", ["a" * 100_000 + ";", "a" + " " * 100_000 + ";", 'a="' * 30_000, "a " * 50_000])
def test_a_header_of_100_kB_costs_no_more_than_its_length(start: str) -> None:
    begin = time.perf_counter()
    assert fresh_for({"cache-control": start}, NOW) == 0.0
    assert time.perf_counter() - begin < 0.5


def test_a_date_without_zone_is_GMT(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's zone."""
    monkeypatch.setenv("TZ", "Asia/Riyadh")
    time.tzset()
    try:
        for date in ("Sat, 21 Nov 2026 20:00:00", "Sat, 21 Nov 2026 20:00:00 -0000", "Sat, 21 Nov 2026 20:00:00 GMT"):
            assert retry_after({"retry-after": date}, 1_795_287_600.0) == 3600.0
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("port", ["99999", "-1", "0", "65536"])
def test_a_redirect_to_a_port_that_none_is_is_an_error(server: Server, port: str) -> None:
    """It went through all guards as an OverflowError in a group of exceptions."""
    server.answer(Reply(302, {"Location": f"http://127.0.0.1:{port}/"}))
    outcome = Poller(server.url())()
    assert (outcome.kind, "port" in outcome.reason) == ("error", True)


@pytest.mark.parametrize(
    "coding", ["utf-8", "UTF-8", "none", "binary", "8bit", "windows-1256", "gzip,gzip", "deflate, gzip", "gzip;q=1"]
)
def test_a_content_encoding_that_names_none_is_ignored(server: Server, coding: str) -> None:
    server.answer(ok("a", Content_Encoding=coding))
    assert [e.title for e in Poller(server.url())().entries] == ["خبر a"]


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "compress"])
def test_a_compression_that_was_not_asked_for_is_named(server: Server, coding: str) -> None:
    server.answer(ok("a", Content_Encoding=coding))
    outcome = Poller(server.url())()
    assert (outcome.kind, "not asked for" in outcome.reason) == ("error", True)


def test_bombs_inside_of_bombs_unpack_to_the_limit_only(server: Server) -> None:
    inner = gzip.compress(b"\0" * 50_000_000)
    for body in (gzip.compress(inner), gzip.compress(b"\0" * 9_000_000) * 3, zlib.compress(b"\0" * 50_000_000)):
        server.answer(ok(body=body, Content_Encoding="deflate" if body[:1] == b"x" else "gzip"))
        outcome = Poller(server.url())()
        assert (outcome.kind, outcome.reason.startswith("the answer unpacks to more than")) == ("error", True)


def test_a_body_in_crumbs_is_given_up(server: Server) -> None:
    """A chunk a byte costs a thousand times its length; 5 MB of them would keep the event loop for minutes."""

    def crumbs(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(200):
                connection.sendall(b"1\r\na\r\n" * 5_000)

    server.answer(Reply(act=crumbs))
    poll = Poller(server.url(), timeout=30)
    begin = time.process_time()
    outcome = poll()
    assert (outcome.kind, "pieces" in outcome.reason) == ("error", True)
    assert time.process_time() - begin < 5


def test_a_validator_as_long_as_a_book_is_neither_stored_nor_sent_back(server: Server) -> None:
    server.answer(ok("a", ETag=f'"{"e" * 90_000}"', Last_Modified="Sat, 21 Nov 2026 20:00:00 GMT"))
    poll = Poller(server.url())
    poll(), poll()
    assert "If-None-Match" not in server.requests[1]
    assert server.requests[1]["If-Modified-Since"] == "Sat, 21 Nov 2026 20:00:00 GMT"
    assert len(json.dumps(poll.state)) < 2_000


def test_a_203_is_read_whole(server: Server) -> None:
    """A proxy's answer, longer than what is read of an error page."""
    items = [f"item{n}" for n in range(500)]
    body = rss(*items)
    assert len(body) > 80_000
    server.answer(Reply(203, {"Content-Type": "application/rss+xml"}, body))
    assert len(Poller(server.url())().entries) == 500


def test_a_304_to_a_request_for_the_whole_is_an_error(server: Server) -> None:
    """Else a server that says "nothing new" for ever is silence that passes for health."""
    server.answer(ok("a", ETag='"x"'), Reply(304, {"ETag": '"x"'}))
    poll = Poller(server.url())
    assert [poll(DAY).kind for _ in range(6)] == ["new"] + 5 * ["unchanged"]
    for _ in range(3):
        outcome = poll(2 * DAY)
        assert "If-None-Match" not in server.requests[-1]
        assert outcome.kind == "error"
    server.answer(ok("a", "b"))
    assert poll().kind == "new"


def test_what_a_server_breaks_off_with_is_quoted_in_brief(server: Server) -> None:
    server.answer(Reply(raw=b"HTTP/1.1 200 OK\r\nfoo" + b"y" * 60_000 + b"\r\n\r\n"))
    outcome = Poller(server.url())()
    assert outcome.kind == "error"
    assert len(outcome.reason) < 300


def test_user_and_password_follow_to_their_own_server_only(server: Server, other: Server) -> None:
    """Also after a redirect for good, which is remembered without them."""
    address = server.url("/feed").replace("//", "//reader:hush-hush@")

    def moved(request: object) -> Reply:
        path = server.requests[-1].path
        there = "Authorization" in server.requests[-1]
        return Reply(301, {"Location": "/feed/"}) if path == "/feed" else ok("a") if there else Reply(401)

    server.answer(moved)
    poll = Poller(address)
    assert poll().moved_to == server.url("/feed/")
    assert poll().kind == "unchanged"
    assert server.requests[-1].path == "/feed/"
    server.answer(Reply(302, {"Location": other.url()}))
    other.answer(ok("b"))
    assert poll().kind == "new"
    assert "Authorization" not in other.requests[-1]


def test_a_secret_that_a_server_echoes_is_neither_kept_nor_told(server: Server, other: Server) -> None:
    """Not the address that it moved to, nor the one to tell a hub, nor words about a loop or an error."""
    key, written = "hush hush/1", server.url("/feed?key=${KEY}")
    echo = f"/elsewhere?k={quote(key, safe='')}"
    self_link = f"<{server.base}{echo}>; rel=self, <https://hub.example/>; rel=hub"
    poll = Poller(written.replace("${KEY}", quote(key)))
    poll.state["configured"] = written

    def told() -> str:
        outcome = poll()
        learnt = {name: value for name, value in poll.state.items() if name != "url"}
        assert "hush" not in json.dumps(learnt) + repr(replace(outcome, entries=()))
        return outcome.kind + " " + outcome.reason

    server.handler = lambda r: Reply(301, {"Location": echo}) if r.path.startswith("/feed") else ok("a", Link=self_link)
    assert [told().split()[0] for _ in range(2)] == ["new", "unchanged"]
    assert [r.path.partition("?")[0] for r in server.requests] == ["/feed", "/elsewhere"] * 2
    server.handler = lambda r: Reply(301, {"Location": echo})
    assert "redirects" in told()
    server.answer(Reply(301, {"Location": f"ftp://127.0.0.1{echo}"}))
    assert "only http" in told()
    other.answer(ok("b"))
    server.answer(Reply(301, {"Location": other.url("/public")}))
    assert told().startswith("new")
    assert poll.state["moved"] == {"to": other.url("/public")}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://reader:hush-hush@news.invalid/feed",
        "reader:hush-hush@news.invalid/feed",
        "http://reader:hush-hush@news.invalid:99999/feed",
        "http://reader:hush-hush/feed",
        "http://reader:hush-hush@[::1/feed",
        "http://reader:hush-hush@127.0.0.1:1/feed",
        "http://reader:hush-hush@x\x00/feed",
    ],
)
@pytest.mark.parametrize("key", ["url", "proxy"])
def test_a_malformed_address_tells_no_password(url: str, key: str) -> None:
    state = {"url": "http://news.invalid/feed", key: url, "settings": {"timeout": 2}}
    after, outcome = poll_once(state, NOW)
    learnt = {name: value for name, value in after.items() if state.get(name) != value}
    assert outcome.kind == "error"
    assert "hush" not in json.dumps(learnt) + repr(outcome)


def test_robots_txt_is_asked_for_once_by_many_pages(server: Server) -> None:
    """And read where an editor put a byte order mark in front."""

    def site(request: object) -> Reply:
        if server.requests[-1].path == "/robots.txt":
            time.sleep(0.05)
            return Reply(200, {}, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /no")
        return Reply(200, {"Content-Type": "text/html"}, b"<p>x")

    server.answer(site)

    async def pages() -> list[object]:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            asked = [client.page(server.url(path), now=NOW) for path in ("/1", "/2", "/3", "/no")]
            return list(await asyncio.gather(*asked, return_exceptions=True))

    kinds = [type(found).__name__ for found in asyncio.run(pages())]
    assert kinds == ["PageBytes", "PageBytes", "PageBytes", "FetchError"]
    assert [r.path for r in server.requests].count("/robots.txt") == 1


def test_folders_without_names_may_be_nested_as_deep_as_they_like() -> None:
    deep = b"<outline>" * 50_000 + b'<outline xmlUrl="http://x.example/"/>' + b"</outline>" * 50_000
    assert read_opml(b'<opml><body><outline xmlUrl="http://y.example/"/>' + deep + b"</body></opml>")[0].url


@pytest.mark.parametrize("piece", ["<a ", "<!", "<!--", "</", '<a href="', "<![CDATA[", "<?", "<a/"])
def test_a_hostile_page_is_searched_for_feeds_in_time(piece: str) -> None:
    begin = time.perf_counter()
    assert discover.feed_links(piece * 100_000, "http://x.example/") == ([], [])
    assert time.perf_counter() - begin < 3


@pytest.mark.parametrize("base", ["http://[", "//[x", "mailto:a@b", "https://n.example:x/"])
def test_a_base_that_is_no_address_is_left_out(base: str) -> None:
    link = "<link rel=alternate type=application/rss+xml href=/rss>"
    named, _ = discover.feed_links(f"<base href='{base}'>{link}", "http://x.example/page")
    assert named in (["http://x.example/rss"], ["https://n.example:x/rss"])


def test_a_heartbeat_is_asked_whatever_robots_txt_says(server: Server) -> None:
    """The servers that hear heartbeats ask search engines to stay away."""

    def monitor(request: object) -> Reply:
        path = server.requests[-1].path
        return Reply(200, {}, b"User-agent: *\nDisallow: /") if path == "/robots.txt" else Reply(int(path[1:]))

    server.answer(monitor)

    async def ping() -> None:
        async with Client(Policy(allow_networks=tuple(LOOPBACK))) as client:
            await client.ping(server.url("/204"))
            with pytest.raises(FetchError, match="404"):
                await client.ping(server.url("/404"))

    asyncio.run(ping())
    assert [r.path for r in server.requests] == ["/204", "/404"]


def test_a_redirect_leads_to_no_host_that_asked_for_a_pause(server: Server, other: Server) -> None:
    """E02: the pause is the host's, whoever leads there."""
    server.answer(Reply(302, {"Location": other.url()}))
    other.answer(Reply(429, {"Retry-After": "600"}))

    async def polls() -> list[str]:
        policy = Policy(allow_networks=tuple(LOOPBACK), spacing=0, gate_allowed=True)
        async with Client(policy) as client:
            asked = [await poll({"url": url}, NOW, client) for url in (other.url(), server.url())]
            return [outcome.reason for _, outcome in asked]

    assert asyncio.run(polls())[1] == "its host asked for a pause"
    assert (len(server.requests), len(other.requests)) == (1, 1)
