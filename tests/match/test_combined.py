"""Kinds and options of the rule language together, and the example that the grammar is taught with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.match import Matcher, check_tests
from monitor.rules import RuleSet, read_texts

EXAMPLE = (Path(__file__).parent / "example.yaml").read_text("utf-8")
LISTS = """
lists:
  drones:
    - درون
    - طائرة مسيرة
    - list: more
    - word: شاهد
      unless:
        next:
          - عيان
  more:
    - قذيفة
"""

# expression, title, text, what is found
CASES = {
    "a list's items keep their own conditions": ("list: drones", "", "شاهد عيان رأى شاهد", ["شاهد"]),
    "a list in a list is spliced": ("list: drones", "", "قذيفة وطائرة مسيرة", ["قذيفة", "وطائرة مسيرة"]),
    "an option on a list judges each occurrence": (
        "list: drones\nunless:\n  next:\n    - لعبة",
        "",
        "درون لعبة ودرون",
        ["ودرون"],
    ),
    "times counts what is left of all items of a list": (
        "list: drones\ntimes: 2\nunless:\n  next:\n    - لعبة",
        "",
        "درون، قذيفة لعبة",
        [],
    ),
    "at_least counts a list's items one by one": (
        "any:\n  - list: drones\n  - إيران\nat_least: 2",
        "",
        "درون وقذيفة",
        ["درون", "وقذيفة"],
    ),
    "at_least and in: both hold": ("any:\n  - درون\n  - إيران\nat_least: 2\nin: title", "درون", "إيران", []),
    "in inside in: both hold": (
        "all:\n  - word: إيران\n    in: title\n  - قصف\nin: lead",
        "إيران",
        "قصف\nقصف",
        ["title:إيران", "قصف"],
    ),
    "unless inside in looks in the whole article": (
        "word: إيران\nin: text\nunless:\n  article:\n    - لعبة",
        "لعبة",
        "إيران",
        [],
    ),
    "not looks in the whole article, whatever the item's in": (
        "any:\n  - إيران\nin: text\nnot:\n  - list: drones",
        "درون",
        "إيران",
        [],
    ),
    "the title is a paragraph of its own": ("word: إيران\nif:\n  paragraph:\n    - قصف", "إيران", "قصف", []),
    "places under if are all asked": (
        "word: إيران\nif:\n  sentence:\n    - قصف\n  article:\n    - حرب",
        "",
        "إيران قصف.",
        [],
    ),
    "of the items at one place one suffices": (
        "word: إيران\nif:\n  sentence:\n    - قصف\n    - حرب",
        "",
        "إيران حرب.",
        ["إيران"],
    ),
    "any place under unless drops": (
        "word: إيران\nunless:\n  sentence:\n    - قصف\n  article:\n    - حرب",
        "",
        "إيران. حرب",
        [],
    ),
    "all stands under article": (
        "word: إيران\nif:\n  article:\n    - all:\n        - قصف\n        - حرب",
        "",
        "إيران قصف. حرب",
        ["إيران"],
    ),
    "near with order takes phrases, choices and lists as one operand each": (
        "near:\n  within: 1\n  order: yes\n  of:\n    - إيران\n    - مجلس الأمن\n    - list: drones",
        "",
        "إيران قال مجلس الأمن يدين طائرة مسيرة",
        ["إيران", "مجلس الأمن", "طائرة مسيرة"],
    ),
    "near in near is one operand": (
        "near:\n  within: 1\n  of:\n    - near:\n        within: 0\n        of:\n          - قصف\n          - عنيف"
        "\n    - إيران",
        "",
        "قصف عنيف على إيران",
        ["قصف", "عنيف", "إيران"],
    ),
    "near in a sentence crosses a colon and two stops": (
        "near:\n  of:\n    - إيران\n    - قصف",
        "",
        "قصف: ثم.. إيران",
        ["قصف", "إيران"],
    ),
    "times on near": ("near:\n  within: 0\n  of:\n    - إيران\n    - قصف\ntimes: 2", "", "قصف إيران", []),
    "times on all counts the places": (
        "all:\n  - إيران\n  - قصف\ntimes: 3",
        "",
        "إيران قصف إيران",
        ["إيران", "قصف", "إيران"],
    ),
    "a gap crosses no two stops": ("phrase:\n  - مجلس\n  - الأمن\ngap: 2", "", "مجلس قال.. الأمن", []),
    "a gap crosses no sentence end": ("phrase:\n  - مجلس\n  - الأمن\ngap: 2", "", "مجلس قال. الأمن", []),
    "a gap crosses no line break": ("phrase:\n  - مجلس\n  - الأمن\ngap: 2", "", "مجلس\nالأمن", []),
    "a gap crosses quotes": (
        "phrase:\n  - مجلس\n  - الأمن\ngap: 2",
        "",
        "مجلس قال «ثم» الأمن",
        ["مجلس قال «ثم» الأمن"],
    ),
    "a phrase in a phrase": (
        "phrase:\n  - رئيس\n  - phrase:\n      - مجلس\n      - الأمن",
        "",
        "ورئيس مجلس الأمن",
        ["ورئيس مجلس الأمن"],
    ),
    "a hyphen joins neighbours": (
        "any:\n  - مجلس الأمن",
        "",
        "مجلس-الأمن، (مجلس) [الأمن]",
        ["مجلس-الأمن", "مجلس) [الأمن"],
    ),
    "a phrase's al goes to its words": (
        "phrase:\n  - صاروخ\n  - باليستي\nal: no",
        "",
        "صاروخ باليستي، الصاروخ الباليستي",
        ["صاروخ باليستي"],
    ),
    "al: no says nothing of a name's own ال": ("word: الأردن\nal: no", "", "والأردن وللأردن", ["والأردن", "وللأردن"]),
    "al: must is met by a name's own ال": ("word: الأردن\nal: must", "", "الأردن", ["الأردن"]),
    "an ال typed on a noun is no part of it": ("any:\n  - الصاروخ", "", "صاروخ والصواريخ", ["صاروخ", "والصواريخ"]),
    "al: must sees the article in لل": ("word: لجنة\nal: must", "", "لجنة للجنة", ["للجنة"]),
    "marks that contradict are evidence against": ("word: مُسيّرة", "", "مُسيّرة مَسيرة مسيرة", ["مُسيّرة", "مسيرة"]),
    "marks: must stands beside particles": ("word: مُسيّرة\nmarks: must", "", "والمُسيّرة مسيرة", ["والمُسيّرة"]),
    "kind: name takes no endings": ("word: بشار\nkind: name", "", "وبشار بشاران", ["وبشار"]),
    "kind: noun takes them": ("word: بشار\nkind: noun", "", "وبشار بشاران", ["وبشار", "بشاران"]),
    "given plurals": ("word: قرد\nplurals:\n  - قرود", "", "القرود قردان", ["القرود", "قردان"]),
    "fuzzy: translit": ("word: غوتيريش\nfuzzy: translit", "", "جوتيريش وغوتيرش", ["جوتيريش", "وغوتيرش"]),
    "exact with two words is a phrase": ("exact: شاهد-136", "", "شاهد 136 وشاهد-136 شاهد136", ["شاهد 136", "شاهد136"]),
    "exact ignores marks, tatweel and invisible characters": (
        "exact: قانون",
        "",
        "قَانُون قـانون قا\u200bنون القانون",
        ["قَانُون", "قـانون", "قا\u200bنون"],
    ),
    "Latin terms are whole words": ("any:\n  - NATO", "", "nato NATOs \u200fNato", ["nato", "Nato"]),
    "a regex takes in and if": (
        "regex: 'قصف (?:عنيف|شديد)'\nin: text\nif:\n  sentence:\n    - إيران",
        "قصف عنيف إيران",
        "قصف عنيف على إيران. قصف شديد",
        ["قصف عنيف"],
    ),
    "previous takes a window": (
        "word: شاهد\nif:\n  previous:\n    - محكمة\n  within: 1",
        "",
        "محكمة أول شاهد. محكمة في أول شاهد",
        ["شاهد"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_combined(case: str, rules_of: Callable[[str], RuleSet]) -> None:
    """Each row of the table above."""
    expression, title, text, expected = CASES[case]
    lines = "".join(f"      {line}\n" for line in expression.splitlines())
    hits = Matcher(rules_of(f"{LISTS}rules:\n  r:\n    match:\n{lines}")).match(title, text)
    assert [("title:" if m.field == "title" else "") + m.surface for hit in hits for m in hit.matches] == expected


def test_the_example_is_sound_and_passes_its_own_tests() -> None:
    """Without one warning; the witness beside the drones is no proof."""
    rules, problems = read_texts({"example.yaml": EXAMPLE})
    assert rules is not None
    assert problems == ()
    assert check_tests(rules) == []
    hits = Matcher(rules).match("انفجار", "ضربت مسيّرات شاهد 136 كييف. وقال شاهد عيان إنه سمع دويا")
    assert [(hit.severity, [m.surface for m in hit.matches]) for hit in hits] == [
        ("critical", ["مسيّرات شاهد", "شاهد 136"])
    ]


def test_a_reference_has_the_options_of_both(rules_of: Callable[[str], RuleSet]) -> None:
    """The other rule's conditions and veto hold, and so do those beside `rule:`."""
    rules = """
rules:
  witness: {match: {any: [{word: شاهد, unless: {next: [عيان]}}], not: [محكمة]}}
  r: {match: {rule: witness, in: text, unless: {previous: [كل]}}}
"""
    matcher = Matcher(rules_of(rules))
    fired = {
        hit.rule.id: [m.surface for m in hit.matches] for hit in matcher.match("شاهد", "شاهد عيان، كل شاهد، بشاهد")
    }
    assert fired == {"witness": ["شاهد", "شاهد", "بشاهد"], "r": ["بشاهد"]}
    assert matcher.match("محكمة", "بشاهد") == []
