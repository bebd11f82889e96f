"""An article's text out of a pruned tree: the only trafilatura."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable
from copy import copy
from functools import cache, lru_cache
from itertools import dropwhile, islice, takewhile
from typing import Any

from lxml import etree

from monitor.extract.dates import parse
from monitor.extract.lines import is_heading_of_key_points
from monitor.extract.measure import LONG, Measured
from monitor.extract.plain import clean_line, clean_lines, norm
from monitor.extract.tree import BLOCKS, drop, own_chars, shape, words_of

ENOUGH = 400  # characters from which on the fast reading may stand
COVERED = 0.7  # share of the page's long paragraphs that a reading must hold
STRAY = 200  # characters of a paragraph that, far from headline and text, belongs to the site
LEAD = 60  # characters of a sentence between headline and text that is a lead
STANDFIRST = 40  # characters of what follows the headline at once, and may have no end
SENTENCE = 30  # characters of a short paragraph, which ends as sentences do
SAMPLE = 300  # long paragraphs that are compared; more would cost quadratic time
LOOSE, WHOLE = 1.15, 0.97  # a reading so much longer than an element that holds all long paragraphs has furniture in it
APART = 3  # lone paragraphs of a box that is not the text
DENSE = 0.95  # share of paragraphs in a text, its sub-headings being the rest
SHARE = 0.75  # of an element's long paragraphs, for the descent to the one that holds them
TOLD = "x-told"  # the class of a caption that is a paragraph of the text
SUMMARY = "summary"  # the class of a summary that is named as furniture too
CELL = " | "  # between the cells of a row
CELLS = ("td", "th")
LISTED = ("ul", "ol")
SUBHEADINGS = ("h2", "h3", "h4", "h5", "dt", "summary")
LISTS = ("Arabic", "English", "French", "Kurdish", "Persian", "Turkish", "Urdu")
_SUMMARY = re.compile(
    r"(?:^|[\s_-])(?:(?<!ai[_-])summary|lead|lede|stand-?first|excerpt|intro|chapo|deck|dek|sub-?title|sub-?head(?:line|ing)?|abstract"
    r"|key-?points|highlights|takeaways)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s[-–—|/•·]\s|[|•·]")  # who wrote, where, for whom
_PARTS = ("div", "section", "dl", "details")
_BOXES = frozenset("div section article main aside header footer form table td center".split())  # noqa: SIM905
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page without text


def read(tree: Any, title: Any, description: str, ld_body: str) -> list[str]:
    """The text's lines. The fast, precise reading where it holds the page's long paragraphs, else the full cascade,
    else the element that holds most of them; where JSON-LD carries a text that the page doesn't show, that one.
    """
    measured = Measured(tree)
    holder = _holder(tree, measured)
    if measured.weight.get(tree, 0) < ENOUGH and any(map(_stands, _lines_between(title, holder, measured))):
        measured = Measured(tree, SENTENCE)  # a short text in short lines before the site's own
        holder = _holder(tree, measured)
    run = measured.run(title)
    _drop_beside(run, measured)
    common = _common(title, holder, measured)
    if holder in common.iterancestors():
        holder = common  # it may be all that is left of the page
    _isolate(tree, common, measured)
    _unlist(common)
    long = [line for line in block_lines(tree) if len(line) >= measured.long][:SAMPLE]
    lines = _page_lines(tree, holder, long, holder is run)
    if len(ld_body) >= ENOUGH and _share(ld_body.split("\n"), lines) < 0.5:
        return [clean_line(line) for line in ld_body.split("\n")]
    headings = {clean_line(words_of(element)) for element in holder.iter(*SUBHEADINGS)}
    captions = {line for element in common.iter("div") if element.get("class") == TOLD for line in block_lines(element)}
    told = captions.union(line for element in common.iter() if is_summary(element) for line in block_lines(element))
    beside = set(captions)
    if run is not None:
        parts = {part: clean_line(words_of(part)) for part in islice(run, SAMPLE)}
        path = list(takewhile(lambda part: part is not common, (run, *run.iterancestors())))
        own = {line for part, line in parts.items() if _is_line(part)}.union(_announced(run, path), _inside(run))
        beside |= own.union(filter(_stands, parts.values()), _lines_beside(path))
        told |= own.union(_standfirst(title, run))
    return _restored(block_lines(common), lines, title, description, headings, beside, told) if lines else lines


def _unlist(common: Any) -> None:
    """A live page's reports are boxes: read as a list's items, each would be one line."""
    for item in list(common.iter("li")):
        if item.find(".//p") is not None and next(item.iter(*SUBHEADINGS), None) is not None:
            item.tag = item.getparent().tag = "div"


def _standfirst(title: Any, run: Any) -> list[str]:
    """The first line behind a headline, or a list's: of a sentence's length, in one piece, without a link and perhaps
    without an end.
    """
    part, behind = title, None
    while part is not None and behind is None:
        behind = next((box for box in part.itersiblings() if words_of(box)), None)
        part = part.getparent()
    if behind is None or behind in (run, *run.iterancestors()) or next(behind.iter("a"), None) is not None:
        return []
    told = [part for part in islice(behind.iter(), SAMPLE) if (part.text or "").strip()]
    told = told if behind.tag in LISTED else told[:1]
    lines = [clean_line(words_of(part)) for part in told if STANDFIRST <= own_chars(part) <= ENOUGH]
    return [line for line in lines if parse(line) is None and len(_PARTED.findall(line)) < 2]


def _lines_beside(path: list[Any]) -> list[str]:
    """The lines of boxes behind that of the first paragraphs, named like it, where they are mostly sentences."""
    boxes = (box for part in path if " " in shape(part) for box in part.itersiblings() if shape(box) == shape(part))
    return _sentences_of(boxes)


def _inside(run: Any) -> list[str]:
    """The lines of boxes among the paragraphs, where they are mostly sentences."""
    return _sentences_of(box for box in run if box.tag in _PARTS and not _is_plain(box))


def _sentences_of(boxes: Iterable[Any]) -> list[str]:
    texts = [block_lines(box) for box in islice(boxes, SAMPLE)]
    texts = [text for text in texts if 2 * sum(map(len, filter(_stands, text))) > sum(map(len, text))]
    return [line for text in texts for line in text]


def _announced(run: Any, path: list[Any]) -> list[str]:
    """The lines of lists and tables in a text, and of the box behind it, where a colon closes what stands before."""
    behind = next((part.getnext() for part in path if part.getnext() is not None), None)
    parts = [part for part in (behind, *run) if part is not None and (part is behind or part.tag in (*LISTED, "table"))]
    before = ((part, part.getprevious()) for part in parts)
    told = [part for part, other in before if other is not None and words_of(other).endswith(":")]
    return [line for part in told for line in block_lines(part)]


def is_named_summary(element: Any) -> bool:
    """Whether an element is named as a summary of the text."""
    return bool(_SUMMARY.search(element.get("class") or ""))


def is_summary(element: Any) -> bool:
    """Whether an element is named as a summary of the text, or headed as its key points."""
    if is_named_summary(element):
        return True
    first = next(iter(element), None) if element.tag in ("aside", "section", "div") else None
    return first is not None and first.tag in ("h2", "h3", "h4", "p") and is_heading_of_key_points(words_of(first))


def _page_lines(tree: Any, holder: Any, long: list[str], beside: bool) -> list[str]:
    own = block_lines(holder)
    whole, covered = sum(map(len, long)), coverage(long, own)
    if (
        (beside or whole >= ENOUGH)
        and covered >= COVERED
        and holder.tag not in ("body", "html")
        and _simple(holder, own)
    ):
        return own
    fast = _trafilatura(tree, fast=True)
    size = sum(map(len, fast))
    if size >= ENOUGH and coverage(long, fast) >= COVERED:
        return own if size > LOOSE * sum(map(len, own)) and covered >= WHOLE else fast
    wanted = long if whole >= ENOUGH else [line for line in own if _stands(line)] or long
    readings = [fast, own if long else []]
    if not any(lines and coverage(wanted, lines) >= WHOLE for lines in readings):
        readings.append(_trafilatura(tree))
    return max(readings, key=lambda lines: (bool(lines), round(coverage(wanted, lines), 1), -sum(map(len, lines))))


def _simple(holder: Any, lines: list[str]) -> bool:
    """Nothing but paragraphs, headings, lists and quotes, or hardly a line that is no paragraph: after the pruning no
    library reads it better.
    """
    told = sum(len(line) for line in lines if _stands(line))
    return told >= DENSE * sum(map(len, lines)) or all(
        element.tag not in _BOXES or _is_line(element) or not words_of(element)
        for element in islice(holder.iter(), 1, None)
    )


def _is_line(element: Any) -> bool:
    """What editors make of a line: a box without a name and without others in it, beside a second one or a sentence."""
    if not _is_plain(element):
        return False
    beside = (element.getprevious(), element.getnext())
    return words_of(element).endswith((".", ":")) or any(other is not None and _is_plain(other) for other in beside)


def _is_plain(element: Any) -> bool:
    inside = islice(element.iter(), 1, None)
    named = element.tag not in _BOXES or element.get("class") or element.get("id")
    return not named and all(part.tag not in BLOCKS for part in inside)


def _common(title: Any, holder: Any, measured: Measured) -> Any:
    """The innermost element that holds both the headline and the text, but for a stray paragraph."""
    above = [title, *title.iterancestors()] if title is not None else []
    held, whole = set(above), measured.weight.get(above[-1], 0) if above else 0
    near = next((element for element in above if 0 < whole - measured.weight.get(element, 0) <= STRAY), None)
    if near is not None and _apart(near, whole - measured.weight.get(near, 0), whole):
        return near
    return next((element for element in (holder, *holder.iterancestors()) if element in held), holder)


def _lines_between(title: Any, holder: Any, measured: Measured) -> list[str]:
    """The lines of blocks without blocks in them from the headline to an element behind it."""
    if title is None or holder in (title, *title.iterancestors()):
        return []
    behind = dropwhile(lambda element: element is not title, measured.elements)
    between = list(takewhile(lambda element: element is not holder, behind))
    return [
        clean_line(words_of(element))
        for element in between
        if element.tag in BLOCKS and element not in holder.iterancestors()
    ]


def _restored(
    wide: list[str],
    lines: list[str],
    title: Any,
    description: str,
    headings: set[str],
    beside: set[str],
    told: set[str],
) -> list[str]:
    """A reading with the paragraphs and sub-headings lost between its lines, the lead lost before them, and those
    lost behind them that stand beside the others.
    """
    if len(wide) > 2 * SAMPLE:
        return lines
    shown = clean_line(words_of(title)) if title is not None else ""
    wide = wide[wide.index(shown) + 1 :] if shown in wide else wide
    behind = set(map(_key, beside))
    places = {_key(line): number for number, line in reversed(list(enumerate(lines)))}
    result, last, lost = [], -1, []
    for line in wide:
        place = places.get(_key(line))
        if place is None:
            lost.append(line)
        elif place > last:
            stays = {text for text in lost if text in told or (_lead(text, description) if last < 0 else _stands(text))}
            following = [*lost[1:], line]
            result += [
                text
                for text, after in zip(lost, following, strict=False)
                if text in stays or (text in headings and (after in stays or after is line))
            ]
            result += lines[last + 1 : place + 1]
            last, lost = place, []
    return result + lines[last + 1 :] + [text for text in lost if last >= 0 and _key(text) in behind]


def _stands(line: str) -> bool:
    """A line between two of the text's own that is a paragraph."""
    return len(line) >= LONG or (len(line) >= SENTENCE and line.endswith((".", ".»", ".”", '."')))


