"""What a person sees, and what a hostile feed cannot do to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert import Health, Locale, alert, digest, gather, operator, probe
from monitor.alert.compose import merged
from monitor.alert.wording import console, mail, telegram, webhook
from monitor.alert.wording.words import (
    FSI,
    PDI,
    RLM,
    STORIES,
    clean,
    counted,
    cut,
    day,
    link,
    moment,
    pieces,
    units,
)
from monitor.types import Alert, AlertKind, Item, Severity

NOW = 1_795_291_200.0
LOCALE = Locale()
BIDI = set("\u061c\u200e\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
OURS = {FSI, PDI, RLM}
Make = Callable[..., Item]


class Tags(HTMLParser):
    """Fails on markup that Telegram would not take; collects the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in {"b", "u", "a"}, tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> str:
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.text


def first_strong(text: str) -> str:
    """The direction that the first strong letter outside of isolates gives a text."""
    depth = 0
    for char in text:
        depth += (char in "\u2066\u2067\u2068") - (char == PDI)
        if not depth and unicodedata.bidirectional(char) in ("L", "R", "AL"):
            return unicodedata.bidirectional(char)
    return ""


def isolates_close(text: str) -> bool:
    """In every line, as an isolate ends with its paragraph."""
    return all(line.count(FSI) == line.count(PDI) for line in text.split("\n"))


def all_shapes(made: Alert) -> list[str]:
    """Every text of every service and layout."""
    texts = []
    for layout in ("full", "short", "headline"):
        texts.append(read(telegram.html(made, layout, LOCALE)))
        texts.append(telegram.plain(made, layout, LOCALE))
        texts.append(console.text(made, layout, LOCALE))
        texts.append(mail.mail(made, layout, LOCALE).text)
    return [*texts, mail.subject(made)]


def test_telegram_full(item: Make) -> None:
    """Severity and rules; title; sentence; outlet and time; outlets; number; the link alone on the last line."""
    made = alert("desk", item(outlets=("وكالة أولى", "صحيفة المثال", "إذاعة")), NOW)
    lines = telegram.html(made, "full", LOCALE).replace(RLM, "").split("\n")
    assert lines[0] == "🟠 مهم · \u2068مسيّرات\u2069"
    assert lines[1] == "<b>\u2068مسيّرات تصيب مستودعًا للوقود\u2069</b>"
    assert lines[3].startswith("«\u2068وأعلنت السلطات أن <b>مسيّرات</b> أصابت")
    assert lines[5] == "\u2068صحيفة المثال\u2069 · السبت 21 نوفمبر، 22:56"
    assert lines[6] == "أيضًا لدى مصدرين آخرين، والأول \u2068وكالة أولى\u2069"
    assert lines[7] == "رقم 101"
    assert lines[8] == "https://news.example/2026/1?a=1&amp;b=2"
    assert len(lines) == 9


def test_layouts(item: Make) -> None:
    """Short has one sentence and no others' names; headline has no sentence; all end with the link."""
    found = item(outlets=("أ", "ب"))
    two = replace(
        found,
        findings=(*found.findings, replace(found.findings[0], rule="x", name="وقود", sentence="جملة أخرى عن الوقود.")),
    )
    made = alert("desk", two, NOW)
    full, short, headline = (telegram.html(made, layout, LOCALE) for layout in ("full", "short", "headline"))
    assert (full.count("«"), short.count("«"), headline.count("«")) == (2, 1, 0)
    assert ("أيضًا" in full, "أيضًا" in short) == (True, False)
    assert len(headline.split("\n")) == 4
    assert all(text.split("\n")[-1].startswith("https://") for text in (full, short, headline))


def test_a_term_in_the_title_is_marked_there(item: Make) -> None:
    found = item(sentence="مسيّرات تصيب مستودعًا للوقود")
    finding = replace(found.findings[0], matches=(replace(found.findings[0].matches[0], field="title"),))
    html = telegram.html(alert("desk", replace(found, findings=(finding,)), NOW), "full", LOCALE)
    assert "<b>\u2068<u>مسيّرات</u> تصيب" in html
    assert "«" not in html


