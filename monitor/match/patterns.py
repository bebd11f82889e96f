"""`regex`: patterns of linear time on the folded text, at word borders."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

import re2

from monitor.arabic import fold
from monitor.match.document import Document

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 22  # bytes for one pattern's automaton
# No letter and no digit of folded text: not Latin, Greek to Hebrew, Arabic. RE2's own classes of all scripts, \pL and
# \pN, take 80 KB of memory in each pattern; these few ranges 8 KB.
BORDER = (
    r"[^0-9a-z\x{df}-\x{f6}\x{f8}-\x{2c1}\x{370}-\x{5f2}"
    r"\x{620}-\x{63f}\x{641}-\x{64a}\x{66e}-\x{6d3}\x{6d5}\x{6ee}-\x{6ef}\x{6fa}-\x{6fc}\x{6ff}\x{750}-\x{77f}\x{870}-\x{8c9}]"
)


class Pattern:
    """A user's pattern; one that RE2 refuses finds nothing (the rules room has refused it before, with words)."""

    __slots__ = ("_compiled",)

    def __init__(self, pattern: str) -> None:
        self._compiled = _compiled(f"(?:^|{BORDER})({pattern})(?:{BORDER}|$)")

    def spans(self, document: Document) -> list[tuple[int, int]]:
        """The ranges of tokens that the pattern covers, in order, none twice."""
        found: set[tuple[int, int]] = set()
        for tape in tapes(document):
            found.update(self._on(tape))
        return sorted(found)

    def _on(self, tape: Tape) -> set[tuple[int, int]]:
        found, at = set(), 0
        while self._compiled and at <= len(tape.data):
            match = self._compiled.search(tape.data, at)
            if not match:
                break
            start, end = match.span(1)
            tokens = tape.tokens(start, end)
            if tokens[0] < tokens[1]:
                found.add(tokens)
            at = max(end, at + 1)
        return found


def inside_words(pattern: str, words: Iterable[str]) -> list[int]:
    """The numbers of the folded words that hold what a pattern looks for."""
    compiled = _compiled(pattern)
    return [i for i, word in enumerate(words) if compiled and compiled.search(word.encode("utf-8", "replace"))]


def _compiled(source: str) -> Any:
    try:
        return re2.compile(source.encode("utf-8", "replace"), _OPTIONS)
    except re2.error:
        return None


class Tape:
    """The folded text of one field as UTF-8, with the place of every token on it."""

    __slots__ = ("_ends", "_first", "_starts", "data")

    def __init__(self, pieces: Sequence[str], first: int, *, apart: bool) -> None:
        """`pieces` of the field, `first` its first token's number; `apart`: a space between tokens that touch."""
        folded = list(pieces)
        folded[1::2] = fold("\n".join(pieces[1::2])).split("\n") if len(pieces) > 1 else []
        if apart:
            folded[2:-1:2] = [gap or " " for gap in folded[2:-1:2]]
        encoded = [piece.encode("utf-8", "replace") for piece in folded]
        borders = list(accumulate(map(len, encoded)))
        self._first, self._starts, self._ends = first, borders[:-1:2], borders[1::2]
        self.data = b"".join(encoded)

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The tokens between two bytes."""
        return self._first + bisect_right(self._ends, start), self._first + bisect_left(self._starts, end)


def tapes(document: Document) -> list[Tape]:
    """Title and text; once more with digits split from letters where they touch, as both readings may be meant."""
    known: list[Tape] | None = document.memo.get("tapes")
    if known is None:
        known = document.memo["tapes"] = []
        for pieces, first in zip(document.pieces, (0, document.border), strict=True):
            known.append(Tape(pieces, first, apart=False))
            if "" in pieces[2:-1:2]:
                known.append(Tape(pieces, first, apart=True))
    return known
