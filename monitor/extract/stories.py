"""Other stories on an article's page: cards that lead to them, the next article below, what stands behind a label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice, takewhile
from typing import Any

from lxml import etree

from monitor.extract.body import block_lines, is_summary
from monitor.extract.lines import headline_like, is_heading_of_comments, is_heading_of_others
from monitor.extract.measure import LONG, PARAGRAPHS, Measured
from monitor.extract.plain import norm
from monitor.extract.tree import BLOCKS, own_chars, shape, words_of

SUMMARY = 320  # characters that stand with the headline on another story's card
BEFORE = 60  # characters that stand before it: a section, a date
FAR = 300  # siblings that are looked at
FEW = 3  # stories of a list that nothing tells but their shape
MOST = 20  # headings that are looked at as headlines of further articles
LABEL = 40  # characters of a label above other stories, whatever it says
WORDS = 4  # of a headline, at least
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_LABELS = (*_HEADINGS[1:], "div", "p", "span", "strong")
_BOXES = frozenset(("div", "section", "aside"))
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:$|[?#])", re.IGNORECASE)  # a picture in full size is no story
_ENDS = (".", ":", "»", "”", '"', "…")  # of sentences
_KEPT = frozenset(("html", "body", "main", "h1", "head", "title"))


def cards(holders: set[Any], pictured: set[Any], measured: Measured) -> list[Any]:
    """Boxes of other stories: a headline that is a link elsewhere, with at most a few words more. The headline is a
    heading, or its link holds blocks or a picture, or its box has a second link to the same place or siblings of its
    own shape.
    """
    told: dict[Any, bool] = {}
    heads = [element for element in measured.linked if element.tag == "a" and element not in holders]
    heads = [anchor for anchor in heads if _headline(anchor, holders, told)]
    inside = Counter(parent for anchor in heads for parent in anchor.iterancestors())
    boxes = {anchor: _box(anchor, holders, inside, measured) for anchor in heads}
    shapes = Counter((box.getparent(), shape(box)) for box in boxes.values())
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
    chosen = _sparing(chosen, measured)
    chosen |= _emptied(chosen, holders, measured)
    several = {box for box in chosen if box.getnext() in chosen or _holds_two(box, chosen)}
    several |= {box for box in measured.linked if box.tag in ("ul", "ol") and len(box) > 1 and measured.only_links(box)}
    chosen |= {label for box in several if (label := box.getprevious()) is not None and _heads(label, holders, chosen)}
    return [element for element in measured.elements if element in chosen]


def _named(box: Any) -> bool:
    return bool(box.get("class")) or box.tag in ("li", "article", "section")


def _sparing(boxes: set[Any], measured: Measured) -> set[Any]:
    """Where all long paragraphs of a page lie in one box, it isn't a card but the article, with a link in it."""
    told = [box for box in boxes if box in measured.weight]
    whole = measured.weight.get(measured.elements[0], 0)
    return boxes - set(told) if len(told) == 1 and whole - measured.weight[told[0]] < LONG else boxes


def _emptied(cards: set[Any], holders: set[Any], measured: Measured) -> set[Any]:
    """Boxes that hold nothing but cards and, at most, a label."""
    chars: Counter[Any] = Counter()
    for box in cards:
        for parent in takewhile(lambda parent: parent not in holders and parent.tag not in _KEPT, box.iterancestors()):
            chars[parent] += measured.chars[box]
    small = (parent for parent, inside in chars.items() if measured.chars[parent] - inside <= LABEL)
    return {parent for parent in small if not _beside_cards(parent, cards).endswith(".")}


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
    if label in holders or label in cards or label.tag not in _LABELS or (label.tail or "").strip():
        return False
    text = words_of(label)
    return 0 < len(text) <= LABEL and not text.endswith(".")


def _more(anchor: Any) -> Any:
    """The box that a heading of some words opens and a link such as "التفاصيل" closes, with little between."""
    parent = anchor.getparent()
    if anchor.tag != "a" or parent is None or (anchor.get("href") or "#")[0] in "#?" or anchor.getnext() is not None:
        return None
    first = parent[0]
    if first.tag not in _HEADINGS[1:] or words_of(first).count(" ") + 1 < WORDS:
        return None
    text = words_of(parent)
    return parent if len(text) <= len(words_of(first)) + SUMMARY else None


