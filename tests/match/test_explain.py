"""Explanations: each part found where, dropped by what, missing what; in words and as plain values."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from monitor.match import Explanation, Matcher, explain, sentence_of
from monitor.types import Match

WATCH = """
rules:
  shahed:
    name: مسيّرات شاهد
    severity: high
    match:
      any:
        - word: شاهد
          unless:
            next:
              - عيان
        - near:
            within: 2
            of:
              - إيران
              - درون
      not:
        - لعبة
    raise:
      - to: critical
        if:
          in: title
          any:
            - انفجار
    sources:
      only:
        - agency
"""
Rules = Callable[[str], object]


def told(rules: object, title: str, text: str, feed: str = "") -> str:
    matcher = Matcher(rules, {"a": frozenset({"agency"})})
    return explain(matcher.plan.rules[0], title, text, feed=feed, matcher=matcher).text()


def test_found_where(rules_of: Rules) -> None:
    """The places are named, in title and text."""
    words = told(rules_of(WATCH), "سقطت شاهد", "في إيران")
    assert "✓ rule shahed" in words
    assert "fires with severity high" in words
    assert "«شاهد»\u2069 in the title" in words


def test_dropped_by_what(rules_of: Rules) -> None:
    """The word that stands beside, and the option that dropped the find."""
    words = told(rules_of(WATCH), "", "قال شاهد عيان")
    assert "does not fire" in words
    assert "every one was dropped" in words
    assert "next to it stands \u2068«عيان»\u2069, which its `unless` names" in words
    assert "✗ unless next \u2068«عيان»\u2069: there for 1 of 1 found" in words
    assert "✓ unless next \u2068«عيان»\u2069: there for 1 of 2 found" in told(rules_of(WATCH), "شاهد", "قال شاهد عيان")


def test_missing_what(rules_of: Rules) -> None:
    """The absent part is named; parts that are there but apart are told of too."""
    assert "missing \u2068«درون»" in told(rules_of(WATCH), "", "في إيران")
    assert "not close enough together" in told(rules_of(WATCH), "", "إيران وثلاث كلمات بينها ثم درون")


# match, text, what stands there instead, why it is not what is looked for
REFUSED = [
    ("word: شاهد\nal: no", "قال الشاهد", "الشاهد", "`al: no` refuses the article"),
    ("word: قمر\nal: must", "طلع قمر", "قمر", "`al: must` asks for the article"),
    ("word: مُسيّرة\nmarks: must", "سقطت مسيرة", "مسيرة", "`marks: must` asks for the vowel marks as typed"),
    ("word: مُسيّرة", "خرجت مَسيرة", "مَسيرة", "its vowel marks are not those that were typed"),
    ("word: صالح\nkind: name", "قال لصالحهم", "لصالحهم", "`kind: name` takes no endings"),
    ("word: زاغروس", "في زاغروسهم", "زاغروسهم", "`kind: noun` would find it"),
    ("exact: أحمد", "قال احمد", "احمد", "`exact` takes the letters as typed"),
    ("exact: أحمد", "قال وأحمد", "وأحمد", "`exact` takes the letters as typed, with nothing attached"),
    ("word: إيران", "قال الإيراني", "الإيراني", "`family` would find it"),
    ("word: علي", "على الطاولة", "على", "read as another word: a function word"),
    ("word: درون", "هم قادرون", "قادرون", "a part of a longer word"),
    ("word: ضرب", "ثلاث ضربات", "ضربات", "a part of a longer word"),
    ("regex: اتفاق", "وقع الاتفاق", "الاتفاق", "a pattern takes nothing that is attached"),
    ("phrase:\n  - وزير\n  - خارجية\ngap: 1", "وزير سابق للخارجية", "للخارجية", "behind a phrase's first word"),
]


@pytest.mark.parametrize(("match", "text", "there", "why"), REFUSED)
def test_what_refused_a_word(match: str, text: str, there: str, why: str, rules_of: Rules) -> None:
    """What stands there instead, and the option or the reading that refused it."""
    lines = match.replace("\n", "\n      ")
    words = explain(rules_of(f"rules:\n  r:\n    match:\n      {lines}\n"), "", text).text()
    assert f"not found, but \u2068«{there}»\u2069 in the text: {why}" in words


def test_a_word_that_nothing_is_like_is_only_not_found(rules_of: Rules) -> None:
    """Neither what is found nor what is elsewhere is taken for it."""
    rules = rules_of("rules:\n  r:\n    match:\n      word: شاهد\n      al: no\n      in: title\n")
    assert explain(rules, "قال", "الشاهد").text().endswith("in the title: not found")
    assert "but" not in explain(rules, "شاهد والشاهد", "").text()


# match, text, what parts its parts
APART = [
    ("phrase: [شاهد, 136]", "قال شاهد. 136 قتيلا", "parted by a sentence end or a sign such as a comma or colon"),
    ("phrase: [شاهد, 136]", "قال شاهد: 136 قتيلا", "parted by a sentence end or a sign such as a comma or colon"),
    ("phrase: [شاهد, 136]", "سقطت 136 شاهد", "in another order"),
    ("phrase: [شاهد, 136]", "شاهد كان 136", "not as neighbours: other words stand between"),
    ("phrase: [شاهد, 136]", "136 كان شاهد", "not as neighbours in this order"),
    ("near: {within: 2, order: yes, of: [قصف, إيران]}", "إيران قصف", "in another order"),
    ("near: {within: 2, of: [قصف, إيران]}", "قصف شديد. إيران", "the end of a sentence stands between"),
    ("near: {within: 1, of: [قصف, إيران]}", "قصف شديد على إيران", "more than 1 words stand between"),
    ("near: {of: [قصف, إيران]}", "قصف. ثم إيران", "the end of a sentence stands between"),
    ("near: {within: paragraph, of: [قصف, إيران]}", "قصف\nثم إيران", "the end of a paragraph stands between"),
    ("near: {of: [إيران, {family: إيران}]}", "إيران", "one stands inside another"),
]


@pytest.mark.parametrize(("match", "text", "why"), APART)
def test_what_parts_the_parts(match: str, text: str, why: str, rules_of: Rules) -> None:
    """The order, the distance, or what stands between."""
    words = explain(rules_of(f"rules:\n  r: {{match: {{{match}}}}}\n"), "", text).text()
    assert f"its parts are there, but {why}" in words.replace("not close enough together: ", "")


def test_vetoed(rules_of: Rules) -> None:
    """A `not` says where it stands."""
    words = told(rules_of(WATCH), "لعبة جديدة", "سقطت شاهد")
    assert "a `not` vetoes the article" in words
    assert "vetoes the article: \u2068«لعبة»\u2069 in the title" in words


def test_in_times_and_raise(rules_of: Rules) -> None:
    """Found elsewhere, found too seldom, raised or not."""
    words = told(rules_of(WATCH), "", "انفجار شاهد")
    assert "raise to critical: does not apply" in words
    assert "not in the title; only \u2068«انفجار»\u2069 in the text" in words
    often = rules_of("rules:\n  r: {name: r, match: {word: إيران, times: 3}}\n")
    assert "but 3 times are asked" in told(often, "", "إيران وإيران")


def test_sources(rules_of: Rules) -> None:
    """A rule that fires but leaves out the feed says so."""
    assert "its sources leave out this feed" in told(rules_of(WATCH), "", "سقطت شاهد", feed="b")
    assert "fires" in told(rules_of(WATCH), "", "سقطت شاهد", feed="a")


def test_a_single_rule_explains_its_references(rules_of: Rules) -> None:
    """With the set that it stands in."""
    rules = rules_of("rules:\n  a: {name: a, match: {rule: b}}\n  b: {name: b, match: {any: [إيران]}}\n").rules
    assert explain(rules["a"], "", "إيران", rules=rules).holds
    below = explain(rules["a"], "", "روسيا", rules=rules).text()
    assert "✗ rule b" in below
    assert "«إيران»\u2069: not found" in below


def test_plain_values(rules_of: Rules) -> None:
    """The tree as JSON, with places whose offsets count in the given strings."""
    text = "قال شاهد عيان وسقطت شاهد"
    tree = json.loads(json.dumps(explain(rules_of(WATCH), "", text).json()))
    rule = tree["parts"][0]
    assert rule["holds"]
    assert [text[f["start"] : f["end"]] for f in rule["found"]] == ["شاهد"]
    dropped = [d for node in walk(tree) for d in node["dropped"]]
    assert [(d["surface"], d["start"]) for d in dropped] == [("شاهد", 4)]


def walk(tree: dict) -> list[dict]:
    return [tree, *(node for part in tree["parts"] for node in walk(part))]


def test_hostile_text_is_quoted_in_one_clean_line(rules_of: Rules) -> None:
    """No control, line break or bidi override of an article reaches the reader."""
    rules = rules_of("rules:\n  r: {name: r, match: {any: [مجلس الأمن]}}\n")
    words = explain(rules, "", "مجلس \u202e\n\x1b «الأمن").text()
    assert not set(words) & set("\u202e\x1b")
    long = explain(rules_of("rules:\n  r: {name: r, match: {regex: 'ا.*ب'}}\n"), "", "ا " * 500 + "ب")
    assert isinstance(long, Explanation)
    assert max(map(len, long.text().splitlines())) < 300


def test_long_lists_are_cut(rules_of: Rules) -> None:
    """Of a thousand absent terms a dozen are shown."""
    terms = ", ".join(f"{1000 + n}" for n in range(1000))
    words = explain(rules_of(f"rules:\n  r: {{name: r, match: {{any: [{terms}]}}}}\n"), "", "1500 و").text()
    assert "«1500»\u2069: found" in words
    assert "987 more: not found" in words
    assert len(words.splitlines()) < 20


def test_a_match_in_its_sentence() -> None:
    """The sentence around the first match with all spans that stand in it."""
    text = "أولا. سقطت شاهد 136 في كييف، وشاهد أخرى! ثم شاهد."
    places = [
        Match("t", "شاهد 136", "text", 11, 19),
        Match("t", "وشاهد", "text", 29, 34),
        Match("t", "شاهد", "text", 44, 48),
    ]
    sentence, spans = sentence_of(text, places)
    assert sentence == "سقطت شاهد 136 في كييف، وشاهد أخرى!"
    assert [sentence[a:b] for a, b in spans] == ["شاهد 136", "وشاهد"]
    assert sentence_of("نص آخر", places) == ("شاهد 136", ((0, 8),))
