"""`if` and `unless`: what stands at a place beside, in or around an occurrence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Protocol

from monitor.match.chains import Occurrence
from monitor.match.document import Document, Scope
from monitor.rules.expression import At, Context


class Finds(Protocol):
    """What a condition asks of a node."""

    def found(self, document: Document, scope: Scope) -> Sequence[Occurrence]: ...


class Condition:
    """One of some items stands at one of some places. The items are looked for in the whole article."""

    __slots__ = ("context", "parts")

    def __init__(self, context: Context, parts: tuple[Finds, ...]) -> None:
        self.context, self.parts = context, parts

    def witness(self, document: Document, occurrence: Occurrence) -> tuple[At, Occurrence] | None:
        """The first place at which an item stands, and the item's occurrence there."""
        shelf = self._shelf(document)
        if not shelf.by_start:
            return None
        for at in self.context.at:
            there = _LOOK[at](shelf, document, occurrence, self.context.within)
            if there:
                return at, there
        return None

    def _shelf(self, document: Document) -> Shelf:
        known: Shelf | None = document.memo.get(self)
        if known is None:
            found = [o for part in self.parts for o in part.found(document, document.everything)]
            known = document.memo[self] = Shelf(found)
        return known


class Shelf:
    """A condition's occurrences in an article, sorted for each kind of question."""

    __slots__ = ("by_end", "by_start", "ends", "reach", "starts", "units")

    def __init__(self, found: list[Occurrence]) -> None:
        self.by_start = sorted(found)
        self.by_end = sorted(found, key=lambda o: o.end)
        self.starts = [o.start for o in self.by_start]
        self.ends = [o.end for o in self.by_end]
        self.reach = list(accumulate(self.by_start, _further))  # the occurrence that ends last so far
        self.units: dict[str, dict[int, Occurrence]] = {}

    def within(self, name: str, numbers: list[int]) -> dict[int, Occurrence]:
        """The first occurrence in each sentence or paragraph."""
        if name not in self.units:
            self.units[name] = {numbers[i]: o for o in reversed(self.by_start) for i in (o.end - 1, o.start)}
        return self.units[name]


def _further(a: Occurrence, b: Occurrence) -> Occurrence:
    return b if b.end > a.end else a


def _next(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    at = bisect_left(shelf.starts, o.end)
    if at == len(shelf.starts) or shelf.starts[at] > o.end + within:
        return None
    there = shelf.by_start[at]
    joined = document.same_sentence if within else document.neighbours
    return there if joined(o.end - 1, there.start) else None


def _previous(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    at = bisect_right(shelf.ends, o.start) - 1
    if at < 0 or shelf.ends[at] < o.start - within:
        return None
    there = shelf.by_end[at]
    joined = document.same_sentence if within else document.neighbours
    return there if joined(there.end - 1, o.start) else None


def _inside(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    at = bisect_left(shelf.starts, o.end) - 1
    return shelf.reach[at] if at >= 0 and shelf.reach[at].end > o.start else None


def _sentence(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    return _unit(shelf.within("sentence", document.sentences), document.sentences, o)


def _paragraph(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    return _unit(shelf.within("paragraph", document.paragraphs), document.paragraphs, o)


def _unit(first: dict[int, Occurrence], numbers: list[int], o: Occurrence) -> Occurrence | None:
    return first.get(numbers[o.start]) or first.get(numbers[o.end - 1])


def _article(shelf: Shelf, document: Document, o: Occurrence, within: int) -> Occurrence | None:
    return shelf.by_start[0]


_LOOK: dict[At, Callable[[Shelf, Document, Occurrence, int], Occurrence | None]] = {
    "next": _next,
    "previous": _previous,
    "inside": _inside,
    "sentence": _sentence,
    "paragraph": _paragraph,
    "article": _article,
}
