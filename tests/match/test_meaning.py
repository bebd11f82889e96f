"""What each kind and option of the rule language means, case by case."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import re2

from monitor.arabic import fold
from monitor.match import Matcher, check_tests
from monitor.match.patterns import BORDER
from monitor.types import Hit, Severity

Finds = Callable[..., list[str]]

NEAR = """
near:
  within: {}
  of:
    - إيران
    - صاروخ
"""
WATCH = """
word: شاهد
unless:
  {}
"""

# expression, text, what is found
CASES = {
    "a word is found with its particles, whole": ("any:\n  - إيران", "وإيران ولإيران وإيراني", ["وإيران", "ولإيران"]),
    "a scalar with a space is a phrase": ("any:\n  - مجلس الأمن", "في مجلس الأمن، ومجلس آخر", ["مجلس الأمن"]),
    "exact takes no particle": ("exact: إيران", "إيران وإيران", ["إيران"]),
    "family takes the endings of the same word": ("family: إيران", "الإيرانية وإيراني", ["الإيرانية", "وإيراني"]),
    "al: no refuses the article": ("word: رئيسي\nal: no", "الرئيسي ورئيسي", ["ورئيسي"]),
    "al: must requires it": ("word: خليج\nal: must", "خليج والخليج", ["والخليج"]),
    "digits split from letters": ("any:\n  - شاهد 136", "شاهد136 وشاهد-١٣٦", ["شاهد136", "وشاهد-١٣٦"]),
    "a phrase crosses quotes, brackets and hyphens": ("any:\n  - شاهد 136", "«شاهد» (136)", ["شاهد» (136"]),
    "a tatweel set apart is a dash": ("any:\n  - إس 400", "منظومة إس ـ 400 ووصلت", ["إس ـ 400"]),
    "a phrase doesn't cross a sentence end": ("any:\n  - شاهد 136", "قال شاهد. 136 قتيلا", []),
    "a phrase doesn't cross a colon": ("any:\n  - شاهد 136", "شاهد: 136 قتيلا", []),
    "a phrase doesn't cross two stops": ("any:\n  - شاهد 136", "شاهد.. 136 قتيلا", []),
    "a comma parts neighbours": ("any:\n  - شاهد 136", "شاهد، 136 قتيلا", []),
    "a gap lets words stand between": (
        "phrase:\n  - وقف\n  - النار\ngap: 1", "وقف إطلاق النار ووقف كل إطلاق النار", ["وقف إطلاق النار"],
    ),
    "a gap crosses a comma, no colon": (
        "phrase:\n  - قال\n  - الرئيس\ngap: 1", "قال، أمس، الرئيس. قال أمس: الرئيس", ["قال، أمس، الرئيس"],
    ),
    "particles go before a phrase's first word only": (
        "any:\n  - وزارة الدفاع", "ووزارة الدفاع، وزارة والدفاع", ["ووزارة الدفاع"],
    ),
    "hash and underscore part words": ("any:\n  - الملف النووي", "#الملف_النووي", ["الملف_النووي"]),
    "any needs at_least different items": ("any:\n  - إيران\n  - روسيا\nat_least: 2", "إيران وإيران", []),
    "any with at_least gives all": ("any:\n  - إيران\n  - روسيا\nat_least: 2", "إيران وروسيا", ["إيران", "وروسيا"]),
    "all needs each": ("all:\n  - إيران\n  - روسيا", "إيران والصين", []),
    "all gives each": ("all:\n  - إيران\n  - روسيا", "روسيا. ثم إيران", ["روسيا", "إيران"]),
    "kinds beside each other are ANDed": ("all:\n  - إيران\nany:\n  - روسيا", "إيران", []),
    "near counts the words between": (NEAR.format(1), "إيران تطلق صاروخ", ["إيران", "صاروخ"]),
    "near: one word too many": (NEAR.format(1), "إيران تطلق أمس صاروخ", []),
    "near: 0 is adjacent, in any order": (NEAR.format(0), "صاروخ إيران", ["صاروخ", "إيران"]),
    "near is never over a sentence end": (NEAR.format(5), "زار إيران. صاروخ سقط", []),
    "near in a sentence": (NEAR.format("sentence"), "إيران تطلق أمس من جديد أي صاروخ", ["إيران", "صاروخ"]),
    "near in a paragraph crosses sentences": (NEAR.format("paragraph"), "زار إيران. صاروخ سقط", ["إيران", "صاروخ"]),
    "near in a paragraph stays in it": (NEAR.format("paragraph"), "زار إيران.\nصاروخ سقط", []),
    "near reports the shortest choice": (NEAR.format(9), "إيران ثم إيران وصاروخ", ["إيران", "وصاروخ"]),
    "near keeps the order": (NEAR.format(3) + "  order: yes", "صاروخ من إيران", []),
    "near's operands don't overlap": ("near:\n  within: 3\n  of:\n    - إيران\n    - family: إيران", "في إيران", []),
    "near: what stands in a phrase's gap is inside it": (
        "near:\n  of:\n    - phrase:\n        - وقف\n        - النار\n      gap: 1\n    - إطلاق", "وقف إطلاق النار", [],
    ),
    "near counts any as one operand": (
        "near:\n  within: 2\n  of:\n    - إيران\n    - any:\n        - صاروخ\n        - قذيفة",
        "إيران و قذيفة",
        ["إيران", "و قذيفة"],
    ),
    "unless next": (WATCH.format("next:\n    - عيان"), "شاهد عيان. شاهد طائرة", ["شاهد"]),
    "unless previous": (WATCH.format("previous:\n    - منصة"), "منصة شاهد. شاهد منصة", ["شاهد"]),
    "next goes over no sentence end": (WATCH.format("next:\n    - عيان"), "سقط شاهد. عيان بعيد", ["شاهد"]),
    "next is a neighbour: over no comma": (WATCH.format("next:\n    - عيان"), "سقط شاهد، عيان بعيد", ["شاهد"]),
    "previous is a neighbour: over no colon": (WATCH.format("previous:\n    - منصة"), "منصة: شاهد طائرة", ["شاهد"]),
    "if next goes over no stops": ("word: شاهد\nif:\n  next:\n    - 136", "شاهد .. 136 وشاهد | 136 وشاهد؛ 136", []),
    "neighbours may have quotes between": (WATCH.format("next:\n    - عيان"), "شاهد «عيان» و(شاهد) - عيان", []),
    "a window goes over commas": (WATCH.format("next:\n    - عيان\n  within: 1"), "شاهد، عيان ثم شاهد: ما عيان", []),
    "if asks for all of its places": (
        "word: شاهد\nif:\n  next:\n    - 136\n  previous:\n    - مسيرة", "شاهد 136. مسيرة شاهد 136", ["شاهد"],
    ),
    "unless asks for one of its places": (
        WATCH.format("next:\n    - 136\n  previous:\n    - مسيرة"), "شاهد 136. مسيرة شاهد. هنا شاهد", ["شاهد"],
    ),
    "a bare list after if asks for one of its places": ("word: شاهد\nif:\n  - 136", "شاهد 136. شاهد 131", ["شاهد"]),
    "a window of words": (WATCH.format("next:\n    - عيان\n  within: 1"), "شاهد كان عيان. شاهد ما كان عيان", ["شاهد"]),
    "inside: overlapping the span": (WATCH.format("inside:\n    - شاهد عيان"), "شاهد عيان ولشاهد", ["ولشاهد"]),
    "sentence": (WATCH.format("sentence:\n    - محكمة"), "شاهد في محكمة. شاهد هنا", ["شاهد"]),
    "paragraph": (WATCH.format("paragraph:\n    - محكمة"), "شاهد هنا. في محكمة.\nشاهد هنا", ["شاهد"]),
    "article": (WATCH.format("article:\n    - محكمة"), "شاهد هنا.\nفي محكمة", []),
    "a bare list is next, previous or inside": (
        WATCH.format("- عيان\n  - منصة"), "شاهد عيان، منصة شاهد، ولشاهد", ["ولشاهد"],
    ),
    "if keeps": ("word: شاهد\nif:\n  next:\n    - 136", "شاهد عيان، شاهد 136", ["شاهد"]),
    "times: too few": ("word: إيران\ntimes: 3", "إيران وإيران", []),
    "times: enough": ("word: إيران\ntimes: 2", "إيران وإيران", ["إيران", "وإيران"]),
    "not vetoes the article": ("any:\n  - إيران\nnot:\n  - كرة القدم", "إيران تلعب.\nكرة القدم", []),
    "marks: must": ("word: مُسيّرة\nmarks: must", "مسيرة مُسيّرة", ["مُسيّرة"]),
    "a regex at word borders": ("regex: 'شاهد[- ]?1\\d\\d'", "شاهد-١٣٦ وشاهد136 شاهد 1366", ["شاهد-١٣٦"]),
    "a regex across touching letters and digits": ("regex: 'شاهد1\\d\\d'", "شاهد136", ["شاهد136"]),
    "a regex takes the alternative that ends at a border": ("regex: 'صارو|صاروخ'", "صاروخ", ["صاروخ"]),
    "a regex sees the signs around the first word and the last": ("regex: '«شاهد»'", "«شاهد»", ["شاهد"]),
    "a regex sees a field's end": ("regex: 'شاهد[.!]$'", "شاهد. شاهد!", ["شاهد"]),
    "terms are case-folded": ("any:\n  - su 57", "طائرة SU-57", ["SU-57"]),
    "presentation forms and tatweel": ("any:\n  - سلام", "ﺳﻼﻡ و ســـلام", ["ﺳﻼﻡ", "و ســـلام"]),
}  # fmt: skip


def test_the_borders_of_patterns_are_those_of_words() -> None:
    """No letter of a script that news mixes with Arabic is a border, and every sign that stands around words is."""
    border = re2.compile(BORDER)
    scripts = ((0x41, 0x180), (0x391, 0x3C9), (0x400, 0x52F), (0x5D0, 0x5EA), (0x620, 0x6FF))
    letters = {folded for a, b in scripts for c in range(a, b) for folded in fold(chr(c))}
    assert not [char for char in letters if char.isalpha() and border.fullmatch(char)]
    signs = [chr(c) for a, b in ((0, 0x100), (0x600, 0x6FF), (0x2000, 0x2070), (0x3000, 0x3020)) for c in range(a, b)]
    assert not [char for char in signs if unicodedata.category(char)[0] in "PSZC" and not border.fullmatch(char)]
    assert not border.search("0123456789")


@pytest.mark.parametrize("case", CASES)
def test_meaning(case: str, finds: Finds) -> None:
    """Each row of the table above."""
    expression, text, expected = CASES[case]
    assert finds(expression, text) == expected


def test_a_phrase_never_crosses_from_title_to_text(finds: Finds) -> None:
    """Nor does near, in words or in a sentence or paragraph."""
    assert finds("any:\n  - مجلس الأمن", "الأمن", title="مجلس") == []
    for within in ("5", "sentence", "paragraph"):
        assert finds(NEAR.format(within), "صاروخ", title="إيران") == []
    assert finds(WATCH.format("next:\n    - عيان"), "عيان", title="شاهد") == ["title:شاهد"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [("title", ["title:إيران"]), ("lead", ["title:إيران", "إيران"]), ("text", ["إيران", "وإيران"])],
)
def test_in(where: str, expected: list[str], finds: Finds) -> None:
    """Only there; the lead is the title and the first paragraph."""
    assert finds(f"word: إيران\nin: {where}", "\n\nأولا إيران\nثانيا وإيران", title="إيران") == expected


def test_in_holds_for_all_inside(finds: Finds) -> None:
    """Both parts of `all` must be in the title; conditions look where they say."""
    both = "in: title\nall:\n  - إيران\n  - روسيا"
    assert finds(both, "روسيا", title="إيران") == []
    assert finds(both, "", title="إيران وروسيا") == ["title:إيران", "title:وروسيا"]
    assert finds("word: إيران\nin: title\nunless:\n  article:\n    - روسيا", "روسيا", title="إيران") == []


def matcher(rules_of: Callable[[str], object], text: str, **tags: frozenset[str]) -> Matcher:
    return Matcher(rules_of(text), tags)


def test_rule_takes_the_occurrences_of_another_rule(rules_of: Callable[[str], object]) -> None:
    """Whichever comes first in the file; the other's veto holds."""
    rules = """
rules:
  both: {name: both, match: {near: {within: 2, of: [{rule: drone}, كييف]}}}
  drone: {name: drone, match: {any: [مسيّرة, درون], not: [لعبة]}}
"""
    found = matcher(rules_of, rules).match("", "سقطت مسيرة قرب كييف")
    assert [(h.rule.id, [m.surface for m in h.matches]) for h in found] == [
        ("both", ["مسيرة", "كييف"]),
        ("drone", ["مسيرة"]),
    ]
    assert matcher(rules_of, rules).match("", "لعبة: سقطت مسيرة قرب كييف") == []


