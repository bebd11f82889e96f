"""Cards on an article's page: headlines of other stories that lead to them, with a summary at most."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, takewhile
from typing import Any

from lxml import etree

from monitor.extract.measure import LONG, Measured
from monitor.extract.tree import BLOCKS, own_chars, shape, words_of

SUMMARY = 320  # characters that stand with the headline on another story's card
BEFORE = 60  # characters that stand before it: a section, a date
FAR = 300  # siblings that are looked at
LABEL = 40  # characters of a label above other stories, whatever it says
WORDS = 4  # of a headline, at least
HEADINGS = ("h1", "h2", "h3", "h4", "h5")
LABELS = (*HEADINGS[1:], "div", "p", "span", "strong")
KEPT = frozenset(("html", "body", "main", "h1", "head", "title"))
_COVERED = ("div", "li", "article", "section", "aside")
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:$|[?#])", re.IGNORECASE)  # a picture in full size is no story


def cards(holders: set[Any], pictured: set[Any], measured: Measured) -> list[Any]:
    """Boxes of other stories: a headline that is a link elsewhere, with at most a few words more. The headline is a
    heading, or its link holds blocks or a picture, or its box has a second link to the same place or siblings of its
    own shape.
    """
    told: dict[Any, bool] = {}
    heads = [element for element in measured.linked if element.tag == "a" and element not in holders]
    heads = [anchor for anchor in heads if measured.chars[anchor] > 2 * WORDS and _headline(anchor, holders, told)]
    inside = Counter(parent for anchor in heads for parent in anchor.iterancestors())
    boxes = {anchor: _box(anchor, holders, inside, measured) for anchor in heads}
    shapes = Counter((box.getparent(), shape(box)) for box in boxes.values())
    boxes = {anchor: box for anchor, box in boxes.items() if _leads(anchor) or shapes[box.getparent(), shape(box)] > 1}
    chosen = {box for box in map(_more, measured.linked) if box is not None and box not in holders}
    chosen |= {
        box
        for anchor, box in boxes.items()
        if anchor in pictured
        or _heading(anchor)
        or _holds_blocks(anchor)
        or _twin(anchor, box)
        or (box not in (anchor, _block(anchor)) and _named(box) and shapes[box.getparent(), shape(box)] > 1)
    }
    chosen |= _covered(holders, measured)
    chosen = _sparing(chosen | _in_rows(chosen, holders), measured)
    chosen |= _emptied(chosen, holders, measured)
    several = {box for box in chosen if box.getnext() in chosen or _holds_two(box, chosen)}
    several |= {box for box in measured.linked if box.tag in ("ul", "ol") and len(box) > 1 and measured.only_links(box)}
    chosen |= {label for box in several if (label := box.getprevious()) is not None and _heads(label, holders, chosen)}
    return [element for element in measured.elements if element in chosen]


def _named(box: Any) -> bool:
    return bool(box.get("class")) or box.tag in ("li", "article", "section")


def _covered(holders: set[Any], measured: Measured) -> set[Any]:
    """Boxes of a headline beside an empty link that covers them, and of no other link."""
    empty = (
        anchor
        for anchor in measured.elements[0].iter("a")
        if not (measured.chars.get(anchor, 0) or len(anchor) or "#" in anchor.get("href", "#")) and _leads(anchor)
    )
    around = {next((part for part in anchor.iterancestors() if measured.chars.get(part, 0)), None) for anchor in empty}
    return {box for box in around - holders - {None} if _is_covered(box, measured)}


def _is_covered(box: Any, measured: Measured) -> bool:
    if measured.chars[box] > SUMMARY or box.tag not in _COVERED or own_chars(box):
        return False
    text = words_of(box)
    story = text.count(" ") + 1 >= WORDS and not text.endswith(".")
    return story and len({anchor.get("href") for anchor in box.iter("a")}) == 1


def _in_rows(cards: set[Any], holders: set[Any]) -> set[Any]:
    """What stands in a row of cards and is like them: stories that a script leads to."""
    rows = Counter((box.getparent(), shape(box)) for box in cards if _named(box))
    found: set[Any] = set()
    for (parent, alike), number in rows.items():
        others = [box for box in islice(parent, FAR) if shape(box) == alike and box not in cards]
        if 1 < number >= len(others):
            found |= {box for box in others if box not in holders and _tells_a_story(box)}
    return found


def _tells_a_story(box: Any) -> bool:
    """A heading of some words and little else."""
    heading = next(box.iter(*HEADINGS), None)
    text = words_of(heading) if heading is not None else ""
    return text.count(" ") + 1 >= WORDS and len(words_of(box)) <= BEFORE + len(text) + SUMMARY


def _sparing(boxes: set[Any], measured: Measured) -> set[Any]:
    """Where all long paragraphs of a page lie in one box, it isn't a card but the article, with a link in it."""
    told = [box for box in boxes if box in measured.weight]
    whole = measured.weight.get(measured.elements[0], 0)
    return boxes - set(told) if len(told) == 1 and whole - measured.weight[told[0]] < LONG else boxes


