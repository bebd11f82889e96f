"""An article as the matcher sees it: the tokens of title and text in one row, and where they are parted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import accumulate
from typing import Any

from monitor.arabic import joins, paragraphs, sentences, split
from monitor.match.chains import Occurrence, Proof
from monitor.types import FieldName, Match

Scope = tuple[int, int]  # a range of tokens, end exclusive
Atom = int | str  # what stands at a token: a word of the rules by its number, or letters that a pattern needs

_PARTS = re.compile(r"\.\.|[:\uff1a…|•·‣◦∙\u25a0-\u25ff★☆]")  # a clause never crosses these
_MAY_END = re.compile(r"[.!?؟۔…\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # where a sentence can end


class Document:
    """Title and text with their tokens, numbered from the title's first to the text's last.

    Sentences and paragraphs are numbered likewise and counted only when a rule asks; the title has its own.
    """

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text
        self.pieces = head, body = split(title), split(text)  # each cut at its words
        self.border = len(head) // 2  # the number of the text's first token
        self.raw = head[1::2] + body[1::2]
        self.gaps = head[:-1:2] + body[:-1:2]  # what stands before each token, up to the one before it in its field
        self.everything: Scope = (0, len(self.raw))
        self.positions: dict[Atom, list[int]] = {}  # the tokens at which each stands
        self.memo: dict[Hashable, Any] = {}  # what rules found here, shared among them
        self._starts: list[int] | None = None
        self._sentences: list[int] | None = None
        self._paragraphs: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each token starts in its field."""
        if self._starts is None:
            self._starts = [start for pieces in self.pieces for start in list(accumulate(map(len, pieces)))[:-1:2]]
        return self._starts

    def scope(self, where: str | None, within: Scope) -> Scope:
        """The tokens of title, lead or text, as far as they lie within `within`."""
        if where is None:
            return within
        if where == "text":
            return max(self.border, within[0]), within[1]
        return within[0], min(self.border if where == "title" else self._lead(), within[1])

    def _lead(self) -> int:
        """Behind the text's first paragraph that has a word."""
        if self.border == len(self.raw):
            return self.border
        return bisect_right(self.paragraphs, self.paragraphs[self.border])

    @property
    def sentences(self) -> list[int]:
        """The number of each token's sentence."""
        if self._sentences is None:
            self._sentences = self._numbered(sentences(self.title), sentences(self.text))
        return self._sentences

    @property
    def paragraphs(self) -> list[int]:
        """The number of each token's paragraph."""
        if self._paragraphs is None:
            self._paragraphs = self._numbered(paragraphs(self.title), paragraphs(self.text))
        return self._paragraphs

    def _numbered(self, title: list[tuple[int, int]], text: list[tuple[int, int]]) -> list[int]:
        head, body = [a for a, _ in title], [a for a, _ in text]
        first = len(head) + 1
        numbers = [bisect_right(head, start) for start in self.starts[: self.border]]
        return numbers + [first + bisect_right(body, start) for start in self.starts[self.border :]]

    def same_sentence(self, a: int, b: int) -> bool:
        return self.sentences[a] == self.sentences[b]

    def same_paragraph(self, a: int, b: int) -> bool:
        return self.paragraphs[a] == self.paragraphs[b]

    def neighbours(self, a: int, b: int) -> bool:
        """Is `b` the word behind `a`, with nothing between that parts words?"""
        return b == a + 1 and not self.parted(b) and joins(self.gaps[b])

    def same_clause(self, a: int, b: int) -> bool:
        """Is there no `..`, colon, bar, bullet or sentence end between?"""
        numbers: list[int] | None = self.memo.get("clauses")
        if numbers is None:
            numbers = [0] * len(self.raw)
            for i in range(1, len(numbers)):
                numbers[i] = numbers[i - 1] + self.parted(i)
            self.memo["clauses"] = numbers
        return numbers[a] == numbers[b]

    def parted(self, i: int) -> bool:
        """Do `..`, a colon, a bar, a bullet or a sentence end part token `i` from the one before?"""
        if i == self.border:
            return True
        gap = self.gaps[i]
        if gap in (" ", ""):
            return False
        if _PARTS.search(gap):
            return True
        return bool(_MAY_END.search(gap)) and not self.same_sentence(i - 1, i)

    def span(self, start: int, end: int) -> tuple[FieldName, int, int, str]:
        """Field, start, end and surface of some tokens."""
        starts = self.starts
        a, b = starts[start], starts[end - 1] + len(self.raw[end - 1])
        if start < self.border:
            return "title", a, b, self.title[a:b]
        return "text", a, b, self.text[a:b]

    def match(self, proof: Proof) -> Match:
        """A proof as the place in the given strings."""
        field, start, end, surface = self.span(proof[1], proof[2])
        return Match(proof[0], surface, field, start, end)

    def proofs(self, occurrences: Sequence[Occurrence]) -> tuple[Match, ...]:
        """Every place that proves the occurrences, each once, first to last; of two terms for a place the first."""
        if len(occurrences) == 1 and len(occurrences[0].proof) == 1:
            return (self.match(occurrences[0].proof[0]),)
        proofs = [proof for o in occurrences for proof in o.proof]
        if len(proofs) > 1:
            places = {(a, b): (term, a, b) for term, a, b in reversed(proofs)}
            proofs = [places[place] for place in sorted(places)]
        return tuple(map(self.match, proofs))
