"""A match as people read it: in its sentence."""

from __future__ import annotations

from monitor.arabic import sentences
from monitor.types import Match


def sentence_of(text: str, match: Match) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence around a match, and the match's span in it. `text` is the field that the match was found in.

    Where a match crosses a sentence end, all its sentences are given; for another text than the match's, its surface.
    """
    if text[match.start : match.end] != match.surface:
        return match.surface, ((0, len(match.surface)),)
    around = [(a, b) for a, b in sentences(text) if a < match.end and b > match.start] or [(match.start, match.end)]
    start, end = min(around[0][0], match.start), max(around[-1][1], match.end)
    shown = text[start:end]
    lead = len(shown) - len(shown.lstrip())
    return shown.strip(), ((match.start - start - lead, match.end - start - lead),)
