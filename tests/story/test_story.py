# ruff: noqa: E501 - whole sentences
"""When two articles are one story, and when like words are other news."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from monitor.story import compare, enough_in_common, fingerprint, window_seconds

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
BODY = (
    "وصلت إلى ميناء عدن صباح اليوم سفينة شحن محملة بالقمح قادمة من ميناء كونستانتسا الروماني بعد رحلة استغرقت تسعة عشر يوما. "
    "وقال مدير الميناء للصحفيين إن أعمال التفريغ ستبدأ مساء اليوم وتستمر حتى نهاية الأسبوع، مشيرا إلى أن الحمولة مخصصة لمطاحن "
    "المدينة وستوزع على الأفران بإشراف السلطة المحلية. وأضاف أن الميناء جهز أربع رافعات إضافية لتسريع العمل بعد أن تعطلت إحدى "
    "الرافعات الأسبوع الماضي بسبب الرياح القوية التي ضربت الساحل. وتنتظر ثلاث سفن أخرى دورها في منطقة الرسو قبالة الميناء، "
    "بحسب بيان للشركة المشغلة التي أكدت أن حركة الملاحة تسير بصورة طبيعية رغم ارتفاع أجور التأمين على السفن في البحر الأحمر."
)
OTHER = (
    "افتتح وزير التعليم أمس معرض الكتاب الجامعي في قاعة المؤتمرات الكبرى بحضور عدد من الأدباء والناشرين العرب. ويضم المعرض "
    "أجنحة لدور نشر من سبع دول وندوات يومية عن الترجمة والخط العربي وأدب الأطفال تستمر حتى الخميس المقبل."
)


@dataclass
class Text:
    text: str
    title: str = ""
    published: object = NOON


def verdict(a: Text, b: Text) -> str:
    """Symmetric, whatever it is."""
    found = compare(a, b)
    assert compare(b, a).verdict == found.verdict
    assert found.reason
    return found.verdict


def test_a_reprint_under_another_headline_is_a_copy() -> None:
    """Spelling, vowel marks, quotes and an agency's line in front don't matter."""
    reprint = "عدن (وكالات) - " + BODY.replace("إلى", "الى").replace("اليوم", "اليومَ").replace("، ", " ، ")
    assert verdict(Text(BODY, "سفينة قمح تصل عدن"), Text(reprint, "الرافعات الجديدة تعمل في الميناء")) == "copy"


def test_a_reprint_that_lost_its_last_paragraph_is_a_copy() -> None:
    assert verdict(Text(BODY), Text(BODY[: len(BODY) * 2 // 3])) == "copy"


def test_another_text_on_the_topic_is_different() -> None:
    rewrite = (
        "قالت إدارة ميناء عدن إن شحنة القمح الآتية من رومانيا بلغت الأرصفة اليوم، وإن العمال سيفرغونها خلال أيام لتغذية مطاحن "
        "المحافظة. وأوضحت أن عطلا أصاب رافعة قبل أسبوع، لكن رافعات أخرى عوضت النقص."
    )
    assert verdict(Text(BODY), Text(rewrite)) == "different"


def test_a_round_up_swallows_no_story() -> None:
    """The round-up holds the whole story, but opens with something else."""
    round_up = f"{OTHER} {OTHER[::-1]} وفي عدن، {BODY}"
    assert verdict(Text(BODY), Text(round_up)) == "different"
    assert "other news" in compare(Text(BODY), Text(round_up)).reason


def test_the_shortened_form_under_the_same_headline_is_a_copy() -> None:
    """A feed's summary and the page; but containment without the same headline decides nothing."""
    long = f"{BODY} " + " ".join(f"{OTHER} ملحق{i} رقم{i} نص{i}" for i in range(4))
    short, headline = BODY[:240], "سفينة قمح رومانية تصل ميناء عدن"
    assert verdict(Text(short, headline), Text(long, headline)) == "copy"
    assert verdict(Text(short, headline), Text(long, "معرض الكتاب الجامعي يفتح أبوابه للزوار")) == "different"


@pytest.mark.parametrize(("hours", "expected"), [(71, "copy"), (73, "different"), (-71, "copy"), (-73, "different")])
def test_the_window_is_72_hours(hours: float, expected: str) -> None:
    text = " ".join(BODY.split()[:99])
    assert verdict(Text(text), Text(text, published=NOON + timedelta(hours=hours))) == expected


