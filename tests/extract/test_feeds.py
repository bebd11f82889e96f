"""Feeds to entries: formats, damage, identity, hostility."""

from __future__ import annotations

import contextlib
import json
import random
import time
from datetime import UTC, datetime

import pytest

from monitor.errors import NotAFeed
from monitor.extract import FeedDocument, feed, links

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
ITEM = (
    "<item><title>سقوط مسيّرة</title><link>https://x.example/1</link><guid>g1</guid>"
    "<description>قرب الساحل</description></item>"
)


def rss(
    items: str, *, head: str = "", version: str = "2.0", start: str = '<?xml version="1.0" encoding="utf-8"?>'
) -> bytes:
    return f'{start}<rss version="{version}"><channel><title>الأخبار</title>{head}{items}</channel></rss>'.encode()


def read(data: bytes, **options: str) -> FeedDocument:
    return feed(data, url="https://x.example/rss", now=NOW, **options)  # type: ignore[arg-type]


def titles(data: bytes) -> list[str]:
    return [entry.title for entry in read(data).entries]


def test_rss_with_all_that_an_entry_keeps() -> None:
    """id, link made whole, title, summary, content as paragraphs, author, time in the feed's zone."""
    item = """<item><title>A &amp;lt;b&amp;gt;عاجل&amp;lt;/b&amp;gt; &amp;amp;quot;خبر&amp;amp;quot;</title>
    <link>/n/1?a=1&b=2</link>
    <guid isPermaLink="false">tag:1</guid><dc:creator>سلمى</dc:creator>
    <category>سياسة</category><category><![CDATA[أمن]]></category>
    <description><![CDATA[<p>أول</p><p>ثان <a href="x">ثالث</a></p>]]></description>
    <content:encoded><![CDATA[<div>للكاتب</div><div>إيران</div><script>x()</script>]]></content:encoded>
    <pubDate>الاثنين 16 نوفمبر 2026 10:00</pubDate></item>"""
    document = read(
        rss(item, head="<ttl>30</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours>"), timezone="Asia/Riyadh"
    )
    entry = document.entries[0]
    assert (entry.id, entry.url, entry.title) == ("tag:1", "https://x.example/n/1?a=1&b=2", 'A عاجل "خبر"')
    assert (entry.summary, entry.content) == ("أول\nثان ثالث", "للكاتب\nإيران")
    assert entry.author == "سلمى"
    assert entry.published == datetime(2026, 11, 16, 7, tzinfo=UTC)
    assert (document.kind, document.title, document.ttl, document.skip_hours) == ("rss", "الأخبار", 1800.0, {0, 1})


def test_atom_with_hub_self_and_base() -> None:
    """Atom: alternate link, xhtml content, WebSub."""
    data = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://y.example/a/"><title>ن</title>
    <link rel="hub" href="https://hub.example/"/><link rel="self" href="https://y.example/atom"/>
    <entry><id>urn:1</id><title type="html">5 &amp;lt; 6</title><link rel="alternate" href="b"/>
    <updated>2026-11-19T10:00:00Z</updated><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml"><p>نص</p><p>آخر</p></div></content></entry></feed>"""
    document = read(data.encode())
    assert (document.kind, document.hubs, document.self_url) == (
        "atom",
        ("https://hub.example/",),
        "https://y.example/atom",
    )
    assert (document.entries[0].url, document.entries[0].title) == ("https://y.example/a/b", "5 < 6")
    assert document.entries[0].content == "نص\nآخر"


def test_rdf() -> None:
    """RSS 1.0, with the pace of its syndication module."""
    data = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel><title>ن</title><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
    <item><title>خبر</title><link>https://x.example/9</link><dc:date>2026-11-19</dc:date></item></rdf:RDF>"""
    document = read(data.encode())
    assert (document.kind, document.update_period, document.entries[0].title) == ("rdf", 1800.0, "خبر")


