"""What stands before a word in one token: و ف, then ب ل ك, then ال; and what of a token verification looks at.

The vernacular's هال (this) and عال (on the) are articles too, where three letters or more follow.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from monitor.arabic.endings import ALL, ARTICLE, PREPOSITION
from monitor.arabic.letters import Vowels, base, fold_base, vowels_of
from monitor.arabic.spans import whole


class Reading(NamedTuple):
    """A way to take particles off a token: `rest` are its letters from `start` on."""

    rest: str
    start: int
    before: int  # which of ARTICLE and PREPOSITION were taken off
    hidden: bool = False  # an article may hide in the rest's ل (للجنة)
    spoken: bool = False  # the article is the vernacular's: هالطيارة (this aircraft), عالحدود (at the border)


class Look(NamedTuple):
    """A raw token with all that is asked about it."""

    letters: str  # as its writer chose them
    folded: str
    vowels: Vowels
    apart: int  # letters of the particles that stand apart before the word


LONGEST_TOKEN = 200  # with marks and tatweel; what is longer is no word, and is kept in no cache
REMEMBERED = 64  # tokens, for all words that are asked about one in a row; a matcher remembers its verdicts itself
_NOTHING = Look("", "", (), 0)


def look(token: str) -> Look:
    """What is asked about a token, worked out once."""
    return _look(token) if len(token) <= LONGEST_TOKEN else _NOTHING


@lru_cache(REMEMBERED)
def _look(token: str) -> Look:
    word, particles = whole(token)
    letters = base(word)
    return Look(letters, fold_base(letters), vowels_of(word), len(base(particles)))


@lru_cache(REMEMBERED)
def readings(folded: str) -> tuple[Reading, ...]:
    """Every way to take و ف, ب ل ك and ال off a folded token, nothing taken off first."""
    if not folded:
        return ()
    found = [Reading(folded, 0, 0), *_after_conjunction(folded, 0)]
    if folded[:1] in ("و", "ف") and len(folded) > 2:
        found += [Reading(folded[1:], 1, 0), *_after_conjunction(folded, 1)]
    return tuple(found)


def _after_conjunction(folded: str, at: int) -> list[Reading]:
    head, rest = folded[at : at + 1], folded[at + 1 :]
    if head == "ا" and rest[:1] == "ل" and len(rest) > 2:
        return [Reading(rest[1:], at + 2, ARTICLE)]
    if head in ("ه", "ع") and rest[:2] == "ال" and len(rest) > 4:
        return [Reading(rest[2:], at + 3, ARTICLE, spoken=True)]
    if head not in ("ب", "ك", "ل") or len(rest) < 2:
        return []
    twice = head == "ل" == rest[0]
    found = [Reading(rest, at + 1, PREPOSITION, twice)]
    if rest[:3] == "هال" and len(rest) > 5:
        found.append(Reading(rest[3:], at + 4, ALL, spoken=True))
    if rest.startswith("ال") and len(rest) > 3:
        found.append(Reading(rest[2:], at + 3, ALL))
    if twice and len(rest) > 2:  # in للقاهرة stands قاهرة with the article, or القاهرة; in للاذقية اللاذقية
        found += [
            Reading(rest[1:], at + 2, ALL),
            Reading("ال" + rest[1:], at, PREPOSITION),
            Reading("ال" + rest, at - 1, PREPOSITION),
        ]
    return found


def before(stem: str, particles: str) -> str:
    """A stem behind particles, as it is written: ل before ال or ل drops its ا (للقاهرة), three ل become two (للجنة)."""
    if not particles.endswith("ل") or particles.endswith("ال"):
        return particles + stem
    if stem.startswith("الل"):
        return particles + stem[2:]
    return particles + (stem[1:] if stem.startswith("ال") else stem)
