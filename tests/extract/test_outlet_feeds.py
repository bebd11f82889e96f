"""Feeds in the manners of real outlets: what an entry says, and that its furniture is not part of it."""
# ruff: noqa: E501  feeds are quoted as outlets write them

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.extract import feed
from monitor.types import Entry

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def only(item: str, *, url: str = "https://www.x.example/rss", timezone: str = "", spaces: str = SPACES) -> Entry:
    """The entry of a feed of one."""
    data = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}><channel><title>ق</title>{item}'
    return feed(f"{data}</channel></rss>".encode(), url=url, timezone=timezone, now=NOW).entries[0]


def said(entry: Entry) -> str:
    return f"{entry.title}\n{entry.summary}\n{entry.content}"


WORDPRESS = """<item><title>البلدية تفتتح حديقة عامة &#8211; بالصور</title><link>https://x.example/1</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 +0000</pubDate><dc:creator><![CDATA[المحرر]]></dc:creator>
<description><![CDATA[<p>افتتحت البلدية حديقة عامة تتسع لألفي زائر على ضفة النهر. [&#8230;]</p>
<p>ظهرت المقالة <a href="https://x.example/1">البلدية تفتتح حديقة عامة</a> أولاً على
<a href="https://x.example">مدونة الانفجار</a>.</p>]]></description>
<content:encoded><![CDATA[<div class="post-views content-post post-1 entry-meta">عدد المشاهدات: 44</div>
<p>افتتحت البلدية حديقة عامة تتسع لألفي زائر على ضفة النهر، بحضور سكان الحي.</p>
<p><strong>اقرأ أيضاً:</strong> <a href="/2">مقتل ثلاثة في انفجار مصنع</a></p>
<div class="addtoany_share_save_container"><div class="addtoany_header">شارك الخبر</div><a>Facebook</a></div>
<p>وتضم الحديقة ملعبا للأطفال ومكتبة صغيرة.</p>
<div class='yarpp yarpp-related'><h3>مقالات ذات صلة</h3><ol><li><a href="/3">غارات ليلية على المطار</a></li></ol></div>
<p>تابعونا على <a href="https://t.me/x">تلغرام</a></p>
<p>ظهرت المقالة <a href="/1">البلدية تفتتح حديقة</a> أولاً على <a href="/">الموقع</a>.</p>]]></content:encoded></item>"""


def test_a_wordpress_entry_without_its_widgets() -> None:
    """Related stories, share buttons, counters and "appeared first on" are not what an entry says."""
    entry = only(WORDPRESS)
    assert entry.title == "البلدية تفتتح حديقة عامة – بالصور"
    assert entry.summary.startswith("افتتحت البلدية حديقة عامة تتسع لألفي زائر على ضفة النهر.")
    assert entry.content == (
        "افتتحت البلدية حديقة عامة تتسع لألفي زائر على ضفة النهر، بحضور سكان الحي.\n"
        "وتضم الحديقة ملعبا للأطفال ومكتبة صغيرة."
    )
    for part in ("انفجار", "مقتل", "غارات", "شارك", "المشاهدات", "تابعونا", "ظهرت"):
        assert part not in said(entry), part