def test_a_condition_raises_the_severity(rules_of: Callable[[str], object]) -> None:
    """The highest that holds counts."""
    rules = """
rules:
  r:
    name: r
    severity: low
    match: {any: [إيران]}
    raise:
      - {to: critical, if: {in: title, any: [انفجار]}}
      - {to: medium, if: {any: [هجوم]}}
"""
    severities = {
        title: matcher(rules_of, rules).match(title, "هجوم في إيران")[0].severity
        for title in ("", "انفجار", "انفجارات")
    }
    assert severities[""] == Severity.medium
    assert severities["انفجار"] == Severity.critical


@pytest.mark.parametrize(
    ("sources", "feed", "fires"),
    [
        ("only: [one]", "one", True),
        ("only: [one]", "two", False),
        ("only: [agency]", "two", True),
        ("not: [agency]", "two", False),
        ("not: [agency]", "one", True),
        ("only: [one]", "", True),
    ],
)
def test_sources(sources: str, feed: str, fires: bool, rules_of: Callable[[str], object]) -> None:
    """By the feed's id or one of its tags; without a feed they are not applied."""
    rules = f"rules:\n  r: {{name: r, match: {{any: [إيران]}}, sources: {{{sources}}}}}\n"
    assert bool(matcher(rules_of, rules, two=frozenset({"agency"})).match("", "إيران", feed=feed)) == fires