def test_json_feed() -> None:
    """JSON Feed 1.1, and its word that nothing comes any more."""
    item = {"id": 7, "url": "/7", "title": "خبر", "content_html": "<p>أ</p><p>ب</p>", "tags": ["ت"]}
    item["date_published"] = "2026-11-19T10:00:00+03:00"
    hubs = [{"type": "WebSub", "url": "https://h.example/"}]
    data = {"version": "https://jsonfeed.org/version/1.1", "title": "ن", "expired": True, "hubs": hubs, "items": [item]}
    document = read(json.dumps(data).encode())
    entry = document.entries[0]
    assert (document.kind, document.expired, document.hubs) == ("json", True, ("https://h.example/",))
    assert (entry.id, entry.url, entry.content) == ("7", "https://x.example/7", "أ\nب")
    assert entry.published == datetime(2026, 11, 19, 7, tzinfo=UTC)


def test_news_sitemap() -> None:
    """A Google News sitemap is a feed; an index names its parts."""
    data = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
    <loc>https://x.example/1</loc><news:news><news:title>خبر</news:title>
    <news:publication_date>2026-11-19T10:00:00+03:00</news:publication_date>
    <news:keywords>أ، ب</news:keywords></news:news></url></urlset>"""
    entry = read(data.encode()).entries[0]
    assert (entry.url, entry.title) == ("https://x.example/1", "خبر")
    with pytest.raises(NotAFeed, match=r"index of sitemaps.*part\.xml"):
        read(b"<sitemapindex><sitemap><loc>https://x.example/part.xml</loc></sitemap></sitemapindex>")


def test_page_of_links() -> None:
    """kind: page with a CSS selector; each address once, with its longest text."""
    html = (
        "<div class=list><h3><a href='/1'>خبر أول</a></h3><a href='/1'><img></a>"
        "<h3><a href='/2'>خبر ثان</a></h3></div><a href='/about'>عنا</a>"
    )
    assert links(html.encode(), "https://x.example/", ".list") == [
        ("https://x.example/1", "خبر أول"),
        ("https://x.example/2", "خبر ثان"),
    ]
    assert [e.title for e in read(html.encode(), kind="page", select=".list h3 a").entries] == ["خبر أول", "خبر ثان"]
    for selector, words in ((".none", "finds no link"), ("a[", "not a CSS selector")):
        with pytest.raises(NotAFeed, match=words):
            links(html.encode(), "https://x.example/", selector)


@pytest.mark.parametrize("kind", ["page", "telegram"])
@pytest.mark.parametrize("data", [b"<!DOCTYPE html>", b"<?xmlx", b"</p>", b"<!-- x -->", b"\xef\xbb\xbf"])
def test_a_page_without_elements_is_refused_in_words(kind: str, data: bytes) -> None:
    """X72: what a parser of pages finds empty is no feed; nothing else is raised."""
    with pytest.raises(NotAFeed, match=r"no elements|empty"):
        feed(data, kind=kind, select="a")


def test_telegram_preview() -> None:
    """kind: telegram: a message's text without the one that it answers, its time and address."""
    html = """<meta property="og:title" content="قناة">
    <div class="tgme_widget_message js-widget_message" data-post="chan/12">
    <a class="tgme_widget_message_reply">
    <div class="tgme_widget_message_text">سؤال</div></a>
    <div class="tgme_widget_message_text js-message_text">عاجل<br>سقوط مسيّرة</div>
    <a class="tgme_widget_message_date" href="https://t.me/chan/12">
    <time datetime="2026-11-19T10:00:00+00:00">10:00</time></a></div>"""
    document = read(html.encode(), kind="telegram")
    entry = document.entries[0]
    assert (entry.url, entry.title, entry.content) == ("https://t.me/chan/12", "عاجل", "عاجل\nسقوط مسيّرة")
    assert entry.published == datetime(2026, 11, 19, 10, tzinfo=UTC)
    with pytest.raises(NotAFeed, match="preview"):
        read(b"<html><body>x</body></html>", kind="telegram")


