"""Captions that only stand with a picture: no tag and no name tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from monitor.extract.cards import HEADINGS, KEPT
from monitor.extract.measure import Measured
from monitor.extract.tree import BLOCKS, own_chars, words_of

TEXT = 200  # characters of long paragraphs on a page whose captions can be told from its text
PRINTED, PLAIN = 200, 130  # characters of a caption in small or slanting letters, and in ordinary ones
_LETTERS = ("em", "i", "small", "cite")
_ICON = re.compile(r"emoji|smil|icon|avatar|logo|flag", re.IGNORECASE)
_TINY = re.compile("0*[0-4]?[0-9](?:px)?")  # a width below 50 pixels
_ENDS = (".", ":", "؟", "!", "…", "»", "”", '"')


def pictures(tree: Any) -> list[Any]:
    """The blocks that pictures stand in; to be looked for while the tree still has them."""
    shown = [image for image in tree.iter("img", "picture", "amp-img") if not _ICON.search(_names(image))]
    blocks = (next((part for part in image.iterancestors() if part.tag in BLOCKS), None) for image in shown)
    return list(dict.fromkeys(block for block in blocks if block is not None))


def captions(blocks: list[Any], holders: set[Any], run: Any, measured: Measured) -> list[Any]:
    """The captions of the pictures in some blocks: a line without an end beside or below a picture; where editors leave
    the ends of their paragraphs open too, in small or slanting letters.
    """
    if measured.weight.get(measured.elements[0], 0) < TEXT:
        return []
    near = {part for block in blocks for part in _below(block, holders, measured) if measured.chars[part] <= PRINTED}
    closed = bool(near) and ends_closed(run)
    found = {part for part in near if _is_caption(part, closed)}
    told = sum(measured.chars[part] for part in found)
    if 2 * told > measured.weight[measured.elements[0]]:
        return []  # the page tells its story in them
    return [element for element in measured.elements if element in found and element not in holders]


def _names(image: Any) -> str:
    small = _TINY.fullmatch(image.get("width") or "")
    return f"{image.get('class') or ''} {'icon' if small else ''}"


def ends_closed(run: Any) -> bool:
    """Whether paragraphs end as sentences do."""
    lines = [words_of(part) for part in islice(run, TEXT)] if run is not None else []
    long = [line for line in lines if len(line) > PLAIN / 2]
    return 2 * sum(line.endswith(_ENDS) for line in long) > len(long)


def _below(block: Any, holders: set[Any], measured: Measured) -> Iterator[Any]:
    """The smallest box around a picture that says something, and a block in slanting letters right below it."""
    box = block
    while measured.chars.get(box, 0) == 0:
        below, parent = box.getnext(), box.getparent()
        if (
            below is not None
            and below.tag in ("p", "div")
            and 0 < measured.chars.get(below, 0) <= PRINTED
            and _in_letters(below)
        ):
            yield below
            return
        if parent is None or parent in holders or parent.tag in KEPT:
            return
        box = parent
    if box not in holders and box.tag not in (*HEADINGS, *KEPT, "a"):
        yield box


def _in_letters(box: Any) -> bool:
    text = words_of(box)
    return bool(text) and any(words_of(part) == text for part in box.iter(*_LETTERS))


def _is_caption(box: Any, closed: bool) -> bool:
    text = words_of(box)
    if text.endswith(_ENDS) or any(map(words_of, box.iter(*HEADINGS, "a", "li", "blockquote"))):
        return False
    apart = not own_chars(box) or box.find("br") is not None
    return len(text) <= (PRINTED if _in_letters(box) else PLAIN if closed and apart else 0)
