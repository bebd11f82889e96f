"""Words: a typed term with all forms in which Arabic writes it, and the verdict whether a token of a text is one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from monitor.arabic import lexicon
from monitor.arabic.endings import ALL, ARTICLE, EVERY, LONGEST, NISBA, PREPOSITION, Number, Stem, stem
from monitor.arabic.letters import base, fold_base, readings_of, vowels_of

Forms = Literal["word", "exact", "family"]
Vowels = tuple[tuple[int, bool, int], ...]
_HAMZAS = frozenset("أإآ")


class Reading(NamedTuple):
    """A way to take particles off a token: `rest` stands where the token's letters begin at `start`."""

    rest: str
    start: int
    before: int  # ARTICLE and PREPOSITION bits of what was taken off
    assimilated: bool = False  # ل + ل…: an article may hide in it (للجنة)


class Look(NamedTuple):
    """A raw token with all that is asked about it."""

    letters: str  # as its writer chose them
    folded: str
    vowels: Vowels
    detached: bool  # a و with a space behind it stands before the word


@lru_cache(65536)
def look(token: str) -> Look:
    """What is asked about a token, worked out once."""
    letters = base(token)
    detached = letters[:2] == "و "
    letters = letters.replace(" ", "")
    return Look(letters, fold_base(letters), vowels_of(token), detached)


@lru_cache(65536)
def readings(folded: str) -> tuple[Reading, ...]:
    """Every way to take و ف, ب ل ك and ال off a folded token, nothing taken off first."""
    found = [Reading(folded, 0, 0)]
    _after_conjunction(folded, 0, found)
    if folded[:1] in ("و", "ف") and len(folded) > 2:
        found.append(Reading(folded[1:], 1, 0))
        _after_conjunction(folded, 1, found)
    return tuple(found)


def _after_conjunction(folded: str, at: int, found: list[Reading]) -> None:
    head, rest = folded[at : at + 1], folded[at + 1 :]
    if folded.startswith("ال", at) and len(folded) - at > 3:
        found.append(Reading(folded[at + 2 :], at + 2, ARTICLE))
    if head not in ("ب", "ك", "ل") or len(rest) < 2:
        return
    twice = head == "ل" == rest[0]
    found.append(Reading(rest, at + 1, PREPOSITION, twice))
    if rest.startswith("ال") and len(rest) > 3:
        found.append(Reading(rest[2:], at + 3, ALL))
    if twice and len(rest) > 2:  # للقاهرة holds القاهرة, للاذقية holds اللاذقية
        found.append(Reading(rest[1:], at + 2, ALL))
        found.append(Reading("ال" + rest[1:], at, PREPOSITION))
        found.append(Reading("ال" + rest, at - 1, PREPOSITION))


def keys_of(token: str) -> tuple[str, ...]:
    """Under which keys a raw token may stand in a dictionary of `Word.keys`; a word that accepts the token shares one."""
    seen = look(token)
    found = dict.fromkeys(reading.rest for reading in readings(seen.folded))
    for rest in tuple(found):
        for cut in range(1, min(LONGEST, len(rest) - 1) + 1):
            if rest[-cut:] in EVERY:
                found[rest[:-cut]] = None
    return tuple(found)


class Word:
    """A typed word in every form that Arabic attaches to it. `keys` are few; `accepts` is the verdict for one raw token."""

    __slots__ = ("_al", "_exact", "_kind", "_marks", "_place", "_stems", "_vowels", "keys", "text")

    def __init__(
        self,
        text: str,
        kind: str,
        stems: tuple[Stem, ...],
        vowels: Vowels,
        al: str,
        place: str,
        *,
        marks: bool,
        exact: bool,
    ) -> None:
        self.text = text
        self.keys: tuple[str, ...] = tuple(dict.fromkeys(stem.core for stem in stems))
        self._kind, self._stems, self._vowels = kind, stems, vowels
        self._al, self._place, self._marks, self._exact = al, place, marks, exact

    def __repr__(self) -> str:
        return f"Word({self.text!r}, {self._kind})"

    def accepts(self, token: str) -> bool:
        """Whether this raw token of a text is the word."""
        seen = look(token)
        return any(self._fits(seen, reading, part) for reading in readings(seen.folded) for part in self._stems)

    def _fits(self, seen: Look, reading: Reading, part: Stem) -> bool:
        rest = reading.rest
        if not rest.startswith(part.core):
            return False
        before = part.endings.get(rest[len(part.core) :])
        return before is not None and not reading.before & ~before

    def all_forms(self) -> Iterator[str]:
        """Every form that is accepted, as a newspaper writes it; fold it to compare."""
        for part in self._stems:
            for ending in part.endings:
                yield part.core + ending


def word(
    text: str, *, forms: Forms = "word", kind: Literal["", "name", "noun"] = "", al: Literal["any", "no", "must"] = "any",
    marks: bool = False, plurals: tuple[str, ...] = (), fuzzy: bool = False, place: Literal["alone", "first", "rest"] = "alone",
) -> Word:  # fmt: skip
    """The matcher of one typed word."""
    letters = base(text).replace(" ", "")
    folded = fold_base(letters)
    number: Number = "open" if letters.endswith("ة") or kind == "noun" else "name"
    parts = (stem(letters, folded, number, place),)
    return Word(text, kind, parts, vowels_of(text), al, place, marks=marks, exact=forms == "exact")
