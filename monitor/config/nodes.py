"""Files as nodes that know where they stand: the only reader of YAML.

Scalars stay the text that was typed (`136`, `no`, `0136`). Read as a stream of events, so that nesting is counted and
refused before anything recurses on it, and anchors, aliases and tags are seen where they really are, not in a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import monitor.config.syntax as syntax
from monitor.types import Place, Problem

SIZE_LIMIT = 1 << 20  # bytes of a file
DEPTH_LIMIT = 32
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C loader is 6 times faster
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Line separators to YAML, nothing to an editor: as spaces they cannot shift the lines of what follows.
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
# What a web page gives for a space: in front of a line an editor shows it as one, so it is one.
_NO_BREAK = "\u00a0"
_INDENT = re.compile(r"^[ \u00a0]+", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Node:
    """A value in a file; `start` and `end` are offsets into the text that was parsed."""

    file: str
    mark: Any
    end: int

    @property
    def place(self) -> Place:
        return Place(self.file, self.mark.line + 1, self.mark.column + 1)

    @property
    def start(self) -> int:
        offset: int = self.mark.index
        return offset

    @property
    def line(self) -> int:
        """Counted from 1."""
        line: int = self.mark.line
        return line + 1


@dataclass(slots=True, eq=False)
class Scalar(Node):
    """A single value, as text. `style` is the quote, `|` or `>`; empty where it was typed plainly."""

    text: str
    style: str

    @property
    def plain(self) -> bool:
        return not self.style


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """A list. `flow` says that it is written in brackets."""

    items: list[Node]
    flow: bool


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """Keys with their values, in the order of the file; a key that is given twice stands here once."""

    pairs: list[tuple[Scalar, Node]]
    flow: bool

    def get(self, key: str) -> Node | None:
        """The value of `key`."""
        return next((value for name, value in self.pairs if name.text == key), None)


class _Stop(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, place: Place, message: str, hint: str) -> None:
        self.problem = Problem(place=place, message=message, hint=hint)


def read(path: Path) -> tuple[Node | None, list[Problem]]:
    """The node of a file; what is wrong with it stands in the problems, and nothing is raised."""
    text, problems = read_text(path)
    if problems:
        return None, problems
    return parse(text, shown(path))


def shown(path: Path) -> str:
    """A path as people are told it: from the working directory where it lies below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a UTF-8 file of at most 1 MB, without a byte order mark."""
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        return "", [_problem(path, f"cannot be read: {error.strerror or error}")]
    if len(data) > SIZE_LIMIT:
        return "", [
            _problem(path, "is larger than 1 MB", "split it: every *.yaml and lists/*.txt of the folder is read")
        ]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [_problem(path, "is not UTF-8", "save it again with the encoding UTF-8", line)]


def _problem(path: Path, message: str, hint: str = "", line: int = 1) -> Problem:
    return Problem(place=Place(shown(path), line), message=f"the file {message}", hint=hint)


def parse(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The node of a text. `file` names it in the places."""
    text = _SEPARATOR.sub(" ", text.removeprefix("\ufeff"))
    if _NO_BREAK in text:
        text = _INDENT.sub(lambda found: found[0].replace(_NO_BREAK, " "), text)
    problems = syntax.hidden_marks(text, file)
    bad = _UNPRINTABLE.search(text)
    if bad is not None:
        return None, [*problems, syntax.unprintable(text, bad.start(), file)]
    try:
        return _tree(text, file, problems), problems
    except _Stop as stop:
        problems.append(stop.problem)
    except yaml.MarkedYAMLError as error:
        problems.append(syntax.explain(error, text, file))
    except (yaml.YAMLError, UnicodeError) as error:
        problems.append(Problem(place=Place(file), message=f"cannot be read as YAML: {error}"))
    return None, problems


def _tree(text: str, file: str, problems: list[Problem]) -> Node:
    """Builds the one document of a text from its events."""
    loader = _LOADER(text)
    try:
        return _document(loader.get_event, file, problems)
    finally:
        loader.dispose()


def _document(next_event: Any, file: str, problems: list[Problem]) -> Node:
    root: list[Node] = []
    open_: list[tuple[Sequence | Mapping | None, list[Node]]] = []
    owner: Sequence | Mapping | None = None
    nodes = root  # of the innermost open collection; of a mapping its keys and values in turn
    while True:
        event = next_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            nodes.append(Scalar(file, event.start_mark, event.end_mark.index, event.value, event.style or ""))
            if event.anchor is None and event.tag is None:
                continue
        elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
            open_.append((owner, nodes))
            owner = _collection(event, file, len(open_))
            nodes.append(owner)
            nodes = []
        elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
            assert owner is not None
            _close(owner, nodes, event, problems)
            owner, nodes = open_.pop()
            continue
        elif kind is yaml.StreamEndEvent:
            break
        elif kind is yaml.DocumentStartEvent and root:
            raise _Stop(_place(event, file), "a second document begins here", "a file holds one: delete the `---`")
        _refuse_indirection(event, file, problems)
    if not root or (isinstance(root[0], Scalar) and not root[0].text):
        raise _Stop(Place(file), "the file is empty", "a file begins with `rasid: 1`; delete it if it isn't needed")
    return root[0]


def _collection(event: Any, file: str, depth: int) -> Sequence | Mapping:
    if depth > DEPTH_LIMIT:
        raise _Stop(
            _place(event, file),
            f"nested deeper than {DEPTH_LIMIT} levels",
            "make a list or a rule of its own of the inner part",
        )
    kind = Sequence if type(event) is yaml.SequenceStartEvent else Mapping
    return kind(file, event.start_mark, 0, [], bool(event.flow_style))


def _close(owner: Sequence | Mapping, nodes: list[Node], event: Any, problems: list[Problem]) -> None:
    owner.end = event.end_mark.index
    if isinstance(owner, Sequence):
        owner.items = nodes
    else:
        owner.pairs = _pairs(nodes, problems)


def _pairs(nodes: list[Node], problems: list[Problem]) -> list[tuple[Scalar, Node]]:
    """Keys with their values; the first of a key that is given twice is taken."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(nodes[::2], nodes[1::2], strict=True):
        if isinstance(key, Scalar) and not key.text.isascii():
            key.text = key.text.strip(syntax.HIDDEN)  # of which a warning tells
        if not isinstance(key, Scalar):
            problems.append(
                Problem(place=key.place, message="a list or a mapping cannot be a key", hint="put the text in quotes")
            )
        elif key.text in found:
            first = found[key.text][0]
            hint = f"it stands already in line {first.line}: put both under one key or delete one"
            problems.append(Problem(place=key.place, message=f"`{key.text}` is given twice", hint=hint))
        else:
            found[key.text] = (key, value)
    return list(found.values())


def _refuse_indirection(event: Any, file: str, problems: list[Problem]) -> None:
    """Anchors, aliases and tags: a text that begins with one of their signs needs quotes."""
    sign, name = "", ""
    if type(event) is yaml.AliasEvent:
        raise _Stop(_place(event, file), f"`*{event.anchor}` refers to another place of the file", _QUOTES.format("*"))
    if getattr(event, "anchor", None):
        sign, name = "&", event.anchor
    elif getattr(event, "tag", None):
        sign, name = "!", event.tag.removeprefix("!")
    if sign:
        message = f"`{sign}{name}` is YAML for something that Rasid's files don't have"
        problems.append(Problem(place=_place(event, file), message=message, hint=_QUOTES.format(sign)))


_QUOTES = "if it is meant as text, put it in quotes; a text may not begin with {}"


def _place(event: Any, file: str) -> Place:
    return Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