FURNITURE = {
    "double escaped, related in the middle": (
        "<description>&lt;p&gt;وصلت سفينة القمح إلى الميناء مساء أمس.&lt;/p&gt;&lt;p&gt;&lt;a href=&quot;/9&quot;&gt;"
        "إقرأ المزيد: محاكمة قتلة المهندس تبدأ غدا&lt;/a&gt;&lt;/p&gt;&lt;p&gt;وستفرغ خلال يومين.&lt;/p&gt;</description>",
        "وصلت سفينة القمح إلى الميناء مساء أمس.\nوستفرغ خلال يومين.",
    ),
    "escaped twice": (
        "<description>&amp;lt;p&amp;gt;وصلت سفينة القمح.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;شاهد أيضا: &amp;lt;a&amp;gt;حريق كبير"
        " في السوق القديم&amp;lt;/a&amp;gt;&amp;lt;/p&amp;gt;</description>",
        "وصلت سفينة القمح.",
    ),
    "image, caption, read more": (
        '<description><![CDATA[<img src="a.jpg" alt="جنازة"/><br/>وصلت سفينة القمح.<br/><a href="/1">المزيد</a>]]></description>',
        "وصلت سفينة القمح.",
    ),
    "list of links at the end": (
        "<description><![CDATA[<p>وصلت سفينة القمح.</p><ul><li><a href='/1'>زلزال يضرب الجزيرة البعيدة</a></li>"
        "<li><a href='/2'>تفجير انتحاري في الحي الشرقي</a></li></ul>]]></description>",
        "وصلت سفينة القمح.",
    ),
    "newsletter and app": (
        "<description><![CDATA[<p>وصلت سفينة القمح.</p><p>اشترك في النشرة البريدية</p><p>حمّل تطبيق الأخبار العاجلة"
        " من المتجر</p><p>جميع الحقوق محفوظة © الصحيفة</p>]]></description>",
        "وصلت سفينة القمح.",
    ),
    "agency signature": (
        "<description><![CDATA[وصلت سفينة القمح.<br><br>// انتهى //<br>14:05 ت م<br>0112]]></description>",
        "وصلت سفينة القمح.",
    ),
}


@pytest.mark.parametrize("manner", FURNITURE)
def test_furniture_of_a_description(manner: str) -> None:
    """However it is written, only the text remains."""
    item, text = FURNITURE[manner]
    assert only(f"<item><title>ت</title><link>/n/1</link>{item}</item>").summary == text


def test_a_sentence_that_begins_like_furniture_stays() -> None:
    """Reports keep their sentences; a summary that is nothing but a link keeps the link's words."""
    for text in (
        "شارك الرئيس في افتتاح السد الجديد أمس.",
        "شاهد سكان المدينة دخانا كثيفا فوق الميناء.",
        "تابع الوزير قائلا إن المفاوضات مستمرة.",
    ):
        assert (
            only(f"<item><title>ت</title><link>/1</link><description>&lt;p&gt;{text}</description></item>").summary
            == text
        )
    linked = only(
        "<item><title>ت</title><link>/1</link><description><![CDATA[<a href='/1'>وصول سفينة القمح إلى الميناء</a>]]>"
        "</description></item>"
    )
    assert linked.summary == "وصول سفينة القمح إلى الميناء"


DATES = {
    "<pubDate>الجمعة, 20 نوفمبر 2026 10:30 ص</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>2026-11-20 10:30:00</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>20/11/2026 10:30:00 ص</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>Fri, 20 Nov 2026 10:30:00 AST</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>Fri, 20 Nov 2026 10:30:00 KSA</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>الجمعة ٢٠ تشرين الثاني ٢٠٢٦ - ١٠:٣٠</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<dc:date>2026-11-20T10:30:00+03:00</dc:date>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate/><dc:date>2026-11-20T07:30Z</dc:date>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>11/20/2026 10:30:00 AM</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>Fri, 20 نوفمبر 2026 07:30:00 GMT</pubDate>": datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    "<pubDate>1448/06/10 هـ</pubDate>": None,
    "<pubDate>منذ ساعتين</pubDate>": None,
}


@pytest.mark.parametrize("stamp", DATES)
def test_dates_as_outlets_write_them(stamp: str) -> None:
    """A feed of Riyadh's time; Hijri and relative dates are none, not wrong ones."""
    entry = only(f"<item><title>ت</title><link>/1</link>{stamp}</item>", timezone="Asia/Riyadh")
    assert entry.published == DATES[stamp]


