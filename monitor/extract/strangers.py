"""What shares no word with the text it stands in or behind: stories without a link, rates, offers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from monitor.extract.body import block_lines
from monitor.extract.captions import ends_closed
from monitor.extract.cards import FAR, HEADINGS, KEPT, LABEL, SUMMARY, WORDS
from monitor.extract.lines import headline_like
from monitor.extract.measure import LONG, Measured
from monitor.extract.plain import spelling
from monitor.extract.tree import BLOCKS, shape, words_of

COMMON = 0.25  # share of another story's words that a text may have too: the days, the offices, the city
TELLING = 3  # words of what can be told by them
ROOT = 4  # letters by which words are compared
TABLE = 3_000  # characters of a table of rates
OFFER = 130  # characters of an offer
_WORD = re.compile(r"[\u0621-\u064a\u0671-\u06d3a-zA-Z]{3,}")
_ROOT = re.compile(
    rf"(?:(?:[وف]?(?:[بك]?ال|لل)|[وفبل](?=....))(?=...))?(.{{1,{ROOT}}})"
)  # without article and particles
_EMPTY = frozenset(
    word[:ROOT]
    for word in spelling(
        """هذا هذه ذلك تلك التي الذي الذين بعد قبل خلال على إلى عند عبر منذ حتى بين مع كما لكن أيضا غير كان كانت قال
        قالت أعلن أعلنت أكد أكدت أضاف أضافت عام العام عاما سنة شهر يوم اليوم أمس الماضي المقبل أول أكبر أكثر نحو عدد
        وزارة وزير رئيس مدينة مجلس دولة ماذا لماذا كيف أين متى جديد جديدة كبير كبيرة أولى ثان ثانية ثالث آخر أخرى ثلاث
        أربع خمس ست سبع ثمان تسع عشر مئة مائة ألف آلاف مليون رقم مرة مرات دون بلا ضمن نفس بعض كل صباح مساء ساعة أيام
        أسبوع شهر أشهر سنوات ناس شركة"""
    ).split()
)
_LINKS: Any = etree.XPath("//*[not(self::a) and not(self::p) and (@onclick or @role='link' or @data-href)]")
_BOXES = ("div", "section", "aside", "article")
_NOT_OFFERED = (*HEADINGS, "li", "td", "blockquote", "a", "dt")
_ENDS = (".", ":", "؟", "…", "»", "”", '"')


def words(texts: Iterable[str]) -> set[str]:
    """The beginnings of the words that tell something in some texts, without articles and particles."""
    return {_root(word) for text in texts for word in _WORD.findall(spelling(text))} - _EMPTY


@lru_cache(maxsize=8192)  # a language's words come again and again
def _root(word: str) -> str:
    found = _ROOT.match(word)
    return found[1] if found else word


def strangers(tree: Any, title: Any, run: Any, measured: Measured) -> list[Any]:
    """Two stories or more, each a headline and a summary; tables with their headings; offers of one line. Each has so
    few words in common with headline and text that it cannot belong to them.
    """
    if title is None or run is None:
        return []
    above = {title, *title.iterancestors()}
    stories = [story for story in (_story(heading, above, measured) for heading in tree.iter(*HEADINGS[1:])) if story]
    rows = [row for row in _rows(stories) if len(row) > 1 and _set_apart(row, run)]
    rows += [[[box] for box in row] for row in _scripted(tree, above, measured)]
    tables = [parts for element in tree.iter("table") if (parts := _table(element, above, measured))]
    shapes = Counter(map(shape, run))
    alone = (box for box in islice(run, FAR) if shapes[shape(box)] == 1)
    offers = [[box] for box in alone if _is_offer(box, measured)]
    offers = offers if offers and ends_closed(run) else []
    candidates = [[part for story in row for part in story] for row in rows] + tables + offers
    if not candidates:
        return []
    texts = list(_texts(tree, {part for parts in candidates for part in parts}))
    if 2 * sum(map(len, texts)) < sum(len(words_of(part)) for row in rows for story in row for part in story):
        return []  # the article is one of many short stories
    told = words([words_of(title), *texts])
    found = [parts for row in rows if _strange([p for s in row for p in s], told, COMMON) for parts in [_labelled(row)]]
    found += [parts for parts in tables + offers if _strange(parts, told, 0)]
    return [part for parts in found for part in parts]


def _strange(parts: list[Any], told: set[str], common: float) -> bool:
    own = words(map(words_of, parts))
    return len(own) >= TELLING and len(own & told) <= common * len(own)


def _texts(tree: Any, without: set[Any]) -> Iterator[str]:
    """The sentences of a page outside of some elements."""
    for element in tree.iter(*BLOCKS):
        if any(part.tag in BLOCKS for part in islice(element.iter(), 1, None)):
            continue
        text = words_of(element)
        if (len(text) >= LONG or text.endswith(".")) and without.isdisjoint((element, *element.iterancestors())):
            yield text


def _story(heading: Any, above: set[Any], measured: Measured) -> list[Any]:
    """A headline with the paragraph below it, or the box that holds nothing else."""
    if heading in above or heading in measured.linked:
        return []
    below = heading.getnext()
    if below is None or below.tag not in ("p", "div") or not LONG / 2 <= measured.chars.get(below, 0) <= SUMMARY:
        return []
    behind = below.getnext()
    if behind is not None and behind.tag not in HEADINGS and words_of(behind):
        return []
    text = words_of(heading)
    if not headline_like(text) or text.count(" ") + 1 < WORDS or text.endswith("؟"):
        return []
    box, chars = heading, measured.chars[heading] + measured.chars[below]
    while (parent := box.getparent()) not in above and measured.chars[parent] == chars and parent.tag not in KEPT:
        box = parent
    return [box] if box is not heading else [heading, below]


def _set_apart(row: list[list[Any]], run: Any) -> bool:
    """Whether stories stand outside of the text, below a label of their own: inside they may be its sections."""
    parts = _labelled(row)
    inside = any(part is run for part in (parts[0], *parts[0].iterancestors()))
    return not inside and len(parts) > sum(map(len, row)) and all(shape(box) != shape(run) for box in parts)


def _scripted(tree: Any, above: set[Any], measured: Measured) -> Iterator[list[Any]]:
    """Rows of boxes of one shape, each of which a script makes a link."""
    rows: dict[Any, list[Any]] = {}
    for box in _LINKS(tree):
        small = box not in above and measured.chars.get(box, 0) <= OFFER + SUMMARY
        if small and words_of(box).count(" ") >= WORDS - 1:
            rows.setdefault((box.getparent(), shape(box)), []).append(box)
    yield from (row for row in rows.values() if len(row) > 1)


def _rows(stories: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Stories that follow each other at once."""
    row: list[list[Any]] = []
    for story in stories:
        if row and row[-1][-1].getnext() is not story[0]:
            yield row
            row = []
        row.append(story)
    yield row


