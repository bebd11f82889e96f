"""The items of the rule language, ready to find their occurrences in a document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from monitor.arabic import PlaceInPhrase
from monitor.match.chains import Joined, Occurrence, ordered, unordered
from monitor.match.conditions import Condition
from monitor.match.document import Atom, Document, Scope
from monitor.match.patterns import Pattern
from monitor.rules.expression import AllOf, AnyOf, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.rules.grams import grams

Found = Sequence[Occurrence]  # sorted by start, then end; no span twice
Kind = TypeVar("Kind", bound=Item)


class Conditions(NamedTuple):
    """All of `keep` must hold for an occurrence, and none of `drop`."""

    keep: tuple[Condition, ...] = ()
    drop: tuple[Condition, ...] = ()


class Node(Generic[Kind]):
    """An item with its options. `raw` is what its kind yields, `found` what its options leave of that."""

    __slots__ = ("item", "parts", "plain", "when")

    def __init__(self, item: Kind, parts: tuple[AnyNode, ...] = (), when: Conditions = Conditions()) -> None:  # noqa: B008
        self.item, self.parts, self.when = item, parts, when
        self.plain = not (when.keep or when.drop or item.where or item.times > 1)

    def found(self, document: Document, scope: Scope) -> Found:
        """The occurrences in a range of tokens; looked for once a document."""
        key = (id(self), scope)
        known: Found | None = document.memo.get(key)
        if known is None:
            known = self.raw(document, scope) if self.plain else self._judged(document, scope)
            document.memo[key] = known
        return known

    def _judged(self, document: Document, scope: Scope) -> Found:
        found = self.raw(document, document.scope(self.item.where, scope))
        if self.when.keep or self.when.drop:
            found = [o for o in found if self.allows(document, o)]
        return found if enough(found, self.item.times) else ()

    def allows(self, document: Document, occurrence: Occurrence) -> bool:
        """Do all `if` hold for the occurrence, and no `unless`?"""
        return all(c.witness(document, occurrence) for c in self.when.keep) and not any(
            c.witness(document, occurrence) for c in self.when.drop
        )

    def raw(self, document: Document, scope: Scope) -> Found:
        raise NotImplementedError


AnyNode = Node[Item]


class WordNode(Node[Word]):
    """One word, by its number in the vocabulary."""

    __slots__ = ("number", "place")

    def __init__(self, item: Word, number: int, place: PlaceInPhrase, when: Conditions) -> None:
        super().__init__(item, (), when)
        self.number, self.place = number, place

    def found(self, document: Document, scope: Scope) -> Found:
        """A plain word's places are known already: no need to remember them once more."""
        return self.raw(document, scope) if self.plain else super().found(document, scope)

    def raw(self, document: Document, scope: Scope) -> Found:
        term = self.item.term
        at: Sequence[int] = document.positions.get(self.number, ())
        if at and scope != document.everything:
            at = at[bisect_left(at, scope[0]) : bisect_left(at, scope[1])]
        return [Occurrence(i, i + 1, ((term, i, i + 1),)) for i in at]


class PhraseNode(Node[Phrase]):
    """Neighbours in order."""

    __slots__ = ()

    def raw(self, document: Document, scope: Scope) -> Found:
        parts, gap = each(self.parts, document, scope), self.item.gap
        chains = ordered(parts, gap, document.same_clause if gap else document.neighbours) if parts else ()
        return [Occurrence(c.start, c.end, ((self.item.term, c.start, c.end),)) for c in chains]


class NameNode(Node[Word]):
    """A name that papers write as one word or as two; its parts are the two spellings."""

    __slots__ = ()

    def raw(self, document: Document, scope: Scope) -> Found:
        return merged([f for f in (part.found(document, scope) for part in self.parts) if f])


class AnyOfNode(Node[AnyOf]):
    """Each occurrence of each part, where enough different parts occur."""

    __slots__ = ("index",)

    def __init__(self, item: AnyOf, parts: tuple[AnyNode, ...], index: Index | None, when: Conditions) -> None:
        super().__init__(item, parts, when)
        self.index = index

    def candidates(self, document: Document) -> Sequence[AnyNode]:
        """The parts that may be there."""
        return self.index.possible(document) if self.index else self.parts

    def raw(self, document: Document, scope: Scope) -> Found:
        found = [f for f in (part.found(document, scope) for part in self.candidates(document)) if f]
        return merged(found) if found and len(found) >= self.item.at_least else ()