def _headline(anchor: Any, holders: set[Any], told: dict[Any, bool]) -> bool:
    """A link elsewhere of some words, with no text beside it in its block."""
    address = anchor.get("href") or "#"
    if address[0] in "#?" or _PICTURE.search(address):
        return False
    text = words_of(anchor)
    own = any(parent in holders for parent in anchor.iterancestors(*_HEADINGS))
    return text.count(" ") + 1 >= WORDS and len(text) <= 2 * SUMMARY and _alone(anchor, told) and not own


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
    return next(anchor.iterancestors(*_HEADINGS), None) is not None or next(anchor.iter(*_HEADINGS), None) is not None


def _holds_blocks(anchor: Any) -> bool:
    return any(element.tag in BLOCKS and element.tag != "br" for element in islice(anchor.iter(), 1, None))


def _box(anchor: Any, holders: set[Any], inside: Counter[Any], measured: Measured) -> Any:
    """The largest element around a headline that holds little else, little before it, and no other heading."""
    box, own = anchor, measured.chars.get(anchor, 0)
    for parent in anchor.iterancestors():
        if parent in holders or parent.tag in _KEPT or inside[parent] > 1:
            break
        if measured.chars.get(parent, 0) > own + SUMMARY or _text_before(parent, anchor) > BEFORE:
            break
        if any(not _related(heading, anchor) for heading in parent.iter(*_HEADINGS)):
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


def next_articles(title: Any, measured: Measured) -> list[Any]:
    """Whole articles behind the page's own: boxes that begin with a heading of the headline's rank."""
    if title is None:
        return []
    above = {title, *title.iterancestors()}
    ranks = {*_HEADINGS, title.tag}
    ranked = (element for element in measured.elements if element.tag in ranks)
    behind = islice(dropwhile(lambda element: element is not title, ranked), 1, None)
    heads = [element for element in behind if _same_rank(element, title)]
    return [part for head in heads[:MOST] for part in _whole(head, title, above, measured)]


def _same_rank(heading: Any, title: Any) -> bool:
    """Another headline: an h1, or of the same class and either of the same tag or in a box like that of the first."""
    named = title.get("class") and title.get("class") == heading.get("class")
    if heading.tag != "h1" and not (named and (heading.tag == title.tag or _boxes_alike(heading, title))):
        return False
    text = words_of(heading)
    return text.count(" ") + 1 >= WORDS and norm(text) != norm(words_of(title))


def _boxes_alike(heading: Any, title: Any) -> bool:
    """Whether two headings stand in boxes of one shape side by side: one is an h2 where there can be one h1 only."""
    if heading.tag not in _HEADINGS:
        return False
    above = {parent.getparent(): parent for parent in title.iterancestors()}
    box = next((parent for parent in (heading, *heading.iterancestors()) if parent.getparent() in above), None)
    return box is not None and shape(box) == shape(above[box.getparent()])


def _whole(head: Any, title: Any, above: set[Any], measured: Measured) -> list[Any]:
    """The box that begins with a headline, or what follows it; nothing where it stands between paragraphs."""
    box = head
    for parent in head.iterancestors():
        if parent in above or _behind_text(box, measured):
            break
        box = parent
    if _between(title, box, measured) < LONG:
        return []
    if box is not head:
        return [box]
    return [] if _paragraphs(head.itersiblings(preceding=True), measured) else [head, *head.itersiblings()]


def _behind_text(box: Any, measured: Measured) -> bool:
    """Whether text stands before an element in its parent."""
    before = list(islice(box.itersiblings(preceding=True), FAR))
    texts = (box.getparent().text, *(sibling.tail for sibling in before))
    return any(sibling in measured.weight for sibling in before) or any(len((text or "").strip()) > 3 for text in texts)


def _between(title: Any, box: Any, measured: Measured) -> int:
    """Characters of longer texts from the headline to a box behind it."""
    behind = dropwhile(lambda element: element is not title, measured.elements)
    texts = (
        text
        for element in takewhile(lambda element: element is not box, behind)
        for text in (element.text, element.tail)
    )
    return sum(len(text) for text in texts if text and len(text) >= BEFORE)


def _paragraphs(elements: Iterable[Any], measured: Measured) -> bool:
    """Whether one of some elements is a long paragraph itself, not a box with text in it."""
    told = (element for element in islice(elements, FAR) if element in measured.weight)
    return any(all(part.tag not in BLOCKS for part in islice(element.iter(), 1, None)) for element in told)


