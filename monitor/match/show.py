"""Matches as people read them: in their sentence."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.arabic import sentences
from monitor.types import Match


def sentence_of(text: str, matches: Sequence[Match]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence around the first match, and the spans in it of all that stand there.

    `text` is the field that the matches were found in. Where the first match crosses a sentence end, all its sentences
    are given; for another text than the match's, its surface.
    """
    first = matches[0]
    if text[first.start : first.end] != first.surface:
        return first.surface, ((0, len(first.surface)),)
    around = [(a, b) for a, b in sentences(text) if a < first.end and b > first.start] or [(first.start, first.end)]
    start, end = min(around[0][0], first.start), max(around[-1][1], first.end)
    shown = text[start:end]
    offset = start + len(shown) - len(shown.lstrip())
    inside = {(m.start - offset, m.end - offset) for m in matches if m.start >= start and m.end <= end}
    return shown.strip(), tuple(sorted(inside))
