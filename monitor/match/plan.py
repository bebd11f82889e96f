"""Rules made ready: their items as nodes, the words of all of them in one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from monitor.arabic import PlaceInPhrase
from monitor.match.conditions import Condition
from monitor.match.joined import Name, name_of, names_in
from monitor.match.nodes import (
    AllOfNode,
    AnyNode,
    AnyOfNode,
    Conditions,
    Index,
    NameNode,
    NearNode,
    Node,
    PhraseNode,
    RefNode,
    RegexNode,
    WordNode,
)
from monitor.match.vocabulary import Vocabulary
from monitor.rules.expression import AllOf, AnyOf, Context, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.types import Rule

_ALWAYS = Conditions()
LONG = 6  # items of an `any` or list from which on it gets an index


class Plan:
    """The compiled rules of a set."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.vocabulary = Vocabulary()
        self.rules = tuple(rules.values())
        self._lists: dict[tuple[int, PlaceInPhrase], tuple[tuple[AnyNode, ...], Index | None]] = {}
        self.roots: dict[str, AnyNode] = {}
        self.raises: dict[str, tuple[AnyNode, ...]] = {}
        for rule in self.rules:
            self.roots[rule.id] = self.node(cast(Item, rule.match))
            if rule.raises:
                self.raises[rule.id] = tuple(self.node(cast(Item, r.condition)) for r in rule.raises)
        self._lists.clear()
        self.vocabulary.close()

    def node(self, item: Item, place: PlaceInPhrase = "alone") -> AnyNode:
        """The node of an item. Within phrases words take other forms: `place` says where the item stands."""
        return cast(AnyNode, _MAKERS[type(item)](self, item, place))

    def nodes(self, items: Iterable[Item], place: PlaceInPhrase = "alone") -> tuple[AnyNode, ...]:
        return tuple(self.node(item, place) for item in items)

    def conditions(self, item: Item) -> Conditions:
        """An item's `if` and `unless`; what they look for stands by itself."""
        if not item.keep and not item.drop:
            return _ALWAYS
        return Conditions(self._contexts(item.keep), self._contexts(item.drop))

    def _contexts(self, contexts: tuple[Context, ...]) -> tuple[Condition, ...]:
        return tuple(Condition(c, self.nodes(c.items)) for c in contexts)

    def word(self, item: Word, place: PlaceInPhrase) -> Node[Any]:
        name = name_of(item, alone=place == "alone")
        return cast(Node[Any], self._name(name, place) if name else self._word(item, place))

    def _word(self, item: Word, place: PlaceInPhrase) -> WordNode:
        return WordNode(item, self.vocabulary.number(item, place), place, self.conditions(item))

    def phrase(self, item: Phrase, place: PlaceInPhrase) -> PhraseNode:
        items = item.items if item.gap else names_in(item.items, alone=place == "alone")
        parts = [self._part(part, "rest" if at else _first(place)) for at, part in enumerate(items)]
        return PhraseNode(item, tuple(parts), self.conditions(item))

    def _part(self, part: Item | Name, place: PlaceInPhrase) -> AnyNode:
        return cast(AnyNode, self._name(part, place)) if isinstance(part, Name) else self.node(part, place)

    def _name(self, name: Name, place: PlaceInPhrase) -> NameNode:
        first, second = cast(tuple[Word, Word], name.two.items)
        words = self._word(first, _first(place)), self._word(second, "rest")
        two = PhraseNode(name.two, cast(tuple[AnyNode, ...], words), _ALWAYS)
        return NameNode(name.one, cast(tuple[AnyNode, ...], (two, self._word(name.one, place))), _ALWAYS)

    def any_of(self, item: AnyOf, place: PlaceInPhrase) -> Node[Any]:
        """A list's parts are made once, however many rules name it; where there is only one, it needs no node above."""
        shelf = (id(item.items), place)
        if shelf not in self._lists:
            parts = self.nodes(item.items, place)
            self._lists[shelf] = parts, Index(parts) if len(parts) >= LONG else None
        parts, index = self._lists[shelf]
        return parts[0] if len(parts) == 1 and _bare(item) else AnyOfNode(item, parts, index, self.conditions(item))

    def all_of(self, item: AllOf, place: PlaceInPhrase) -> Node[Any]:
        parts = self.nodes(item.items)
        if len(parts) == 1 and not item.vetoes and _bare(item):
            return parts[0]
        return AllOfNode(item, parts, self.nodes(item.vetoes), self.conditions(item))

    def near(self, item: Near, place: PlaceInPhrase) -> NearNode:
        return NearNode(item, self.nodes(item.items), self.conditions(item))

    def regex(self, item: Regex, place: PlaceInPhrase) -> RegexNode:
        node = RegexNode(item, self.conditions(item))
        self.vocabulary.grams |= node.needs
        return node

    def ref(self, item: RuleRef, place: PlaceInPhrase) -> RefNode:
        return RefNode(item, self.roots.get, self.conditions(item))


def _first(place: PlaceInPhrase) -> PlaceInPhrase:
    """Where a phrase's first word stands."""
    return "rest" if place == "rest" else "first"


def _bare(item: Item) -> bool:
    return not (item.where or item.times > 1 or item.keep or item.drop or getattr(item, "at_least", 1) > 1)


_MAKERS: dict[type[Item], Callable[[Plan, Any, PlaceInPhrase], Any]] = {
    Word: Plan.word,
    Phrase: Plan.phrase,
    AnyOf: Plan.any_of,
    AllOf: Plan.all_of,
    Near: Plan.near,
    Regex: Plan.regex,
    RuleRef: Plan.ref,
}
