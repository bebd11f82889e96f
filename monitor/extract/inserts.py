"""Lines put into a text that have no word in common with it: pointers to other stories, service lines, calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, compress, groupby, islice
from typing import Any, NamedTuple

from lxml import etree

from monitor.extract.body import CELL, CELLS, SUBHEADINGS, TOLD, is_summary
from monitor.extract.cards import FAR, HEADINGS, WORDS
from monitor.extract.dates import parse
from monitor.extract.phrases import AGO
from monitor.extract.plain import clean_line, spelling
from monitor.extract.strangers import words
from monitor.extract.tree import BLOCKS, own_chars, shape, words_of
from monitor.types import Dropped

ENOUGH = 30  # telling words of a text that can vouch for its lines
COMMON, LIKELY = 0.1, 0.25  # share of an inserted line's words that the text may have too
LONG = 65  # characters from which on a line ends as its text's sentences do
TELLING, SURE, MANY = 3, 5, 8  # words by which a line can be told, a sentence, a row of headlines
SHORT, LONGEST = 130, 320  # characters of an inserted headline, of an inserted sentence
BOX = 500  # characters of a box that was put in
USUAL = 0.3  # share of a text's paragraphs from which on what they look like tells nothing
FEW = 6  # lines of one insertion
SENTENCE = 80  # characters of a long sentence
LINKED, PRINTED = 0.3, 0.9  # share of a line in links, in other letters than its text's
_END = re.compile(r"[.:؟!…»”\"،؛](?:\s*\([^()]{1,30}\))?$")  # of a sentence, perhaps with its source or "(النهاية)"
_MARKED = re.compile(r"\W{0,2}\d|[*•●▪◦·–-]\s|بسم الله")
_LIST_TAGS = frozenset(("li", "td", "th", "dd", "dt", "blockquote", "pre", "figcaption"))
_STYLED = re.compile(r"border|background|float|padding|position|center|font-size|color")
_ENCLOSED = re.compile(
    r"\(.*\)|\[.*\]|([*=~_#•—–-])\1*\s.*\s\1+|[\U0001f446-\U0001f449►◄▶◀▸◂➤➜⬅➡→←☜☞<>«]+\s.*|.*\s[►◄▶◀▸◂⬅➡→←<>]+"
)
_TAGS = re.compile(r"(?:[^.،/|]{2,25}\s?[،/|]\s?){2,}[^.،/|]{2,25}")
_HEADING = re.compile(r"sub|head|title")
_KINDS = ("linked", "printed")
_NOT_APART = frozenset((*HEADINGS, "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "details"))
_LETTERS = frozenset(("strong", "b", "em", "i", "small"))


class Piece(NamedTuple):
    """Where a line stands: its block, and the shares of it that are links and other letters."""

    block: Any
    linked: float
    printed: float


class Span(NamedTuple):
    """A text between two tags."""

    text: str
    block: Any
    linked: bool
    printed: bool


def without_inserts(lines: list[str], title: str, root: Any) -> tuple[list[str], list[Dropped]]:
    """The lines of a text, and those that share no word with it and do not look like a part of it."""
    told = _Told(lines, title)
    most = (COMMON if told.sentences[n] and len(line) >= SENTENCE else LIKELY for n, line in enumerate(lines))
    doubtful = [n for n, share in enumerate(most) if len(lines[n]) <= LONGEST and told.common_of(n) <= share]
    if len(told.words) < ENOUGH or not doubtful:
        return lines, []
    known = _unlike(lines, dict(_pieces(root)))
    near = {n for found in doubtful for n in range(found - FEW, found + FEW + 1)}
    units = _units(lines, [known.get(line) if n in near else None for n, line in enumerate(lines)])
    gone = {n for unit, most in units if _small(unit, lines) and told.common(unit) <= most for n in unit}
    dropped = [Dropped(text=lines[n], reason="nothing in common with the text") for n in sorted(gone)]
    return [line for n, line in enumerate(lines) if n not in gone], dropped


def _unlike(lines: list[str], known: dict[str, Piece]) -> dict[str, Piece]:
    """Pieces without links and other letters where the text itself has them all over."""
    own = [known[line] for line in lines if line in known and len(line) > LONG]
    linked, printed = (sum(piece.linked > 0 for piece in own), sum(piece.printed >= PRINTED for piece in own))
    if max(linked, printed) <= USUAL * len(own):
        return known
    keeps = linked <= USUAL * len(own), printed <= USUAL * len(own)
    return {line: Piece(at.block, at.linked * keeps[0], at.printed * keeps[1]) for line, at in known.items()}


class _Told:
    """The words of a text's title and sentences."""

    def __init__(self, lines: list[str], title: str) -> None:
        self.own = [words([line]) for line in lines]
        self.sentences = [bool(_END.search(line)) or len(line) > SHORT for line in lines]
        self.words = Counter(chain.from_iterable(compress(self.own, self.sentences)))
        self.words.update(2 * list(words([title])))

    def common(self, unit: list[int]) -> float:
        """The share of some lines' words that others have too; 1 where they have too few that tell."""
        here = Counter(chain.from_iterable(self.own[n] for n in unit if self.sentences[n]))
        found = self.own[unit[0]].union(*(self.own[n] for n in unit[1:]))
        return sum(self.words[word] > here[word] for word in found) / len(found) if len(found) >= TELLING else 1.0

    def common_of(self, n: int) -> float:
        """The same of one line."""
        own, here = self.own[n], self.sentences[n]
        return sum(self.words[word] > here for word in own) / len(own) if len(own) >= TELLING else 1.0