def test_the_number_is_that_of_the_rule_named_first(item: Make) -> None:
    """Whichever file the rule stands in: in a message, and in a line of a digest."""
    low, high = item(5, severity=Severity.medium, rule="famine").findings[0], item(9).findings[0]
    story = replace(item(), findings=(low, high))
    assert "\u200fرقم 109\n" in telegram.plain(alert("desk", story, NOW), "full", LOCALE)
    [made] = gather("desk", [story], NOW, why="quiet", locale=LOCALE)
    assert "\u200fرقم 109\n" in telegram.plain(made, "full", LOCALE)
    [made] = digest("desk", [story], NOW, since=0, health=Health(healthy=1, feeds=1), locale=LOCALE)
    assert "· رقم 109\n" in telegram.plain(made, "full", LOCALE)


def test_a_line_of_a_digest_and_its_head_show_the_storys_highest_severity(item: Make) -> None:
    """Also where that came with a copy which the digest does not name."""
    stories = [replace(i, worst=Severity.critical) if i.article == 7 else i for i in many(item, 12)]
    [made] = digest("desk", [replace(i, findings=item(i.article).findings) for i in stories], NOW, since=0,
                    health=Health(healthy=1, feeds=1), locale=LOCALE, url="mailto://x")  # fmt: skip
    assert (made.items[0].article, made.severity) == (7, Severity.critical)
    text = telegram.plain(made, "full", LOCALE)
    assert "عاجل 1 · مهم 11" in text
    assert text.count("🔴") == 1


def test_an_update_and_a_test_say_so(item: Make) -> None:
    assert "تحديث" in telegram.html(alert("desk", item(), NOW, kind=AlertKind.update), "full", LOCALE).split("\n")[0]
    assert "متابعة" in telegram.html(alert("desk", item(), NOW, reply_to="x"), "full", LOCALE).split("\n")[0]
    assert "رسالة تجريبية" in telegram.html(probe("desk", NOW), "full", LOCALE).split("\n")[0]


def test_without_link_date_and_title(item: Make) -> None:
    bare = replace(item(), url="", title=" ", published=None)
    text = telegram.plain(alert("desk", bare, NOW), "full", LOCALE)
    assert "بلا عنوان" in text
    assert "رُصد السبت" in text
    assert text.split("\n")[-1] == f"{RLM}رقم 101"


@pytest.mark.parametrize("layout", ["full", "short", "headline"])
@pytest.mark.parametrize("make", ["title", "sentence", "name", "url", "all"])
def test_nothing_is_longer_than_telegram_takes(item: Make, layout: str, make: str) -> None:
    """A hundred thousand characters anywhere, astral or to be escaped: at most 4096 UTF-16 units with markup."""
    for char in ("ب. ", "😀", "<&"):
        huge = char * 100_000
        parts = {"title": huge, "sentence": f"مسيّرات {huge}", "name": huge, "url": "https://x.example/" + "a" * 90_000}
        found = item(**(parts if make == "all" else {make: parts[make]}))
        html = telegram.html(alert("desk", found, NOW), layout, LOCALE)
        assert units(html) <= 4096
        read(html)
        assert telegram.plain(alert("desk", found, NOW), layout, LOCALE)


def test_what_is_cut_ends_with_a_sentence(item: Make) -> None:
    long = "وقالت الوكالة إن مسيّرات حلّقت فوق الميناء. " * 400
    html = telegram.html(alert("desk", item(sentence=long), NOW), "full", LOCALE)
    assert "الميناء. …" in html


def test_what_fired_stays_in_sight() -> None:
    """A term at the end of a long sentence without full stops is shown, with what stands around it."""
    long = "وقال " * 3000 + "إن مسيّرات حلّقت " + "ثم " * 3000
    start = long.index("مسيّرات")
    run = pieces(long, [(start, start + 7)], 500)
    assert ("مسيّرات", True) in run
    assert units("".join(t for t, _ in run)) <= 500


def test_words_that_fired_side_by_side_are_marked_as_one() -> None:
    """Overlapping terms, neighbours and touching ones; what stands between two others stays plain."""
    sentence = "وقّعت معاهدة الشراكة في موسكو"
    spans = [(6, 12), (13, 20), (10, 20), (24, 29), (40, 50)]
    assert pieces(sentence, spans, 500) == [
        ("وقّعت ", False),
        (sentence[6:20], True),
        (sentence[20:24], False),
        (sentence[24:29], True),
    ]


