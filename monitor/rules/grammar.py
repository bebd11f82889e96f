"""Nodes -> items of the rule language. What is wrong becomes a problem with its place; nothing is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import monitor.rules.tables as tables
import monitor.rules.terms as terms
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.rules.expression import (
    AllOf,
    AnyOf,
    Context,
    Item,
    Near,
    Phrase,
    RuleRef,
)
from monitor.rules.reading import Reading
from monitor.rules.slips import or_list, over_lines
from monitor.types import Place

DEPTH_LIMIT = 64  # items within items, lists counted
NEAR_LIMIT = 8  # items in any order: more have too many orders to try them all


@dataclass(slots=True)
class Tally:
    """What was met while something was built."""

    items: int = 0
    alls: int = 0
    depth: int = 0
    rules: dict[str, Place] = field(default_factory=dict)  # rule -> where it is referred to


@dataclass(frozen=True, slots=True)
class BuiltList:
    """A list's items, shared by all that splice it in."""

    place: Place
    items: tuple[Item, ...]
    tally: Tally


class Grammar:
    """Builds items. `use_list` gives a list by its name, or none after saying what is wrong."""

    def __init__(self, reading: Reading, use_list: Callable[[str, Place], BuiltList | None]) -> None:
        self.reading = reading
        self.use_list = use_list
        self.tally = Tally()
        self.depth = 0
        self.text = ""  # of the file that is being read

    def match(self, node: Node) -> Item | None:
        """What stands under `match`: kinds beside each other are ANDed, `not` vetoes."""
        if isinstance(node, Scalar) and not node.text:
            self.reading.error(node.place, "`match` is empty", "write behind it what is watched, or `any:` below it")
            return None
        vetoes: tuple[Item, ...] = ()
        if isinstance(node, Mapping) and (refused := node.get("not")) is not None:
            vetoes = self.items(refused, "not")
            node = replace(node, pairs=[(key, value) for key, value in node.pairs if key.text != "not"])
            if not node.pairs:
                hint = "write beside it what is watched, as `any:`"
                self.reading.error(node.place, "`match` says only what must not stand there", hint)
                return None
        kinds = [key for key, _ in node.pairs if key.text in tables.KINDS] if isinstance(node, Mapping) else []
        item = self._all_kinds(node, kinds) if isinstance(node, Mapping) and len(kinds) > 1 else self.item(node)
        if item is None or not vetoes:
            return item
        return AllOf(place=item.place, term=item.term, items=(item,), vetoes=vetoes)

    def _all_kinds(self, node: Mapping, kinds: list[Scalar]) -> Item | None:
        """Several kinds under `match`: an `all` of them; each option goes to the one kind that takes it."""
        names = [key.text for key in kinds]
        rest = {name: [pair for pair in node.pairs if pair[0].text == name] for name in names}
        shared: list[tuple[Scalar, Node]] = []
        for key, value in (pair for pair in node.pairs if pair[0].text not in names):
            takers = [name for name in names if key.text in tables.KINDS[name].options]
            if key.text == "in" or (key.text not in tables.OPTIONS and not takers):
                shared.append((key, value))
            elif len(takers) == 1:
                rest[takers[0]].append((key, value))
            else:
                hint = "put the kinds under `all:`, each after a dash, and the option beside its own"
                self.reading.error(key.place, f"to which of the kinds beside it does `{key.text}` belong?", hint)
        built = [self.item(replace(node, pairs=pairs, mark=pairs[0][0].mark)) for pairs in rest.values()]
        parts = tuple(item for item in built if item is not None)
        self.tally.alls += 1
        options = self._options(shared, "match")
        return AllOf(place=node.place, term=_summary(parts), items=parts, where=options.get("where")) if parts else None

    def items(self, node: Node, key: str, *, al: str = "any") -> tuple[Item, ...]:
        """The items of a list; empty only after a problem."""
        if not isinstance(node, Sequence):
            hint = "write each item on a line of its own, after a dash"
            if isinstance(node, Scalar) and node.text.startswith("-"):
                hint = "put a space behind each dash"
            elif key == "phrase":
                hint += "; or leave `phrase` out: a term with spaces is a phrase"
            self.reading.error(node.place, f"`{key}` takes a list", hint)
            return ()
        built = [self.item(each, al=al) for each in node.items if not self.is_comment(each)]
        if not built:
            self.reading.error(node.place, f"`{key}` has no items", "write each on a line of its own, after a dash")
        return tuple(item for item in built if item is not None)

    def is_comment(self, node: Node) -> bool:
        """An item that is empty because `#` made a comment of it."""
        if not isinstance(node, Scalar) or node.text or node.style:
            return False
        line = self.text[node.end : (self.text.find("\n", node.end) + 1 or len(self.text) + 1) - 1].strip()
        if not line.startswith("#"):
            return False
        hint = f"put it in quotes if it is a term: '{line[:40]}'"
        self.reading.warn(node.place, "this item is empty: `#` begins a comment, nothing of this line is watched", hint)
        return True

    def over_lines(self, node: Scalar, *, term: bool = True) -> None:
        """A text that goes on in the next line is mostly two: an error for a dash, a warning for a term."""
        for place, message, hint in over_lines(node, self.text):
            if place != node.place:
                self.reading.error(place, message, hint)
            elif term:
                self.reading.warn(place, message, hint)

    def item(self, node: Node, *, al: str = "any") -> Item | None:
        """One item: a scalar, or a mapping with one kind."""
        self.depth += 1
        self.tally.items += 1
        self.tally.depth = max(self.tally.depth, self.depth)
        try:
            if isinstance(node, Scalar):
                self.over_lines(node)
                return terms.typed(self.reading, node, node.text, al)
            if isinstance(node, Mapping):
                accident = self.accident(node)
                return terms.typed(self.reading, node, accident, al) if accident else self._mapping(node, al)
        finally:
            self.depth -= 1
        hint = "write before it how its items belong together: `any:`, `all:` or `phrase:`"
        self.reading.error(node.place, "a list stands where one item is expected", hint)
        return None

    def accident(self, node: Mapping) -> str:
        """The text that a colon made a mapping of."""
        if len(node.pairs) != 1 or node.pairs[0][0].text.isascii() or not isinstance(node.pairs[0][1], Scalar):
            return ""
        key = node.pairs[0][0]
        text = f"{key.text}: {node.pairs[0][1].text}"
        hint = f"put the whole text in quotes: '{text[:60]}'"
        self.reading.warn(key.place, "the `:` makes a key of what stands before it; read as text", hint)
        return text

    def _mapping(self, node: Mapping, al: str) -> Item | None:
        kinds = [(key, value) for key, value in node.pairs if key.text in tables.KINDS]
        rest = [(key, value) for key, value in node.pairs if key.text not in tables.KINDS]
        if len(kinds) > 1:
            hint = "write each after a dash of its own, under `any:` or `all:`"
            self.reading.error(
                kinds[1][0].place, f"an item has one kind, here are `{kinds[0][0].text}` and `{kinds[1][0].text}`", hint
            )
        elif not kinds:
            self._no_kind(node, rest)
        else:
            return self._kind(kinds[0][0], kinds[0][1], rest, al)
        return None

    def _no_kind(self, node: Mapping, rest: list[tuple[Scalar, Node]]) -> None:
        strange = [key for key, _ in rest if key.text not in _KNOWN]
        for key in strange:
            self.reading.unknown_key(key, "an item", [*tables.KINDS, *_KNOWN], _elsewhere(key.text))
        if not strange:
            self.reading.error(
                node.place, "this item doesn't say what to look for", f"it needs one of {or_list(tables.KINDS)}"
            )

    def _kind(self, key: Scalar, value: Node, rest: list[tuple[Scalar, Node]], al: str) -> Item | None:
        kind, alls = key.text, self.tally.alls
        options = self._options(rest, kind)
        inner_al = options.get("al", al) if kind == "phrase" else al
        built: Item | None = getattr(self, "_" + kind)(key, value, options, inner_al)
        if built is not None and kind in ("phrase", "near") and self.tally.alls > alls:
            self.reading.error(
                key.place,
                f"`all` cannot stand inside `{kind}`: it has no place in the text",
                "use `near`, or move it out",
            )
        self.tally.alls += kind == "all"
        general = {name: options[name] for name in ("where", "times", "keep", "drop") if name in options}
        return replace(built, **general) if built is not None and general else built

    def _options(self, pairs: Iterable[tuple[Scalar, Node]], kind: str) -> dict[str, Any]:
        """The options that stand beside a kind, or under `match`, read."""
        own = tables.KINDS[kind].options if kind in tables.KINDS else {}
        found: dict[str, Any] = {}
        for key, value in pairs:
            name = key.text
            if name in ("if", "unless"):
                found["keep" if name == "if" else "drop"] = self.condition(value, name)
            elif name in own or name in tables.OPTIONS:
                meant = self._value(value, name, (own.get(name) or tables.OPTIONS[name]).shape)
                if meant is not None:
                    found["where" if name == "in" else name] = meant
            elif name in _KNOWN:
                takers = [f"`{k}`" for k, v in tables.KINDS.items() if name in v.options]
                self.reading.error(
                    key.place, f"`{name}` says nothing about `{kind}`", f"it goes with {', '.join(takers)}"
                )
            else:
                known = [*own, *tables.OPTIONS, *(("not", *tables.KINDS) if kind == "match" else ())]
                self.reading.unknown_key(key, f"`{kind}`", known, _elsewhere(name), tables.KINDS)
        return found

    def _value(self, node: Node, key: str, shape: tables.Shape) -> Any:
        if isinstance(shape, tables.Choice):
            return self.reading.choice(node, key, shape)
        if isinstance(shape, tables.Count):
            return self.reading.count(node, key, shape)
        assert shape == "texts", shape
        return tuple(each.text.strip() for each in self.reading.texts(node, key))

    def condition(self, node: Node, key: str) -> tuple[Context, ...]:
        """What stands under `if` or `unless`. Not counted as part of what surrounds it."""
        alls = self.tally.alls
        try:
            if isinstance(node, Mapping):
                return self._places(node, key)
            items = self.items(node, key)
            self._no_all(alls, node.place, "next to a word")
            return (Context(place=node.place, at=("next", "previous", "inside"), items=items),) if items else ()
        finally:
            self.tally.alls = alls

    def _places(self, node: Mapping, key: str) -> tuple[Context, ...]:
        if any(name.text in tables.KINDS for name, _ in node.pairs):
            self.reading.error(
                node.place, f"`{key}` takes a list, or places such as `next`", "put a dash before the item"
            )
            return ()
        pairs = self.reading.pairs(node, f"`{key}`", tables.CONDITION)
        within = 0
        if "within" in pairs:
            name, value = pairs.pop("within")
            within = int(self.reading.count(value, "within", tables.Count(0)) or 0)
            if not {"next", "previous"} & set(pairs):
                self.reading.error(name.place, "`within` goes with `next` or `previous`", "name one of them beside it")
        found = []
        for place, (name, value) in pairs.items():
            alls = self.tally.alls
            items = self.items(value, place)
            if place != "article":
                self._no_all(alls, name.place, f"at `{place}`")
            if items:
                window = within if place in ("next", "previous") else 0
                found.append(Context(place=name.place, at=(place,), items=items, within=window))  # type: ignore[arg-type]
        if not node.pairs:
            self.reading.error(node.place, f"`{key}` is empty", f"write a list, or one of {or_list(tables.PLACES)}")
        return tuple(found)

    def _no_all(self, before: int, place: Place, where: str) -> None:
        if self.tally.alls > before:
            self.reading.error(
                place, f"`all` cannot stand {where}: it has no place in the text", "it can stand under `article:`"
            )

    def _word(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        return terms.word(self.reading, key.text, node, options, al)

    _exact = _family = _word

    def _phrase(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        items = self.items(node, "phrase", al=al)
        term = " ".join(item.term for item in items)
        return Phrase(place=key.place, term=term, items=items, gap=options.get("gap", 0)) if items else None

    def _any(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        items, least = self.items(node, "any", al=al), options.get("at_least", 1)
        if least > 1:
            items = tuple(part for item in items for part in self._spliced(item))
        if items and least > len(items):
            self.reading.error(key.place, f"`at_least: {least}` can never be: there are {len(items)} items")
        return AnyOf(place=key.place, term=_summary(items), items=items, at_least=least) if items else None

    def _spliced(self, item: Item) -> tuple[Item, ...]:
        """A list without options of its own counts as its items, another item as one."""
        options = item.where or item.keep or item.drop or item.times > 1
        return item.items if isinstance(item, AnyOf) and item.name and not options else (item,)

    def _all(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        items = self.items(node, "all")
        return AllOf(place=key.place, term=_summary(items), items=items) if items else None

    def _near(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        if not isinstance(node, Mapping):
            self.reading.error(
                node.place,
                "`near` has keys of its own",
                "write `of:` below it, and the list below that; `within:` beside `of:`",
            )
            return None
        pairs = self.reading.pairs(node, "`near`", tables.NEAR)
        if "of" not in pairs:
            self.reading.error(
                node.place, "`near` lacks `of`", "write below it what stands close together, two items or more"
            )
            return None
        of = pairs["of"][1]
        items = self.items(of, "of")
        if isinstance(of, Sequence) and len(of.items) == 1:
            self.reading.error(pairs["of"][0].place, "`near` needs two items or more", "one alone is near nothing")
        given: dict[str, Any] = {}
        if "within" in pairs:
            given["within"] = self._value(pairs["within"][1], "within", tables.NEAR["within"].shape)
        if "order" in pairs:
            given["order"] = self.reading.yes_no(pairs["order"][1], "order")
        given = {name: value for name, value in given.items() if value is not None}
        if len(items) > NEAR_LIMIT and isinstance(given.get("within"), int) and not given.get("order"):
            hint = "group them with `any:`, or write `order: yes`, or `within: sentence`"
            message = f"`near` within words takes {NEAR_LIMIT} items, here are {len(items)}"
            self.reading.error(pairs["of"][0].place, message, hint)
        return (
            Near(place=key.place, term=" … ".join(item.term for item in items), items=items, **given) if items else None
        )

    def _list(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        name = self.reading.text(node, "list")
        built = self.use_list(name, node.place) if name is not None else None
        if name is None or built is None:
            return None
        self.tally.items += built.tally.items
        self.tally.alls += built.tally.alls
        self.tally.depth = max(self.tally.depth, self.depth + built.tally.depth)
        for rule in built.tally.rules:
            self.tally.rules.setdefault(rule, node.place)
        if self.tally.depth > DEPTH_LIMIT:
            self.reading.error_once(
                node.place,
                f"items stand more than {DEPTH_LIMIT} deep in each other here",
                "make rules of the inner parts and name them with `rule:`",
            )
            return None
        return AnyOf(place=node.place, term=name, name=name, items=built.items)

    def _rule(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        name = self.reading.text(node, "rule")
        if name is None:
            return None
        self.tally.rules.setdefault(name, node.place)
        return RuleRef(place=node.place, term=name, rule=name)

    def _regex(self, key: Scalar, node: Node, options: dict[str, Any], al: str) -> Item | None:
        return terms.regex(self.reading, node)


_KNOWN = {*tables.OPTIONS, *(name for kind in tables.KINDS.values() for name in kind.options)}


def _elsewhere(key: str) -> str:
    """Where a key belongs that stands in the wrong place."""
    if key == "not":
        return "`not` stands directly under `match`; to drop single occurrences use `unless`"
    if key in tables.NEAR:
        return f"`{key}` stands under `near:`" + (", or beside `next:` and `previous:`" if key == "within" else "")
    if key in tables.CONDITION:
        return f"`{key}` stands under `if:` or `unless:`"
    if key in tables.RULE:
        return f"`{key}` stands on the rule, beside `match`"
    return ""


def _summary(items: tuple[Item, ...]) -> str:
    """The first terms, for a person."""
    return ", ".join(item.term for item in items[:3])[:120] + (", …" if len(items) > 3 else "")
