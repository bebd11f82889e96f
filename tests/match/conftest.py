"""Rules from a few lines of YAML."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.match import Matcher
from monitor.rules import RuleSet, read_texts


def ruleset(text: str) -> RuleSet:
    """The rules of a file's text, `rasid: 1` left out."""
    rules, problems = read_texts({"test.yaml": "rasid: 1\n" + text})
    assert rules is not None, "\n".join(map(str, problems))
    return rules


def one_rule(match: str, more: str = "") -> RuleSet:
    """A rule `r` with a match expression, at any indentation; `more` are keys beside `match`."""
    lines = [f"      {line}" for line in match.strip("\n").splitlines()]
    return ruleset("\n".join(["rules:", "  r:", "    name: r", *more.splitlines(), "    match:", *lines]) + "\n")


@pytest.fixture
def finds() -> Callable[..., list[str]]:
    """The surfaces that a match expression finds in a text, `title:` before those of the title."""

    def surfaces(match: str, text: str, title: str = "", more: str = "") -> list[str]:
        hits = Matcher(one_rule(match, more)).match(title, text)
        found = [m for hit in hits for m in hit.matches]
        for m in found:
            assert {"title": title, "text": text}[m.field][m.start : m.end] == m.surface
        return [("title:" if m.field == "title" else "") + m.surface for m in found]

    return surfaces


@pytest.fixture
def rules_of() -> Callable[[str], RuleSet]:
    """The rules of a file's text, `rasid: 1` left out."""
    return ruleset
