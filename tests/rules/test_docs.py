"""docs/rules.md shows only rules that load without a warning and pass their own tests, and knows every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.match import check_tests
from monitor.rules import format_text, read_texts, tables

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.findall(r"^rules:\n  ([\w-]+)", text, re.MULTILINE)[0])
def test_an_example_loads_and_passes_its_own_tests(text: str) -> None:
    ruleset, problems = read_texts({"rules.yaml": text})
    assert ruleset is not None, problems
    assert problems == ()
    assert list(check_tests(ruleset)) == []
    assert all({test.hit for test in rule.tests} == {True, False} for rule in ruleset.rules.values())
    assert format_text(text) == text


@pytest.mark.parametrize("word", [*tables.KINDS, *tables.OPTIONS, *tables.RULE, *tables.CONDITION, *tables.NEAR])
def test_every_word_of_the_language_is_told(word: str) -> None:
    assert re.search(rf"\b{word}\b", PAGE)
