"""What of a text decides whether it is a copy: its shingles, its numbers and where they stand, whether it denies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from monitor.arabic import fold, tokens
from monitor.story.words import DEAD, EMPTY, WOUNDED, denies, number, stem

HEAD = 60  # words of the text in which a story says what is new
_MASK = (1 << 64) - 1
_ODD = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
)  # any three odd numbers: they keep the order of words
_JOINS = frozenset(".,:-/٫")

Slot = tuple[str, str]  # the words before and after a number


@dataclass(frozen=True, slots=True)
class Features:
    """A text prepared for comparison. Numbers stand by their neighbours; cardinals and ordinals are never mixed."""

    words: tuple[str, ...]
    shingles: tuple[int, ...]  # in order of the text
    unique: frozenset[int]
    headline: tuple[str, ...]
    slots: dict[Slot, frozenset[str]]  # numbers between the same two words, anywhere
    head_next: dict[str, frozenset[str]]  # numbers before a word, in the headline
    head_previous: dict[str, frozenset[str]]
    tolls: dict[str, frozenset[str]]  # "dead" and "wounded" in headline and head
    denies_first: bool  # in headline or head
    denies: bool  # anywhere


@lru_cache(maxsize=2048)
def features(title: str, text: str) -> Features:
    """Prepare a text; the last ones are remembered, since a new article meets the same candidates."""
    heading, words = split(title), split(text)
    if not words:
        words = heading
    headline = heading or words[:12]
    shingles = shingled(words)
    head = [*heading, "", *words[:HEAD]]
    return Features(
        words=tuple(words),
        shingles=shingles,
        unique=frozenset(shingles),
        headline=tuple(headline),
        slots=_slots([*heading, "", *words]),
        head_next=_beside(headline, 1),
        head_previous=_beside(headline, 0),
        tolls={name: found for name, stems in (("dead", DEAD), ("wounded", WOUNDED)) if (found := _toll(head, stems))},
        denies_first=denies(head),
        denies=denies(heading) or denies(words),
    )


def split(text: str) -> list[str]:
    """The folded words of a text; the parts of 4.2, 3-1 and 2026-07-21 stay together."""
    folded = fold(text)
    found = tokens(folded)
    words = [folded[t.start : t.end] for t in found]
    for i in range(len(found) - 1, 0, -1):
        gap = folded[found[i - 1].end : found[i].start]
        if gap in _JOINS and words[i][0].isdigit() and words[i - 1].isdigit():
            words[i - 1 : i + 1] = [words[i - 1] + gap + words[i]]
    return words


def shingled(words: list[str]) -> tuple[int, ...]:
    """64-bit hashes of three neighbouring words, the same in every process. Fewer words make one shingle."""
    if len(words) < 3:
        words = [*words, *["", "", ""][len(words) :]] if words else []
    parts = [_hashes(word) for word in words]
    return tuple((a[0] + b[1] + c[2]) & _MASK for a, b, c in zip(parts, parts[1:], parts[2:], strict=False))


@lru_cache(maxsize=100_000)
def _hashes(word: str) -> tuple[int, int, int]:
    base = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (base * _ODD[0], base * _ODD[1], base * _ODD[2])


def _numbers(words: list[str]) -> list[tuple[int, str]]:
    return [(i, value) for i, word in enumerate(words) if (value := number(word))]


def _kind(value: str) -> str:
    return "ordinal" if value.startswith("#") else "cardinal"


def _neighbour(words: list[str], at: int, step: int) -> str:
    """The nearest word beside a number that says something, with the number's kind; "" at a border."""
    at += step
    while 0 <= at < len(words) and words[at] and (words[at] in EMPTY or number(words[at])):
        at += step
    return stem(words[at]) if 0 <= at < len(words) else ""


def _slots(words: list[str]) -> dict[Slot, frozenset[str]]:
    found: dict[Slot, set[str]] = {}
    for at, value in _numbers(words):
        before, after = _neighbour(words, at, -1), _neighbour(words, at, 1)
        if before and after:
            found.setdefault((f"{_kind(value)} {before}", after), set()).add(value)
    return {slot: frozenset(values) for slot, values in found.items()}


def _beside(words: list[str] | tuple[str, ...], side: int) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for at, value in _numbers(list(words)):
        word = _neighbour(list(words), at, 1 if side else -1)
        if word:
            found.setdefault(f"{_kind(value)} {word}", set()).add(value)
    return {word: frozenset(values) for word, values in found.items()}


def _toll(words: list[str], stems: frozenset[str]) -> frozenset[str]:
    """The numbers of dead or wounded: up to two words before the noun, or up to two after it."""
    found = set()
    values = dict(_numbers(words))
    for at, word in enumerate(words):
        if stem(word) in stems:
            near = [at - 1, at - 2, at + 1, at + 2]
            value = next((values[i] for i in near if i in values and not values[i].startswith("#")), "")
            if value:
                found.add(value)
    return frozenset(found)