class Index:
    """The parts of a long list by what must stand in a text for them, so that only few are looked for."""

    __slots__ = ("_always", "_by_atom", "_parts")

    def __init__(self, parts: tuple[AnyNode, ...]) -> None:
        self._parts, self._always = parts, set[int]()
        by_atom: dict[Atom, list[int]] = {}
        for number, part in enumerate(parts):
            needs = anchors(part)
            if needs is None:
                self._always.add(number)
            for atom in needs or ():
                by_atom.setdefault(atom, []).append(number)
        self._by_atom = {atom: tuple(numbers) for atom, numbers in by_atom.items()}  # smaller than lists

    def possible(self, document: Document) -> list[AnyNode]:
        """Those that may be there, in their order."""
        there = self._by_atom.keys() & document.positions.keys()
        numbers = self._always.union(*(self._by_atom[atom] for atom in there))
        return [self._parts[number] for number in sorted(numbers)]


def anchors(node: AnyNode) -> Collection[Atom] | None:
    """Of these at least one stands wherever the node finds something; none where nobody can say."""
    if isinstance(node, WordNode):
        return (node.number,)
    if isinstance(node, RegexNode):
        return node.needs or None
    each = [needs for part in node.parts if (needs := anchors(part)) is not None]
    if isinstance(node, AnyOfNode | NameNode):
        return set[Atom]().union(*each) if len(each) == len(node.parts) else None
    return min(each, key=len) if each else None


class AllOfNode(Node[AllOf]):
    """Each part somewhere, and no veto anywhere in the article."""

    __slots__ = ("vetoes",)

    def __init__(self, item: AllOf, parts: tuple[AnyNode, ...], vetoes: tuple[AnyNode, ...], when: Conditions) -> None:
        super().__init__(item, parts, when)
        self.vetoes = vetoes

    def raw(self, document: Document, scope: Scope) -> Found:
        found = each(self.parts, document, scope)
        if not found or any(veto.found(document, document.everything) for veto in self.vetoes):
            return ()
        return merged(found)


class NearNode(Node[Near]):
    """One occurrence of each part, close together."""

    __slots__ = ()

    def raw(self, document: Document, scope: Scope) -> Found:
        parts = self._nearby(document, each(self.parts, document, scope))
        if not parts or not all(parts):
            return ()
        choose = ordered if self.item.order else unordered
        chains = choose(parts, self._gap, self._joined(document))
        return [Occurrence(c.start, c.end, tuple(p for o in c.links() for p in o.proof)) for c in chains]

    @property
    def _gap(self) -> float:
        return self.item.within if isinstance(self.item.within, int) else float("inf")

    def _joined(self, document: Document) -> Joined:
        return document.same_paragraph if self.item.within == "paragraph" else document.same_sentence

    def _nearby(self, document: Document, parts: list[Found]) -> list[Found]:
        """What can take part: where all must stand in one sentence or paragraph, an occurrence over its end cannot."""
        if isinstance(self.item.within, int):
            return parts
        joined = self._joined(document)
        return [[o for o in part if joined(o.start, o.end - 1)] for part in parts]


class RegexNode(Node[Regex]):
    """A pattern on the folded text; it is run where letters that it needs are there."""

    __slots__ = ("needs", "pattern")

    def __init__(self, item: Regex, when: Conditions) -> None:
        super().__init__(item, (), when)
        self.pattern = Pattern(item.pattern)
        self.needs = grams(item.pattern)

    def raw(self, document: Document, scope: Scope) -> Found:
        if self.needs and self.needs.isdisjoint(document.positions):
            return ()
        term, spans = self.item.term, self.pattern.spans(document)
        return [Occurrence(a, b, ((term, a, b),)) for a, b in spans if scope[0] <= a and b <= scope[1]]


class RefNode(Node[RuleRef]):
    """The occurrences of another rule; it is looked up when it is needed, as it may be compiled later."""

    __slots__ = ("target",)

    def __init__(self, item: RuleRef, target: Callable[[str], AnyNode | None], when: Conditions) -> None:
        super().__init__(item, (), when)
        self.target = target

    def raw(self, document: Document, scope: Scope) -> Found:
        node = self.target(self.item.rule)
        return node.found(document, scope) if node else ()


def each(parts: Iterable[AnyNode], document: Document, scope: Scope) -> list[Found]:
    """The occurrences of each part, or nothing as soon as one has none."""
    found = []
    for part in parts:
        found.append(part.found(document, scope))
        if not found[-1]:
            return []
    return found


def merged(lists: Sequence[Found]) -> Found:
    """All occurrences in order; of two with the same span the first list's."""
    if len(lists) == 1:
        return lists[0]
    spans = {(o.start, o.end): o for found in reversed(lists) for o in reversed(found)}
    return [spans[span] for span in sorted(spans)]


def enough(found: Found, times: int) -> bool:
    """Are there as many occurrences that don't overlap?"""
    if times <= 1:
        return bool(found)
    count = end = 0
    for occurrence in sorted(found, key=lambda o: o.end):
        if occurrence.start >= end:
            count, end = count + 1, occurrence.end
    return count >= times
