"""Additions to a file's text, made where they belong; all that a person wrote, comments among it, stays as it is."""

from __future__ import annotations

from collections.abc import Mapping as Texts
from typing import Literal

from monitor.config.layout import format_text, leaves, sound
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.quoting import block, quoted
from monitor.errors import ConfigError
from monitor.types import Place, Problem

Value = str | list[str]


def add_feeds(text: str, added: Texts[str, Texts[str, Value]]) -> str:
    """`text` of a feeds.yaml with more feeds, given by id, behind the others.

    Raises ConfigError where the text cannot be read, or has a feed of such an id.
    """
    text, feeds = _opened(text or "rasid: 1\n", "feeds")
    column, lines = _column(feeds, 2), []
    for feed, fields in added.items():
        if feeds.get(feed) is not None:
            raise _refused(feeds.place, f"there is a feed `{feed}` already")
        lines.append(f"{' ' * column}{quoted(feed)}:")
        for key, value in fields.items():
            lines += _pair(key, value, column + 2)
    return _checked(_inserted(text, feeds, lines)) if lines else text


def add_test(text: str, rule: str, kind: Literal["hit", "miss"], title: str, body: str) -> str:
    """`text` of a rule file with one test more for a rule, behind its others.

    Raises ConfigError where the text cannot be read, or has no such rule.
    """
    text, rules = _opened(text, "rules")
    node = rules.get(rule)
    if not isinstance(node, Mapping):
        raise _refused(rules.place, f"there is no rule `{rule}` in this file")
    column = node.mark.column
    tests = node.get("tests")
    if not isinstance(tests, Mapping) or not tests.pairs:
        head = [] if tests is not None else [" " * column + "tests:"]
        lines = [*head, " " * (column + 2) + f"{kind}:", *_test(title, body, column + 4)]
        return _checked(_inserted(text, node if tests is None else tests, lines))
    items, column = tests.get(kind), tests.mark.column
    if (in_lines := _in_lines(text, node, tests, items)) != text:
        return add_test(in_lines, rule, kind, title, body)
    if isinstance(items, Sequence) and items.items:
        return _checked(_inserted(text, items, _test(title, body, items.mark.column)))
    head = [] if items is not None else [" " * column + f"{kind}:"]
    return _checked(_inserted(text, tests if items is None else items, [*head, *_test(title, body, column + 2)]))


def _opened(text: str, key: str) -> tuple[str, Mapping]:
    """The text and the mapping at `key`, made where there is none; brackets become lines first."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    root = sound(text)
    if not isinstance(root, Mapping):
        raise _refused(root.place, "the file has no keys")
    found = root.get(key)
    if found is None:
        return _opened(text.rstrip("\n") + f"\n{key}:\n", key)
    if (in_lines := _in_lines(text, root, found)) != text:
        return _opened(in_lines, key)
    if isinstance(found, Scalar) and not found.text:
        return text, Mapping(found.file, found.mark, found.end, [], False)
    if not isinstance(found, Mapping):
        raise _refused(found.place, f"`{key}` has no keys")
    return text, found


def _in_lines(text: str, *nodes: Node | None) -> str:
    """`text` without brackets, where one of the nodes is written in some that are not empty."""
    return format_text(text) if any(map(_in_brackets, nodes)) else text


def _in_brackets(node: Node | None) -> bool:
    return (isinstance(node, Mapping) and node.flow and bool(node.pairs)) or (
        isinstance(node, Sequence) and node.flow and bool(node.items)
    )


def _column(node: Mapping, default: int) -> int:
    """Where the keys of a mapping stand."""
    return node.mark.column if node.pairs else default


def _pair(key: str, value: Value, column: int) -> list[str]:
    if isinstance(value, str):
        return [f"{' ' * column}{key}: {quoted(value)}"]
    return [f"{' ' * column}{key}:", *(f"{' ' * (column + 2)}- {quoted(each)}" for each in value)] if value else []


def _test(title: str, body: str, column: int) -> list[str]:
    """A test as an item of its list; without a title it is the text alone."""
    dash = " " * column + "- "
    if not title:
        first, *rest = block(body, column + 2)
        return [dash + first, *rest]
    first, *rest = block(body, column + 4)
    text = [f"{' ' * (column + 2)}text: {first}", *rest] if body else []
    return [f"{dash}title: {quoted(title)}", *text]


def _inserted(text: str, node: Node, lines: list[str]) -> str:
    """`lines` behind the last of `node`; empty brackets go."""
    end = max(leaf.end for leaf in leaves(node) or [node])
    if isinstance(node, Mapping | Sequence) and node.flow:
        text = text[: node.start].rstrip(" ") + text[node.end :]
        end = node.start
    end = text.find("\n", max(end - 1, 0))
    head = text if end < 0 else text[:end]
    tail = "" if end < 0 else text[end + 1 :]
    return head.rstrip("\n") + "\n" + "\n".join(lines) + "\n" + tail


def _checked(text: str) -> str:
    sound(text)
    return text


def _refused(place: Place, message: str) -> ConfigError:
    return ConfigError([Problem(place=place, message=message)])
