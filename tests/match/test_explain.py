"""Explanations: each part found where, dropped by what, missing what; in words and as plain values."""

from __future__ import annotations

import json
from collections.abc import Callable

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
