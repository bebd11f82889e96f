"""Rules as short texts, and expressions as nested tuples without their places."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from monitor.rules import RuleSet, read_texts
from monitor.rules.expression import Context, Item
from monitor.types import Problem, Rule

HIDDEN = {"place", "term", "name"}


def _bare(value: Any) -> Any:
    """An expression as `(Kind, parts and options that are no defaults)`; contexts and items in tuples."""
    if isinstance(value, tuple):
        return [_bare(each) for each in value]
    if not isinstance(value, Item | Context):
        return value
    given = {
        field.name: _bare(getattr(value, field.name))
        for field in fields(value)
        if field.name not in HIDDEN and getattr(value, field.name) != field.default
    }
    first = given.pop("text", given.pop("items", given.pop("pattern", given.pop("rule", None))))
    return (type(value).__name__, first, given) if given else (type(value).__name__, first)


def _read(text: str, **others: str) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """Rules from dedented texts of files; names end in .yaml unless they begin with lists/."""
    files = {"rules.yaml": "rasid: 1\n" + textwrap.dedent(text)}
    return read_texts(files | {name.replace("__", "/"): body for name, body in others.items()})


def _rule_of(match: str, lists: str = "", extra: str = "") -> Rule:
    """The one rule of a `match`, which must have no errors."""
    text = f"rules:\n  one:\n    match:\n{textwrap.indent(textwrap.dedent(match), '      ')}\n{extra}"
    ruleset, problems = read_texts({"rules.yaml": f"rasid: 1\n{lists}\n{text}"})
    assert ruleset is not None, "\n".join(map(str, problems))
    return ruleset.rules["one"]


@pytest.fixture(scope="session")
def bare() -> Callable[[Any], Any]:
    return _bare


@pytest.fixture(scope="session")
def read() -> Callable[..., tuple[RuleSet | None, tuple[Problem, ...]]]:
    return _read


@pytest.fixture(scope="session")
def rule_of() -> Callable[..., Rule]:
    return _rule_of
