"""Lists: gathered from all files, built when first used, shared by all that splice them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import monitor.rules.tables as tables
from monitor.config import nodes
from monitor.config.nodes import Node, Scalar, Sequence
from monitor.rules.grammar import DEPTH_LIMIT, BuiltList, Grammar, Tally
from monitor.rules.reading import Reading
from monitor.types import Place

TERMS_LIMIT = 300_000  # of all lists: about ten seconds and 500 MB


@dataclass(slots=True)
class _Mark:
    """A place in a list of one term a line."""

    line: int
    column: int
    index: int


@dataclass(slots=True)
class _Source:
    """Where a list stands before it is built."""

    place: Place
    node: Node
    text: str  # of its file


class Lists:
    """All lists of a load."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sources: dict[str, _Source] = {}
        self.built: dict[str, BuiltList | None] = {}
        self.open: list[str] = []  # the lists that are being built, the outermost first
        self.used: set[str] = set()
        self.complete = True  # no file was unreadable: an unknown name is truly unknown
        self.terms = 0
        self.grammar = Grammar(reading, self.use)

    def add(self, name: str, place: Place, node: Node, text: str) -> None:
        """A list that a file defines."""
        if not re.fullmatch(tables.ID, name):
            self.reading.error(place, f"`{name[:60]}` cannot name a list", tables.ID_HINT)
        elif name in self.sources:
            first = self.sources[name].place
            self.reading.error(place, f"there are two lists `{name}`", f"the other stands at {first}: rename one")
        elif self._have_room(len(node.items) if isinstance(node, Sequence) else 1, place):
            self.sources[name] = _Source(place, node, text)

    def _have_room(self, terms: int, place: Place) -> bool:
        self.terms += terms
        if self.terms <= TERMS_LIMIT:
            return True
        self.complete = False
        message = f"with this list the lists have more than {TERMS_LIMIT:,} terms together"
        self.reading.error_once(place, message, "watch fewer: terms that nobody would miss cost time in every article")
        return False

    def add_lines(self, name: str, file: str, text: str) -> None:
        """A list with one term a line; blank lines and lines that begin with `# ` are skipped."""
        items: list[Node] = []
        offset = 0
        for number, line in enumerate(text.split("\n")):
            term = line.strip()
            if term and term != "#" and not term.startswith("# "):
                start = len(line) - len(line.lstrip())
                items.append(Scalar(file, _Mark(number, start, offset + start), offset + len(line), term, "line"))
            offset += len(line) + 1
        self.add(name, Place(file), Sequence(file, _Mark(0, 0, 0), len(text), items, False), text)

    def use(self, name: str, place: Place) -> BuiltList | None:
        """The list that is referred to at `place`; none after saying what is wrong."""
        self.used.add(name)
        if name in self.open:
            path = " → ".join([*self.open[self.open.index(name) :], name])
            self.reading.error(place, f"the list contains itself: {path}", "take one of them out")
        elif name not in self.sources:
            if self.complete:
                hint = self.reading.guess(name, self.sources) or _known(self.sources)
                self.reading.error(place, f"there is no list `{name}`", hint)
        elif name in self.built:
            return self.built[name]
        elif len(self.open) >= DEPTH_LIMIT:
            self.reading.error_once(
                place, f"lists stand more than {DEPTH_LIMIT} deep in each other", "join some of them"
            )
        else:
            return self._build(name)
        return None

    def _build(self, name: str) -> BuiltList | None:
        source, grammar = self.sources[name], self.grammar
        outer = grammar.tally, grammar.depth, grammar.text
        grammar.tally, grammar.depth, grammar.text = Tally(), 0, source.text
        self.open.append(name)
        items = grammar.items(source.node, name)
        self.open.pop()
        self.built[name] = BuiltList(source.place, items, grammar.tally) if items else None
        grammar.tally, grammar.depth, grammar.text = outer
        source.node, source.text = Sequence(source.place.file, None, 0, [], False), ""
        return self.built[name]

    def finish(self) -> None:
        """Builds what nothing refers to, so that its mistakes are told as well, and says that it is unused."""
        for name, source in self.sources.items():
            if name not in self.used and self.complete:
                self.reading.warn(source.place, f"no rule uses the list `{name}`", f"use it with `list: {name}`")
            if name not in self.built:
                self._build(name)


def _known(names: Mapping[str, object]) -> str:
    return "known are: " + ", ".join(islice(names, 10)) if names else "define it under `lists:`, or as lists/NAME.txt"


def named_lists(node: Node) -> list[tuple[Scalar, Node]]:
    """The pairs under `lists:` of a file."""
    lists = node.get("lists") if isinstance(node, nodes.Mapping) else None
    return lists.pairs if isinstance(lists, nodes.Mapping) else []
