"""A mapping of a file, taken key by key; what is wrong or left over becomes a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as TableOf
from typing import Any, TypeVar

from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.suggest import did_you_mean
from monitor.config.tables import Key
from monitor.types import Place, Problem

T = TypeVar("T")


class Fields:
    """The keys of one mapping. `problems` is shared by all of a load; nothing here raises."""

    def __init__(self, node: Node | None, problems: list[Problem], what: str, place: Place) -> None:
        self.place = place  # where to complain of the whole
        self.problems = problems
        self.what = what  # "a feed"; said where a key is unknown
        self.known: set[str] = set()
        self.readable = True
        self.pairs = {key.text: (key, value) for key, value in _pairs(node)}
        if node is not None and not isinstance(node, Mapping) and not _empty(node):
            self.readable = False
            self.error(node.place, f"{what} is written as `key: value` lines", _advice(node, place))

    def error(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, message=message, hint=hint))

    def warn(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, message=message, hint=hint, level="warning"))

    def node(self, key: str) -> Node | None:
        """The value of `key`; none where it is absent or empty. Marks the key as known."""
        self.known.add(key)
        value = self.pairs[key][1] if key in self.pairs else None
        return None if value is None or _empty(value) else value

    def place_of(self, key: str) -> Place:
        return self.pairs[key][1].place if key in self.pairs else self.place

    def one(self, key: str, parse: Callable[[str], T], default: T) -> T:
        """A single value."""
        node = self.node(key)
        if node is None:
            return default
        if not isinstance(node, Scalar):
            self.error(node.place, f"`{key}` takes one value, not a list or a mapping")
            return default
        found = list(self._parsed([node], lambda text: [parse(text)], key))
        return found[0] if found else default

    def many(self, key: str, parse: Callable[[str], Iterable[T]]) -> tuple[T, ...]:
        """One value or a list of them; each may stand for several."""
        node = self.node(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else [node]
        return tuple(self._parsed(items, parse, key))

    def read(self, table: TableOf[str, Key], defaults: TableOf[str, object]) -> dict[str, Any]:
        """All keys of a table; what is absent or wrong has its default, or is an empty tuple where many may stand."""
        return {
            key: self.many(key, what.form.read) if what.many else self.one(key, what.form.read, defaults.get(key))
            for key, what in table.items()
        }

    def within(self, key: str, what: str) -> Fields:
        """The mapping under `key`; empty where it is absent."""
        place = self.pairs[key][0].place if key in self.pairs else self.place
        return Fields(self.node(key), self.problems, what, place)

    def each(self, what: str) -> Iterator[tuple[str, Fields]]:
        """Every pair, as its key and the mapping under it: for keys that are ids."""
        for key, value in self.pairs.values():
            self.known.add(key.text)
            yield key.text, Fields(value, self.problems, what, key.place)

    def done(self) -> None:
        """Everything was taken: what is left is unknown."""
        for key, _ in self.pairs.values():
            if key.text not in self.known:
                hint = did_you_mean(key.text, self.known) or "known are: " + ", ".join(sorted(self.known))
                self.error(key.place, f"{self.what} has no key `{key.text}`", hint)

    def _parsed(self, nodes: Iterable[Node], parse: Callable[[str], Iterable[T]], key: str) -> Iterator[T]:
        for node in nodes:
            if not isinstance(node, Scalar):
                self.error(node.place, f"`{key}` takes plain values")
                continue
            try:
                yield from parse(node.text)
            except ValueError as error:
                self.error(node.place, f"`{key}`: {error}")


def _advice(node: Node, place: Place) -> str:
    """What to do where a text or a list stands instead of keys."""
    if isinstance(node, Sequence):
        return "write no dash: an id of your own and a `:`, and its keys below that, two spaces further in"
    if isinstance(node, Scalar) and (tight := re.match(r"([a-z_]+):(?!//)(\S[^\n]*)", node.text)):
        return f"a space belongs behind the `:`, as `{tight[1]}: {tight[2][:60]}`"
    if isinstance(node, Scalar) and "://" in node.text:
        return "write `url:` and the address on a line below it, two spaces further in"
    return "each on a line of its own below it, two spaces further in"


def _pairs(node: Node | None) -> Iterable[tuple[Scalar, Node]]:
    return node.pairs if isinstance(node, Mapping) else ()


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and (not node.text or (node.plain and node.text in ("~", "null")))
