"""Which rules can fire on a document at all: found by their rarest words, so that the others cost nothing.

For each rule groups of atoms are noted, of each of which at least one must occur. An atom is a word (its number), a
pair of neighbours (a negative number), or three letters of a pattern. The two groups that fewest rules share decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import cast

from monitor.arabic import fold
from monitor.match.document import Atom, Document
from monitor.match.nodes import (
    AllOfNode,
    AnyNode,
    AnyOfNode,
    NameNode,
    NearNode,
    PhraseNode,
    RefNode,
    RegexNode,
    WordNode,
)

Group = tuple[Atom, ...] | frozenset[Atom]  # small ones as tuples, which take a quarter of a set's memory
SMALL = 8
_EVERYWHERE = frozenset(map(fold, ("في", "من", "إلى", "على", "عن", "مع", "أن", "إن", "ما", "لا")))
PAIRS = 64  # a phrase with more combinations of its first two words is looked up by its words instead


class Candidates:
    """The rules by what must occur for them; rules are numbers here."""

    def __init__(self, roots: Iterable[AnyNode]) -> None:
        self._pairs: dict[Atom, dict[Atom, int]] = {}  # first word -> second word -> atom
        self._pair_count = 0
        self._common: set[Atom] = set()  # what stands in many texts
        self._everywhere: set[Atom] = set()  # and in nearly all
        self._roots = list(roots)
        groups = [self._groups(root) for root in self._roots]
        shared = Counter(atom for rule in groups for group in rule for atom in group)
        self._always: list[int] = []  # rules without a word that must occur
        self._by_atom: dict[Atom, list[tuple[int, Group | None]]] = {}
        for number, rule in enumerate(groups):
            if len(rule) > 1:
                rule.sort(key=lambda group: (self._commonness(group), sum(shared[atom] for atom in group)))
            self._note(number, rule)

    def _note(self, number: int, groups: list[Group]) -> None:
        if not groups:
            self._always.append(number)
            return
        entry = (number, groups[1] if len(groups) > 1 else None)
        for atom in groups[0]:
            self._by_atom.setdefault(atom, []).append(entry)

    def of(self, document: Document, accepted: Callable[[str], tuple[Atom, ...]]) -> set[int]:
        """The rules whose words are there."""
        atoms: set[Atom] = set(document.positions)
        last = len(document.raw) - 1
        for first in self._pairs.keys() & document.positions.keys():
            seconds = self._pairs[first]
            for i in document.positions[first]:
                if i < last:
                    atoms.update(seconds[n] for n in accepted(document.raw[i + 1]) if n in seconds)
        return self._with(atoms)

    def loosely(self, document: Document) -> set[int]:
        """The rules whose words are there, wherever they stand."""
        atoms: set[Atom] = set(document.positions)
        for first in self._pairs.keys() & document.positions.keys():
            seconds = self._pairs[first]
            atoms.update(seconds[second] for second in seconds.keys() & document.positions.keys())
        known: dict[int, bool] = {}
        return {number for number in self._with(atoms) if _possible(self._roots[number], document, known)}

    def _with(self, atoms: set[Atom]) -> set[int]:
        found = set(self._always)
        for atom in self._by_atom.keys() & atoms:
            for number, second in self._by_atom[atom]:
                if second is None or not atoms.isdisjoint(second):
                    found.add(number)
        return found

    def _groups(self, node: AnyNode) -> list[Group]:
        """Of each group at least one atom stands wherever the node finds something."""
        return [*_GROUPS[type(node)](self, node), *(g for c in node.when.keep for g in self._union(c.parts))]

    def _word(self, node: AnyNode) -> list[Group]:
        word = cast(WordNode, node)
        if len(word.item.text) < 4:
            (self._everywhere if fold(word.item.text) in _EVERYWHERE else self._common).add(word.number)
        return [(word.number,)]

    def _phrase(self, node: AnyNode) -> list[Group]:
        parts = node.parts
        if len(parts) > 1 and not cast(PhraseNode, node).item.gap:
            first, second = _words(parts[0]), _words(parts[1])
            if 0 < len(first) * len(second) <= PAIRS:
                return [_group({self._pair(a, b) for a in first for b in second}), *self._all(parts[2:])]
        return self._all(parts)

    def _pair(self, first: int, second: int) -> int:
        seconds = self._pairs.setdefault(first, {})
        if second not in seconds:
            self._pair_count += 1
            seconds[second] = -self._pair_count
        return seconds[second]

    def _any(self, node: AnyNode) -> list[Group]:
        return self._union(node.parts)

    def _union(self, parts: Sequence[object]) -> list[Group]:
        """One group for all parts: the rarest of each; none if a part can be there without a word."""
        groups = [self._groups(cast(AnyNode, part)) for part in parts]
        return [_group(set[Atom]().union(*map(self._rarest, groups)))] if all(groups) else []

    def _rarest(self, groups: list[Group]) -> Group:
        return groups[0] if len(groups) == 1 else min(groups, key=lambda g: (self._commonness(g), len(g)))

    def _commonness(self, group: Group) -> int:
        return 2 if not self._everywhere.isdisjoint(group) else int(not self._common.isdisjoint(group))

    def _every(self, node: AnyNode) -> list[Group]:
        return self._all(node.parts)

    def _all(self, parts: Sequence[AnyNode]) -> list[Group]:
        return [group for part in parts for group in self._groups(part)]

    def _ref(self, node: AnyNode) -> list[Group]:
        ref = cast(RefNode, node)
        target = ref.target(ref.item.rule)
        return self._groups(target) if target else [()]

    def _regex(self, node: AnyNode) -> list[Group]:
        needed = cast(RegexNode, node).needs
        self._common |= needed  # three letters stand in many words
        return [_group(needed)] if needed else []


def _possible(node: AnyNode, document: Document, known: dict[int, bool]) -> bool:
    """Could a node find something, if its words stood where they must? `known`: the nodes that were asked."""
    if id(node) not in known:
        known[id(node)] = _stands(node, document, known) and all(
            any(_possible(cast(AnyNode, part), document, known) for part in condition.parts)
            for condition in node.when.keep
        )
    return known[id(node)]


def _stands(node: AnyNode, document: Document, known: dict[int, bool]) -> bool:
    if isinstance(node, WordNode):
        return node.number in document.positions
    if isinstance(node, RegexNode):
        return not node.needs or not node.needs.isdisjoint(document.positions)
    if isinstance(node, RefNode):
        target = node.target(node.item.rule)
        return target is not None and _possible(target, document, known)
    if isinstance(node, AnyOfNode):
        return any(_possible(part, document, known) for part in node.candidates(document))
    among = any if isinstance(node, NameNode) else all
    return among(_possible(part, document, known) for part in node.parts)


_GROUPS: dict[type, Callable[[Candidates, AnyNode], list[Group]]] = {
    WordNode: Candidates._word,
    PhraseNode: Candidates._phrase,
    AnyOfNode: Candidates._any,
    NameNode: Candidates._any,
    AllOfNode: Candidates._every,
    NearNode: Candidates._every,
    RefNode: Candidates._ref,
    RegexNode: Candidates._regex,
}


def _group(atoms: Collection[Atom]) -> Group:
    return tuple(atoms) if len(atoms) <= SMALL else frozenset(atoms)


def _words(node: AnyNode) -> set[int]:
    """The words that a part of a phrase can be; none if it can be more than one word."""
    if isinstance(node, WordNode):
        return {node.number}
    if isinstance(node, AnyOfNode):
        each = [_words(part) for part in node.parts]
        return set().union(*each) if all(each) else set()
    return set()
