"""Texts as YAML scalars that read back the same."""

from __future__ import annotations

import re

_UNSAFE_START = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`=\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c]")
_UNSAFE = re.compile(r":(?:\s|$)|\s#|[\s:]$")
_ESCAPED = re.compile("[^\t -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def quoted(text: str) -> str:
    """`text` as a scalar of one line: plainly where that reads back, else in quotes."""
    if _ESCAPED.search(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), escaped) + '"'
    if not text or _UNSAFE_START.match(text) or _UNSAFE.search(text) or "\t" in text:
        return "'" + text.replace("'", "''") + "'"
    return text


def _escape(char: str) -> str:
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        code = 0xFFFD  # half a character, which no file can hold
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def block(text: str, indent: int) -> list[str]:
    """`text` as the lines behind a key: one where it has one, else `|` and its lines at `indent`."""
    lines = text.split("\n")
    if len(lines) == 1 or not text.strip("\n") or any(_ESCAPED.search(line) for line in lines):
        return [quoted(text)]
    keep = len(text) - len(text.rstrip("\n"))
    digit = "2" if lines[0][:1] in ("", " ", "\t") else ""
    content = lines[:-1] if keep else lines
    header = "|" + digit + ("-" if keep == 0 else "" if keep == 1 else "+")
    return [header, *((" " * indent + line) if line else "" for line in content)]
