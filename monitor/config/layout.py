"""A file in its canonical form: two spaces a level, one item a line, no brackets; comments and blank lines stay."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from monitor.config.nodes import Mapping, Node, Scalar, Sequence, parse
from monitor.config.quoting import block, quoted
from monitor.errors import ConfigError

_COMMENT = re.compile(r"#[^\n]*")
_FOLLOWING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*([ ]*)(?=[^\s#])")
_ONLY_REMARKS = re.compile(r"[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*")


def format_text(text: str) -> str:
    """`text` in its canonical form, which means the same. Raises ConfigError where it cannot be read."""
    crlf = "\r\n" in text
    source = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root = sound(source)
    laid_out = _Writer(source, root).write()
    if not same(root, sound(laid_out)) or _remarks(source, root) != _remarks(laid_out, sound(laid_out)):
        return text  # rather as it was than not as it was meant
    return laid_out.replace("\n", "\r\n") if crlf else laid_out


def sound(text: str) -> Node:
    """The node of a text that has no errors; raises ConfigError with them."""
    node, problems = parse(text, "")
    errors = [problem for problem in problems if problem.level == "error"]
    if node is None or errors:
        raise ConfigError(errors)
    return node


def same(one: Node, other: Node) -> bool:
    """Whether two nodes have the same keys, items and texts."""
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    if isinstance(one, Mapping) and isinstance(other, Mapping) and len(one.pairs) == len(other.pairs):
        pairs = zip(one.pairs, other.pairs, strict=True)
        return all(a.text == b.text and same(x, y) for (a, x), (b, y) in pairs)
    return False


def leaves(node: Node) -> list[Node]:
    """All scalars below a node, keys among them, in the order of the file."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Mapping):
        return [leaf for key, value in node.pairs for leaf in (key, *leaves(value))]
    assert isinstance(node, Sequence)
    return [leaf for item in node.items for leaf in leaves(item)]


@dataclass(slots=True)
class _Remark:
    """A comment. `column` is none where something stands before it on its line."""

    offset: int
    column: int | None
    text: str


def _gathered(text: str, root: Node) -> list[_Remark]:
    """The comments: what begins with # between the scalars."""
    found: list[_Remark] = []
    position = 0
    for leaf in [*leaves(root), None]:
        stop = len(text) if leaf is None else leaf.start
        for each in _COMMENT.finditer(text, position, stop):
            begin = text.rfind("\n", 0, each.start()) + 1
            own = not text[begin : each.start()].strip()
            found.append(_Remark(each.start(), each.start() - begin if own else None, each[0].rstrip()))
        position = max(position, stop if leaf is None else leaf.end)
    return found


def _remarks(text: str, root: Node) -> list[str]:
    return [remark.text for remark in _gathered(text, root)]


