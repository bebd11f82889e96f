"""What YAML says of a text that it cannot read, in words for the person who typed it."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import yaml

from monitor.types import Place, Problem

# Direction marks and other characters without ink that an editor or a web page leaves in front of a line.
HIDDEN = "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x061C]))
_HIDDEN_MARK = re.compile(f"[{HIDDEN}]")
_HIDDEN_LINE = re.compile(
    f"^[ \t]*(?:- )?[ \t]*(?P<mark>[{HIDDEN}])[{HIDDEN} ]*(?=-[ \t\r\n]|[\\w-]+:[ \t\r\n]|#)", re.MULTILINE
)
_TAB = re.compile(r"[ ]*\t")
_KEY_WITH_TEXT = re.compile(r"(\s*(?:- +)?)([\w.-]+): +[^\s#]")
_KEY_ALONE = re.compile(r"\s*[\w.-]+")
_TIGHT_DASH = re.compile(r"( *)-[^\s-]")
_QUOTE_IT = "put the whole text in 'single quotes'"


class _Meaning(NamedTuple):
    """What is wrong where YAML says something that `said` finds, and what to do."""

    said: str
    message: str
    hint: str
    at_start: bool = False  # it went wrong where the construct began


_MEANINGS = (
    _Meaning(
        r"mapping values are not allowed",
        "a `:` followed by a space makes a key of what stands before it",
        _QUOTE_IT,
    ),
    _Meaning(
        r"while scanning a quoted scalar.* end of stream|unexpected document indicator",
        "a quote is opened here and never closed",
        "close it, or put the text in the other kind of quotes",
        at_start=True,
    ),
    _Meaning(
        r"scanning (?:a tag|an alias|an anchor|a directive)|undefined alias",
        "a text cannot begin with `!`, `&`, `*` or `%`",
        _QUOTE_IT,
    ),
    _Meaning(
        r"did not find expected '-' indicator",
        "this line does not belong to the list above it",
        "begin it with a dash in the column of the others, or indent it like the list's key",
    ),
    _Meaning(
        r"could not find expected ':'",
        "here a key with a `:` is expected",
        "check that the line is indented like its neighbours",
    ),
    _Meaning(
        r"expected ',' or '\]'",
        "a list in [brackets] is not closed, or lacks a comma",
        "write one item a line, each after a dash",
        at_start=True,
    ),
    _Meaning(
        r"expected ',' or '}'",
        "a mapping in {braces} is not closed, or lacks a comma",
        "write one key a line",
        at_start=True,
    ),
    _Meaning(
        r"block sequence entries are not allowed",
        "a dash is not allowed here",
        "put the list on lines of its own, below its key",
    ),
    _Meaning(r"cannot start any token", "a text cannot begin with this character", _QUOTE_IT),
    _Meaning(r"escape", 'a backslash means something else in "double quotes"', "use 'single quotes'"),
    _Meaning(
        r"expected <block end>|did not find expected key|expected <document start>|indent",
        "this line does not fit what stands above it",
        "check the indentation: spaces, two for each level",
    ),
)


def explain(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """A YAML error as a problem."""
    said = " ".join(part for part in (error.context, error.problem) if part)
    unknown = _Meaning("", "this is no YAML: " + said, "")
    _, message, hint, at_start = next((each for each in _MEANINGS if re.search(each.said, said)), unknown)
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    typed = lines[line] if line < len(lines) else ""
    if _TAB.match(typed):
        line = next(number for number, each in enumerate(lines) if _TAB.match(each))
        column, message, hint = 0, "a tab stands at the beginning of the line", "indent with spaces"
    elif (tight := _tight_dash(lines, line)) is not None:
        line, column = tight, len(lines[tight]) - len(lines[tight].lstrip())
        message, hint = "behind this dash a space is missing", "the line is read as the rest of the one above"
    elif said.startswith("mapping values") and (neighbour := _crooked(lines, line, column)):
        message = f"this line stands further in than `{neighbour}:` above, and is read as part of its text"
        column, hint = len(typed) - len(typed.lstrip()), f"put it in the column of `{neighbour}:`"
    elif re.search(r"""["'] *$""", typed[:column]):
        message, hint = "text stands behind a closing quote", "put the whole text in the other kind of quotes"
    return Problem(place=Place(file, line + 1, column + 1), message=message, hint=hint)


def _tight_dash(lines: list[str], number: int) -> int | None:
    """The line, at `number` or above, whose dash has no space behind it where the line above has."""
    for n in range(min(number, len(lines) - 1), 0, -1):
        dash = _TIGHT_DASH.match(lines[n])
        if dash and lines[n - 1].startswith(dash[1] + "- "):
            return n
    return None


def _crooked(lines: list[str], number: int, column: int) -> str:
    """The key above a line that is a key as well, where the key above has its text behind it and stands further out."""
    above = next((line for line in reversed(lines[:number]) if line.strip() and not line.lstrip().startswith("#")), "")
    key, own = _KEY_WITH_TEXT.match(above), lines[number]
    if key is None or not _KEY_ALONE.fullmatch(own[:column]):
        return ""
    return key[2] if len(key[1]) < len(own) - len(own.lstrip()) else ""


def unprintable(text: str, offset: int, file: str) -> Problem:
    """A control character, which YAML does not allow."""
    name = unicodedata.name(text[offset], "a control character").lower()
    message = f"an invisible character (U+{ord(text[offset]):04X}, {name}) stands here"
    return Problem(place=_place(text, offset, file), message=message, hint="delete it")


def hidden_marks(text: str, file: str) -> list[Problem]:
    """Warnings for characters that nobody sees in front of a dash or a key: YAML takes them for text."""
    if _HIDDEN_MARK.search(text) is None:
        return []
    message = "an invisible direction mark stands in front of this line: YAML does not see its dash, key or comment"
    return [
        Problem(place=_place(text, found.start("mark"), file), message=message, hint="delete it", level="warning")
        for found in _HIDDEN_LINE.finditer(text)
    ]


def _place(text: str, offset: int, file: str) -> Place:
    begin = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - begin + 1)