def _small(unit: list[int], lines: list[str]) -> bool:
    """Whether lines are a small part of a text, with one long sentence at most: what stands beside them vouches."""
    long = sum(len(lines[n]) >= SENTENCE and bool(_END.search(lines[n])) for n in unit)
    return long < 2 and 4 * sum(len(lines[n]) for n in unit) < sum(map(len, lines))


def _units(lines: list[str], pieces: list[Piece | None]) -> Iterator[tuple[list[int], float]]:
    """What may have been put in at once, with the share of words that it may have in common with the text: the lines of
    a box apart, headlines that follow each other, a sentence with a link or in other letters.
    """
    apart = _Boxes(min(BOX, sum(map(len, lines)) // 3)).apart
    boxes = [apart(piece.block) if piece else None for piece in pieces]
    short = _short(lines, pieces)
    for (box, few), group in groupby(range(len(lines)), lambda n: (boxes[n], boxes[n] is None and short[n])):
        unit = list(group)
        if box is None and not few:
            yield from (([n], COMMON) for n in unit if n and _set_off(lines[n], pieces[n]))
        elif box is None and _is_row(unit, lines, pieces):
            yield unit, COMMON
        elif (
            len(unit) > FEW
            or sum(map(_tells, (lines[n] for n in unit))) > 1
            or any(lines[n].endswith(":") or _listed(pieces[n]) for n in unit)
        ):
            continue
        elif box is not None and (box.tag == "article" or _is_insert([(lines[n], pieces[n]) for n in unit])):
            several = box.tag == "article" or len(unit) > 1
            yield unit, LIKELY if several and all(len(lines[n]) < SENTENCE for n in unit) else COMMON
        elif few and not _announced(unit, lines):
            sure = _pointed(unit, lines, pieces)
            if sure or _lone(unit, lines, pieces):
                yield unit, LIKELY if sure else COMMON


def _short(lines: list[str], pieces: list[Piece | None]) -> list[bool]:
    """Which lines have no end where paragraphs have one, and are no heading of text."""
    long = [line for line in lines if len(line) > LONG]
    if 2 * sum(bool(_END.search(line)) for line in long) <= len(long):
        return [False] * len(lines)
    short = [len(line) <= SHORT and not _END.search(line) for line in lines]
    headings = [piece is not None and piece.block.tag in SUBHEADINGS for piece in pieces]
    for n in reversed(range(len(lines) - 1)):
        short[n] = short[n] and (short[n + 1] or not headings[n])
    return short


def _is_row(unit: list[int], lines: list[str], pieces: list[Piece | None]) -> bool:
    """Headlines behind a sentence that announces none: in a list, with marks or in bold, perhaps below a label."""
    before = lines[unit[0] - 1] if unit[0] else ""
    if not before.endswith((".", "»", "؟", "!")) or len({word for n in unit for word in words([lines[n]])}) < MANY:
        return False
    head, rest = unit[0], unit[1:]
    piece = pieces[head]
    if piece is not None and piece.block.tag in SUBHEADINGS:
        return False  # it heads the text's own list
    row = unit if _in_row(lines[head], piece) else rest
    return len(row) > 1 and all(_in_row(lines[n], pieces[n]) for n in row)


def _in_row(line: str, piece: Piece | None) -> bool:
    if piece is None or line.count(" ") + 1 < WORDS:
        return False
    return piece.printed >= PRINTED or bool(_MARKED.match(line)) or piece.block.tag == "li"


def _listed(piece: Piece | None) -> bool:
    return piece is not None and any(
        part is not None and part.tag in _LIST_TAGS for part in (piece.block, piece.block.getparent())
    )


def _tells(line: str) -> bool:
    """A name and what is said of it, as lists have it."""
    return ": " in line


def _announced(unit: list[int], lines: list[str]) -> bool:
    """Whether a colon stands before, or nothing does before the place and the date with which agencies begin."""
    return lines[unit[0] - 1].endswith(":") if unit[0] else parse(lines[0]) is not None


def _lone(unit: list[int], lines: list[str], pieces: list[Piece | None]) -> bool:
    """One line, and no heading: such do not stand between a text's sentences."""
    n, piece = unit[0], pieces[unit[0]]
    if len(unit) > 1 or piece is None or _MARKED.match(lines[n]):
        return False
    return n + 1 == len(lines) or not _is_heading(lines[n], piece)


def _is_insert(parts: list[tuple[str, Piece | None]]) -> bool:
    """Whether what a box holds may have been put in: its only line may be a sentence of the text's or its sub-heading,
    and several a section of it, a question with the answer.
    """
    (first, piece), *rest = parts
    if piece is None or (piece.linked > 0 and not rest):
        return piece is not None
    if rest:
        return not (
            (piece.block.tag in SUBHEADINGS or first.endswith("؟")) and any(_END.search(line) for line, _ in rest)
        )
    return len(first) < SENTENCE and not _END.search(first) and not _is_heading(first, piece)


def _is_heading(line: str, piece: Piece) -> bool:
    """A sub-heading: by its tag or its name, or a few words in bold."""
    named = piece.block.tag in SUBHEADINGS or _HEADING.search(piece.block.get("class") or "")
    return bool(named) or (piece.printed >= PRINTED and len(words([line])) < SURE)


def _pointed(unit: list[int], lines: list[str], pieces: list[Piece | None]) -> bool:
    """Headlines with a date or a link, between marks, or as headings behind the text."""
    if any(_is_marked(lines[n]) for n in unit):
        return True
    known = [piece for piece in (pieces[n] for n in unit) if piece is not None]
    behind = unit[-1] + 1 == len(lines) and any(piece.block.tag in SUBHEADINGS for piece in known)
    return behind or any(piece.linked >= LINKED for piece in known)


def _is_marked(line: str) -> bool:
    """Between brackets, stars or dashes, behind an arrow, in parts of a word or two, or with a date."""
    return (
        bool(_ENCLOSED.fullmatch(line) or _TAGS.fullmatch(line))
        or line.count("|") > 1
        or parse(line) is not None
        or bool(AGO.search(spelling(line)))
    )


def _set_off(line: str, piece: Piece | None) -> bool:
    """A sentence with a link in it, or all of it in other letters than the text's."""
    if piece is None or len(line) > LONGEST or not _END.search(line) or line.endswith(("؟", ":", "»", "”", '"')):
        return False
    return LINKED <= piece.linked < PRINTED or (piece.printed >= PRINTED and len(line.split()) >= SURE)


class _Boxes:
    """The boxes around blocks that look like none beside them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.chars: dict[Any, int] = {}

    def apart(self, block: Any) -> Any:
        """The largest small box around a block, where it has a shape of its own beside longer text or paragraphs; None
        where it hasn't, and for headings, lists and summaries.
        """
        box = block
        while (parent := box.getparent()) is not None and self._small(parent):
            box = parent
        if parent is None or box.tag in _NOT_APART or TOLD in (box.get("class"), block.get("class")) or is_summary(box):
            return None
        others = [part for part in islice(parent, FAR) if part is not box and isinstance(part.tag, str)]
        alike = (box is block and _is_paragraph(box)) or any(_looks(part) == _looks(box) for part in others)
        return None if alike or not self._beside_text(box, parent, others) else box

    def _beside_text(self, box: Any, parent: Any, others: list[Any]) -> bool:
        paragraphs = sum(part.tag in ("p", "div") for part in others)
        if paragraphs > 2 or own_chars(parent) > self.most:
            return True
        return any(not self._small(part) or self._chars(part) > 4 * self._chars(box) for part in others)

    def _small(self, box: Any) -> bool:
        return self._chars(box) <= self.most

    def _chars(self, box: Any) -> int:
        if box not in self.chars:
            self.chars[box] = len(words_of(box))
        return self.chars[box]


def _is_paragraph(box: Any) -> bool:
    """A paragraph like any other, or what editors make of one."""
    return box.tag in ("p", "div") and not (box.get("class") or _STYLED.search(box.get("style") or ""))


def _looks(box: Any) -> str:
    blocks = any(part.tag in BLOCKS for part in islice(box.iter(), 1, None))
    return f"{shape(box)} {box.get('style') or ''} {blocks}"


def _pieces(root: Any) -> Iterator[tuple[str, Piece]]:
    """The lines of an element, parted as its blocks part them, with what is known of each."""
    for border, group in groupby(_spans(root), lambda span: span is None):
        spans = [span for span in group if span is not None]
        if not border and (line := clean_line("".join(span.text for span in spans)).strip(CELL)):
            said = [(len(span.text.strip()), span) for span in spans]
            linked, printed = (sum(chars for chars, span in said if getattr(span, kind)) for kind in _KINDS)
            yield line, Piece(spans[0].block, linked / len(line), printed / len(line))


def _spans(root: Any) -> Iterator[Span | None]:
    """The texts in an element; None at the borders of blocks."""
    blocks, linked, printed = [root], 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        border = element.tag in BLOCKS and element.tag not in CELLS
        linked += step * (element.tag == "a")
        printed += step * (element.tag in _LETTERS)
        if border:
            yield None
        elif element.tag in CELLS and step > 0 and element.getprevious() is not None:
            yield Span(CELL, element, False, False)
        if element.tag in BLOCKS and step > 0:
            blocks.append(element)
        elif element.tag in BLOCKS:
            blocks.pop()
        text = element.text if step > 0 else element.tail if element is not root else ""
        if text:
            yield Span(text.replace("\n", " "), blocks[-1], linked > 0, printed > 0)