def _lead(line: str, description: str) -> bool:
    """A paragraph between headline and text that belongs to the text: the page's summary, or a long sentence."""
    wanted = norm(description.rstrip(".… "))[:50]
    return (len(line) >= LEAD and line.endswith(".")) or (
        len(line) >= 30 and len(wanted) >= 20 and wanted in norm(line)
    )


@cache
def library() -> Any:
    """trafilatura; only the readers' processes need its megabytes. Of its word lists in a hundred languages, which take
    32 MB and are walked through for every page, those that Arabic outlets write in.
    """
    import trafilatura.external

    its: Any = trafilatura.external
    its.JT_STOPLIST = tuple({word for language in LISTS for word in its.get_stoplist(language)})
    return trafilatura


@cache
def _options(fast: bool) -> Any:
    """How it reads: made once, for it reads its settings anew otherwise; it writes into what it is given."""
    import trafilatura.settings

    return trafilatura.settings.Extractor(output_format="python", fast=fast, precision=fast, comments=False)


def _trafilatura(tree: Any, *, fast: bool = False) -> list[str]:
    try:
        found = library().bare_extraction(tree, options=copy(_options(fast)))
    except Exception:  # a library that reads hostile pages may fail in any way; the other readings remain
        return []
    text = str(getattr(found, "text", None) or "")
    return [clean_line(line).removeprefix("- ").strip(CELL) for line in text.splitlines()]