@pytest.mark.parametrize(
    "data",
    [
        rss(ITEM.replace("سقوط", "&#xD800;سقوط&#0;&#x110000;")),
        rss(ITEM.replace("سقوط", "سقوط\x00\x0b")),
        rss(ITEM.replace("سقوط", "&rlm;سقوط&nbsp;").replace("مسيّرة", "&zwnj;مسيّرة")),
        rss(ITEM.replace("/1<", "/1?a=1&b=2<")),
        rss(ITEM, start='<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        rss(ITEM.replace("قرب", "<p>قرب<br>")),
        rss(ITEM, start="\n\ufeff  <?xml version='1.0' encoding='windows-1256'?>"),
        rss(
            ITEM, version='2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dc="http://purl.org/dc/elements/1.1/'
        ),
        rss(ITEM.replace("<guid>", "<media:thumbnail url='x'/><guid>")),
        rss(ITEM, start="<br />\n<b>Warning</b>: something in x.php on line 2<br /><?xml version='1.0'?>"),
        rss(ITEM.replace("سقوط مسيّرة", "سق\u200bوط\u202e\u2066 مسي\u00adّرة")),
        rss(ITEM, version="0.91"),
    ],
)
def test_careless_and_hostile_xml_is_read(data: bytes) -> None:
    """X60, X70, X71: bad references, NULs, entities, DOCTYPE, unclosed HTML, doubled namespaces, invisibles."""
    entry = read(data).entries[0]
    assert entry.title == "سقوط مسيّرة"
    assert "root:" not in entry.summary


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        ("<!DOCTYPE html><html><head><title>خطأ 502</title></head></html>".encode(), "web page.*خطأ 502"),
        (b"<html><head><title>Just a moment...</title></head></html>", "bots"),
        (b'{"items": 1}', "no JSON Feed"),
        (b'{"items": [', "broken JSON"),
        (b"hello", "neither RSS"),
        (rss(ITEM)[:150], "cut off"),
        (rss("<item " + " ".join(f'a{n}="x"' for n in range(50_000)) + ">x</item>"), "tag of more than"),
        (b"<rss " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"><channel></channel></rss>", "tag of"),
    ],
)
def test_what_is_no_feed_is_told_in_words(data: bytes, words: str) -> None:
    """X58: never "0 items"."""
    with pytest.raises(NotAFeed, match=words):
        read(data)


def test_a_feed_without_entries_is_a_feed() -> None:
    """B09: known entries stay known."""
    assert read(rss("")).entries == ()


def test_a_cut_feed_gives_its_whole_entries_and_says_so() -> None:
    """V12: the cut entry is left for the next poll, and the validators must not be kept."""
    document = read(rss(ITEM + ITEM.replace("g1", "g2"))[:-60])
    assert [entry.id for entry in document.entries] == ["g1"]
    assert "cut off" in document.damaged
    assert read(rss(ITEM)).damaged == ""


def test_identity() -> None:
    """X55: ids are hashed; a repeated id counts with its link; without an id the link, then title and text."""
    one = read(rss(ITEM)).entries[0].key
    assert read(rss(ITEM.replace("/1<", "/1?utm_source=rss<").replace("سقوط", "تحطم"))).entries[0].key == one
    twice = read(rss(ITEM + ITEM.replace("/1<", "/2<"))).entries
    assert len({entry.key for entry in twice}) == 2
    assert len(read(rss(ITEM + ITEM)).entries) == 1
    bare = ITEM.replace("<guid>g1</guid>", "")
    assert read(rss(bare)).entries[0].key == read(rss(bare.replace("/1<", "/1?utm_medium=x<"))).entries[0].key
    texts = [f"<item><title>{title}</title></item>" for title in ("أ", "ب")]
    assert len({entry.key for entry in read(rss("".join(texts))).entries}) == 2
    huge = read(rss(ITEM.replace("g1", "g" * 1_000_000))).entries[0]
    assert (len(huge.key), len(huge.id)) == (32, 2000)


@pytest.mark.parametrize(
    "stamp", ["Mon, 01 Jan 0001 00:00:00 GMT", "2012-01-01T00:00:00Z", "2026-11-22T00:00:00Z", "9999-12-31", "garbage"]
)
def test_impossible_dates_are_none(stamp: str) -> None:
    """Ten years back to a day ahead; anything else is the feed's mistake."""
    assert read(rss(ITEM.replace("<guid>", f"<pubDate>{stamp}</pubDate><guid>"))).entries[0].published is None


