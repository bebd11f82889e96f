"""The gist of an explanation: what made a rule fire, or what came nearest, and no more; it agrees with the matcher."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.match import Matcher, explain, gist

WATCH = """
lists:
  drones:
    - مسيّرة
    - طائرة بدون طيار
    - درون
rules:
  shahed:
    match:
      any:
        - phrase:
            - list: drones
            - any:
                - شاهد
                - مهاجر
        - near:
            within: 2
            of:
              - هجوم
              - list: drones
        - word: شاهد
          unless:
            next:
              - عيان
        - phrase:
            - قاعدة
            - جوية
            - سرية
            - مهجورة
        - فرقاطة
"""
Rules = Callable[[str], object]


def lines(rules: object, text: str) -> list[str]:
    return [line.strip() for line in gist(explain(Matcher(rules).plan.rules[0], "", text, rules=rules.rules))]  # type: ignore[attr-defined]


def test_what_was_dropped_comes_before_what_was_half_there(rules_of: Rules) -> None:
    told = lines(rules_of(WATCH), "قال شاهد عيان إن قاعدة جوية قصفت")
    assert told[0].startswith("✗ rule shahed")
    assert told[2] == "✗ ⁨«شاهد»⁩: found ⁨«شاهد»⁩ in the text, but every one was dropped"
    assert told[3].startswith("dropped ⁨«شاهد»⁩ in the text: next to it stands ⁨«عيان»⁩")
    assert not any("فرقاطة" in line for line in told)


def test_what_is_there_and_what_is_missing_stand_in_one_line(rules_of: Rules) -> None:
    told = lines(rules_of(WATCH), "رصدت درون فوق الميناء")
    assert "✗ phrase list drones + (⁨«شاهد»⁩, ⁨«مهاجر»⁩): found ⁨«درون»⁩, missing one of (⁨«شاهد»⁩, ⁨«مهاجر»⁩)" in told
    assert "✗ near each other within 2 words: ⁨«هجوم»⁩ and list drones: found ⁨«درون»⁩, missing ⁨«هجوم»⁩" in told


def test_what_fired_is_told_without_what_did_not(rules_of: Rules) -> None:
    told = lines(rules_of(WATCH), "أسقطت مسيّرة مهاجر")
    assert told[2:] == ["✓ phrase list drones + (⁨«شاهد»⁩, ⁨«مهاجر»⁩): found ⁨«مسيّرة مهاجر»⁩ in the text"]


def test_where_nothing_was_found_two_lines_say_so(rules_of: Rules) -> None:
    assert len(lines(rules_of(WATCH), "طقس معتدل اليوم")) == 2


# kind: (match, fires on, does not fire on, words that say why)
KINDS = {
    "word": ("{word: صاروخ, al: no}", "أطلق صاروخ", "أطلق الصاروخ", "«صاروخ»\u2069: not found"),
    "exact": ("{exact: صاروخ}", "أطلق صاروخ", "أطلقت صواريخ", "exact \u2068«صاروخ»\u2069: not found"),
    "family": ("{family: إيران}", "الوفد الإيراني", "الوفد العراقي", "family \u2068«إيران»\u2069: not found"),
    "phrase": ("{phrase: [سد, النهضة], gap: 1}", "سد مشروع النهضة", "النهضة قرب سد", "in another order"),
    "any": ("{any: [سفينة, زورق, طراد], at_least: 2}", "سفينة وزورق", "سفينة", "1 of its 3 parts found, 2 asked"),
    "all": ("{all: [سفينة, زورق]}", "سفينة. وجاء زورق", "سفينة", "missing \u2068«زورق»\u2069"),
    "near": ("{near: {within: 1, of: [سفينة, زورق]}}", "سفينة ثم زورق", "سفينة كبيرة جدا ثم زورق", "not close enough"),
    "list": ("{list: ships}", "غرقت فرقاطة", "غرق مركب", "list ships: none of its parts found"),
    "regex": ("{regex: 'شاهد[0-9]{3}'}", "طراز شاهد136", "طراز شاهد", "pattern"),
    "rule": ("{rule: other}", "وصل الوفد", "غادر الوزير", "rule other: not found"),
    "if": (
        "{word: زورق, if: {sentence: [حربي]}}",
        "زورق حربي",
        "زورق. جاء حربي",
        "its `if` asks that its sentence",
    ),
    "unless": ("{word: زورق, unless: [صيد]}", "زورق حربي", "زورق صيد", "which its `unless` names"),
    "in": ("{word: زورق, in: title}", None, "زورق", "not in the title; only \u2068«زورق»\u2069 in the text"),
    "times": ("{word: زورق, times: 2}", "زورق وزورق", "زورق", "but 2 times are asked"),
    "not": ("{any: [زورق], not: [سباق]}", "زورق", "زورق في سباق", "vetoes the article: \u2068«سباق»\u2069"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_why_and_agrees_with_the_matcher(rules_of: Rules, kind: str) -> None:
    match, fires, misses, words = KINDS[kind]
    rules = rules_of(f"lists:\n  ships: [سفينة, فرقاطة]\nrules:\n  r:\n    match: {match}\n  other:\n    match: وفد\n")
    matcher = Matcher(rules)
    rule = rules.rules["r"]  # type: ignore[attr-defined]
    for text, holds in ((fires, True), (misses, False)):
        if text is None:
            continue
        told = explain(rule, "", text, rules=rules.rules, matcher=matcher)  # type: ignore[attr-defined]
        assert told.holds is holds
        assert any(hit.rule.id == "r" for hit in matcher.match("", text)) is holds
    assert any(words in line for line in gist(told))
