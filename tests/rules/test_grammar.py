"""What each kind and option becomes; the language itself is told in docs/rules.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.rules import RuleSet, load_rules
from monitor.types import Severity

FILE = Path(__file__).with_name("accepted.yaml")


def w(text: str, **options: Any) -> Any:
    return ("Word", text, options) if options else ("Word", text)


def p(*words: Any, **options: Any) -> Any:
    items = [w(word) if isinstance(word, str) else word for word in words]
    return ("Phrase", items, options) if options else ("Phrase", items)


MODELS = ("AnyOf", [w("129"), w("0136"), w("no")])
WORDS = (
    "AnyOf",
    [
        w("مسيّرة"),
        p("طائرة", "بدون", "طيار"),
        MODELS,
        w("درون", drop=[("Context", [w("لاغتال")], {"at": ["next", "previous", "inside"]})]),
    ],
)
TERMS = ["صاروخ", "قذيفة"]
EXPECTED: dict[str, Any] = {
    "scalar": w("صاروخ"),
    "scalar-in-any": (
        "AnyOf",
        [w("صاروخ"), p("صاروخ", "باليستي"), w("136"), w("no"), w("إيران"), p("Shahed", "136")],
    ),
    "word": w("صاروخ", al="no", marks=True, kind="noun", plurals=["صواريخ", "صاروخات"], times=2, where="title"),
    "digits": ("Regex", "136", {"times": 3}),
    "quoted-digits": ("AnyOf", [w(each) for each in TERMS], {"at_least": 2}),
    "fuzzy": w("زيلينسكي", kind="name", fuzzy=True),
    "exact": w("شاهد", forms="exact", marks=True),
    "exact-phrase": p(w("الحرس", forms="exact"), w("الثوري", forms="exact")),
    "model": p("شاهد", "136"),
    "family": w("إيران", forms="family", al="must"),
    "phrase": p(
        w("شراكة", al="no"),
        ("AnyOf", [w("استراتيجية", al="no"), w("شاملة", al="no")]),
        w("واسعة"),
        gap=2,
    ),
    "any-at-least": ("AnyOf", [w("129"), w("0136"), w("no"), w("صاروخ")], {"at_least": 2}),
    "all": ("AllOf", [w("صاروخ"), ("AllOf", [w("إيران"), w("سوريا")])]),
    "near": (
        "Near",
        [w("صاروخ"), WORDS, ("Near", [w("إيران"), w("سوريا")], {"within": "paragraph"})],
        {"within": 3, "order": True},
    ),
    "near-default": ("Near", [w("صاروخ"), w("إيران")]),
    "regex": ("Regex", r"اس+اد \d{2}"),
    "reference": ("AnyOf", [("RuleRef", "word"), ("RuleRef", "near")]),
    "conditions": w(
        "شاهد",
        keep=[
            ("Context", [w("صاروخ")], {"at": ["next"], "within": 2}),
            ("Context", [("AllOf", [w("إيران"), w("سوريا")])], {"at": ["article"]}),
        ],
        drop=[("Context", [w("عيان"), p("بن", "شاهد")], {"at": ["next", "previous", "inside"]})],
    ),
    "several-kinds": (
        "AllOf",
        [
            (
                "AllOf",
                [("AnyOf", [w("صاروخ"), w("قذيفة")], {"at_least": 2}), w("إيران", kind="name")],
                {"where": "lead"},
            )
        ],
        {"vetoes": [w("فضاء"), w("تجربة", where="title")]},
    ),
    "one-kind-and-not": ("AllOf", [("AnyOf", [w("صاروخ")])], {"vetoes": [w("فضاء")]}),
    "in-on-the-rule": ("AllOf", [("AnyOf", [w("صاروخ")], {"where": "title"})], {"vetoes": [w("فضاء")]}),
    "whole": ("AllOf", [w("صاروخ", where="title")], {"where": "lead"}),
}


@cache
def ruleset() -> RuleSet:
    return load_rules(FILE)


def test_every_rule_of_the_file_is_expected_here() -> None:
    assert EXPECTED.keys() == ruleset().rules.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_kinds_and_options_mean(name: str, bare: Callable[[Any], Any]) -> None:
    assert bare(ruleset().rules[name].match) == EXPECTED[name]


def test_the_keys_of_a_rule(bare: Callable[[Any], Any]) -> None:
    rule = ruleset().rules["whole"]
    assert (rule.name, rule.severity, rule.to) == ("صواريخ: كل شيء", Severity.low, ("desk", "123"))
    assert (rule.sources_only, rule.sources_not) == ({"tass", "agency"}, {"sana"})
    assert (rule.expires, rule.note) == (date(2026, 12, 31), "لماذا؟\nلأن.")
    assert [(each.to, bare(each.condition)) for each in rule.raises] == [
        (Severity.high, w("انفجار")),
        (Severity.critical, ("AnyOf", [w("انفجار")], {"where": "title"})),
    ]
    assert [(test.hit, test.title, test.text) for test in rule.tests] == [
        (True, "", "سقط الصاروخ"),
        (True, "سقط الصاروخ", ""),
        (True, "خبر", "سقط الصاروخ"),
        (False, "", "صورة"),
    ]
    assert rule.source.startswith("whole:\n  name:")
    assert rule.source.endswith("miss:\n      - صورة")


def test_defaults() -> None:
    rule = ruleset().rules["scalar"]
    assert (rule.name, rule.severity, rule.to, rule.sources_only, rule.expires) == (
        "scalar",
        Severity.high,
        (),
        frozenset(),
        None,
    )


def test_a_list_is_one_value_for_all_rules_that_use_it() -> None:
    rules = ruleset().rules
    near, reference = rules["near"].match, rules["any-at-least"].match
    assert near.items[1].items[2].items[0] is reference.items[0]  # type: ignore[attr-defined]


def test_terms_are_told_as_their_author_wrote_them() -> None:
    terms = [item.term for item in ruleset().rules["scalar-in-any"].match.parts]  # type: ignore[attr-defined]
    assert terms == ["صاروخ", "صاروخ باليستي", "136", "no", "#إيران", "Shahed-136"]
