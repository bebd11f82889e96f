"""Additions to a file's text, made where they belong; all that a person wrote, comments among it, stays as it is."""

from __future__ import annotations

import os
from collections.abc import Mapping as Texts
from pathlib import Path

from monitor.config.layout import format_text, leaves, sound
from monitor.config.nodes import Mapping, Scalar, read_text
from monitor.config.quoting import quoted
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
    text = _inserted(text, feeds, lines) if lines else text
    sound(text)
    return text


def load(path: Path) -> str:
    """The text of a file as it stands, its line ends too. Raises ConfigError where it is no text."""
    text, problems = read_text(path)
    if problems:
        raise ConfigError(problems)
    return text


def save(path: Path, text: str) -> None:
    """Replaces the file at once: a daemon that reloads never sees half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8", newline="")
    if path.exists():
        fresh.chmod(path.stat().st_mode)
    os.replace(fresh, path)


def _opened(text: str, key: str) -> tuple[str, Mapping]:
    """The text and the mapping at `key`, made where there is none; brackets become lines first."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    root = sound(text)
    if not isinstance(root, Mapping):
        raise _refused(root.place, "the file has no keys")
    found = root.get(key)
    if found is None:
        return _opened(text.rstrip("\n") + f"\n{key}:\n", key)
    if any(isinstance(node, Mapping) and node.flow and node.pairs for node in (root, found)):
        in_lines = format_text(text)
        if in_lines != text:
            return _opened(in_lines, key)
    if isinstance(found, Scalar) and not found.text:
        return text, Mapping(found.file, found.mark, found.end, [], False)
    if not isinstance(found, Mapping):
        raise _refused(found.place, f"`{key}` has no keys")
    return text, found


def _column(node: Mapping, default: int) -> int:
    """Where the keys of a mapping stand."""
    return node.mark.column if node.pairs else default


def _pair(key: str, value: Value, column: int) -> list[str]:
    if isinstance(value, str):
        return [f"{' ' * column}{key}: {quoted(value)}"]
    return [f"{' ' * column}{key}:", *(f"{' ' * (column + 2)}- {quoted(each)}" for each in value)] if value else []


def _inserted(text: str, node: Mapping, lines: list[str]) -> str:
    """`lines` behind the last of `node`; empty brackets go."""
    end = max(leaf.end for leaf in leaves(node) or [node])
    if node.flow:
        text = text[: node.start].rstrip(" ") + text[node.end :]
        end = node.start
    end = text.find("\n", max(end - 1, 0))
    head = text if end < 0 else text[:end]
    tail = "" if end < 0 else text[end + 1 :]
    return head.rstrip("\n") + "\n" + "\n".join(lines) + "\n" + tail


def _refused(place: Place, message: str) -> ConfigError:
    return ConfigError([Problem(place=place, message=message)])
