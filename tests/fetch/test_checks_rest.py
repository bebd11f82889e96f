"""The checks of docs/fetching.md on redirects, bodies and identity."""

from __future__ import annotations

import gzip
import json
import socket
import time
import tracemalloc
import zlib
from itertools import count
from urllib.parse import urlsplit

import pytest

from monitor.fetch import poll_once
from tests.fetch.loopback import NOW, SETTINGS, Poller, Reply, Server, ok, rss


def paths(server: Server) -> list[str]:
    return [request.path for request in server.requests]


# --- redirects


def moves(server: Server, status: int) -> list[str]:
    """What is asked in two polls of a feed that is redirected with this status."""
    server.handler = lambda r: ok("a") if r.path == "/new" else Reply(status, {"Location": "/new"})
    poll = Poller(server.url("/old"))
    outcome = poll()
    assert outcome.kind == "new"
    assert outcome.moved_to == (server.url("/new") if status in (301, 308) else "")
    poll()
    return paths(server)


def test_D301_is_followed_and_remembered(server: Server) -> None:
    assert moves(server, 301) == ["/old", "/new", "/new"]


def test_D308_is_followed_and_remembered(server: Server) -> None:
    assert moves(server, 308) == ["/old", "/new", "/new"]


def test_D302_is_followed_and_not_remembered(server: Server) -> None:
    assert moves(server, 302) == ["/old", "/new", "/old", "/new"]


def test_D303_is_followed_and_not_remembered(server: Server) -> None:
    assert moves(server, 303) == ["/old", "/new", "/old", "/new"]


def test_D307_is_followed_and_not_remembered(server: Server) -> None:
    assert moves(server, 307) == ["/old", "/new", "/old", "/new"]


def test_D01_only_the_permanent_first_part_is_remembered(server: Server) -> None:
    steps = {"/a": Reply(301, {"Location": "/b"}), "/b": Reply(302, {"Location": "/c"}), "/c": ok("x")}
    server.handler = lambda request: steps[request.path]
    poll = Poller(server.url("/a"))
    poll(), poll()
    assert paths(server) == ["/a", "/b", "/c", "/b", "/c"]


@pytest.mark.parametrize("target", [ok(body=b"<html><body>For sale</body></html>"), Reply(404), Reply(500)])
def test_D02_a_move_to_something_else_is_not_remembered(server: Server, target: Reply) -> None:
    server.handler = lambda request: target if request.path == "/b" else Reply(301, {"Location": "/b"})
    poll = Poller(server.url("/a"))
    assert poll().kind == "error"
    poll()
    assert paths(server) == ["/a", "/b", "/a", "/b"]


def test_D03_a_loop_ends_as_an_error(server: Server) -> None:
    numbers = count()
    server.handler = lambda request: Reply(302, {"Location": f"/{next(numbers)}"})
    assert Poller(server.url("/a"))().kind == "error"
    assert len(server.requests) <= 10


def test_D04_conditional_headers_work_through_a_temporary_redirect(server: Server, other: Server) -> None:
    server.answer(Reply(302, {"Location": other.url("/real")}))
    other.handler = lambda r: Reply(304) if r["If-None-Match"] == '"1"' else ok("a", ETag='"1"')
    poll = Poller(server.url())
    poll()
    assert poll().kind == "unchanged"
    assert (len(server.requests), len(other.requests), poll.state["status"]) == (2, 2, 304)


# --- bodies


def test_B01_gzip_is_asked_for_and_read(server: Server) -> None:
    server.answer(ok(body=gzip.compress(rss("a")), Content_Encoding="gzip"))
    assert len(Poller(server.url())().entries) == 1
    assert "gzip" in (server.requests[0]["Accept-Encoding"] or "")


@pytest.mark.parametrize("pack", [zlib.compress, lambda data: zlib.compress(data)[2:-4]])
def test_deflate_is_read_in_both_forms(server: Server, pack: object) -> None:
    """B01: with and without the zlib frame."""
    server.answer(ok(body=pack(rss("a")), Content_Encoding="deflate"))  # type: ignore[operator]
    assert len(Poller(server.url())().entries) == 1


def check_not_asked_for(server: Server, coding: str) -> None:
    server.answer(ok(body=b"\x0b\x02\x80abc\x03", Content_Encoding=coding))
    assert Poller(server.url())().kind == "error"
    assert coding not in (server.requests[0]["Accept-Encoding"] or "")