HOSTILE = [
    "عنوان\r\nBcc: all@evil.example",
    "<script>alert(1)</script><b>عنوان",
    "[رابط](http://evil.example) *غامق* _مائل_ `رمز`",
    "عنوان \u202egnp.exe\u202c \u2067مقلوب \u2066\u2069\u2069\u2069 \u200e\u200f\u061c",
    "عن\x00وان\x1b[31m \x07\x9b2J",
    "عنوان \ud800 و\udfff",
    "ع" + "\u0301" * 5000,
    "س" * 100_000,
    "&amp;&#x202e;&lt;a href='x'&gt;",
    "{{ 7*7 }} {% raw %} %s {0}",
    "Breaking: everything in Latin",
    "\u2028سطر\u2029سطر\u0085سطر",
    "\U000e0041\U000e0042 مخفي \u00ad\u200b\ufeff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(item: Make, text: str) -> None:
    """Wherever a feed's text stands, nothing leaves its place: no markup, no control, no direction, no second line."""
    sentence = f"{text} مسيّرات {text}"
    found = item(title=text, sentence=sentence, outlet=text, name=text, outlets=(text, "آخر"))
    for made in (alert("desk", found, NOW), *gather("desk", [found, item(2)], NOW, why="quiet", locale=LOCALE)):
        for shown in all_shapes(made):
            assert not {c for c in shown if c in BIDI or (unicodedata.category(c) in ("Cc", "Cs") and c != "\n")}
            assert not {c for c in shown if unicodedata.category(c) == "Cf" and c not in OURS}
            assert isolates_close(shown)
            assert first_strong(shown) in ("AL", "R")
        html = mail.mail(made, "full", LOCALE).html
        assert not re.search(r"<(script|a href='x'|b>عنوان)", html)
        assert "\n" not in mail.subject(made)
        assert len(mail.subject(made)) < 200
        assert telegram.plain(made, "full", LOCALE).count("\n") < 20


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=4),
)
def test_any_text(title: str, sentence: str, spans: Sequence[tuple[int, int]]) -> None:
    """Whatever the texts and spans: Telegram's markup is whole, isolates close, Arabic comes first."""
    from tests.alert.conftest import make_item

    found = make_item(title=title, sentence=sentence, name=title, outlet=title)
    finding = replace(found.findings[0], spans=tuple(spans))
    made = alert("desk", replace(found, findings=(finding,)), NOW)
    for shown in all_shapes(made):
        assert isolates_close(shown)
        assert first_strong(shown) in ("AL", "R")


def test_links_that_are_none() -> None:
    assert link("https://x.example/خبر عاجل?q=\"<a>'\u202e") == "https://x.example/خبر%20عاجل?q=%22%3Ca%3E%27"
    for bad in ("javascript:alert(1)", "data:text/html,x", "https://", "//x.example", "http://[::1", "", "x" * 3000):
        assert link(bad) == ""


def test_what_is_cut_says_so() -> None:
    """Also where the cut falls between what fired and what follows."""
    assert pieces("مسيّرات شاهد حلّقت", [(0, 7)], 11) == [("مسيّرات", True), (" …", False)]
    assert pieces("مسيّرات شاهد", [(0, 7)], 100) == [("مسيّرات", True), (" شاهد", False)]


@pytest.mark.parametrize(
    "case",
    [
        "أطلقت [صاروخ «فلسطين2|»] أمس",
        "ردت [عملية (حارس الازدهار|)]، ثم",
        'أعلنت [الـ"شاهد 136|"] أمس',
        "أعلنت [«(شاهد|)»] أمس",
        "في «[شاهد|] 136» أمس",
        "في «[شاهد|]» أمس",
        'قال "[شاهد|]" إنه',
        "نشرت [شاهد 'أ'|] 'ب'",
    ],
)
def test_a_mark_that_closes_a_quote_opened_inside_of_what_fired_belongs_to_it(case: str) -> None:
    """In a message and on the terminal; one that closes what was opened before it does not."""
    span = (case.index("["), case.index("|") - 1)
    shown = pieces(re.sub(r"[][|]", "", case), [span], 100)
    assert "".join(f"[{text}]" if hot else text for text, hot in shown) == case.replace("|", "")