def test_a_failed_test_is_a_problem_at_its_place(rules_of: Callable[[str], object]) -> None:
    """It says what fired, or what was missing or dropped."""
    rules = rules_of("""
rules:
  r:
    name: r
    match:
      word: شاهد
      unless:
        next:
          - عيان
    tests:
      hit:
        - قال شاهد عيان
        - لا شيء
        - شاهد هنا
      miss:
        - سقطت شاهد
        - لا شيء
""")
    problems = check_tests(rules)
    assert [p.place.line for p in problems] == [13, 14, 17]
    assert all(p.level == "error" and "rule `r`" in p.message for p in problems)
    assert "«عيان»" in problems[0].message
    assert "not found" in problems[1].message
    assert "fires on \u2068«شاهد»\u2069" in problems[2].message


def test_terms_are_compiled_once(rules_of: Callable[[str], object]) -> None:
    """However many rules name the same word."""
    lines = "\n".join(f"  r{n}: {{name: r, match: {{any: [إيران, روسيا]}}}}" for n in range(50))
    assert len(matcher(rules_of, f"rules:\n{lines}\n").plan.vocabulary.words) == 2


def test_may_match_never_says_no_to_a_rule_that_fires(rules_of: Callable[[str], object]) -> None:
    """A word of each needed part suffices, wherever it stands: what the page's text loses may make neighbours."""
    rules = "rules:\n  r: {name: r, match: {all: [مجلس الأمن, {word: إيران, if: {next: [أمس]}}]}}\n"
    may = matcher(rules_of, rules).may_match
    assert may("<p>مجلس</p> إعلان <b>الأمن</b> زار إيران أمس")
    assert not may("مجلس الأمن")
    assert not may("")


