"""Where words, sentences and paragraphs stand. All offsets are code points in the given text, end exclusive."""

from __future__ import annotations

import re
from typing import NamedTuple

_INNER = (  # Arabic letters but ة, which ends a word even where the space behind it was lost
    "\u0620-\u0628\u062a-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfc\ufe80-\ufefc\U0001ee00-\U0001eeef"
)
_ARABIC = "ة" + _INNER
_MARKS = (
    "\u0640\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
    "\ufe70-\ufe7f\ufe20-\ufe2f"
)
_HIDDEN = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_OTHER = rf"[^\W\d_\u0640{_ARABIC}]"
_QUOTES = "\"'«»“”„‟‘’‚‹›(\\[{"
# Particles that stand apart belong to the word behind them, as if they were written together: a و, and those that a
# tatweel leads over a space, a quote or a bracket, as in الـ"شاهد" and لـ «حزب الله».
_SPACE = "[ \u00a0]{0,2}"
_LED = rf"[وف]?(?:[بك]?ال|لل|[بكل])ـ+(?=[ \u00a0{_QUOTES}]){_SPACE}[{_QUOTES}]{{0,2}}{_SPACE}"
_WORD = re.compile(
    rf"(?:(?:و[ \u00a0]{{1,2}}|{_LED})(?=[{_ARABIC}]))?"
    rf"(?:[{_INNER}][{_INNER}{_MARKS}]*(?:[{_HIDDEN}]+[{_INNER}{_MARKS}]+)*(?:[{_HIDDEN}]*ة[{_MARKS}]*)?|ة[{_MARKS}]*)"
    rf"|\d+(?:[.,٫٬]\d+)*"
    rf"|{_OTHER}(?:{_OTHER}|[\u0300-\u036f])*"
)
_APART = re.compile(rf"([{_ARABIC}{_MARKS}]+)[ \u00a0{_QUOTES}]+")
_LETTER = re.compile(f"[{_ARABIC}]")
_SPLIT = re.compile(f"({_WORD.pattern})")
_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLOSERS = "\"'”’»)\\]}"
_OPENERS = '"«“„(\\[#•–—-'
_END = re.compile(
    rf"[!?؟۔][!?؟۔.]*[{_CLOSERS}{_HIDDEN}]*"
    rf"|\.(?<!\.\.)(?:[{_CLOSERS}{_HIDDEN}]*(?=\s|$)"
    rf"|[{_HIDDEN}]*(?=[{_ARABIC}{_OPENERS}])|[{_CLOSERS}{_HIDDEN}]*(?=[{_ARABIC}]))",  # the space behind it was lost
    re.MULTILINE,
)
# What stands before a stop that ends no sentence: د. سمير, ود. سمير, لـد. سمير, and each letter of أ.ف.ب.
_INITIAL = re.compile(
    rf"(?<![\w{_MARKS}\u200c\u200d])(?:(?:و|و?(?:[بك]?ال|لل|[بكل])ـ{{1,3}})(?=[دمأا]))?[^\W\d_ـ][ \u00a0{_HIDDEN}]?\Z"
)
_LONGEST_INITIAL = 9  # characters of it
# Neighbours have nothing between them but space, what nobody sees, quotes, brackets, hyphens, signs that belong to
# words, flags, a stop alone, and << >> where they stand for « ».
_PARTING = re.compile(
    rf"[^\s\x00-\x1f\x7f-\x9f{_MARKS}{_HIDDEN}\ufe00-\ufe0f\ufffd{_QUOTES})\]}}`´\u2032-\u2036\u300a-\u300f\uff02\uff07（）﴾﴿"
    r"\-\u2010-\u2015\u2212\uff0d_#@/\\&+×%٪*$€£¥°®™\U0001f1e6-\U0001f1ff.<>]"
    r"|\.\.|(?<!<)<(?!<)|(?<!>)>(?!>)"
)


class Token(NamedTuple):
    """A word of a text: `text[start:end] == raw`, with its marks and attached particles."""

    start: int
    end: int
    raw: str


def tokens(text: str) -> list[Token]:
    """The words and numbers of a text.

    Digits split from letters, scripts from each other, and ة from letters behind it; `_ # / -` separate, and
    so does a tatweel that stands apart.
    """
    return [Token(*found.span(), found[0]) for found in _WORD.finditer(text)]


def raw_tokens(text: str) -> list[str]:
    """The words alone, in order, without their offsets: several times faster than `tokens`."""
    return _WORD.findall(text)


def split(text: str) -> list[str]:
    """The text cut at its words: what stands before the first word, the word, what stands before the second, and so on.

    `split(text)[1::2]` are the words; all pieces together are the text.
    """
    return _SPLIT.split(text)


def whole(token: str) -> tuple[str, str]:
    """A token without what parts its particles from the word, and the particles that stood apart."""
    found = _APART.match(token)
    return (found[1] + token[found.end() :], found[1]) if found else (token, "")


def is_arabic(word: str) -> bool:
    """Whether it is written in Arabic letters: to numbers and words of other scripts nothing is attached."""
    return _LETTER.search(word) is not None


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The lines that hold something, without the white space around them."""
    return _pieces(text, 0, len(text), _BREAK)


def joins(between: str) -> bool:
    """Whether words with this between them are neighbours, if in one sentence.

    Commas, `:`, `..`, bars, bullets, arrows and pictures part them.
    """
    return between in ("", " ") or not _PARTING.search(between)


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of all paragraphs.

    `. ! ? ؟` end a sentence; a stop in a number, after a letter alone (د. سمير, أ.ف.ب) or in an address doesn't, nor
    do `..`, `…`, `:` and `؛`.
    """
    return [span for start, end in paragraphs(text) for span in _pieces(text, start, end, _END)]


def _pieces(text: str, start: int, end: int, border: re.Pattern[str]) -> list[tuple[int, int]]:
    """The stretches between borders; a border that is no white space belongs to the piece before it."""
    found = []
    for mark in border.finditer(text, start, end):
        if mark[0][0] == "." and _INITIAL.search(text, max(start, mark.start() - _LONGEST_INITIAL), mark.start()):
            continue
        found.append(_trim(text, start, mark.end()))
        start = mark.end()
    found.append(_trim(text, start, end))
    return [span for span in found if span[0] < span[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
