"""docs/fetching.md and the tests tell the same."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

from monitor.fetch import Policy

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "fetching.md").read_text("utf-8")


def test_each_row_of_the_table_is_a_test() -> None:
    """And each test that bears an id has its row."""
    rows = set(re.findall(r"^\| ([A-Z]\d{2,3}) \|", PAGE, re.MULTILINE))
    trees = [ast.parse(path.read_text("utf-8")) for path in HERE.glob("test_*.py")]
    names = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    tested = {found[1] for name in names if (found := re.match(r"test_([A-Z]\d{2,3})_", name))}
    assert len([row for row in rows if not row.startswith("E")]) == 67
    assert rows == tested


def test_each_setting_is_in_the_table_with_its_name() -> None:
    assert {field.name for field in fields(Policy)} <= set(re.findall(r"`(\w+)`", PAGE))
