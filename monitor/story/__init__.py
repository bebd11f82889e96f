"""Is this the same story? Fingerprints to find candidates, one exact comparison to decide.

A copy is the same text in another outlet, whatever its headline; a rewrite is another text. Measured on real pairs:
three-word shingles with Jaccard >= 0.30 find copies; containment alone would swallow round-ups; without a window in time
a third of the merges are wrong, since warnings repeat their wording for new events.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from monitor.story.features import Features, features

COPY = 0.30  # share of common shingles from which longer texts are copies
COPY_SHORT = 0.55  # one changed word of eight is another place: short texts have to agree in more
SHORT = 25  # words
LONG = 60  # words from which COPY holds; between, the share falls evenly
UNEVEN = 1.6  # how much longer a text must be to be looked at as a round-up
CUT = 0.9  # share of a shortened text that its long form has
_SIGN = 1 << 63
_PARTS = re.compile("[-/:]")


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
    one, other = features(a.title, a.text), features(b.title, b.text)
    if not one.unique or not other.unique:
        return Comparison("different", "one of them has no words")
    apart = _apart(a.published, b.published)
    window = window_seconds(min(len(one.words), len(other.words)))
    if apart > window:
        return Comparison("different", f"{apart / 3600:.0f} h apart, more than {window / 3600:.0f} h")
    same = _same_text(one, other)
    if same.verdict == "different":
        return same
    veto = _conflict(one, other) or _denial(one, other)
    return Comparison("different", veto) if veto else same


def _same_text(one: Features, other: Features) -> Comparison:
    common = len(one.unique & other.unique)
    share = common / len(one.unique | other.unique)
    short, long = sorted((one, other), key=lambda f: len(f.unique))
    contained = common / len(short.unique)
    needed = _needed(len(short.words))
    if share < needed:
        if contained >= CUT and _same_opening(short, long):
            return Comparison(
                "copy", f"a shortened form: same headline and opening, {contained:.0%} of it in the other"
            )
        return Comparison("different", f"{share:.0%} of their three-word groups in common, {needed:.0%} are needed")
    if len(long.words) > UNEVEN * len(short.words) and not _begins(short, long):
        return Comparison("different", "one has the other among other news")
    return Comparison("copy", f"{share:.0%} of their three-word groups in common")


def _needed(words: int) -> float:
    part = min(max((words - SHORT) / (LONG - SHORT), 0.0), 1.0)
    return COPY_SHORT + part * (COPY - COPY_SHORT)


def _begins(short: Features, long: Features) -> bool:
    """Whether what they share begins where the longer one begins, as in a story that was continued."""
    border = 20 + len(long.words) // 20
    return any(shingle in short.unique for shingle in long.shingles[:border])


def _same_opening(short: Features, long: Features) -> bool:
    one, other = set(short.headline), set(long.headline)
    alike = len(one & other) >= max(4, 0.7 * len(one | other))
    opening = short.shingles[: max(len(short.shingles) // 2, 1)]
    return alike and sum(s in set(long.shingles[: 2 * len(opening) + 10]) for s in opening) >= CUT * len(opening)


def _conflict(one: Features, other: Features) -> str:
    """Where they give other numbers for the same thing, in words, or ""."""
    for what, a, b in (
        ("toll", one.tolls, other.tolls),
        ("number in the headline", one.head_next, other.head_next),
        ("number in the headline", one.head_previous, other.head_previous),
    ):
        found = _disjoint(a, b)
        if found:
            return f"another {what}: {found}"
    found = _disjoint(one.slots, other.slots)
    return f"other numbers in the same place: {found}" if found else ""


def _disjoint(a: Mapping[Any, frozenset[str]], b: Mapping[Any, frozenset[str]]) -> str:
    for key in a.keys() & b.keys():
        if not a[key] & b[key] and not any(_rounded(x, y) for x in a[key] for y in b[key]):
            return f"{', '.join(sorted(a[key]))} and {', '.join(sorted(b[key]))}"
    return ""


def _rounded(one: str, other: str) -> bool:
    """Whether one number stands for the other: 1300 for 1343, 2-1 for 1-2."""
    if not (one.isdigit() and other.isdigit()):
        return one[:1].isdigit() and sorted(_PARTS.split(one)) == sorted(_PARTS.split(other))
    low, high = sorted((int(one[:15]), int(other[:15])))
    return one.endswith("00") != other.endswith("00") and high - low <= 0.05 * high


def _denial(one: Features, other: Features) -> str:
    if (one.denies_first and not other.denies) or (other.denies_first and not one.denies):
        return "one denies what the other says"
    return ""


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
    found = features(title, text)
    return Fingerprint(
        tuple(sorted(_signed(h) for h in found.unique if h < _border(len(found.unique)))), len(found.words)
    )


def _border(count: int) -> int:
    """Hashes below it are the sample. Each border is half of the next: samples of texts of any length are comparable."""
    return 1 << (64 if count < 48 else 63 if count < 96 else 62 if count < 192 else 61)


def _signed(value: int) -> int:
    return value - (1 << 64) if value & _SIGN else value


def window_seconds(words: int) -> float:
    """How far apart in time copies of a text so long may be: 72 h, 12 h for less than 25 words."""
    return (12 if words < SHORT else 72) * 3600.0


def enough_in_common(n: int) -> int:
    """How many hashes of a sample of `n` a candidate must share: three, or all of a tiny sample."""
    return max(1, min(3, n))


__all__ = ["Comparison", "Fingerprint", "Text", "compare", "enough_in_common", "fingerprint", "window_seconds"]