def test_may_match_wants_every_part_that_one_alternative_needs(rules_of: Callable[[str], object]) -> None:
    """Not only the rarest of them: a page with one word of each of many alternatives is not read for it."""
    near = "{near: {of: [صفقة, دبابات, {any: [إلى إيران, قم]}]}}"
    rules = f"rules:\n  r: {{name: r, match: {{any: [{near}, {{phrase: [سو, {{any: [خمسة, سبعة]}}]}}]}}}}\n"
    may = matcher(rules_of, rules).may_match
    assert not may("صفقة في قم إلى سو")
    assert not may("دبابات صفقة إلى")
    assert may("<p>دبابات</p> إلى قم <b>صفقة</b>")
    assert may("سبعة أيام في سو")


def test_hits_come_in_the_order_of_the_rules(rules_of: Callable[[str], object]) -> None:
    """Each with its places from title to text."""
    rules = "rules:\n  b: {name: b, match: {any: [إيران]}}\n  a: {name: a, match: {any: [إيران]}}\n"
    hits: list[Hit] = matcher(rules_of, rules).match("إيران", "إيران وإيران")
    assert [hit.rule.id for hit in hits] == ["b", "a"]
    assert [(m.field, m.start) for m in hits[0].matches] == [("title", 0), ("text", 0), ("text", 6)]


def test_an_empty_set_matches_nothing() -> None:
    """No rules, no hits."""
    empty = Matcher(SimpleNamespace(rules={}))
    assert empty.match("إيران", "روسيا") == []
    assert not empty.may_match("إيران")
