"""Is this the same story? Fingerprints to find candidates, one exact comparison to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


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
    """Whether `b` tells the story of `a`; `published` is a datetime, ISO text or None (then the window is open)."""
    raise NotImplementedError


def fingerprint(title: str, text: str) -> Fingerprint:
    """The sample to store and to look up."""
    raise NotImplementedError


def window_seconds(words: int) -> float:
    """How far apart in time copies of a text so long can be."""
    raise NotImplementedError


def enough_in_common(n: int) -> int:
    """How many hashes of a sample of `n` a candidate must share."""
    raise NotImplementedError
