"""What YAML says of a text that it cannot read, in words for the person who typed it."""

from __future__ import annotations

import re
import unicodedata

import yaml

from monitor.types import Place, Problem

# Direction marks and other characters without ink that an editor or a web page leaves in front of a line.
_HIDDEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c"
_HIDDEN_LINE = re.compile(
    f"^[ \t]*(?:- )?[ \t]*(?P<mark>[{_HIDDEN}])[{_HIDDEN} ]*(?=-[ \t\r\n]|[\\w-]+:[ \t\r\n]|#)", re.MULTILINE
)
_QUOTE_IT = "put the whole text in 'single quotes'"
_MEANINGS = (  # what YAML says -> what is wrong, what to do, and whether it went wrong where the construct began
    (r"mapping values are not allowed", "a `:` followed by a space makes a key of what stands before it", _QUOTE_IT, False),
    (r"while scanning a quoted scalar", "a quote is opened here and never closed", "close it, or put the text in the other kind of quotes", True),
    (r"expected <block end>, but found '<scalar>'|did not find expected key.*", "this does not fit what stands above it", "check the indentation; a text that begins with a quote must end with it", False),
    (r"did not find expected '-' indicator", "this line does not belong to the list above it", "begin it with a dash in the column of the others, or indent it like the list's key", False),
    (r"could not find expected ':'", "here a key with a `:` is expected", "check that the line is indented like its neighbours", False),
    (r"did not find expected ',' or '\]'|expected ',' or '\]'", "a list in [brackets] is not closed, or lacks a comma", "write one item a line, each after a dash", True),
    (r"did not find expected ',' or '}'|expected ',' or '}'", "a mapping in {braces} is not closed, or lacks a comma", "write one key a line", True),
    (r"block sequence entries are not allowed", "a dash is not allowed here", "put the list on lines of its own, below its key", False),
    (r"undefined alias", "`*` refers to another place of the file", "if it is meant as text, put it in quotes", False),
    (r"cannot start any token", "a text cannot begin with this character", _QUOTE_IT, False),
    (r"unknown escape|escape", "a backslash means something else in \"double quotes\"", "use 'single quotes'", False),
    (r"indent", "the indentation does not fit the lines above", "indent with spaces, two for each level", False),
)  # fmt: skip


def explain(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """A YAML error as a problem."""
    said = " ".join(part for part in (error.context, error.problem) if part)
    message, hint, at_start = next(
        ((message, hint, at_start) for pattern, message, hint, at_start in _MEANINGS if re.search(pattern, said)),
        ("this is no YAML: " + said, "", False),
    )
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    typed = lines[line] if line < len(lines) else ""
    if "\t" in typed[: len(typed) - len(typed.lstrip())]:
        message, hint = "a tab stands at the beginning of the line", "indent with spaces"
    return Problem(place=Place(file, line + 1, column + 1), message=message, hint=hint)


def unprintable(text: str, offset: int, file: str) -> Problem:
    """A control character, which YAML does not allow."""
    name = unicodedata.name(text[offset], "a control character").lower()
    message = f"an invisible character (U+{ord(text[offset]):04X}, {name}) stands here"
    return Problem(place=_place(text, offset, file), message=message, hint="delete it")


def hidden_marks(text: str, file: str) -> list[Problem]:
    """Warnings for characters that nobody sees in front of a dash or a key: YAML takes them for text."""
    if text.isascii():
        return []
    message = "an invisible direction mark stands in front of this line: YAML does not see its dash, key or comment"
    return [
        Problem(place=_place(text, found.start("mark"), file), message=message, hint="delete it", level="warning")
        for found in _HIDDEN_LINE.finditer(text)
    ]


def _place(text: str, offset: int, file: str) -> Place:
    begin = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - begin + 1)