def _isolate(tree: Any, common: Any, measured: Measured) -> None:
    """Leaves of the body only what holds headline and text, where at most a stray paragraph lies outside of it."""
    body = tree.find("body")
    whole = measured.weight.get(tree, 0)
    outside = whole - measured.weight.get(common, 0)
    if body is None or common in (tree, body) or not (_sure(outside, whole) or _apart(common, outside, whole)):
        return
    for child in list(body):
        body.remove(child)
    body.text, common.tail = None, None
    body.append(common)


def _drop_beside(run: Any, measured: Measured) -> None:
    """Takes out what stands by itself behind the first run of paragraphs: boxes of another shape with lone paragraphs,
    which speak of the outlet, the weather, an application.
    """
    runs = measured.runs()
    for part in islice(run.iterancestors(), 5) if run is not None else ():
        for box in list(part.itersiblings()):
            if box in measured.weight and shape(box) != shape(part) and _lone(box, runs, measured):
                drop(box)


def _lone(box: Any, runs: Counter[Any], measured: Measured) -> bool:
    """Up to three long paragraphs, none beside another, and no heading."""
    inside = [runs[element] for element in box.iter() if element in runs]
    alone = sum(inside) + (box not in runs and not inside) <= APART and max(inside, default=0) < 2
    return alone and next(box.iter("h2", "h3"), None) is None