@pytest.mark.parametrize(("hours", "expected"), [(73, "copy"), (119, "copy"), (-119, "copy"), (121, "different")])
def test_a_long_reprint_may_come_after_days(hours: float, expected: str) -> None:
    """A frame that comes again, with less than three fifths in common, may not."""
    later = NOON + timedelta(hours=hours)
    assert verdict(Text(BODY), Text(f"عدن - {BODY}", published=later)) == expected
    half = f"{BODY[:380]} {OTHER} {OTHER[::-1]}"
    assert verdict(Text(BODY), Text(half)) == "copy"
    assert "more than 72 h" in compare(Text(BODY), Text(half, published=NOON + timedelta(hours=73))).reason


@pytest.mark.parametrize(("hours", "expected"), [(0.2, "copy"), (11, "copy"), (13, "different"), (400, "different")])
def test_a_warning_that_comes_again_is_a_new_event(hours: float, expected: str) -> None:
    """Below 25 words copies come within 12 hours."""
    later = Text("صفارات الإنذار تدوي في المدينة الساحلية وضواحيها", published=NOON + timedelta(hours=hours))
    assert verdict(Text("صفارات الإنذار تدوي في المدينة الساحلية وضواحيها"), later) == expected


def test_a_short_text_with_another_place_is_another_event() -> None:
    a, b = (f"سماع دوي انفجار قوي في محافظة {place} شمالي البلاد قبل قليل" for place in ("السليمانية", "أربيل"))
    assert verdict(Text(a), Text(b)) == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 قتيلا", "40 قتيلا"),
        ("ثلاثة قتلى", "سبعة قتلى"),
        ("٥ جرحى", "١٩ جريحا"),
        ("مقتل 12 شخصا", "مقتل 21 شخصا"),
        ("مصرع نحو 30 شخصا", "مصرع نحو 55 شخصا"),
    ],
)
def test_another_toll_is_news(one: str, other: str) -> None:
    """In the headline or in the text, in digits or in words."""
    a, b = (Text(f"{BODY} ", f"انفجار في الميناء يخلف {toll}") for toll in (one, other))
    assert verdict(a, b) == "different"
    assert "toll" in compare(a, b).reason
    a, b = (Text(f"أعلنت السلطات {toll} في الحادث. {BODY}") for toll in (one, other))
    assert verdict(a, b) == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ثالث طائرة إغاثية", "رابع طائرة إغاثية"),
        ("الطائرة الإغاثية الثالثة", "الطائرة الإغاثية الرابعة"),
        ("الحزمة السادسة من العقوبات", "الحزمة السابعة من العقوبات"),
        ("الجولة 3 من المحادثات", "الجولة 4 من المحادثات"),
    ],
)
def test_the_next_one_in_a_row_is_news(one: str, other: str) -> None:
    a, b = (Text(f"انطلقت اليوم {which} نحو وجهتها. {BODY}", f"{which} تنطلق") for which in (one, other))
    assert verdict(a, b) == "different"
    a, b = (Text(f"انطلقت اليوم {which} نحو وجهتها. {BODY}") for which in (one, other))
    assert verdict(a, b) == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 قتيلا", "اثنا عشر قتيلا"),
        ("مقتل 12 شخصا", "12 قتيلا و30 جريحا"),
        ("حمولتها 41,882 طنا", "حمولتها 41882 طنا"),
        ("حمولتها 1300 طن", "حمولتها 1343 طن"),
        ("حمولتها 148000 طن", "حمولتها 148250 طن"),
        ("فاز 2-1 في المباراة", "فاز 1-2 في المباراة"),
    ],
)
def test_the_same_number_written_otherwise_is_no_conflict(one: str, other: str) -> None:
    a, b = (Text(f"{BODY} وذكر البيان أن {what} في تقريره.", what) for what in (one, other))
    assert verdict(a, b) == "copy"


