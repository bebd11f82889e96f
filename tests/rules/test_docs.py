"""docs/rules.md shows only rules that load without a warning and pass their own tests, and knows every key."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from monitor.config import load_config
from monitor.match import Matcher, check_tests, explain, gist
from monitor.rules import format_text, read_texts, tables

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.findall(r"^rules:\n  ([\w-]+)", text, re.MULTILINE)[0])
def test_an_example_loads_and_passes_its_own_tests(text: str) -> None:
    ruleset, problems = read_texts({"rules.yaml": text})
    assert ruleset is not None, problems
    assert problems == ()
    assert list(check_tests(ruleset)) == []
    assert all({test.hit for test in rule.tests} == {True, False} for rule in ruleset.rules.values())
    assert format_text(text) == text


def test_the_sample_of_an_explanation_is_what_is_printed() -> None:
    """Isolates aside, which nobody sees."""
    sample = re.search(r'^ +\$ echo "(.*)" \| rasid explain (\w+)\n((?: {6}.*\n)+)', PAGE, re.MULTILINE)
    assert sample is not None
    ruleset, _ = read_texts({"rules.yaml": next(text for text in EXAMPLES if f"  {sample[2]}:" in text)})
    assert ruleset is not None
    told = "\n".join(gist(explain(ruleset.rules[sample[2]], "", sample[1], rules=ruleset.rules)))
    assert re.sub("[\u2068\u2069]", "", told) == textwrap.dedent(sample[3]).strip()


@pytest.mark.parametrize("kind", ["rules", "channels"])
def test_the_blocks_of_the_readme_are_right(kind: str, tmp_path: Path) -> None:
    """Each as a file of its own; the rule passes its tests."""
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = [
        textwrap.dedent(text) for text in re.findall(r"^ *```yaml\n(.*?)^ *```", readme, re.MULTILINE | re.DOTALL)
    ]
    chosen = [text for text in blocks if f"\n{kind}:" in text]
    assert chosen
    for text in chosen:
        (tmp_path / f"{kind}.yaml").write_text(text, "utf-8")
        problems = list(load_config(tmp_path).problems)
        if kind == "rules":
            ruleset, found = read_texts({"rules.yaml": text})
            assert ruleset is not None
            problems += [*found, *check_tests(ruleset)]
        assert problems == []


SAID = {  # in README.md and here: a term, what it finds, what it does not
    "إيران": ("ايران وإيران لإيران بإيران ولإيران", "إيراني"),
    "صاروخ": ("الصواريخ بصاروخين صواريخها", ""),
    "درون": ("", "قادرون"),
    "مسيّرة": ("وبمسيّراتها المسيّرات مسيرتان", ""),
    "مُسيّرة": ("مسيرة", "مَسيرة"),
    "تعز": ("", "تعزيز"),
    "لبنان": ("", "لبن"),
    "بوشهر": ("", "بوشهري"),
}


@pytest.mark.parametrize("term", SAID)
def test_what_is_said_of_words_is_so(term: str) -> None:
    ruleset, _ = read_texts({"rules.yaml": f"rasid: 1\nrules:\n  r:\n    match: {term}\n"})
    assert ruleset is not None
    matcher = Matcher(ruleset)
    for words, found in zip(SAID[term], (True, False), strict=True):
        assert all(bool(matcher.match("", word)) is found for word in words.split())


@pytest.mark.parametrize("word", [*tables.KINDS, *tables.OPTIONS, *tables.RULE, *tables.CONDITION, *tables.NEAR])
def test_every_word_of_the_language_is_told(word: str) -> None:
    assert re.search(rf"\b{word}\b", PAGE)
