"""What a text with the words of another says otherwise: other names in the same places, another headline and opening.

A template (a warning, a sentence carried out, a rate) keeps its words and changes what stands between them. A
follow-up and a round-up quote a story whole, below an opening and a headline of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from monitor.story.features import Shape
from monitor.story.words import EMPTY, PLACES, PREPOSITIONS, TIMES, number, stem

HEAD = 45  # words in which a text says who, what and where
SLOT = 8  # words that a slot may hold
BESIDE = 2  # equal words on each side of a slot
LIKE = 0.7  # from so much likeness on two spellings are one word: أمريكا، أميركا
OPENING = 12  # words of an own opening; an agency's line and a page's buttons are shorter
LONG = 80  # words from which three names must differ, since a desk changes a word here and there ...
UNTOUCHED = 0.75  # ... but where so much of the texts is the same no desk was at work

_ARTICLES = ("ال", "وال", "فال", "بال", "كال", "لل")

Slot = tuple[str, tuple[str, ...], tuple[str, ...]]  # the word before, and what stands there in each text


def other_names(one: Shape, other: Shape) -> str:
    """Where the same sentence names others, in words; "" where it doesn't."""
    one, other = sorted((one, other), key=lambda text: text.words)  # an alignment depends on the order
    edited = len(one.unique & other.unique) < UNTOUCHED * len(one.unique | other.unique)
    needed = 3 if edited and min(len(one.words), len(other.words)) >= LONG else 2
    told: list[str] = []
    for before, a, b in _slots(one.words[:HEAD], other.words[:HEAD]):
        mine, yours = _strange(a, other, b), _strange(b, one, a)
        needed -= (weight := _weight(before, a, b, mine, yours))
        told += [f"{' '.join(a)} and {' '.join(b)}"] if weight else []
    return f"other names in the same place: {', '.join(told)}" if needed <= 0 else ""


def _slots(one: Sequence[str], other: Sequence[str]) -> Iterator[Slot]:
    """Where the texts differ between words that are the same; a lone word inside of a slot belongs to it."""
    matcher = SequenceMatcher(None, [*map(stem, one)], [*map(stem, other)], autojunk=False)
    runs = [run for run in matcher.get_matching_blocks() if run.size >= BESIDE]
    for left, right in pairwise(runs):
        a, b = one[left.a + left.size : right.a], other[left.b + left.size : right.b]
        if 0 < len(a) <= SLOT and 0 < len(b) <= SLOT:
            before = {one[left.a + left.size - 1], other[left.b + left.size - 1]}
            yield max(sorted(before), key=_place), tuple(a), tuple(b)


def _strange(words: Sequence[str], text: Shape, there: Sequence[str]) -> list[str]:
    """Those of the words that say something and are nowhere in the other text, nor another spelling of it there."""
    known, numbers = stems(text), {number(word).strip("#") for word in there} - {""}
    return [
        word
        for word in words
        if stem(word) not in known
        and word not in EMPTY
        and stem(word) not in TIMES
        and (not number(word) or (numbers and number(word).strip("#") not in numbers))
        and not any(_alike(word, rest) for rest in (*there, "".join(there)))
    ]


def stems(text: Shape) -> set[str]:
    """All words of a text, without their particles."""
    return {*map(stem, text.words), *map(stem, text.heading)}


def _alike(one: str, other: str) -> bool:
    """Whether two words are one, spelled otherwise."""
    return SequenceMatcher(None, stem(one), stem(other), autojunk=False).ratio() >= LIKE


def _weight(before: str, a: Sequence[str], b: Sequence[str], mine: Sequence[str], yours: Sequence[str]) -> int:
    """How surely a slot holds other names: 2 for places and for three words or more, 1 after a preposition."""
    mine, yours = _names(mine), _names(yours)
    if not mine or not yours:
        return 0
    places = _place(before) or (_place(a[0]) and _place(b[0]))
    where = places or before in PREPOSITIONS
    if where and {*map(stem, a)} & {*map(stem, b)} - PLACES - EMPTY:
        return 0  # one place described in two ways
    if places or min(len(mine), len(yours)) >= 3:
        return 2
    return int(where or min(len(mine), len(yours)) >= 2)


def _place(word: str) -> bool:
    """Whether a place's name follows: after محافظة, not after المحافظة."""
    return stem(word) in PLACES and not word.startswith(_ARTICLES)


def _names(words: Sequence[str]) -> list[str]:
    return [word for word in words if stem(word) not in PLACES]


def other_news(one: Shape, other: Shape) -> str:
    """Why `other` is told by `one` below other news, in words: the opening and the headline of `one` are its own."""
    heading = {stem(word) for word in one.heading[:HEAD] if word not in EMPTY}
    own = _own_opening(one, other) if len(heading) >= 3 else 0
    if own < OPENING:
        return ""
    known, opening = stems(other), {*map(stem, one.words[:own])} - EMPTY
    if 2 * len(opening - known) <= len(opening):
        return ""
    begun = known | {word[:n] for word in known for n in range(3, len(word))}
    told = sum(word in begun or any(word[:n] in known for n in range(3, len(word) + 1)) for word in heading)
    if 2 * told > len(heading):  # الصين is told by الصينية as well, and the other way round
        return ""
    return "one has the other below an opening and a headline of its own"


def _own_opening(one: Shape, other: Shape) -> int:
    """How many words `one` begins with before the text of `other`."""
    common = [shingle in other.unique for shingle in one.shingles]
    return next((at for at, pair in enumerate(pairwise(common)) if all(pair)), len(common))