def test_B02_brotli_is_not_asked_for(server: Server) -> None:
    check_not_asked_for(server, "br")


def test_B03_zstd_is_not_asked_for(server: Server) -> None:
    check_not_asked_for(server, "zstd")


def bomb(layers: int) -> bytes:
    body = b"\0" * 50_000_000
    for _ in range(layers):
        body = gzip.compress(body)
    return body


@pytest.mark.parametrize("layers", [1, 2])
def test_B04_a_bomb_is_an_error(server: Server, layers: int) -> None:
    server.answer(ok(body=bomb(layers), Content_Encoding=", ".join(["gzip"] * layers), ETag='"1"'))
    poll = Poller(server.url(), timeout=10)
    tracemalloc.start()
    outcome = poll()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.kind == "error"
    assert "MB" in outcome.reason
    assert peak < 64_000_000
    assert "validators" not in poll.state


def test_an_endless_body_is_an_error(server: Server) -> None:
    """B04: without a length, and many small gzip members."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
    server.answer(Reply(raw=head + b"x" * 6_000_000))
    assert "MB" in Poller(server.url(), timeout=10)().reason
    server.answer(ok(body=gzip.compress(b"") * 100_000, Content_Encoding="gzip"))
    start = time.monotonic()
    assert Poller(server.url(), timeout=10)().kind == "error"
    assert time.monotonic() - start < 5


def test_B05_a_cut_body_is_an_error(server: Server) -> None:
    body = rss("a", "b")
    head = f'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'.encode()
    packed = gzip.compress(body)[:-20]
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + body[:64] + b"\r\n"
    for reply in (
        Reply(raw=head + body[:-40]),
        Reply(raw=chunked),
        ok(body=packed, Content_Encoding="gzip", ETag='"1"'),
    ):
        server.answer(reply)
        poll = Poller(server.url())
        assert poll().kind == "error"
        assert "validators" not in poll.state


def drip(pieces: bytes, pause: float) -> Reply:
    def act(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(bytes([piece]))
            time.sleep(pause)

    return Reply(act=act)


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000, 0.02),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 1000, 0.02),
        Reply(act=lambda connection: time.sleep(3)),
        Reply(
            act=lambda connection: [
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n") or time.sleep(0.001) for _ in range(2000)
            ]
        ),
    ],
    ids=["body", "headers", "silence", "100-continue"],
)
def test_B06_slow_servers_are_given_up(server: Server, reply: Reply) -> None:
    server.answer(reply)
    start = time.monotonic()
    assert Poller(server.url(), timeout=0.4)().kind == "error"
    assert time.monotonic() - start < 1.6


def test_B06_a_flood_of_answers_before_the_answer_is_given_up_at_once(server: Server) -> None:
    """Each costs the loop some work, and all the others wait meanwhile; a few are in order."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    flood = Reply(act=lambda connection: connection.sendall(early * 200_000))
    server.answer(Reply(raw=early * 20 + b"HTTP/1.1 200 OK\r\n\r\n" + rss("a")), flood)
    poll = Poller(server.url(), timeout=10)
    assert len(poll().entries) == 1
    start = time.monotonic()
    assert "interim" in poll().reason
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("by", ["declaration", "label"])
def test_B07_windows_1256_is_decoded(server: Server, by: str) -> None:
    declared = "<?xml version='1.0' encoding='windows-1256'?>" if by == "declaration" else "<?xml version='1.0'?>"
    label = "text/xml" if by == "declaration" else "text/xml; charset=windows-1256"
    item = "<item><guid>1</guid><title>اجتماع طارئ</title></item>"
    text = f"{declared}<rss version='2.0'><channel><title>ص</title>{item}</channel></rss>"
    server.answer(ok(body=text.encode("windows-1256"), Content_Type=label))
    assert [entry.title for entry in Poller(server.url())().entries] == ["اجتماع طارئ"]


