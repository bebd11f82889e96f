"""Is this the same story? Fingerprints to find candidates, one exact comparison to decide.

A copy is the same text in another outlet, whatever its headline; a rewrite is another text. Measured on real pairs:
three-word shingles with Jaccard >= 0.30 find copies; containment alone would swallow round-ups; without a window in
time a third of the merges are wrong, since warnings repeat their wording for new events. Of texts that agree, those
that give other numbers or names, deny, or stand below other news are no copies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from monitor.story.features import Facts, Shape, facts, shape
from monitor.story.news import other_names, other_news

COPY = 0.30  # share of common shingles from which longer texts are copies
COPY_SHORT = 0.55  # one changed word of eight is another place: short texts have to agree in more
SHORT = 25  # words
LONG = 60  # words from which COPY holds; between, the share falls evenly
LATE = 100  # words from which a reprint may come after days
SURE = 0.60  # share from which it doesn't matter how they open
OPENING, LEAD = 30, 0.15  # below that, so much of the first 30 groups of each must be in the other
CUT = 0.9  # share of a shortened text that its long form has
_PARTS = re.compile("[-/:.,٫]")
_PLAIN = re.compile("[0-9]{1,15}([.,][0-9]{1,2})?")


class Text(Protocol):
    """What can be compared: an article, a candidate of the store, anything with these three."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def published(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two texts are copies of one story, and why, in words."""

    verdict: Literal["copy", "different"]
    reason: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is stored to find copies later: hashes of three-word shingles (signed 64 bits), and the number of words."""

    sample: tuple[int, ...]
    words: int


def compare(a: Text, b: Text) -> Comparison:
    """Whether `b` has the text of `a`. `published` is a datetime, ISO text, or None (then any distance will do)."""
    one, other = shape(a.title, a.text), shape(b.title, b.text)
    if not one.unique or not other.unique:
        return Comparison("different", "one of them has no words")
    apart = _apart(a.published, b.published)
    window = _window(one, other)
    if apart > window:
        return Comparison("different", f"{apart / 3600:.0f} h apart, more than {window / 3600:.0f} h")
    same = _same_text(one, other)
    if same.verdict == "different":
        return same
    veto = (
        _conflict(facts(one), facts(other))
        or other_names(one, other)
        or other_news(one, other)
        or other_news(other, one)
    )
    return Comparison("different", veto) if veto else same


def _window(one: Shape, other: Shape) -> float:
    """Long texts come late too, as reprints; what they repeat from week to week are frames, with less in common."""
    words = min(len(one.words), len(other.words))
    reprint = len(one.unique & other.unique) >= SURE * len(one.unique | other.unique)
    return window_seconds(words if reprint else min(words, LATE - 1))


def _same_text(one: Shape, other: Shape) -> Comparison:
    common = len(one.unique & other.unique)
    share = common / len(one.unique | other.unique)
    short, long = sorted((one, other), key=lambda text: len(text.unique))
    needed = _needed(len(short.words))
    if share < needed:
        if common >= CUT * len(short.unique) and _same_opening(short, long):
            return Comparison("copy", "a shortened form: same headline and opening, the rest is in the other")
        return Comparison("different", f"{share:.0%} of their three-word groups in common, {needed:.0%} are needed")
    if share < SURE and min(_lead(one, other), _lead(other, one)) < LEAD:
        return Comparison("different", "one has the other among other news: their openings differ")
    return Comparison("copy", f"{share:.0%} of their three-word groups in common")


def _needed(words: int) -> float:
    part = min(max((words - SHORT) / (LONG - SHORT), 0.0), 1.0)
    return COPY_SHORT + part * (COPY - COPY_SHORT)


def _lead(one: Shape, other: Shape) -> float:
    """Share of the opening of `one` that is in `other`. A round-up opens with something else."""
    opening = one.shingles[:OPENING]
    return sum(shingle in other.unique for shingle in opening) / len(opening)


def _same_opening(short: Shape, long: Shape) -> bool:
    """Whether a text has the headline and opening of a longer one; a column's name of three words is no headline."""
    a, b = (set(text.heading or text.words[:12]) for text in (short, long))
    opening = short.shingles[: len(short.shingles) // 2 + 1]
    there = set(long.shingles[: 2 * len(opening) + 10])
    return len(a & b) >= max(4, 0.7 * len(a | b)) and sum(s in there for s in opening) >= CUT * len(opening)


def _conflict(one: Facts, other: Facts) -> str:
    """Where they give other numbers for the same thing, or one denies what the other says; in words, or ""."""
    for what, a, b in (
        ("another toll", one.tolls, other.tolls),
        ("other numbers in the headline", one.headline, other.headline),
        ("other numbers in the same place", one.anywhere, other.anywhere),
    ):
        for pair in a.keys() & b.keys():
            if not any(x == y or _agree(x, y) for x in a[pair] for y in b[pair]):
                return f"{what}: {', '.join(sorted(a[pair]))} and {', '.join(sorted(b[pair]))}"
    if (one.denies_first and not other.denies) or (other.denies_first and not one.denies):
        return "one denies what the other says"
    return ""


def _agree(one: str, other: str) -> bool:
    """Whether two spellings may give one number: 1300 for 1343, 2-1 for 1-2, 26/10/1436 for 26, 12:30 for 12.30."""
    if one.startswith("#") or other.startswith("#"):
        return False
    a, b = _PARTS.split(one), _PARTS.split(other)
    if "".join(a).lstrip("0") == "".join(b).lstrip("0"):
        return True
    if not (_PLAIN.fullmatch(one) and _PLAIN.fullmatch(other)):
        return bool({p.lstrip("0") for p in a} & {p.lstrip("0") for p in b})
    low, high = sorted((float(one.replace(",", ".")), float(other.replace(",", "."))))
    zeros = max(len(text) - len(text.rstrip("0")) for text in (one, other))
    return one.endswith("00") != other.endswith("00") and high - low < min(10**zeros, 0.05 * high)


def _apart(a: object, b: object) -> float:
    """Seconds between two dates; 0 where one isn't known."""
    one, other = _moment(a), _moment(b)
    return abs((one - other).total_seconds()) if one and other else 0.0


def _moment(date: object) -> datetime | None:
    if isinstance(date, str) and date:
        try:
            date = datetime.fromisoformat(date.strip())
        except ValueError:
            return None
    if not isinstance(date, datetime):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def fingerprint(title: str, text: str) -> Fingerprint:
    """The sample to store and to look up: the eighth of a long text's hashes, all those of a short one."""
    found = shape(title, text)
    border = _border(len(found.unique))
    return Fingerprint(tuple(sorted([h for h in found.unique if h < border])), len(found.words))


def _border(count: int) -> int:
    """Hashes below it are the sample. Each border is half of the next, so samples of all lengths can be compared."""
    return (1 << (64 if count < 48 else 63 if count < 96 else 62 if count < 192 else 61)) - (1 << 63)


def window_seconds(words: int) -> float:
    """How far apart in time copies of a text so long may be at most: 12 h for less than 25 words, 5 days for 100."""
    return (12 if words < SHORT else 72 if words < LATE else 120) * 3600.0


def enough_in_common(n: int) -> int:
    """How many hashes of a sample of `n` a candidate must share: three, or all of a tiny sample."""
    return max(1, min(3, n))


__all__ = ["Comparison", "Fingerprint", "Text", "compare", "enough_in_common", "fingerprint", "window_seconds"]