def sections(tree: Any, title: Any, holders: set[Any], measured: Measured) -> list[Any]:
    """Sections under a heading such as "المزيد من الأخبار": the box it heads, or where it stands in the text the
    headings of lower rank behind it, with all that follows; and what follows a heading of readers' comments.
    """
    found: list[Any] = []
    for heading in tree.iter(*_LABELS):
        small = heading not in holders and (heading.text or "").strip() and measured.chars.get(heading, 0) < BEFORE
        text = words_of(heading) if small else ""
        if text and is_heading_of_others(text):
            found += _section(heading, holders, measured)
        elif (
            text
            and title is not None
            and is_heading_of_comments(text)
            and _between(title, heading, measured) > 2 * LONG
        ):
            found += [heading, *heading.itersiblings()]
    return found


def _section(heading: Any, holders: set[Any], measured: Measured) -> list[Any]:
    box, parent = heading, heading.getparent()
    while parent is not None and measured.chars.get(parent, 0) == measured.chars.get(heading, 0):
        box, parent = parent, parent.getparent()
    following = list(_headed(box, heading)) if heading.tag in _HEADINGS else []
    following = following or list(takewhile(_list_of_stories, box.itersiblings()))
    if following:
        return [box, *following]
    if heading.tag not in _HEADINGS or parent is None or _behind_text(box, measured) or _paragraphs(parent, measured):
        return []
    small = measured.weight.get(parent, 0) < 0.5 * measured.weight.get(measured.elements[0], 0)
    return [parent] if small and parent not in holders and parent.tag not in _KEPT else []


def beside(title: Any, run: Any, measured: Measured) -> list[Any]:
    """Other stories that neither link nor label tells: lists of them beside what holds headline and text, headlines
    in bold or in headings behind the last paragraph (a sub-heading has text behind it), boxes among the paragraphs
    that lead elsewhere or have no sentence.
    """
    run = _in_one_piece(title, measured) if run is None else run
    if title is None or run is None:
        return []
    above = [title, *title.iterancestors()]
    shared = [element for element in (run, *run.iterancestors()) if element in above]
    around = (sibling for part in shared for sibling in part.itersiblings())
    lists = [box for box in around if len(box) >= FEW and _list_of_stories(box)]
    last = list(takewhile(_printed_headline, (part for part in reversed(run) if words_of(part))))
    shapes = Counter(shape(part) for part in run)
    boxes = [box for box in run if box not in measured.weight and box.tag in (*_BOXES, "blockquote")]
    boxes = [
        box for box in boxes if _leads_elsewhere(box, measured) or (shapes[shape(box)] == 1 and _in_short_parts(box))
    ]
    own = [run, *takewhile(lambda part: part not in shared, run.iterancestors())]
    boxes += [
        box for part in own for box in part.itersiblings() if shape(box) != shape(part) and _figures(box, measured)
    ]
    return lists + boxes + (last if len(last) >= FEW else [])


def _in_one_piece(title: Any, measured: Measured) -> Any:
    """The first element behind a headline that has long text of its own: of lines with breaks between them."""
    behind = dropwhile(lambda element: element is not title, measured.elements)
    told = (element for element in behind if element in measured.weight and element.tag not in PARAGRAPHS)
    return next((element for element in told if own_chars(element) >= LONG), None)


def _figures(box: Any, measured: Measured) -> bool:
    """A box with a table and no sentence: rates, standings, weather."""
    tabled = box not in measured.weight and next(box.iter("table"), None) is not None
    return tabled and not any(line.endswith((".", ":")) for line in block_lines(box))


def _leads_elsewhere(box: Any, measured: Measured) -> bool:
    """A box of a few words and a link that closes it, each in an element of its own."""
    parts = [part for part in box if isinstance(part.tag, str)]
    if len(parts) < 2 or parts[-1] not in measured.linked or own_chars(box):
        return False
    words = words_of(box)
    alone = measured.linked[parts[-1]] == measured.chars[parts[-1]]
    return alone and len(words) <= SUMMARY and not words.endswith((".", "»", "”"))


def _in_short_parts(box: Any) -> bool:
    """A box of several parts without a sentence or a list, such as text has none: it asks, offers, counts."""
    if own_chars(box) or sum(bool(words_of(part)) for part in islice(box, FAR)) < 2:
        return False
    lines = block_lines(box) if next(box.iter("li", "td"), None) is None and not is_summary(box) else ["."]
    short = len(lines) <= WORDS and sum(map(len, lines)) <= SUMMARY
    return short and not any(line.endswith(_ENDS) for line in lines) and sum(": " in line for line in lines) < 2


def _printed_headline(element: Any) -> bool:
    """A block that is nothing but a heading or bold letters, with the words of a headline."""
    text = words_of(element)
    bold = element.tag in _HEADINGS or any(words_of(part) == text for part in element.iter("b", "strong"))
    return bold and element.tag in BLOCKS and headline_like(text)


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