def _emptied(cards: set[Any], holders: set[Any], measured: Measured) -> set[Any]:
    """Boxes that hold nothing but cards and, at most, a label."""
    chars: Counter[Any] = Counter()
    for box in cards:
        for parent in takewhile(lambda parent: parent not in holders and parent.tag not in KEPT, box.iterancestors()):
            chars[parent] += measured.chars[box]
    beside = {parent: measured.chars[parent] - inside for parent, inside in chars.items()}
    small = (parent for parent, rest in beside.items() if rest <= LABEL)
    return {parent for parent in small if not beside[parent] or not _beside_cards(parent, cards).endswith(".")}


def _beside_cards(parent: Any, cards: set[Any]) -> str:
    """The text of a box without the cards in it."""
    parts: list[str] = []
    walk = etree.iterwalk(parent, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element in cards:
            walk.skip_subtree()
        elif event == "start":
            parts.append(element.text or "")
        else:
            parts.append(element.tail or "" if element is not parent else "")
    return " ".join(parts).strip()


def _holds_two(box: Any, cards: set[Any]) -> bool:
    return sum(part in cards for part in islice(box.iter(), 1, None)) > 1


def _heads(label: Any, holders: set[Any], cards: set[Any]) -> bool:
    """Whether a short line is a label of the stories behind it: of two or more, for a sub-heading of the text may stand
    before one.
    """
    if label in holders or label in cards or label.tag not in LABELS or (label.tail or "").strip():
        return False
    text = words_of(label)
    return 0 < len(text) <= LABEL and not text.endswith(".")


def _more(anchor: Any) -> Any:
    """The box that a heading of some words opens and a link such as "التفاصيل" closes, with little between."""
    parent = anchor.getparent()
    if anchor.tag != "a" or parent is None or not _leads(anchor) or anchor.getnext() is not None:
        return None
    first = parent[0]
    if first.tag not in HEADINGS[1:] or words_of(first).count(" ") + 1 < WORDS:
        return None
    text = words_of(parent)
    return parent if len(text) <= len(words_of(first)) + SUMMARY else None


def _headline(anchor: Any, holders: set[Any], told: dict[Any, bool]) -> bool:
    """A link elsewhere of some words, with no text beside it in its block."""
    text = words_of(anchor)
    if text.count(" ") + 1 < WORDS or len(text) > 2 * SUMMARY:
        return False
    address = anchor.get("href") or ""
    if not (_leads(anchor) or (address == "#" and not text.endswith("؟"))) or _PICTURE.search(address):
        return False
    own = any(parent in holders for parent in anchor.iterancestors(*HEADINGS))
    return _alone(anchor, told) and not own


def _leads(anchor: Any) -> bool:
    """Whether a link leads elsewhere; where nothing but a script knows the address, it says "#", as questions do whose
    answers lie below.
    """
    return bool((anchor.get("href") or "#")[0] not in "#?")


def _alone(anchor: Any, told: dict[Any, bool]) -> bool:
    """Whether no text stands beside a link in its block."""
    for parent in anchor.iterancestors():
        if parent not in told:
            told[parent] = any(
                len((text or "").strip()) > 3 for text in (parent.text, *(child.tail for child in parent))
            )
        if told[parent]:
            return False
        if parent.tag in BLOCKS:
            return True
    return True


def _block(anchor: Any) -> Any:
    """The innermost block around a link."""
    return next((element for element in anchor.iterancestors() if element.tag in BLOCKS), None)


def _heading(anchor: Any) -> bool:
    return next(anchor.iterancestors(*HEADINGS), None) is not None or next(anchor.iter(*HEADINGS), None) is not None


def _holds_blocks(anchor: Any) -> bool:
    return any(element.tag in BLOCKS and element.tag != "br" for element in islice(anchor.iter(), 1, None))


def _box(anchor: Any, holders: set[Any], inside: Counter[Any], measured: Measured) -> Any:
    """The largest element around a headline that holds little else, little before it, and no other heading."""
    box, own = anchor, measured.chars.get(anchor, 0)
    for parent in anchor.iterancestors():
        if parent in holders or parent.tag in KEPT or inside[parent] > 1:
            break
        more = measured.chars.get(parent, 0) - own
        if more > SUMMARY or (more > BEFORE and _text_before(parent, anchor) > BEFORE):
            break
        if any(not _related(heading, anchor) for heading in parent.iter(*HEADINGS)):
            break
        box = parent
    return box


def _related(element: Any, anchor: Any) -> bool:
    return element in anchor.iterancestors() or anchor in element.iterancestors()


def _text_before(parent: Any, anchor: Any) -> int:
    """Characters in an element before its first link to the same place."""
    chars = 0
    for event, element in etree.iterwalk(parent, events=("start", "end")):
        if event == "end":
            chars += len((element.tail or "").strip()) if element is not parent else 0
        elif element is anchor or (element.tag == "a" and element.get("href") == anchor.get("href")):
            break
        else:
            chars += len((element.text or "").strip())
    return chars


def _twin(anchor: Any, box: Any) -> bool:
    return any(other is not anchor and other.get("href") == anchor.get("href") for other in box.iter("a"))
