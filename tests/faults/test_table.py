"""docs/reliability.md and the tests tell the same."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
ROWS = re.findall(r"^\| (X\d\d) (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of a file's tests, methods as Class::test."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        found |= {f"{kind.name}::{node.name}" for node in kind.body if isinstance(node, ast.FunctionDef)}
    return frozenset(found)


def test_each_case_is_in_the_table_once() -> None:
    assert [row[0] for row in ROWS] == [f"X{n:02}" for n in range(1, 79)]


def test_each_test_that_the_table_names_is_there() -> None:
    missing = [
        name
        for *_, shown in ROWS
        for name in re.findall(r"`([^`]+)`", shown)
        if name.partition("::")[2] not in names_in(name.partition("::")[0])
    ]
    assert missing == []


def test_each_fault_test_is_in_the_row_of_its_number() -> None:
    """A test that bears a case's number is named in that case's row."""
    shown = {row[0]: row[3] for row in ROWS}
    for path in sorted((ROOT / "tests/faults").glob("test_x*.py")):
        for name in (n for n in names_in(f"tests/faults/{path.name}") if n.startswith("test_x")):
            for number in re.findall(r"x(\d\d)_", name.removeprefix("test_")):
                assert f"::{name}`" in shown[f"X{number}"], (name, number)