class _Writer:
    """Writes a node's lines, and each comment where it belongs."""

    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        self.root = root
        self.remarks = _gathered(text, root)[::-1]  # the next one last
        self.lines: list[str] = []
        self.done = 0  # where what was written last ends in the text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def write(self) -> str:
        self._collection(self.root, 0, "")
        self._flush(len(self.text) + 1, 0)
        return "\n".join(self.lines) + "\n"

    def _collection(self, node: Node, indent: int, lead: str) -> None:
        """Each pair or item on lines of its own; `lead` is what the first line begins with, dashes and all."""
        prefix = lead
        if isinstance(node, Mapping):
            for key, value in node.pairs:
                self._line(key.start, prefix, self._key(key) + ":")
                prefix = " " * indent
                self._trailing(key.end, value.start)
                self._value(value, indent)
                if isinstance(value, Scalar) and not value.text:
                    self._flush_inner(indent + 2, key.mark.column + 1)
        elif isinstance(node, Sequence):
            for item in node.items:
                self._item(item, indent, prefix)
                prefix = " " * indent
        if isinstance(node, Mapping | Sequence) and not node.flow:
            self._flush_inner(indent, node.mark.column)

    def _item(self, item: Node, indent: int, prefix: str) -> None:
        if isinstance(item, Scalar) or _is_empty(item):
            self._line(item.start, prefix, "-")
            self._value(item, indent)
        else:
            self._collection(item, indent + 2, prefix + "- ")

    def _value(self, value: Node, indent: int) -> None:
        """A value behind its key or dash, in the same line or below."""
        if isinstance(value, Scalar):
            first, *rest = self._scalar(value, indent + 2)
            self.lines[-1] += f" {first}" if first else ""
            self._trailing(value.end, len(self.text))
            self.lines += rest
        elif _is_empty(value):
            self.lines[-1] += " {}" if isinstance(value, Mapping) else " []"
            self._trailing(value.end, len(self.text))
        else:
            self._collection(value, indent + 2, " " * (indent + 2))

    def _line(self, offset: int, prefix: str, content: str) -> None:
        """Begins a line for what stands at `offset`, after the comments before it."""
        self._flush(offset, len(prefix) - len(prefix.lstrip(" ")) if prefix.strip() else len(prefix))
        self._blank(offset)
        self.lines.append(prefix + content)

    def _flush(self, offset: int, indent: int) -> None:
        """The comments before `offset`, on lines of their own."""
        while self.remarks and self.remarks[-1].offset < offset:
            remark = self.remarks.pop()
            self._blank(remark.offset)
            self.lines.append(" " * indent + remark.text)

    def _flush_inner(self, indent: int, column: int) -> None:
        """The comments right behind a collection that stand in its column, where what follows stands further out."""
        while self.remarks and 0 < column <= (self.remarks[-1].column or 0):
            offset = self.remarks[-1].offset
            following = _FOLLOWING.match(self.text, offset)
            if following is not None and len(following[1]) >= column:
                return
            if not _ONLY_REMARKS.fullmatch(self.text, self.done, offset):
                return
            self._flush(self.remarks[-1].offset + 1, indent)

    def _blank(self, offset: int) -> None:
        """A blank line where one stood before the line of `offset`."""
        number = bisect_right(self.starts, offset) - 1
        begin = self.starts[number]
        if number == 0 or not self.lines or not self.lines[-1] or self.text[begin:offset].strip(" \t-?"):
            return
        if not self.text[self.starts[number - 1] : begin].strip():
            self.lines.append("")

    def _trailing(self, offset: int, before: int) -> None:
        """A comment behind what ends at `offset`, in the same line."""
        self.done = max(self.done, offset)
        stop = self.text.find("\n", max(offset - 1, 0))
        stop = min(before, len(self.text) if stop < 0 else stop)
        if self.remarks and self.remarks[-1].column is None and self.remarks[-1].offset < stop:
            self.lines[-1] += "  " + self.remarks.pop().text

    def _key(self, key: Scalar) -> str:
        raw = self.text[key.start : key.end]
        return quoted(key.text) if "\n" in raw or not raw else raw

    def _scalar(self, node: Scalar, indent: int) -> list[str]:
        """A scalar's lines as typed, the later ones moved to `indent`."""
        raw = self.text[node.start : node.end]
        if node.style in ("|", ">"):
            return self._block(node, raw, indent)
        if "\n" not in raw:
            return [raw]
        if node.plain:
            return [quoted(node.text)]
        first, *rest = raw.split("\n")
        return [first.rstrip(), *((" " * indent + line.strip()).rstrip() for line in rest)]

    def _block(self, node: Scalar, raw: str, indent: int) -> list[str]:
        """A text below `|` or `>`, moved as a whole."""
        head, _, body = raw.partition("\n")
        if re.match(r"[|>][-+]?\d|[|>][-+]?\+", head):
            return block(node.text, indent)
        lines = body.rstrip().split("\n")
        margin = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
        return [head.rstrip(), *(" " * indent + line[margin:] if line.strip() else "" for line in lines)]


def _is_empty(node: Node) -> bool:
    return (isinstance(node, Mapping) and not node.pairs) or (isinstance(node, Sequence) and not node.items)
