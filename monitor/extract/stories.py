"""Other stories on an article's page beside cards: the next article below, what stands behind a label, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice, takewhile
from typing import Any

from monitor.extract.body import block_lines, is_summary
from monitor.extract.cards import BEFORE, FAR, HEADINGS, KEPT, LABELS, SUMMARY, WORDS
from monitor.extract.lines import headline_like, is_heading_of_comments, is_heading_of_others
from monitor.extract.measure import LONG, PARAGRAPHS, Measured
from monitor.extract.plain import norm
from monitor.extract.tree import BLOCKS, own_chars, shape, words_of

FEW = 3  # stories of a list that nothing tells but their shape
MOST = 20  # headings that are looked at as headlines of further articles
_BOXES = frozenset(("div", "section", "aside"))
_ENDS = (".", ":", "»", "”", '"', "…")  # of sentences


def next_articles(title: Any, measured: Measured) -> list[Any]:
    """Whole articles behind the page's own: boxes that begin with a heading of the headline's rank."""
    if title is None:
        return []
    above = {title, *title.iterancestors()}
    ranks = {*HEADINGS, title.tag}
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
    if heading.tag not in HEADINGS:
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
    for heading in tree.iter(*LABELS):
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
    following = list(_headed(box, heading)) if heading.tag in HEADINGS else []
    following = following or list(takewhile(_list_of_stories, box.itersiblings()))
    if following:
        return [box, *following]
    if heading.tag not in HEADINGS or parent is None or _behind_text(box, measured) or _paragraphs(parent, measured):
        return []
    small = measured.weight.get(parent, 0) < 0.5 * measured.weight.get(measured.elements[0], 0)
    return [parent] if small and parent not in holders and parent.tag not in KEPT else []


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
    boxes += [box for part in own for box in _behind(part, measured) if not _has_sentences(box)]
    return lists + boxes + (last if len(last) >= FEW else [])


def _behind(part: Any, measured: Measured) -> list[Any]:
    """The boxes of another shape without long text behind an element: those with tables, and those behind its last
    text or what looks like it.
    """
    siblings = list(islice(part.itersiblings(), FAR))
    last = set(takewhile(lambda box: box not in measured.weight and shape(box) != shape(part), reversed(siblings)))
    others = (box for box in siblings if box.tag in (*_BOXES, "article") and shape(box) != shape(part))
    return [box for box in others if box in last or (box not in measured.weight and box.find(".//table") is not None)]


def _in_one_piece(title: Any, measured: Measured) -> Any:
    """The first element behind a headline that has long text of its own: of lines with breaks between them."""
    behind = dropwhile(lambda element: element is not title, measured.elements)
    told = (element for element in behind if element in measured.weight and element.tag not in PARAGRAPHS)
    return next((element for element in told if own_chars(element) >= LONG), None)


def _has_sentences(box: Any) -> bool:
    """Whether a box tells something: has a sentence or a list, or is what the words before it announce."""
    before = box.getprevious()
    if (before is not None and words_of(before).endswith(":")) or next(box.iter("li"), None) is not None:
        return True
    return any(line.endswith(_ENDS) for line in block_lines(box))


def _leads_elsewhere(box: Any, measured: Measured) -> bool:
    """A box of a few words and a link that closes it, each in an element of its own."""
    parts = [part for part in box if isinstance(part.tag, str)]
    if len(parts) < 2 or parts[-1] not in measured.linked or own_chars(box):
        return False
    words = words_of(box)
    alone = measured.linked[parts[-1]] == measured.chars[parts[-1]]
    return alone and len(words) <= SUMMARY and not words.endswith((".", "»", "”"))


def _in_short_parts(box: Any) -> bool:
    """A box of several parts without a sentence or a list, such as text has none: it asks, offers, counts. Plain lines
    of some words are verses, or chants.
    """
    if (
        all(_is_verse(part) for part in box)
        or own_chars(box)
        or sum(bool(words_of(part)) for part in islice(box, FAR)) < 2
    ):
        return False
    lines = block_lines(box) if next(box.iter("li", "td"), None) is None and not is_summary(box) else ["."]
    short = len(lines) <= WORDS and sum(map(len, lines)) <= SUMMARY
    return short and not any(line.endswith(_ENDS) for line in lines) and sum(": " in line for line in lines) < 2


def _is_verse(part: Any) -> bool:
    words = words_of(part).count(" ") + 1
    return part.tag == "p" and not part.get("class") and words > 2 and next(part.iter("a", "b", "strong"), None) is None


def _printed_headline(element: Any) -> bool:
    """A block that is nothing but a heading or bold letters, with the words of a headline."""
    text = words_of(element)
    bold = element.tag in HEADINGS or any(words_of(part) == text for part in element.iter("b", "strong"))
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
        if number == 0 and not (sibling.tag in HEADINGS and sibling.tag > heading.tag):
            return
        if sibling.tag in HEADINGS and sibling.tag <= heading.tag:
            return
        yield sibling
