"""WebSub, OPML, discovery, and when two addresses mean one page."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest

from monitor.errors import FetchError
from monitor.fetch import Client, Policy, discover, url_key, websub
from monitor.fetch.opml import Listed, NotOpml, read_opml, write_opml
from monitor.types import Feed
from tests.fetch.loopback import LOOPBACK, NOW, Poller, Reply, Server, ok

# --- WebSub (E11)


def subscribed(lease: str = "86400") -> websub.Subscription:
    subscription, _ = websub.begin(
        "https://hub.example/", "https://n.example/feed", "https://me.example/cb/1", "key", NOW
    )
    query = {
        "hub.mode": "subscribe",
        "hub.topic": "https://n.example/feed",
        "hub.challenge": "xyz",
        "hub.lease_seconds": lease,
    }
    found, status, body = websub.verify(json.loads(json.dumps(subscription)), query, NOW)
    assert (status, body) == (200, "xyz")
    assert found is not None
    return found


def sign(body: bytes, key: str, method: str = "sha256") -> dict[str, str]:
    return {"x-hub-signature": f"{method}={hmac.new(key.encode(), body, method).hexdigest()}"}


def test_E11_hub_and_topic_come_from_the_link_header_first(server: Server) -> None:
    head = "<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/in-feed'/>"
    link = '<https://hub.example/a>; rel="hub", <https://n.example/feed>; rel=self'
    server.answer(ok("a", head=head, Link=link), ok("b", head=head))
    poll = Poller(server.url())
    poll()
    assert (poll.state["hub"], poll.state["topic"]) == ("https://hub.example/a", "https://n.example/feed")
    poll()
    assert poll.state["hub"] == "https://hub.example/in-feed"


def test_E11_the_form_asks_with_topic_callback_and_secret() -> None:
    subscription, form = websub.begin(
        "https://hub.example/", "https://n.example/f", "https://me.example/cb", "key", NOW
    )
    fields = {key: value[0] for key, value in parse_qs(form.decode()).items()}
    assert fields == {
        "hub.mode": "subscribe", "hub.topic": "https://n.example/f", "hub.callback": "https://me.example/cb",
        "hub.lease_seconds": "864000", "hub.secret": "key",
    }  # fmt: skip
    assert not websub.due(subscription, NOW + 60)
    assert websub.due(subscription, NOW + 3601)


def test_E11_the_lease_is_renewed_at_two_thirds() -> None:
    subscription = subscribed("86400")
    assert not websub.due(subscription, NOW + 57_000)
    assert websub.due(subscription, NOW + 57_601)


def test_E11_only_what_was_asked_for_is_confirmed() -> None:
    subscription = subscribed()
    for query in (
        {"hub.mode": "subscribe", "hub.topic": "https://evil.example/", "hub.challenge": "x"},
        {"hub.mode": "unsubscribe", "hub.topic": "https://n.example/feed", "hub.challenge": "x"},
        {},
    ):
        assert websub.verify(subscription, query, NOW)[1:] == (404, "")
    assert websub.verify(None, {"hub.mode": "subscribe", "hub.challenge": "x"}, NOW)[1] == 404
    denied, status, _ = websub.verify(subscription, {"hub.mode": "denied", "hub.topic": "https://n.example/feed"}, NOW)
    assert status == 200
    assert not websub.trusted(denied, NOW + 1, 600)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_E11_a_signed_push_makes_the_feed_due(method: str) -> None:
    found, status, fresh = websub.notice(subscribed(), sign(b"news", "key", method), b"news", NOW)
    assert (status, fresh) == (202, True)
    assert websub.trusted(found, NOW + 100, 600)


def test_E11_a_wrong_signature_is_ignored_without_telling() -> None:
    for headers in (
        {},
        sign(b"news", "other"),
        sign(b"else", "key"),
        {"x-hub-signature": "md5=1"},
        {"x-hub-signature": "sha256=é"},
    ):
        found, status, fresh = websub.notice(subscribed(), headers, b"news", NOW)
        assert (status, fresh) == (202, False)
        assert not websub.trusted(found, NOW + 1, 600)
    assert websub.notice(None, {}, b"", NOW) == (None, 410, False)


def test_E11_missing_pushes_bring_polling_back() -> None:
    found, _, _ = websub.notice(subscribed(), sign(b"", "key"), b"", NOW)
    assert websub.trusted(found, NOW + 1799, 600)
    assert not websub.trusted(found, NOW + 1801, 600)
    assert not websub.trusted(found, NOW + 86_401, 1e9)
    assert not websub.trusted(None, NOW, 600)


# --- OPML

READERS = {
    "nested": b"""<opml version="1.0"><body><outline text="\xd8\xae\xd8\xa8\xd8\xb1" title="\xd8\xae\xd8\xa8\xd8\xb1">
      <outline text="Gulf"><outline type="rss" text="A" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"/></outline>
    </outline><outline text="B" title="B" type="rss" xmlUrl="https://b.example/rss"/></body></opml>""",
    "lower-case attributes, category, repeated": b"""<?xml version="1.0"?><opml version="2.0"><body>
      <outline text="Gulf"><outline text="A" xmlurl="https://a.example/rss"/></outline>
      <outline text="A" xmlUrl="https://a.example/rss" category="/Politics/War,Daily"/></body></opml>""",
}  # fmt: skip


def test_nested_folders_become_tags() -> None:
    a, b = read_opml(READERS["nested"])
    assert a == Listed(url="https://a.example/rss", name="A", tags=("خبر", "Gulf"))
    assert (b.name, b.tags) == ("B", ())


def test_a_feed_in_several_folders_is_one() -> None:
    (a,) = read_opml(READERS["lower-case attributes, category, repeated"])
    assert a.tags == ("Gulf", "Politics", "War", "Daily")


def test_what_is_exported_can_be_imported() -> None:
    feed = Feed(id="a", url="https://a.example/rss?x=1&y=<2>", name='صحيفة "أ"', tags=frozenset({"خليج", "daily"}))
    (back,) = read_opml(write_opml([feed]))
    assert (back.url, back.name, set(back.tags)) == (feed.url, feed.name, set(feed.tags))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<html/>", b"<opml><body>", b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><opml><body/></opml>',
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><opml><body/></opml>'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_no_opml_is_told(data: bytes) -> None:
    with pytest.raises(NotOpml):
        read_opml(data)


def test_deep_nesting_is_survived() -> None:
    deep = "<outline text='x'>" * 5000 + "<outline xmlUrl='https://a.example/'/>" + "</outline>" * 5000
    assert read_opml(f"<opml><body>{deep}</body></opml>".encode()) == []


# --- discovery


def find(url: str) -> discover.Discovery:
    async def work() -> discover.Discovery:
        async with Client(Policy(allow_networks=tuple(LOOPBACK), timeout=2)) as client:
            return await discover.discover(url, client, NOW)

    return asyncio.run(work())


def site(server: Server, pages: dict[str, Reply]) -> None:
    server.handler = lambda request: pages.get(request.path, Reply(404))


def html(text: str) -> Reply:
    return Reply(200, {"Content-Type": "text/html"}, text.encode())


def test_E04_a_feeds_own_address_is_one_get(server: Server) -> None:
    server.answer(ok("a", "b"))
    (found,) = find(server.url()).found
    assert (len(found.document.entries), len(server.requests)) == (2, 1)


def test_a_page_names_its_feeds(server: Server) -> None:
    head = (
        "<link rel='stylesheet' href='/x.css'><link rel='Alternate' type='application/rss+xml' href='feed/ar'>"
        f"<link rel=alternate type='application/atom+xml; charset=utf-8' href='//127.0.0.1:{server.port}/atom'>"
        "<link rel=alternate type='application/rss+xml' href='feed/ar'>"
    )
    site(server, {"/news/": html(head), "/news/feed/ar": ok("a"), "/atom": ok("b")})
    found = find(server.url("/news/")).found
    assert [one.url for one in found] == [server.url("/news/feed/ar"), server.url("/atom")]
    assert [request.path for request in server.requests] == ["/news/", "/news/feed/ar", "/atom"]


def test_links_common_places_and_sitemaps_come_next(server: Server) -> None:
    site(server, {"/": html("<a href='/rss-page'>خلاصات</a>"), "/rss-page": html("no"), "/rss.xml": ok("a")})
    (found,) = find(server.url("/")).found
    assert (found.url, found.how) == (server.url("/rss.xml"), "a common place for feeds")
    asked = [request.path for request in server.requests]
    assert len(asked) == len(set(asked)) <= discover.MOST_REQUESTS


def test_a_news_sitemap_is_found_where_robots_txt_names_it(server: Server) -> None:
    """Most sites without a feed have one, at an address that nobody guesses."""
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<url><loc>https://n.example/1</loc><n:news><n:title>خبر</n:title></n:news></url></urlset>"
    ).encode()
    robots = (
        f"User-agent: *\nDisallow: /admin\nSitemap: {server.url('/all.xml')}\nSitemap: {server.url('/s/news7.xml')}\n"
    )
    pages = {
        "/": html("<p>x</p>"),
        "/robots.txt": Reply(200, {}, robots.encode()),
        "/s/news7.xml": Reply(200, {}, sitemap),
    }
    site(server, pages)
    (found,) = find(server.url("/")).found
    assert (found.url, found.how) == (server.url("/s/news7.xml"), "a news sitemap")
    assert len(server.requests) <= discover.MOST_REQUESTS


def test_a_site_without_feeds_is_told_and_left_alone(server: Server) -> None:
    site(server, {"/": html("<p>x</p>")})
    result = find(server.url("/"))
    assert result.found == ()
    assert len(result.tried) == len(server.requests) <= discover.MOST_REQUESTS
    site(server, {})
    with pytest.raises(FetchError, match="404"):
        find(server.url("/"))


# --- identity of addresses


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.n.example/a/1?utm_source=rss&utm_medium=x", "http://n.example/a/1"),
        ("https://n.example/a/1/", "https://n.example/a/1#comments"),
        ("https://N.example:443/a?fbclid=1&id=2", "https://n.example/a?id=2"),
        ("https://n.example/خبر", "https://n.example/%D8%AE%D8%A8%D8%B1"),
    ],
)
def test_one_page_has_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://n.example/a?id=1", "https://n.example/a?id=2"),
        ("https://n.example/story.php?81234", "https://n.example/story.php?81235"),
        ("https://n.example/a", "https://n.example/b"),
        ("https://n.example/a", "https://m.example/a"),
        ("https://n.example/#/news/1", "https://n.example/#/news/2"),
        ("https://n.example/#!/news/1", "https://n.example/#!/news/2"),
    ],
)
def test_two_pages_have_two(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize("text", ["", "tag:n.example,2026:1", "http://[", "\ud800", "خبر"])
def test_what_is_no_address_is_its_own_key(text: str) -> None:
    assert url_key(text) == text


def test_signatures_use_known_hashes_only() -> None:
    assert not websub.signed("shake_128=" + hashlib.sha1(b"").hexdigest(), b"", "key")


def test_a_list_with_a_namespace_is_read_too() -> None:
    data = b'<opml xmlns="http://opml.org/spec2"><body><outline text="A" xmlUrl="https://a.example/rss"/></body></opml>'
    assert [one.url for one in read_opml(data)] == ["https://a.example/rss"]