def _labelled(row: list[list[Any]]) -> list[Any]:
    """Stories with the label above them, which may head a box that holds them."""
    first = row[0][0]
    parts = [part for story in row for part in story]
    while first.getprevious() is None and first.getparent().tag in _BOXES and len(first.getparent()) == len(parts):
        first = first.getparent()
        parts = [first]
    label = first.getprevious()
    short = label is not None and label.tag in (*HEADINGS, "div", "p", "span") and 0 < len(words_of(label)) <= LABEL
    return [label, *parts] if short and not words_of(label).endswith(_ENDS) else parts


def _table(element: Any, above: set[Any], measured: Measured) -> list[Any]:
    """A table of figures with the heading above it."""
    if element in above or measured.chars.get(element, 0) > TABLE:
        return []
    lines = block_lines(element)
    if any(line.endswith(_ENDS) for line in lines) or 2 * sum(any(map(str.isdigit, line)) for line in lines) < len(
        lines
    ):
        return []
    box = element
    while box.getprevious() is None and box.getnext() is None and box.getparent() not in above:
        box = box.getparent()
    head = box.getprevious()
    return [head, box] if head is not None and head.tag in HEADINGS else [box]


def _is_offer(box: Any, measured: Measured) -> bool:
    """A box around a line without an end, that is no heading, list or quotation."""
    if box.tag not in _BOXES or box in measured.weight or not 0 < measured.chars.get(box, 0) <= OFFER:
        return False
    lines = block_lines(box)
    inside = any(part.tag in BLOCKS for part in islice(box.iter(), 1, None))
    return inside and len(lines) == 1 and not lines[0].endswith(_ENDS) and next(box.iter(*_NOT_OFFERED), None) is None