@pytest.mark.parametrize("label", ["text/html; charset=utf-8", "application/octet-stream", "image/png"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n \n"])
def test_B08_label_and_leading_bytes_do_not_matter(server: Server, label: str, before: bytes) -> None:
    server.answer(ok(body=before + rss("a"), Content_Type=label))
    assert len(Poller(server.url())().entries) == 1


def test_B09_an_empty_feed_forgets_nothing(server: Server) -> None:
    server.answer(ok("a", "b"), ok(), ok("a", "b"))
    poll = Poller(server.url())
    poll()
    assert (poll().kind, poll().entries) == ("unchanged", ())


def test_B10_identity_is_the_guid(server: Server) -> None:
    changed = rss("a=عنوان آخر").replace(b"https://news.example/a", b"https://news.example/a?utm_source=rss")
    entry = "<entry><id>urn:1</id><title>{}</title><link href='{}'/></entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>ص</title>{entry}</feed>"
    server.answer(ok("a"), ok(body=changed))
    poll = Poller(server.url())
    poll()
    assert poll().entries == ()
    server.answer(
        ok(body=atom.format("أ", "https://x.example/1").encode()),
        ok(body=atom.format("ب", "https://x.example/2").encode()),
    )
    poll = Poller(server.url())
    assert (len(poll().entries), poll().entries) == (1, ())


# --- who asks


def test_I01_the_user_agent_names_product_and_contact(server: Server) -> None:
    server.answer(ok("a"))
    Poller(server.url())()
    agent = server.requests[0]["User-Agent"] or ""
    assert agent.startswith("Rasid/")
    assert "http" in agent
    assert "Mozilla" not in agent
    Poller(server.url(), contact="desk@news.example")()
    assert "desk@news.example" in (server.requests[1]["User-Agent"] or "")


def test_I02_accept_names_feed_types(server: Server) -> None:
    server.answer(ok("a"))
    Poller(server.url())()
    accept = server.requests[0]["Accept"] or ""
    assert "application/rss+xml" in accept
    assert "application/atom+xml" in accept
    assert "*/*" in accept


def test_I03_no_cookie_and_no_referer(server: Server) -> None:
    server.handler = lambda r: (
        ok("a", Set_Cookie="id=1") if r.path == "/b" else Reply(302, {"Location": "/b", "Set-Cookie": "s=2; Path=/"})
    )
    poll = Poller(server.url("/a"))
    poll(), poll()
    assert len(server.requests) == 4
    assert not [request for request in server.requests if "Cookie" in request or "Referer" in request]


def test_I04_caches_are_not_forbidden(server: Server) -> None:
    server.answer(ok("a"))
    Poller(server.url())()
    assert "Cache-Control" not in server.requests[0]
    assert "Pragma" not in server.requests[0]


def test_I05_the_query_is_never_touched(server: Server) -> None:
    server.handler = lambda request: ok(str(len(server.requests)))
    poll = Poller(server.url("/f?id=7"))
    for _ in range(30):
        poll()
    assert {request.path for request in server.requests} == {"/f?id=7"}


# --- the door


def test_a_minimal_state_is_enough(server: Server) -> None:
    """`{"url": …}` and settings as an argument; the state is JSON."""
    server.answer(ok("a"), Reply(304))
    state, outcome = poll_once({"url": server.url()}, NOW, SETTINGS)
    assert (outcome.kind, len(outcome.entries)) == ("new", 1)
    state, outcome = poll_once(json.loads(json.dumps(state)), outcome.next_at, SETTINGS)
    assert outcome.kind == "unchanged"


def test_loopback_is_refused_by_default(server: Server) -> None:
    """Nothing reaches a private address unless `allow_networks` says so."""
    server.answer(ok("a"))
    _, outcome = poll_once({"url": server.url()}, NOW)
    assert outcome.kind == "error"
    assert "allow_networks" in outcome.reason
    assert server.connections == 0


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ValueError, match="flor"):
        poll_once({"url": "https://news.example/", "settings": {"flor": 60}}, NOW)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "file:///etc/passwd",
        "ftp://x.example/f",
        "http://",
        "http://[",
        "http://x:99999999/",
        "http://\ud800/",
    ],
)
def test_a_senseless_address_is_an_outcome(url: str) -> None:
    """No address raises."""
    assert poll_once({"url": url}, NOW, SETTINGS)[1].kind == "error"


def test_login_of_an_address_is_sent_only_there(server: Server, other: Server) -> None:
    """`https://user:password@host/` asks with Basic authentication; redirects and reasons get none of it."""
    server.answer(Reply(302, {"Location": other.url("/b")}))
    other.answer(ok("a"))
    url = server.url("/a")
    poll = Poller(url.replace("http://", "http://desk:secret@"))
    outcome = poll()
    assert server.requests[0]["Authorization"] == "Basic ZGVzazpzZWNyZXQ="
    assert "Authorization" not in other.requests[0]
    assert "secret" not in repr(outcome)
    assert urlsplit(url).netloc == server.requests[0]["Host"]