def test_numbers_with_their_nouns() -> None:
    shown = [counted(n, STORIES, LOCALE) for n in (1, 2, 3, 10, 11, 99, 100, 101, 103, 111)]
    few = ["خبر واحد", "خبران", "3 أخبار", "10 أخبار", "11 خبرًا", "99 خبرًا"]
    assert shown == [*few, "100 خبر", "101 خبر", "103 أخبار", "111 خبرًا"]


def test_dates_in_the_zone_and_digits_of_the_locale() -> None:
    when = datetime(2026, 1, 31, 21, 5, tzinfo=UTC)
    today = datetime(2026, 11, 21, tzinfo=UTC)
    assert moment(when, LOCALE, today) == "الأحد 1 فبراير، 00:05"
    assert moment(when, Locale(digits="arab"), today) == "الأحد ١ فبراير، ٠٠:٠٥"
    assert day(when, Locale(timezone="Asia/Damascus")) == "الأحد 1 شباط 2026"
    assert day(when, LOCALE, datetime(2027, 1, 1, tzinfo=UTC)) == "الأحد 1 فبراير 2026"


def test_clean_keeps_what_persian_needs() -> None:
    assert clean("می\u200cخواهد  و\u00a0هو") == "می\u200cخواهد و هو"


def test_cut_never_breaks_a_pair() -> None:
    for limit in range(3, 40):
        assert units(cut("😀" * 100, limit)) <= limit
        assert units(cut("كلمة كلمة " * 100, limit)) <= limit


def many(item: Make, count: int) -> list[Item]:
    severities = list(Severity)[1:]
    return [
        item(
            n,
            severity=severities[n % 3],
            story=n,
            outlets=tuple(f"منبر {k}" for k in range(n % 7)),
            minutes=n % 900 + 2,
        )
        for n in range(1, count + 1)
    ]


Scheme = Literal["tgram", "mailto", "slack"]


@pytest.mark.parametrize(("scheme", "most"), [("tgram", 12), ("mailto", 1), ("slack", 20)])
def test_a_digest_of_two_hundred_names_every_story(item: Make, scheme: Scheme, most: int) -> None:
    """In few messages that each fit their service, and every title keeps its link and number."""
    parts = digest("desk", many(item, 200), NOW, since=NOW - 86400, health=Health(healthy=61, feeds=74), locale=LOCALE,
                   url=f"{scheme}://x")  # fmt: skip
    assert len(parts) <= most
    assert len({p.id for p in parts}) == len(parts)
    limit = {"tgram": 4096, "mailto": 10**6, "slack": 2000}[scheme]
    render = telegram.html if scheme == "tgram" else telegram.plain
    texts = [render(p, "full", LOCALE, limit) for p in parts]
    whole = "\n".join(texts)
    for n in range(1, 201):
        assert re.search(rf"news\.example/2026/{n}\?", whole)
        assert re.search(rf"[·—] رقم {100 + n}$", whole, re.M)
    assert "61 مصدرًا تعمل جيدًا من 74" in texts[-1]
    if scheme == "tgram":
        assert max(units(t) for t in texts) <= 4096
    if scheme == "mailto":
        assert len(mail.mail(parts[0], "full", LOCALE).html.encode()) < 102_000  # Gmail hides the rest


def test_a_digest_is_sorted_by_severity_then_outlets(item: Make) -> None:
    [made] = digest("desk", many(item, 30), NOW, since=NOW - 86400, health=Health(healthy=1, feeds=1), locale=LOCALE,
                    url="mailto://x")  # fmt: skip
    keys = [(i.findings[0].severity.rank, len(i.outlets)) for i in made.items]
    assert keys == sorted(keys, reverse=True)