def test_the_newest_two_thousand_of_a_long_feed() -> None:
    """X46: wherever in the document they stand, and in its order."""
    items = [
        f"<item><title>{n}</title><guid>{n}</guid><description>{'نص ' * 40}</description>"
        f"<pubDate>2026-{1 + n // 500:02}-{1 + n % 28:02}T00:00:00Z</pubDate></item>"
        for n in range(5000)
    ]
    start = time.process_time()
    found = [int(title) for title in titles(rss("".join(items)))]
    assert (len(found), found == sorted(found)) == (2000, True)
    assert min(found) >= 2500
    assert time.process_time() - start < 10


def test_only_web_addresses_are_links() -> None:
    """A link to a file or a script is none."""
    for link in ("javascript:alert(1)", "file:///etc/passwd", "ftp://x/", "http://[bad"):
        entry = read(rss(ITEM.replace("https://x.example/1", link))).entries[0]
        assert entry.url in ("", "https://x.example/" + link) or entry.url.startswith("https://x.example/")
        assert not entry.url.startswith(("javascript", "file"))


def test_no_mutation_of_a_feed_raises_anything_but_not_a_feed() -> None:
    """X72: bytes changed, cut, doubled at random."""
    base = rss(ITEM * 3 + "<item><title><![CDATA[x]]></title><pubDate>12 يوليو 2026</pubDate></item>")
    dice = random.Random(72)
    for _ in range(300):
        data = bytearray(base)
        for _ in range(dice.randrange(1, 12)):
            place, length = dice.randrange(len(data)), dice.randrange(9)
            data[place : place + length] = dice.randbytes(dice.randrange(3)) + b"<"[: dice.randrange(2)]
        with contextlib.suppress(NotAFeed):
            read(bytes(data))


@pytest.mark.parametrize(
    "body",
    [
        "<![CDATA[" * 60_000,
        "<!--" * 100_000,
        "<" * 300_000,
        "&" * 300_000,
        "&#xD800;" * 50_000,
        "<p>" * 30_000,
        "<a b='" * 20_000,
    ],
)
def test_floods_are_answered_in_time(body: str) -> None:
    """X61: linear, refused or read."""
    start = time.process_time()
    with contextlib.suppress(NotAFeed):
        read(rss(f"<item><title>{body}</title></item>"))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "body",
    [
        f"<description><![CDATA[{'<media:title>' * 150_000}]]></description>",
        f"<description><![CDATA[{'<skipHours>' * 180_000}]]></description>",
        "<a/>" * 500_000,
        "<a>" * 500_000,
        f"</item>{'<item/>' * 300_000}<item>",
    ],
    ids=lambda body: body[:40],
)
def test_floods_of_two_megabytes_hold_up_nobody(body: str) -> None:
    """X61: a search that goes over the rest at each of its places would stop all threads for many seconds."""
    start = time.process_time()
    with contextlib.suppress(NotAFeed):
        read(rss(f"<item><guid>g</guid><description>خبر</description>{body}</item>"))
    assert time.process_time() - start < 3


def test_of_a_json_feed_no_more_is_read_than_is_kept() -> None:
    """The newest, in the document's order, however many there are."""
    items = [{"id": str(n), "title": f"خبر {n}", "date_published": f"2026-01-{1 + n % 28:02}T00:00:00Z"}
             for n in range(150_000)]  # fmt: skip
    start = time.process_time()
    found = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "منبر", "items": items}).encode())
    numbers = [int(entry.id) for entry in found.entries]
    assert (len(numbers), numbers == sorted(numbers), {n % 28 for n in numbers}) == (2000, True, {27})
    assert time.process_time() - start < 5


def test_a_page_of_nested_elements_is_read_in_time() -> None:
    """Each of 200 elements that the selector finds holds the same 5,000 links."""
    links = "".join(f"<a href='/{n}'>خبر {n}</a>" for n in range(5000))
    start = time.process_time()
    found = read(f"<body>{'<div>' * 200}{links}".encode(), kind="page", select="div")
    assert len(found.entries) == 2000
    assert time.process_time() - start < 5


def test_the_answer_of_an_api_is_no_feed_and_says_what_else_to_watch() -> None:
    for body in (b'{"status": "ok"}', b'{"items": [{"t": 1}]}'):
        with pytest.raises(NotAFeed, match=r"this is JSON, but no JSON Feed: .* API cannot be watched"):
            feed(body, content_type="application/json")
