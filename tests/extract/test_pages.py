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