def test_copies_of_a_story_are_one_line(item: Make) -> None:
    """It keeps its first article, gains the others' outlets and rules, and the higher severity of a rule."""
    first = item(1, story=7, outlet="أولى", outlets=("أولى",), minutes=9)
    copy = item(2, story=7, outlet="ثانية", outlets=("أولى", "ثانية"), severity=Severity.critical)
    other = item(3, story=7, outlet="ثالثة", outlets=("أولى", "ثانية", "ثالثة"), rule="fuel", name="وقود")
    [story] = merged([other, copy, replace(first, first_seen=datetime.fromtimestamp(NOW - 500, UTC))])
    assert story.article == 1
    assert story.outlets == ("أولى", "ثانية", "ثالثة")
    assert {(f.rule, f.severity.value) for f in story.findings} == {("drones", "critical"), ("fuel", "high")}


def test_a_line_of_a_digest_names_its_rules_and_turns_once(item: Make) -> None:
    """In the full layout; no line of a terminal has two marks of direction in front."""
    [made] = digest("desk", many(item, 2), NOW, since=NOW - 86400, health=Health(healthy=1, feeds=1), locale=LOCALE,
                    url="console://")  # fmt: skip
    assert console.text(made, "full", LOCALE).count(" — \u2068مسيّرات\u2069 · ") == 2
    assert "مسيّرات\u2069 · " not in console.text(made, "headline", LOCALE)
    told = operator("desk", "feed:a", "المصدر لا يجيب", ["refused"], NOW)
    for message in (made, told):
        assert "\u200f\u200f" not in console.text(message, "full", LOCALE)


def test_an_empty_digest_says_so() -> None:
    [made] = digest(
        "desk", [], NOW, since=NOW - 86400, health=Health(healthy=61, feeds=61), locale=LOCALE, url="tgram://x"
    )
    assert read(telegram.html(made, "full", LOCALE)).strip() == (
        f"{RLM}🗞 موجز: لا شيء منذ الجمعة 20 نوفمبر، 23:00؛ 61 مصدرًا تعمل جيدًا"
    )


def test_the_first_round_is_marked_as_old(item: Make) -> None:
    health = Health(healthy=61, feeds=74)
    shown = [
        mail.subject(
            digest(
                "desk", many(item, n), NOW, since=0, health=health, locale=LOCALE, catchup="first", url="mailto://x"
            )[0]
        )
        for n in (1, 2, 5, 11)
    ]
    assert [line.partition(": ")[2] for line in shown] == [
        "خبر واحد مما في المصادر الآن، وهو سابق على بدء الرصد",
        "خبران مما في المصادر الآن، وهما سابقان على بدء الرصد",
        "5 أخبار مما في المصادر الآن، وهي سابقة على بدء الرصد",
        "11 خبرًا مما في المصادر الآن، وهي سابقة على بدء الرصد",
    ]
    [again] = digest("desk", many(item, 2), NOW, since=0, health=health, locale=LOCALE, catchup="restored")
    assert again.headline == "أول جولة بعد الاستعادة: خبران مما في المصادر الآن، وربما سبق التنبيه إليهما"


def test_held_alerts_become_one_summary_a_single_one_an_alert(item: Make) -> None:
    [summary] = gather("desk", many(item, 8), NOW, why="quiet", locale=LOCALE)
    assert summary.kind == AlertKind.summary
    assert "8 أخبار في ساعات الهدوء" in telegram.plain(summary, "full", LOCALE)
    [single] = gather("desk", [item()], NOW, why="quiet", locale=LOCALE)
    assert single.kind == AlertKind.alert
    assert gather("desk", [], NOW, why="limit", locale=LOCALE) == []


def test_ids_differ_by_what_they_tell_and_when(item: Make) -> None:
    ids = {alert("desk", item(), NOW).id, alert("mail", item(), NOW).id, alert("desk", item(2), NOW).id,
           alert("desk", item(), NOW + 1).id, operator("desk", "rules", "x", [], NOW).id}  # fmt: skip
    assert len(ids) == 5
    assert alert("desk", item(), NOW).id == alert("desk", item(), NOW).id


def test_an_operator_message_begins_in_arabic() -> None:
    made = operator("desk", "feed:x", "aljazeera: HTTP 403", ["https://x.example\x00", "\u202eline"], NOW)
    for shown in all_shapes(made):
        assert first_strong(shown) in ("AL", "R")
        assert "\u202e" not in shown


