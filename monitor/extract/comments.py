"""Readers' comments below a text, whatever stands above them: boxes that each begin with a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from monitor.extract.cards import FAR, HEADINGS
from monitor.extract.phrases import AGO, READERS, REPLY
from monitor.extract.plain import spelling
from monitor.extract.tree import shape, words_of

NAME = 30  # characters of a reader's name
LABEL = 60  # characters of what stands above comments
LONGEST = 3_000  # characters of a comment with what stands around it
_BOXES = ("div", "li", "article", "section")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENDS = (".", ":", "؟", "»", "،")


def comments(run: Any, holders: set[Any], chars: dict[Any, int]) -> list[Any]:
    """The comments behind a text with their heading: two boxes of one shape or more that begin with a name and tell how
    long ago or how to answer, or that a heading calls what readers say.
    """
    found: list[Any] = []
    for row in _rows(run, holders, chars) if run is not None else ():
        told = [list(islice(_pieces(box), FAR)) for box in row]
        named = [pieces for pieces in told if len(pieces) > 1 and _is_name(pieces[0])]
        label = _label(row[0])
        signed = sum(any(map(_is_sign, pieces[1:])) for pieces in named)
        if 3 * len(named) >= 2 * len(row) and (2 * signed >= len(row) or (label is not None and _of_readers(label))):
            found += [label, *row] if label is not None and label not in holders else row
    return found


def _rows(run: Any, holders: set[Any], chars: dict[Any, int]) -> Iterator[list[Any]]:
    """Boxes of one shape side by side in what stands behind the first paragraphs."""
    behind = (box for part in (run, *run.iterancestors()) for box in part.itersiblings() if box not in holders)
    inside = (box for box in run if box.tag in (*_BOXES, "ul", "ol"))
    for area in islice((*inside, *behind), FAR):
        for parent in area.iter(*_BOXES, "ul", "ol"):
            boxes = [box for box in islice(parent, FAR) if box.tag in _BOXES]
            row = [box for box in boxes if shape(box) == shape(boxes[-1])]
            if len(row) > 1 and all(0 < chars.get(box, 0) <= LONGEST for box in row):
                yield row


def _pieces(box: Any) -> Iterator[str]:
    return (text.strip() for text in box.itertext() if text.strip())


def _is_name(text: str) -> bool:
    short = len(text) <= NAME and text.count(" ") < 4
    return short and bool(_LETTERS.search(text)) and not text.endswith(_ENDS)


def _is_sign(text: str) -> bool:
    return len(text) <= LABEL and bool(AGO.fullmatch(spelling(text)) or REPLY.fullmatch(spelling(text)))


def _label(first: Any) -> Any:
    """The heading before a row, or before the box that it fills."""
    box = first
    while box.getprevious() is None and box.getparent() is not None and box.getparent().tag in (*_BOXES, "ul", "ol"):
        box = box.getparent()
    label = box.getprevious()
    text = words_of(label) if label is not None and label.tag in (*HEADINGS, "div", "p") else ""
    return label if 0 < len(text) <= LABEL and not text.endswith((".", "»", "،")) else None


def _of_readers(label: Any) -> bool:
    return bool(READERS.fullmatch(spelling(words_of(label))))