def _sure(outside: int, whole: int) -> bool:
    return whole >= ENOUGH and outside <= (1 - WHOLE) * whole


def _apart(common: Any, outside: int, whole: int) -> bool:
    """An article by itself, with no more than a stray paragraph outside of it."""
    return 2 * outside < whole and outside <= STRAY and sum(map(_stands, block_lines(common))) >= 3


def _holder(tree: Any, measured: Measured) -> Any:
    """The innermost element that holds nearly all long paragraphs."""
    body = tree.find("body")
    element = tree if body is None else body
    while True:
        child = max(element, key=lambda child: measured.weight.get(child, 0), default=None)
        if child is None or measured.weight.get(child, 0) < max(SHARE * measured.weight.get(element, 0), 1):
            return element
        if all(part.tag not in BLOCKS for part in islice(child.iter(), 1, None)):
            return element  # the child is one paragraph: the shorter ones beside it are text too
        element = child


def block_lines(root: Any) -> list[str]:
    """The text of an element, a line for each block and for each row of a table."""
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        cell = element.tag in CELLS
        if event == "start":
            border = CELL if cell and element.getprevious() is not None else "\n"
            parts.append((border if element.tag in BLOCKS else "") + (element.text or "").replace("\n", " "))
        else:
            tail = (element.tail or "").replace("\n", " ") if element is not root else ""
            parts.append(("\n" if element.tag in BLOCKS and not cell else "") + tail)
    return [line for shown in clean_lines("".join(parts)) if (line := shown.strip(CELL))]


def coverage(long: list[str], lines: list[str]) -> float:
    """The share of the long paragraphs that a reading holds, by characters."""
    keys = {_key(line) for line in lines}
    missing = [line for line in long if _key(line) not in keys]
    text = norm("".join(lines)) if missing else ""
    whole = sum(map(len, long))
    return 1 - sum(len(line) for line in missing if _key(line) not in text) / whole if whole else 1.0


@lru_cache(maxsize=2048)  # a page's lines are compared with several readings
def _key(line: str) -> str:
    """The beginning of a line, by which it is known again."""
    return norm(line[:90])[:50]


def _share(wanted: list[str], lines: list[str]) -> float:
    words = [norm(word) for line in wanted for word in line.split()]
    have = {norm(word) for line in lines for word in line.split()}
    return sum(word in have for word in words) / max(len(words), 1)