def test_the_terminal_breaks_lines_between_words(item: Make) -> None:
    """Each line is directed on its own, isolates close in it, and colours appear only where asked for."""
    text = console.text(
        alert("desk", item(sentence="وقال إن مسيّرات Shahed-136 حلّقت " * 9), NOW), "full", LOCALE, width=40
    )
    body = text.split("\n")[:-2]
    assert all(line.startswith(("\u200f", "https://")) or not line for line in body)
    assert isolates_close(text)
    assert all(len(re.sub("[\u200f\u2068\u2069\u064b-\u0652]", "", line)) <= 42 for line in body if "http" not in line)
    assert "\x1b[" not in text
    assert "إن *مسيّرات* Shahed-136" in text.replace("\n\u200f", " ")
    assert "\x1b[1;33mمسيّرات" in console.text(alert("desk", item(), NOW), "full", LOCALE, color=True)


def test_the_webhook_holds_everything(item: Make) -> None:
    payload = webhook.payload(alert("desk", item(story=9, outlets=("أ", "ب")), NOW, reply_to="r"))
    assert payload["rasid"] == 1
    assert payload["reply_to"] == "r"
    assert payload["created"] == "2026-11-21T20:00:00Z"
    [story] = payload["stories"]
    assert (story["story"], story["outlets"]) == (9, ["أ", "ب"])
    assert story["article"]["feed"] == "example"
    assert story["hits"][0] == {
        "id": 101, "rule": "drones", "name": "مسيّرات", "severity": "high", "sentence": item().findings[0].sentence,
        "spans": [[18, 25]],
        "matches": [{"term": "مسيّرات", "surface": "مسيّرات", "field": "text", "start": 18, "end": 25}],
    }  # fmt: skip


def test_every_line_runs_from_right_to_left(item: Make) -> None:
    """Also one that begins with a term in Latin letters, or holds nothing but isolates and numbers; not a link."""
    made = item(title="OPEC ترفع الإنتاج", sentence="Shahed-136 فوق البصرة", outlet="BBC", outlets=("BBC", "CNN"))
    operators = operator("desk", "feed:x", "aljazeera: HTTP 403", ["https://x.example"], NOW)
    lists = digest(
        "desk",
        [replace(made, story=n) for n in range(20)],
        NOW,
        since=0,
        health=Health(healthy=1, feeds=1),
        locale=LOCALE,
    )
    for told in (alert("desk", made, NOW), operators, *lists):
        for shown in all_shapes(told):
            lines = [line for line in shown.split("\n") if line.strip("─") and not line.startswith("https://")]
            assert {first_strong(line) for line in lines} <= {"AL", "R"}


AWKWARD = ("https://x.example/?" + "a&" * 800, "https://x.example/" + "’" * 200, "https://x.example/" + "𐌰" * 1900)


@pytest.mark.parametrize("layout", ["full", "short", "headline"])
@pytest.mark.parametrize("title", ["عنوان", "&" * 500, "😀" * 500])
@pytest.mark.parametrize("url", ["https://x.example/1", *AWKWARD])
def test_no_story_of_a_list_is_left_out(item: Make, layout: str, title: str, url: str) -> None:
    """Whatever title and address a feed gives to one of them: each counts as told, so each must be there."""
    odd = [replace(item(url=url, title=title), article=n, story=n) for n in range(3)]
    rest = [replace(item(url=f"https://news.example/{n}"), article=n, story=n) for n in range(3, 60)]
    stories = [replace(i, findings=(replace(i.findings[0], hit=9000 + i.story),)) for i in (*odd, *rest)]
    made = gather("desk", stories, NOW, why="quiet", locale=LOCALE, url="tgram://")
    texts = [telegram.html(one, layout, LOCALE) for one in made]
    assert all(units(text) <= telegram.LIMIT for text in texts)
    assert [n for n in range(60) if not any(str(9000 + n) in read(text) for text in texts)] == []


def test_a_list_has_no_more_messages_than_it_needs(item: Make) -> None:
    """Telegram takes twenty stories with links of 55 characters, the twenty-first begins a second message."""
    url = "https://news.example/".ljust(55, "a")
    stories = [replace(item(url=url), article=n, story=n) for n in range(1, 42)]
    made = gather("desk", stories, NOW, why="quiet", locale=LOCALE, url="tgram://")
    assert [len(one.items) for one in made] == [20, 20, 1]