def test_media_description_and_empty_guid() -> None:
    """A media description is no summary where there is one; an empty guid leaves the address to identify by."""
    entry = only(
        "<item><title><![CDATA[<b>عاجل</b> | وصول السفينة]]></title><link><![CDATA[ https://x.example/a?utm_source=rss ]]></link>"
        "<guid></guid><description>وصلت سفينة القمح.</description><media:content url='a.jpg'>"
        "<media:title>صورة جنازة</media:title><media:description>جنازة في مدينة أخرى (رويترز)</media:description>"
        "<media:credit>رويترز</media:credit></media:content></item>"
    )
    assert entry.title == "عاجل | وصول السفينة"
    assert entry.url.startswith("https://x.example/a")
    assert entry.key
    assert entry.summary == "وصلت سفينة القمح."
    assert "جنازة" not in said(entry)


def test_news_sitemap_with_titles_and_dates() -> None:
    """A Google News sitemap is a feed: title, address, date; entities and CDATA read."""
    data = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://x.example/n/1</loc><news:news>
    <news:publication><news:name>س</news:name><news:language>ar</news:language></news:publication>
    <news:publication_date>2026-11-20T09:00:00+03:00</news:publication_date>
    <news:title><![CDATA["الصحة": وصول اللقاحات &amp; بدء التطعيم]]></news:title>
    <news:keywords>لقاح, صحة</news:keywords></news:news></url></urlset>"""
    entry = feed(data.encode(), url="https://x.example/news.xml", now=NOW).entries[0]
    assert entry.title == '"الصحة": وصول اللقاحات & بدء التطعيم'
    assert (entry.url, entry.published) == ("https://x.example/n/1", datetime(2026, 11, 20, 6, tzinfo=UTC))


def test_telegram_preview_without_its_calls() -> None:
    """A channel's message: text in lines, its own time; the channel's signature and other posts' previews are not it."""
    data = """<html><body><div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="qanat/77">
    <a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">رد على خبر قديم عن اغتيال</div></a>
    <div class="tgme_widget_message_text js-message_text">عاجل | وصلت سفينة القمح إلى الميناء<br/><br/>وستفرغ خلال يومين.<br/>
    تابعونا على <a href="https://t.me/qanat">@qanat</a></div>
    <a class="tgme_widget_message_link_preview"><div class="link_preview_title">اغتيال مسؤول كبير</div></a>
    <a class="tgme_widget_message_date"><time datetime="2026-11-20T07:00:00+00:00">10:00</time></a></div></div></body></html>"""
    entry = feed(data.encode(), url="https://t.me/s/qanat", kind="telegram", now=NOW).entries[0]
    assert "وصلت سفينة القمح إلى الميناء" in said(entry)
    assert "وستفرغ خلال يومين." in said(entry)
    assert "اغتيال" not in said(entry)
    assert "تابعونا" not in said(entry)
    assert (entry.url, entry.published) == ("https://t.me/qanat/77", datetime(2026, 11, 20, 7, tzinfo=UTC))


def test_atom_of_blogger_with_whole_posts() -> None:
    """Whole posts as escaped HTML of br and div; the paragraphs stay apart."""
    data = """<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>م</title>
    <entry><id>tag:blogger.com,1999:blog-1.post-2</id><published>2026-11-19T10:00:00.000+03:00</published>
    <updated>2026-11-20T10:00:00.000+03:00</updated><title type='text'>سوق الوراقين</title>
    <content type='html'>&lt;div dir="rtl"&gt;أغلق السوق أبوابه.&lt;br /&gt;&lt;br /&gt;كان عامرا.&lt;/div&gt;&lt;div class="blogger-post-footer"&gt;
    تابع المدونة على فيسبوك&lt;/div&gt;</content><link rel='replies' href='https://b.example/c'/>
    <link rel='alternate' type='text/html' href='https://b.example/p'/></entry></feed>"""
    entry = feed(data.encode(), url="https://b.example/feeds/posts/default", now=NOW).entries[0]
    assert (entry.url, entry.content) == ("https://b.example/p", "أغلق السوق أبوابه.\nكان عامرا.")
    assert entry.published == datetime(2026, 11, 19, 7, tzinfo=UTC)
