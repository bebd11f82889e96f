"""Articles from pages: the own pages with gold, and what must never happen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.extract import page
from monitor.types import Entry

PAGES = Path(__file__).parent / "pages"
GOLD: dict[str, Any] = json.loads((PAGES / "gold.json").read_text("utf-8"))
NOW = datetime(2026, 12, 5, 12, tzinfo=UTC).timestamp()


def flat(text: str) -> str:
    return " ".join(text.replace("\u200c", "").split())


def wrap(body: str, head: str = "") -> bytes:
    return f"<html lang='ar'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "أعلنت البلدية بدء أعمال رصف الطريق الساحلي الذي يربط المرفأ بالمدينة القديمة، على أن تنتهي قبل الصيف المقبل.",
        "وقال رئيسها إن المشروع ينفذ على مرحلتين، تشمل الأولى توسعة الجسر وتشمل الثانية إنارة الطريق بالطاقة الشمسية.",
        "وأشار إلى أن حركة السير ستحول في أوقات العمل إلى الطريق الدائري، وأن اللافتات وضعت عند جميع المداخل.",
        "ورحب أصحاب المحال بالقرار لكنهم طالبوا بتعويضات عن الأشهر التي سيغلق فيها الشارع أمام الزبائن والحافلات.",
    )
)


@pytest.mark.parametrize("name", GOLD)
def test_text_title_and_date_of_the_own_pages(name: str) -> None:
    """Every wanted string, no polluting one, the exact title, the right day or none."""
    gold = GOLD[name]
    article = page((PAGES / gold["file"]).read_bytes(), gold["url"], now=NOW)
    text = flat(article.text)
    assert [part for part in gold["with"] if flat(part) not in text] == []
    assert [part for part in gold["without"] if part in text] == []
    assert article.title == gold["title"]
    assert (article.published.date().isoformat() if article.published else None) == gold["date"]
    assert article.text_from == "page"


def test_what_was_dropped_is_told_with_its_reason() -> None:
    """`rasid explain` can show that a word stood in a related headline."""
    gold = GOLD["wp_magazine"]
    article = page((PAGES / gold["file"]).read_bytes(), gold["url"], now=NOW)
    reasons = {piece.reason for piece in article.dropped if "انفجار في مصنع" in piece.text}
    assert "related" in reasons
    assert article.author == "سلمى الخطيب"


def test_languages_are_told_apart() -> None:
    """Persian is not Arabic."""
    found = {name: page((PAGES / GOLD[name]["file"]).read_bytes(), "").language for name in ("persian", "urgent")}
    assert found == {"persian": "fa", "urgent": "ar"}


def test_the_feeds_date_wins_and_its_summary_leads() -> None:
    """The date is the feed's; a summary that the text lacks is the first paragraph, once."""
    when = datetime(2026, 11, 1, 8, tzinfo=UTC)
    other = Entry(key="k", title="ت", summary="خبر لا يرد في الصفحة عن وصول سفينة نادرة. […]", published=when)
    article = page(wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1>{TEXT}"), "https://x.example/", other, now=NOW)
    assert (article.published, article.published_from) == (when, "feed")
    assert article.text.startswith("خبر لا يرد في الصفحة عن وصول سفينة نادرة.\nأعلنت البلدية")
    same = Entry(key="k", summary="أعلنت البلدية بدء أعمال رصف الطريق الساحلي الذي يربط المرفأ…")
    assert page(wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1>{TEXT}"), "https://x.example/", same).text.startswith(
        "أعلنت البلدية"
    )


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ أيضا: خبر آخر عن الميناء",
        "شاهد أيضاً | خبر آخر عن الميناء",
        "أخبار متعلقة",
        "تابع القراءة",
        "شارك القصة",
        "المصادر:",
        "زر الذهاب إلى الأعلى",
        "تعليقات فيسبوك",
        "ساهم في هذا التقرير: مراسلون",
        "تابعونا على غوغل نيوز لمعرفة آخر الأخبار",
        "جميع الحقوق محفوظة لصحيفة ما",
        "لن يتم نشر عنوان بريدك الإلكتروني",
    ],
)
def test_labels_are_dropped(line: str) -> None:
    """Labels that Arabic outlets put between the paragraphs."""
    halves = TEXT.split("</p>", 2)
    article = page(
        wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1>{halves[0]}</p><p>{line}</p>{halves[1]}</p>{halves[2]}"),
        "https://x.example/",
    )
    assert line.split(":")[0] not in article.text
    assert article.text.count("\n") == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "شارك الرئيس في مراسم افتتاح الجسر الجديد بحضور سفراء عدد من الدول الشقيقة والصديقة.",
        "تابع الوزير قائلا إن الخطة ستنفذ في موعدها رغم الأحوال الجوية التي تسود البلاد هذه الأيام.",
        "شاهد سكان المدينة طائرة مسيّرة تحلق على ارتفاع منخفض فوق المرفأ قبل منتصف الليل بقليل.",
        "المصدر الذي طلب عدم كشف اسمه قال إن المفاوضات تتقدم وإن الاتفاق سيعلن خلال أيام قليلة.",
        "اشترك في العملية أكثر من مئتي جندي بدعم من سلاح الجو والمدفعية بحسب بيان رسمي صدر اليوم.",
        "آخر الأخبار الواردة من الجبهة تقول إن القصف توقف منذ الفجر وإن السكان بدؤوا يعودون إلى بيوتهم.",
    ],
)
def test_sentences_that_begin_like_labels_stay(sentence: str) -> None:
    """A lost paragraph is a missed alert."""
    assert sentence in page(wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1>{TEXT}<p>{sentence}</p>"), "https://x.example/").text


def test_blocks_and_line_breaks_do_not_glue_words() -> None:
    """للكاتبإيران would match neither word."""
    article = page(
        wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1><div><div>قال الكاتب</div>إيران{TEXT}<p>أول<br>ثان</p></div>"), ""
    )
    assert "الكاتبإيران" not in article.text
    assert "أولثان" not in article.text


def test_a_consent_page_has_no_text() -> None:
    """What is there is not news."""
    text = "<p>نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لتخزين المعلومات على جهازك ومعالجة البيانات الشخصية.</p>" * 5
    assert page(wrap(f"<div class='cookie-wall'>{text}</div>"), "").text == ""


def test_a_date_after_the_fetch_is_the_fetch() -> None:
    """A page can't be from tomorrow; one from far ahead has no date."""
    head = "<meta property='article:published_time' content='{}'>"
    soon = page(wrap(TEXT, head.format("2026-12-05T20:00:00Z")), "", now=NOW)
    late = page(wrap(TEXT, head.format("2027-12-05T20:00:00Z")), "", now=NOW)
    assert soon.published == datetime.fromtimestamp(NOW, UTC)
    assert (late.published, late.published_from) == (None, "")


@pytest.mark.parametrize(
    "line",
    [
        "آخر تحديث: 16 نوفمبر 2026 10:00 | نُشر: 15 نوفمبر 2026 09:00",
        "نُشر: 15 نوفمبر 2026 09:00 | آخر تحديث: 16 نوفمبر 2026 10:00",
        "عُدّل في 16 نوفمبر 2026 10:00 - نُشر في 15 نوفمبر 2026 09:00",
        "Updated: 16 Nov 2026 10:00 Published: 15 Nov 2026 09:00",
        "تاريخ النشر 09:00 15/11/2026 تاريخ التحديث 10:00 16/11/2026",
    ],
)
def test_an_update_told_beside_the_publication_is_not_its_date(line: str) -> None:
    """Whichever comes first in the one element that holds both."""
    article = page(wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1><div class='date'>{line}</div>{TEXT}"), "", now=NOW)
    assert article.published == datetime(2026, 11, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize("shown", ["", "<div class='date'>15 نوفمبر 2026 الساعة 3:45 بعد الظهر</div>"])
def test_an_instant_keeps_its_zone_on_a_page_of_another_country(shown: str) -> None:
    """What a framework prints into the metadata; the page's own words only move it to the outlet's offset."""
    head = "<meta property='article:published_time' content='2026-11-15 12:45:00 UTC'>"
    article = page(wrap(f"<h1>رصف الطريق الساحلي يبدأ</h1>{shown}{TEXT}", head), "https://news.example.sa/1", now=NOW)
    assert article.published == datetime(2026, 11, 15, 12, 45, tzinfo=UTC)
    assert str(article.published)[11:13] == ("15" if shown else "12")


def test_a_meta_date_is_believed_less_than_the_page() -> None:
    """Some sites put the day of the visit into a meta element called "date"; the page shows the article's."""
    body = f"<h1>رصف الطريق الساحلي يبدأ</h1><div class='date'>3 مارس 2026</div>{TEXT}"
    article = page(wrap(body, "<meta name='date' content='2026-12-05'>"), "", now=NOW)
    assert (article.published, article.published_from) == (datetime(2026, 3, 3, tzinfo=UTC), "text")


def test_headings_of_a_table_of_contents_stay() -> None:
    """A link within the page is no other story."""
    toc = "<div><a href='#a'>خلفية المشروع وأسباب تأخره</a></div>"
    part = f"{TEXT}<h2 id='a'>خلفية المشروع وأسباب تأخره</h2>{TEXT}"
    body = f"<h1>رصف الطريق الساحلي يبدأ</h1>{toc}<article>{part}</article>"
    assert "خلفية المشروع وأسباب تأخره" in page(wrap(body), "").text


def test_an_empty_page_gives_the_feeds_text() -> None:
    """A page without text leaves the feed's, and says so."""
    article = page(wrap("<div id=app></div>"), "", Entry(key="k", title="عنوان", summary="نص من التغذية عن الخبر"))
    assert (article.title, article.text, article.text_from) == ("عنوان", "نص من التغذية عن الخبر", "feed")


ABOUT = "موقع الساحل منصة إخبارية تأسست عام 2009 وتغطي أخبار المدن الساحلية بثلاث لغات على مدار الساعة من أربعين مدينة."
SHORT = [
    "السفينة ترفع علم بنما.",
    "طولها 180 مترا وحمولتها 32 ألف طن.",
    "جنحت عند الثالثة فجرا.",
    "أربع سفن تنتظر خارج الحوض.",
]
WRAPPED = {
    "in slides": f"<div class='swiper'><div class='swiper-slide'>{TEXT}</div></div>",
    "in a gallery": f"<div class='gallery'>{TEXT.replace('<p>', '<p class=caption>')}</div>",
    "in a frame that is never closed": f"<iframe src='/x'>{TEXT}",
    "in a template of a component": f"<x-article><template shadowrootmode='open'>{TEXT}</template></x-article>",
    "with its rest behind a button": "<div>"
    + TEXT.replace("</p><p>وأشار", "</p><div style='display:none'><p>وأشار")
    + "</div></div>",
    "under hidden labels": f"<div class='field--name-body field--label-hidden field__item'>{TEXT}</div>",
    "in paragraphs named as furniture": f"<div>{TEXT.replace('<p>', '<p class=teaser>')}</div>",
}


@pytest.mark.parametrize("markup", WRAPPED.values(), ids=WRAPPED)
def test_a_text_is_found_whatever_its_boxes_are_called(markup: str) -> None:
    """Names and tags of furniture mean nothing where the text itself bears them."""
    text = page(wrap(f"<h1>البلدية ترصف الطريق الساحلي</h1>{markup}"), "https://x.example/1").text
    for part in ("على أن تنتهي", "بالطاقة الشمسية", "جميع المداخل", "والحافلات"):
        assert part in text


def test_short_lines_stand_before_the_sites_own_long_one() -> None:
    """What is told in short sentences is the text, not the paragraph in which the outlet speaks of itself."""
    body = "<h1>سفينة تجنح عند مدخل الميناء</h1><div>" + "".join(f"<p>{line}</p>" for line in SHORT) + "</div>"
    for tag in ("div", "section"):
        article = page(wrap(f"{body}<{tag}><p>{ABOUT}</p></{tag}>"), "https://x.example/1")
        assert article.text.split("\n") == SHORT


def test_a_summary_before_the_text_is_text() -> None:
    """A standfirst without a full stop, and key points; what a machine summed up is not."""
    lead = "المشروع يتيح توسعة الجسر وإنارة الطريق خلال أشهر"
    for box in (
        f"<div class='field-summary'>{lead}</div>",
        f"<aside><h2>أبرز النقاط</h2><ul><li>{lead}</li></ul></aside>",
    ):
        assert (
            lead
            in page(
                wrap(f"<main><h1>البلدية ترصف الطريق</h1>{box}<div>{TEXT}</div></main>"), "https://x.example/1"
            ).text
        )
    machine = f"<div class='ai-summary'><h4>ملخص بالذكاء الاصطناعي</h4><ul><li>{lead}</li></ul></div>"
    assert lead not in page(wrap(f"<h1>البلدية ترصف الطريق</h1>{machine}<div>{TEXT}</div>"), "https://x.example/1").text


HEADLINE = "سفينة تجنح عند مدخل الميناء الجديد"
SITE = "صحيفة الساحل اليومية"
HEADS = {
    "a heading of lower rank": ("", f"<h3>{HEADLINE}</h3>"),
    "a heading under the site's name": (
        f"<title>{SITE}</title>",
        f"<h1><a href='/'>{SITE}</a></h1><h2>{HEADLINE}</h2>",
    ),
    "bold letters": (f"<title>{SITE}</title>", f"<div><b>{HEADLINE}</b></div>"),
    "the last part of the page's title": (f"<title>{SITE} : أخبار : {HEADLINE}</title>", f"<div>{HEADLINE}</div>"),
    "a heading after a kicker": (
        f"<meta property='og:title' content='{HEADLINE}'><title>{HEADLINE} - {SITE}</title>",
        f"<h1><span>اقتصاد</span> {HEADLINE}</h1>",
    ),
}


@pytest.mark.parametrize(("head", "shown"), HEADS.values(), ids=HEADS)
def test_a_headline_that_the_metadata_do_not_name(head: str, shown: str) -> None:
    """What its looks tell, right before the text; the date beside it is found with it."""
    article = page(wrap(f"{shown}<div>5 مارس 2024 10:22</div><div>{TEXT}</div>", head), "https://x.example/1")
    assert article.title == HEADLINE
    assert str(article.published)[:10] == "2024-03-05"


PARTS = TEXT.split("</p>")
FIRST, REST = "</p>".join(PARTS[:2]) + "</p>", "</p>".join(PARTS[2:4]) + "</p>"


def test_the_texts_other_boxes_are_named_as_its_first_one_is() -> None:
    """What a box of components is called says nothing where the first paragraphs lie in one of that name."""
    table = "<h3>مراحل العمل</h3><table><tr><td>الجسر</td><td>شهران</td></tr></table>"
    boxes = "".join(f"<div class='promo-text'><div>{part}</div></div>" for part in (FIRST, table, REST))
    lines = page(wrap(f"<main><h1>البلدية ترصف الطريق</h1>{boxes}</main>"), "https://x.example/1").text.split("\n")
    assert lines[2:4] == ["مراحل العمل", "الجسر | شهران"]
    assert len(lines) == 6


def test_a_lead_named_as_a_teaser_too_is_text() -> None:
    lead = "المشروع يتيح توسعة الجسر وإنارة الطريق خلال أشهر ويخفف زحام المدينة القديمة في ساعات الذروة"
    box = f"<div class='td_block_wrap tdb_single_subtitle'><div><p>{lead}</p></div></div>"
    article = page(wrap(f"<main><h1>البلدية ترصف الطريق</h1>{box}<div>{TEXT}</div></main>"), "https://x.example/1")
    assert article.text.startswith(lead)


@pytest.mark.parametrize(
    "shown",
    ["<font size=6><b>{}</b></font>", "<span style='font-size: 20pt'>{}</span>", "<big>{}</big>", "<b>{}</b>"],
)
def test_the_largest_print_is_the_headline(shown: str) -> None:
    """Not the kicker above it, nor the place and the name below it."""
    rows = (
        "<font size=3><b>بعد عام من الانتظار</b></font>",
        shown.format(HEADLINE),
        "<b>الميناء - سليم العبد الله</b>",
    )
    table = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    body = f"<table>{table}<tr><td>{TEXT}</td></tr></table>"
    assert page(wrap(body, f"<title>{SITE}</title>"), "https://x.example/1").title == HEADLINE


def test_a_date_on_another_storys_card_is_not_the_articles() -> None:
    card = "<div><h3><a href='/2'>حريق في مصنع للأخشاب شرق المدينة</a></h3><span class='date'>9 مارس 2026</span></div>"
    article = page(wrap(f"<h1>البلدية ترصف الطريق</h1><div>{FIRST}{card}{REST}</div>"), "https://x.example/1", now=NOW)
    assert article.published is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (
            "<div class='info'><span><i class='icon-time'></i> 9 مارس 2026 (00:30)</span> - <b>سليم علي</b></div>",
            9,
        ),
        ("<p>الاثنين 9 مارس/ آذار 2026</p>", 9),
        ("<h3>9 مارس 2026</h3>", None),
        ("<p>بدأ العمل في 9 مارس 2026</p>", None),
        (f"{FIRST}<p>الاثنين 9 مارس/ آذار 2026</p>", None),
    ],
)
def test_a_date_line_below_a_standfirst(line: str, day: int | None) -> None:
    """No entry of a chronicle, no day that the text tells of, nothing deep in the text."""
    lead = "<h3>ثلاثة أشهر من الأعمال على الطريق الساحلي بين الميناء القديم وحي الصيادين تنتهي قبل الشتاء</h3>"
    article = page(wrap(f"<h1>البلدية ترصف الطريق</h1>{lead}{line}{TEXT}"), "https://x.example/1", now=NOW)
    assert (article.published.day if article.published else None) == day


def test_a_publication_told_in_the_line_above_the_headlines_box() -> None:
    """A clock in the same place is none."""
    line = "<div><a href='/'>الرئيسية</a> <span>{} 9/3/2026 12:09 م</span></div>"
    body = f"{{}}<div><h4 class='news-title'>{HEADLINE}</h4><div>{TEXT}</div></div>"
    told = page(wrap(body.format(line.format("تاريخ النشر:"))), "https://x.example/1", now=NOW)
    clock = page(wrap(body.format(line.format("الاثنين"))), "https://x.example/1", now=NOW)
    assert (told.published, clock.published) == (datetime(2026, 3, 9, 12, 9, tzinfo=UTC), None)


def test_a_title_element_that_names_no_article_rules_out_no_headline() -> None:
    """Of a template that nobody filled in: `home`, `News`, «تفاصيل الخبر»."""
    body = f"<h2>المركز الإعلامي</h2><div><h2 class='main'>{HEADLINE}</h2></div><a href='/'>home</a>{TEXT}"
    assert page(wrap(body, "<title>home</title>"), "https://x.example/1").title == HEADLINE


def test_the_reports_of_a_live_page_keep_their_paragraphs() -> None:
    """In a list's items, where a reader of lists would make one line of each."""
    item = "<li class='u'><div><h3>{}</h3><div><p>{}</p><p>{}</p></div></div></li>"
    told = [line for part in (TEXT, REST) for line in part.replace("<p>", "").split("</p>") if line][:4]
    items = item.format("وصول أول شاحنة إلى الموقع", *told[:2]) + item.format("إغلاق المدخل الشرقي", *told[2:4])
    article = page(wrap(f"<main><h1>البلدية ترصف الطريق</h1><ul>{items}</ul></main>"), "https://x.example/1")
    assert article.text.splitlines() == [
        "وصول أول شاحنة إلى الموقع", *told[:2], "إغلاق المدخل الشرقي", *told[2:4],
    ]  # fmt: skip


def test_a_story_beneath_an_empty_link_that_covers_it() -> None:
    """Between the boxes of the text; a share bar or an anchor beside a sub-heading covers nothing."""
    part = "<div class='b'><div class='t'>{}</div></div>"
    story = (
        "<div class='b' data-type='article'><div class='a'><a class='l' href='/2'></a><span>"
        "<span>حريق في مصنع للأخشاب شرق المدينة</span> <span>أمس, 18:13</span></span></div></div>"
    )
    heading = "<div class='b'><h3><a href='/1#two'></a>متى تنتهي الأعمال في الميناء</h3></div>"
    body = "".join(part.format(f"{line}</p>") for line in TEXT.split("</p>")[:2]) + story + heading
    body += "".join(part.format(f"{line}</p>") for line in TEXT.split("</p>")[2:])
    text = page(wrap(f"<h1>البلدية ترصف الطريق</h1><div class='body'>{body}</div>"), "https://x.example/1").text
    assert "حريق" not in text
    assert "متى تنتهي الأعمال في الميناء" in text


def test_a_headline_that_links_to_its_own_page_behind_a_kicker_is_no_pointer() -> None:
    """The standfirst is found behind it."""
    head = f"<div><h4>مدير البلدية للوكالة:</h4><h1><a href='/1'>{HEADLINE}</a></h1></div>"
    lead = "الميناء / 15 تشرين الثاني/نوفمبر/ الساحل – أعلن مدير البلدية عن بدء الأعمال على الطريق القديم."
    body = f"<article><div>{head}<p class='summary'>{lead}</p></div><div><div>{TEXT}</div></div></article>"
    assert page(wrap(body), "https://x.example/1").text.startswith(lead)


def test_a_sub_heading_behind_the_links_of_a_label_stays() -> None:
    links = "<p><strong>اقرأ أيضا:</strong></p><p><a href='/2'><b>حريق في مصنع للأخشاب شرق المدينة</b></a></p>"
    heading = "متى تنتهي الأعمال في الميناء"
    body = f"<h1>البلدية ترصف الطريق</h1><div>{FIRST}{links}<p><strong>{heading}</strong></p>{REST}</div>"
    text = page(wrap(body), "https://x.example/1").text
    assert heading in text
    assert "حريق" not in text


@pytest.mark.parametrize("width", ["²", "9" * 5000, "auto", "50%", ""])
def test_a_pictures_width_may_be_anything(width: str) -> None:
    article = page(wrap(f"<h1>البلدية ترصف الطريق</h1><img src='/1.jpg' width='{width}'>{TEXT}"), "https://x.example/1")
    assert article.text_from == "page"


def test_a_box_that_asks_and_has_buttons_is_no_text() -> None:
    asks = "<div><p>كيف وجدت ما قرأت هنا؟</p><button>جيد</button><button>عادي</button><p>أجاب عنه 61 قارئا</p></div>"
    assert "61" not in page(wrap(f"<h1>البلدية ترصف الطريق</h1>{TEXT}{asks}"), "https://x.example/1").text


def test_rates_behind_the_text_are_not_its_table() -> None:
    """A box with a table and no sentence, of another shape than the text's."""
    rates = "<div class='r'><b>أسعار الصرف</b><table><tr><td>دولار</td><td>48.70</td></tr></table></div>"
    body = "<main><h1>البلدية ترصف الطريق</h1><div>{}</div>{}</main>"
    assert "48.70" not in page(wrap(body.format(TEXT, rates)), "https://x.example/1").text
    assert (
        "دولار | 48.70"
        in page(wrap(body.format(TEXT.replace("</p>", f"</p>{rates}", 1), "")), "https://x.example/1").text
    )


def test_a_single_telegram_message_is_an_article() -> None:
    """Its first line is the title, as in the channel's preview; the footer's `time` is its date."""
    body = (
        "<div class='tgme_widget_message' data-post='sahel/7'><a class='tgme_widget_message_owner_name'>قناة الساحل</a>"
        "<div class='tgme_widget_message_text'><b>سفينة تجنح عند مدخل الميناء</b><br><br>لم يصب أحد من طاقمها.</div>"
        "<a class='tgme_widget_message_date'><time datetime='2026-11-15T10:20:00+00:00'>Nov 15</time></a></div>"
    )
    article = page(wrap(body, "<title>Telegram Widget</title>"), "https://t.me/sahel/7?embed=1", now=NOW)
    assert article.title == "سفينة تجنح عند مدخل الميناء"
    assert article.text.split("\n") == [article.title, "لم يصب أحد من طاقمها."]
    assert (article.published, article.published_from) == (datetime(2026, 11, 15, 10, 20, tzinfo=UTC), "time")


LINES = ["واشترط المقاول ثلاثة أمور:", "أولا: تحويل السير ليلا.", "ثانيا: رفع المخلفات كل أسبوع", "ثالثا: الدفع مقدما."]


@pytest.mark.parametrize("place", [1, 3, 4])
def test_lines_in_boxes_of_their_own_stand_among_paragraphs(place: int) -> None:
    """Editors part lines with `div` where they part paragraphs with `p`; a label beside them is none of them."""
    own = "".join(f"<div style='text-align: justify'><span>{line}</span></div>" for line in LINES)
    parts = [f"{part}</p>" for part in PARTS if part]
    text = "".join([*parts[:place], own, *parts[place:]])
    body = f"<h1>البلدية ترصف الطريق</h1><div class='tx'><div class='sh'>انقل الخبر</div>{text}</div>"
    read = page(wrap(body), "https://x.example/1").text.split("\n")
    assert (read[place : place + 4], len(read)) == (LINES, 8)


def test_a_box_named_as_the_texts_is_text_where_it_has_sentences() -> None:
    """Behind a box of another kind, though its paragraphs are short."""
    short = "<p>وتوقف العمل أسبوعا في الربيع الماضي.</p><p>ولم يصب أحد من العمال.</p>"
    boxes = f"<div class='tx'>{TEXT}</div><div class='ph'>انقل الخبر</div><div class='tx'>{short}</div>"
    read = page(wrap(f"<main><h1>البلدية ترصف الطريق</h1>{boxes}</main>"), "https://x.example/1").text.split("\n")
    assert read[4:] == ["وتوقف العمل أسبوعا في الربيع الماضي.", "ولم يصب أحد من العمال."]


def test_the_lead_below_a_headline_that_is_a_link_stays() -> None:
    """A headline links to its own page at several agencies; it goes on telling where the text begins."""
    lead = "بحث وزيرا النقل في البلدين ترتيبات فتح المعبر البري الجديد قبل نهاية الشهر الجاري."
    body = (
        "<div class='item-title'><h1><a href='/n/1'>وزيرا النقل يبحثان فتح المعبر الجديد</a></h1></div>"
        f"<div class='item-summary'><figure><img src='a.jpg'></figure><p class='summary'>{lead}</p></div>"
        f"<div class='item-tools'><ul><li>طباعة</li></ul></div><div class='item-body'><div>{TEXT}</div></div>"
    )
    article = page(wrap(f"<main><article>{body}</article></main>"), "https://x.example/n/1")
    assert article.title == "وزيرا النقل يبحثان فتح المعبر الجديد"
    assert article.text.startswith(lead)


@pytest.mark.parametrize("name", ["has-medium-font-size", "ms-rteFontSize-3", "font-size-18"])
def test_a_size_of_print_is_no_name_of_furniture(name: str) -> None:
    """Editors put it on paragraphs; a tool that changes the size is named so by itself."""
    short = "وتوقف العمل أسبوعا في الربيع الماضي."
    sized = f"<p class='{name}'>{short}</p><p><span class='{name}'>{short}</span></p>"
    tool = "<div class='font-size'><span>حرف صغير جدا</span></div>"
    body = f"<h1>البلدية ترصف الطريق</h1><div class='tx'>{TEXT}{tool}{sized}</div>"
    assert page(wrap(body), "https://x.example/1").text.split("\n")[4:] == [short, short]


def test_a_headline_in_a_cell_that_links_to_its_own_page_is_shown() -> None:
    """The date beside it is the article's."""
    head = f"<title>{HEADLINE}</title>"
    row = f"<td class='contentheading'><a href='/7' class='k'>{HEADLINE}</a></td>"
    dated = "<tr><td class='createdate'>الخميس, 19 تشرين الثاني 2026 18:30</td></tr>"
    body = f"<table><tr>{row}</tr></table><form></form><table>{dated}<tr><td>{TEXT}</td></tr></table>"
    article = page(wrap(body, head), "https://x.example/7", now=NOW)
    assert article.title == HEADLINE
    assert str(article.published)[:10] == "2026-11-19"