@pytest.mark.parametrize("denial", ["نفى", "ونفت", "تنفي", "كذّبت", "تراجعت عن القول إن", "لا صحة لما قيل إن"])
def test_a_denial_is_news(denial: str) -> None:
    """Where one text denies and the other doesn't; not where both do."""
    claim = Text(BODY, "الميناء يعلن وصول السفينة")
    refusal = Text(BODY, f"{denial} الميناء وصول السفينة")
    assert verdict(claim, refusal) == "different"
    assert "denies" in compare(claim, refusal).reason
    assert verdict(refusal, Text(f"{denial} مصدر ذلك. {BODY}")) == "copy"


@pytest.mark.parametrize("published", [None, "", "not a date", "2026-03-04T12:30:00+03:00", "2026-03-04 11:00:00"])
def test_dates_come_in_every_form(published: object) -> None:
    """Unknown dates leave the window open; a naive one counts as UTC."""
    assert verdict(Text(BODY), Text(BODY, published=published)) == "copy"


def test_texts_without_words_are_nobodys_copy() -> None:
    assert verdict(Text(""), Text("")) == "different"
    assert verdict(Text("… — !"), Text(BODY)) == "different"
    assert verdict(Text("", "عنوان وحيد من خمس كلمات"), Text("", "عنوان وحيد من خمس كلمات")) == "copy"


