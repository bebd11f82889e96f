"""What of a text decides whether it is a copy: its shingles, its numbers with their neighbours, whether it denies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from sys import intern

from monitor.arabic import fold, raw_tokens
from monitor.story.words import DEAD, EMPTY, WOUNDED, denies, number, stem, values

HEAD = 60  # words of the text in which a story says what is new
MEMO = 16_384  # words; about 2 MB, and a larger memo is no faster
LETTERS = 64  # of a word: what is longer is none, and memos would keep it
LONGEST = 20_000  # characters of a text that are compared, some 3,000 words
REMEMBERED = 64  # texts; of 300 words each about 2 MB, of 3,000 each 20
_POSITIVE = (1 << 60) - 1  # below the prime by which Python reduces a number before it hashes it

Numbers = Mapping[tuple[str, str], frozenset[str]]  # by the words beside them; "" for any


@dataclass(frozen=True, slots=True)
class Shape:
    """A text's words and shingles. A text without words is its title."""

    heading: tuple[str, ...]
    words: tuple[str, ...]
    shingles: tuple[int, ...]  # in order of the text
    unique: frozenset[int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says that a copy of it cannot say otherwise. Cardinals and ordinals are never mixed."""

    anywhere: Numbers  # between the same two words
    headline: Numbers  # before or after the same word
    tolls: Numbers  # the dead and the wounded
    denies_first: bool  # in the headline or the head
    denies: bool


@lru_cache(maxsize=REMEMBERED)
def shape(title: str, text: str) -> Shape:
    """A text's shape; the last ones are remembered, since a new article meets the same candidates."""
    parts = (title[:LONGEST], text[:LONGEST])
    heading, words = ([intern(word[:LETTERS]) for word in raw_tokens(fold(part))] for part in parts)
    words = words or heading
    shingles = shingled(words)
    return Shape(tuple(heading), tuple(words), shingles, frozenset(shingles))


def shingled(words: Sequence[str]) -> tuple[int, ...]:
    """Signed 64-bit hashes of three neighbouring words. One or two words make one shingle.

    Python's hash of a tuple of numbers is no secret of the process, as that of a string is, and nothing is faster.
    Where another Python hashes otherwise, copies are not found across its start for three days.
    """
    parts = [*map(_hashes.__getitem__, words)]
    if 0 < len(parts) < 3:
        parts += [0] * (3 - len(parts))
    return tuple(map(hash, zip(parts, parts[1:], parts[2:], strict=False)))


class _Memo(dict[str, int]):
    """64-bit hashes of words, the same in every process; forgotten when there are too many."""

    def __missing__(self, word: str) -> int:
        if len(self) >= MEMO:
            self.clear()
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self[word] = found = int.from_bytes(digest, "big") & _POSITIVE
        return found


_hashes = _Memo()


@lru_cache(maxsize=REMEMBERED)
def facts(text: Shape) -> Facts:
    """A text's facts; asked only of pairs whose words are alike."""
    headline = text.heading or text.words[:12]
    head = (*text.heading, "", *text.words[:HEAD])
    whole = (*text.heading, "", *text.words)
    beside = _numbers(headline)
    return Facts(
        anywhere={pair: found for pair, found in _numbers(whole).items() if all(pair)},
        headline={pair: found for pair, found in beside.items() if not all(pair)},
        tolls={("", name): found for name, nouns in _TOLLS if (found := _toll(head, nouns))},
        denies_first=denies(head),
        denies=denies(whole),
    )


_TOLLS = (("dead", DEAD), ("wounded", WOUNDED))


def _numbers(words: Sequence[str]) -> Numbers:
    """The numbers by the pair of words they stand between, and by each of the two alone."""
    found: dict[tuple[str, str], set[str]] = {}
    for at, value in values(words).items():
        kind = "#" if value.startswith("#") else ""
        before, after = _neighbour(words, at, -1), _neighbour(words, at, 1)
        for pair in {(before, after), (before, ""), ("", after)} - {("", "")}:
            found.setdefault((pair[0] and kind + pair[0], pair[1] and kind + pair[1]), set()).add(value)
    return {pair: frozenset(numbers) for pair, numbers in found.items()}


def _neighbour(words: Sequence[str], at: int, step: int) -> str:
    """The nearest word beside a number that says something, or "" at a border."""
    at += step
    while 0 <= at < len(words) and words[at] and (words[at] in EMPTY or number(words[at])):
        at += step
    return stem(words[at]) if 0 <= at < len(words) else ""


def _toll(words: Sequence[str], nouns: frozenset[str]) -> frozenset[str]:
    """How many dead or wounded: the cardinal up to two words before the noun, or up to three after it."""
    found, numbers = set(), values(words)
    for at, word in enumerate(words):
        if stem(word) in nouns:
            near = [numbers.get(i, "") for i in (at - 1, at - 2, at + 1, at + 2, at + 3)]
            found.update([value for value in near if value and not value.startswith("#")][:1])
    return frozenset(found)
