"""Other stories on an article's page: cards that lead to them, the next article below, what stands behind a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any

from monitor.extract.body import block_lines
from monitor.extract.lines import headline_like, is_heading_of_others
from monitor.extract.measure import LINKED, LONG, Measured
from monitor.extract.titles import norm
from monitor.extract.tree import BLOCKS, shape, words_of

SUMMARY = 320  # characters that stand with the headline on another story's card
BEFORE = 60  # characters that stand before it: a section, a date
WORDS = 4  # of a headline, at least
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_LABELS = (*_HEADINGS[1:], "div", "p", "span", "strong")
_KEPT = frozenset(("html", "body", "main", "h1", "head", "title"))


def cards(holders: set[Any], measured: Measured) -> list[Any]:
    """Boxes of other stories: a headline that is a link elsewhere, with at most a few words more. The headline is a
    heading, or its link holds blocks, or its box has a second link to the same place or siblings of its own shape.
    """
    heads = [
        anchor
        for anchor in measured.linked
        if anchor.tag == "a" and anchor not in holders and _headline(anchor, measured)
    ]
    inside = Counter(parent for anchor in heads for parent in anchor.iterancestors())
    boxes = {anchor: _box(anchor, holders, inside, measured) for anchor in heads}
    shapes = Counter((box.getparent(), shape(box)) for box in boxes.values())
    chosen = {
        box
        for anchor, box in boxes.items()
        if _heading(anchor) or _holds_blocks(anchor) or _twin(anchor, box) or _repeated(box, anchor, shapes)
    }
    return [element for element in measured.elements if element in chosen]


def _headline(anchor: Any, measured: Measured) -> bool:
    """A link elsewhere of some words that is alone in its block."""
    if (anchor.get("href") or "#")[0] in "#?":
        return False
    text = words_of(anchor)
    if text.count(" ") < WORDS - 1 or len(text) > SUMMARY + SUMMARY:
        return False
    block = None if _holds_blocks(anchor) else _block(anchor)
    return block is None or len(text) >= LINKED * measured.chars.get(block, 0)


def _block(anchor: Any) -> Any:
    """The innermost block around a link."""
    return next((element for element in anchor.iterancestors() if element.tag in BLOCKS), None)


def _heading(anchor: Any) -> bool:
    return next(anchor.iterancestors(*_HEADINGS), None) is not None or next(anchor.iter(*_HEADINGS), None) is not None


def _holds_blocks(anchor: Any) -> bool:
    return any(element.tag in BLOCKS and element.tag != "br" for element in islice(anchor.iter(), 1, None))


def _box(anchor: Any, holders: set[Any], inside: Counter[Any], measured: Measured) -> Any:
    """The largest element around a headline that holds little else, and little before it."""
    box, own = anchor, measured.chars.get(anchor, 0)
    for parent in anchor.iterancestors():
        if parent in holders or parent.tag in _KEPT or inside[parent] > 1:
            break
        if measured.chars.get(parent, 0) > own + SUMMARY or _text_before(parent, anchor) > BEFORE:
            break
        box = parent
    return box


def _text_before(parent: Any, anchor: Any) -> int:
    """Characters in an element before its first link to the same place."""
    chars = 0
    for element in parent.iter():
        if element is anchor or (element.tag == "a" and element.get("href") == anchor.get("href")):
            break
        chars += len((element.text or "").strip())
    return chars


def _twin(anchor: Any, box: Any) -> bool:
    return any(other is not anchor and other.get("href") == anchor.get("href") for other in box.iter("a"))


def _repeated(box: Any, anchor: Any, shapes: Counter[tuple[Any, str]]) -> bool:
    return box not in (anchor, _block(anchor)) and shapes[box.getparent(), shape(box)] >= 2


def next_articles(title: Any, measured: Measured) -> list[Any]:
    """Whole articles behind the page's own: boxes that begin with a heading of the headline's rank, or `article`
    elements beside the headline's own.
    """
    found: list[Any] = []
    for element in [title, *title.iterancestors()] if title is not None else ():
        siblings = [sibling for sibling in element.itersiblings() if isinstance(sibling.tag, str)]
        before = measured.weight.get(element, 0)
        for number, sibling in enumerate(siblings):
            first = _first_heading(sibling, measured) if before >= LONG else None
            before += measured.weight.get(sibling, 0)
            if first is None or norm(words_of(first)) == norm(words_of(title)):
                continue
            if first is sibling and _same_rank(first, title) and not _paragraphs(siblings[:number], measured):
                return found + siblings[number:]
            if first is not sibling and (_same_rank(first, title) or element.tag == sibling.tag == "article"):
                found.append(sibling)
    return found


def _same_rank(heading: Any, title: Any) -> bool:
    named = title.get("class") and title.get("class") == heading.get("class")
    return bool(heading.tag == title.tag and (title.tag == "h1" or named))


def _first_heading(box: Any, measured: Measured) -> Any:
    """The heading of some words with which a box begins, before any long paragraph."""
    for element in box.iter():
        if element.tag in _HEADINGS[:3] and words_of(element).count(" ") >= WORDS - 1:
            return element
        if element.tag in ("p", "h2", "h3") and element in measured.weight:
            return None
    return None


def _paragraphs(elements: list[Any], measured: Measured) -> bool:
    return any(element.tag == "p" and element in measured.weight for element in elements)


def sections(tree: Any, holders: set[Any], measured: Measured) -> list[Any]:
    """Sections under a heading such as "المزيد من الأخبار": the box it heads, or where it stands in the text the
    headings of lower rank behind it, with all that follows.
    """
    found: list[Any] = []
    for heading in tree.iter(*_LABELS):
        small = heading not in holders and (heading.text or "").strip() and measured.chars.get(heading, 0) < BEFORE
        if small and is_heading_of_others(words_of(heading)):
            found += _section(heading, holders, measured)
    return found


def _section(heading: Any, holders: set[Any], measured: Measured) -> list[Any]:
    box, parent = heading, heading.getparent()
    while parent is not None and measured.chars.get(parent, 0) == measured.chars.get(heading, 0):
        box, parent = parent, parent.getparent()
    following = list(_headed(box, heading)) if heading.tag in _HEADINGS else []
    following = following or list(takewhile(_list_of_stories, box.itersiblings()))
    if following:
        return [box, *following]
    if heading.tag not in _HEADINGS:
        return []
    first = not any(sibling in measured.weight for sibling in box.itersiblings(preceding=True))
    small = parent is not None and measured.weight.get(parent, 0) < 0.5 * measured.weight.get(measured.elements[0], 0)
    return [parent] if first and small and parent not in holders and parent.tag not in _KEPT else []


def _list_of_stories(box: Any) -> bool:
    """Children of one shape, each with a headline and a few words more."""
    parts = [part for part in box if isinstance(part.tag, str)]
    if len(parts) < 2 or box.tag == "p" or len({shape(part) for part in parts}) > 1:
        return False
    lines = [block_lines(part) for part in parts]
    return all(text and headline_like(text[0]) and sum(map(len, text)) <= len(text[0]) + SUMMARY for text in lines)


def _headed(box: Any, heading: Any) -> Iterator[Any]:
    """What follows a heading, where it begins with one of lower rank, up to the next of its own."""
    for number, sibling in enumerate(box.itersiblings()):
        if number == 0 and not (sibling.tag in _HEADINGS and sibling.tag > heading.tag):
            return
        if sibling.tag in _HEADINGS and sibling.tag <= heading.tag:
            return
        yield sibling