def test_candidates_are_found_by_their_samples() -> None:
    """A long text's sample is an eighth of its hashes; a short text's sample is comparable with it."""
    long = " ".join(f"كلمة{i} وأخرى{i * 7} في{i % 5}" for i in range(400))
    whole = fingerprint("", long)
    assert whole.words > 1000
    assert 0.08 < len(whole.sample) / (whole.words - 2) < 0.18
    part = fingerprint("", long[: len(long) // 3])
    common = set(whole.sample) & set(part.sample)
    assert len(common) >= enough_in_common(len(part.sample))
    assert all(-(2**63) <= h < 2**63 for h in whole.sample)


def test_fingerprints_are_the_same_in_every_process() -> None:
    """They are stored: a hash seed must not change them."""
    code = f"from monitor.story import fingerprint; print(fingerprint('', {BODY!r}).sample)"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert seen == {f"{fingerprint('', BODY).sample}\n"}


def test_windows_and_candidates_by_length() -> None:
    assert [window_seconds(n) / 3600 for n in (24, 25, 99, 100)] == [12, 72, 72, 120]
    assert [enough_in_common(n) for n in (0, 1, 2, 3, 50)] == [1, 1, 2, 3, 3]


def test_a_round_number_stands_only_for_those_that_round_to_it() -> None:
    """Rates and indices end in zeros too."""
    a, b = (Text(f"{BODY} وبلغ السعر {n} دينار للطن في السوق.") for n in ("148250", "148900"))
    assert verdict(a, b) == "different"


@pytest.mark.parametrize(
    ("frame", "one", "other"),
    [
        (
            "دوت صفارات الإنذار قبل قليل في {} بعد رصد صواريخ أطلقت من {}. ولم يبلغ الإسعاف عن إصابات، فيما طلبت السلطات من "
            "السكان البقاء قرب الأماكن المحصنة حتى إشعار آخر.",
            ("عسقلان وأسدود", "قطاع غزة"), ("كريات شمونة والمطلة", "جنوب لبنان"),
        ),
        (
            "أعلنت الوزارة تنفيذ الحكم اليوم بحق {} في {} بعد إدانته بتهريب {} إلى البلاد. وقالت إن التحقيق أسفر عن توجيه الاتهام "
            "إليه وإن محكمة الاستئناف أيدت الحكم ثم صدقت عليه المحكمة العليا.",
            ("سالم بن ناصر الحارثي", "تبوك", "أقراص مخدرة"), ("جمال شاه ولي", "نجران", "مادة الهيروين"),
        ),
        (
            "أعلن الجيش أنه دمر خلال الساعات الماضية {} تابعة للجماعة في {}، وقال إن هذه الأهداف شكلت تهديدا وشيكا للسفن التجارية "
            "وإن الإجراء اتخذ لحماية حرية الملاحة وجعل المياه الدولية أكثر أمانا.",
            ("طائرة مسيرة واحدة", "البحر الأحمر"), ("ثلاثة زوارق مسيرة وصاروخ كروز", "خليج عدن"),
        ),
    ],
)  # fmt: skip
def test_a_template_with_other_names_is_another_event(frame: str, one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Their words agree; who and where do not."""
    a, b = Text(frame.format(*one)), Text(frame.format(*other))
    assert verdict(a, b) == "different"
    assert "other names" in compare(a, b).reason
    assert verdict(a, Text(frame.format(*one))) == "copy"


def test_a_desks_other_words_are_no_other_names() -> None:
    """Verbs, connectives, days, spellings, titles and the words for places change in copies."""
    edited = (
        BODY.replace("وصلت إلى ميناء عدن صباح اليوم سفينة", "دخلت مرفأ عدن فجر أمس باخرة")
        .replace("كونستانتسا", "كونستانزا")
        .replace("وقال مدير الميناء للصحفيين", "وأكد مدير المرفأ في تصريح")
        .replace("تسعة عشر يوما", "19 يوما")
    )
    assert verdict(Text(BODY), Text(edited)) == "copy"


def test_a_follow_up_that_quotes_the_old_news_is_news() -> None:
    """Its opening and its headline are its own; a copy below an outlet's introduction keeps the headline's matter."""
    old = Text(BODY, "سفينة قمح رومانية تصل ميناء عدن")
    new = "أوقفت النيابة العامة ثلاثة موظفين بتهمة تقاضي رشاوى من موردين وأمرت بحبسهم على ذمة التحقيق لمدة أسبوعين. "
    follow_up = Text(new + BODY[:420], "النيابة توقف موظفين بتهمة الرشوة")
    assert verdict(Text(BODY[:420], old.title), follow_up) == "different"
    assert "headline of its own" in compare(Text(BODY[:420], old.title), follow_up).reason
    assert verdict(old, Text(new + BODY, "قمح روماني في ميناء عدن وأربع رافعات للتفريغ")) == "copy"


def test_a_line_of_an_agency_is_no_opening() -> None:
    """Nor are a page's buttons, whatever the headline."""
    buttons = "شارك الخبر عبر فيسبوك تويتر واتساب تلغرام حجم الخط "
    assert verdict(Text(BODY, "سفينة قمح تصل عدن"), Text(buttons + BODY, "خبر سار لأصحاب الأفران")) == "copy"


def test_numbers_within_a_twentieth_round_to_each_other() -> None:
    a, b, c = (Text(f"{BODY} وحملت السفينة {n} طن من القمح.") for n in ("2000", "2080", "2180"))
    assert verdict(a, b) == "copy"
    assert verdict(a, c) == "different"


def test_an_excerpt_needs_the_headline_and_the_whole_of_itself() -> None:
    """Its share of groups is far below what copies have; nine tenths of its own are in the long form."""
    headline = "سفينة قمح رومانية تصل ميناء عدن"
    long = f"{BODY} " + " ".join(f"{OTHER} ملحق{i} رقم{i} نص{i} باب{i} فصل{i}" for i in range(9))
    assert "shortened" in compare(Text(BODY[:190], headline), Text(long, headline)).reason
    assert verdict(Text(BODY[:190], "نشرة أخبار المساء"), Text(long, "نشرة أخبار المساء")) == "different", (
        "a mere column"
    )
    half = f"{BODY[:100]} وتنتظر المدينة وصول شحنات أخرى من الدقيق والسكر والزيت خلال الشهر المقبل كما يقول التجار"
    assert verdict(Text(half, headline), Text(long, headline)) == "different"


def test_between_short_and_long_the_needed_share_falls() -> None:
    """Thirty words that agree in four tenths are another event; a hundred are a copy."""
    short = BODY.split()[:30]
    changed = [*short[:20], *OTHER.split()[:10]]
    assert "needed" in compare(Text(" ".join(short)), Text(" ".join(changed))).reason
    long = BODY.split()[:100]
    assert verdict(Text(" ".join(long)), Text(" ".join([*long[:66], *OTHER.split()[:34]]))) == "copy"


def test_words_of_any_length_are_compared_in_time() -> None:
    """Whoever writes pages may write a word of a million letters."""
    a, b = (BODY.replace("سفينة", letter * 1_000_000) for letter in "سش")
    begin = time.perf_counter()
    compare(Text(a), Text(b))
    assert time.perf_counter() - begin < 5


def test_a_text_of_any_length_costs_as_much_as_a_long_article() -> None:
    """Whoever writes feeds may write a text of a million words; its reprint is found nevertheless."""
    book = " ".join(f"{word}{n}" for n in range(2000) for word in BODY.split())
    assert fingerprint("كتاب", book).words < 10_000
    assert len(fingerprint("كتاب", book).sample) < 2000
    assert verdict(Text(book), Text(f"عدن - {book} {OTHER}")) == "copy"


def test_a_passage_from_the_middle_is_no_shortened_form() -> None:
    """Nor is the beginning under a headline that shares four words of ten."""
    headline = "سفينة قمح رومانية تصل ميناء عدن بعد رحلة طويلة"
    long = f"{BODY} " + " ".join(f"{OTHER} ملحق{i} رقم{i} نص{i} باب{i} فصل{i}" for i in range(9))
    assert "shortened" in compare(Text(BODY[:190], headline), Text(long, headline)).reason
    assert verdict(Text(BODY[300:500], headline), Text(long, headline)) == "different"
    assert (
        verdict(Text(BODY[:190], "سفينة قمح تصل ميناء آخر محملة بحبوب أوكرانية"), Text(long, headline)) == "different"
    )


def test_in_a_long_template_two_other_names_are_enough() -> None:
    """Where all the rest is the same, word for word; a desk that changes two words changes more."""
    frame = (
        "أحبطت إدارة الجمارك في {} محاولة تهريب كمية كبيرة من {} عثر عليها مخبأة في شحنة قادمة من الخارج. وأوضحت الإدارة أن الكشف "
        "على الشحنة بالأجهزة الحديثة والكلاب المدربة أظهر ما أخفي فيها بعناية. وأشارت إلى أن التنسيق جرى مع مكافحة المخدرات للقبض "
        "على من كانوا ينتظرونها، وأن شخصين أوقفا وأحيلا إلى النيابة العامة. ودعت الإدارة المواطنين إلى التعاون معها في حماية المجتمع "
        "والاقتصاد من التهريب وإبلاغها عن كل ما يثير الشك عبر الرقم المخصص للبلاغات أو البريد الإلكتروني، مؤكدة أن هوية المبلغين تبقى "
        "سرية وأن مكافأة تمنح لمن تصح معلوماته."
    )
    a, b = Text(frame.format("ميناء ضباء", "الحبوب المخدرة")), Text(frame.format("منفذ البطحاء", "الذهب الخام"))
    assert len(a.text.split()) > 80
    assert "other names" in compare(a, b).reason
    assert verdict(a, b) == "different"


def test_one_place_may_be_described_in_two_ways() -> None:
    a, b = (Text(BODY.replace("ميناء عدن", where)) for where in ("محافظة عدن جنوبي البلاد", "مدينة عدن الساحلية"))
    assert verdict(a, b) == "copy"


def test_the_same_cable_to_another_head_of_state_is_another() -> None:
    """A place's word with the article in one text and without it in the other is the same word."""
    frame = (
        "بعث رئيس البلاد برقية تهنئة إلى الرئيس {} رئيس جمهورية {} بمناسبة ذكرى اليوم الوطني لبلاده. وأعرب في البرقية باسمه واسم شعب "
        "البلاد وحكومتها عن أصدق التهاني وأطيب التمنيات بالصحة والسعادة لفخامته ولحكومة بلاده وشعبها الصديق اطراد التقدم والازدهار. "
        "كما بعث نائب الرئيس برقية مماثلة عبر فيها عن أبلغ التهاني وأطيب التمنيات، راجيا المزيد من الرفعة والنماء للعلاقات بين "
        "البلدين الصديقين في المجالات كافة، ومشيدا بما بلغته هذه العلاقات من تعاون وثيق خلال الأعوام الماضية في التجارة والتعليم."
    )
    a, b = Text(frame.format("جواو لورينسو", "أنغولا")), Text(frame.format("حسن شيخ محمود", "الصومال"))
    assert verdict(a, b) == "different"
    a, b = (
        Text(BODY.replace("إلى ميناء عدن صباح", f"إلى {where} فجر")[:200])
        for where in ("المنطقة الشرقية", "منطقة عسير")
    )
    assert verdict(a, b) == "different"
