"""What of an explanation says something: what made a rule fire, or what came nearest where it did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.match.explain import Explanation

MOST = 3  # alternatives that are shown: those that hold, else those that came nearest
_HALF = 0.5  # an alternative that came less near than this share of the nearest is left out


def gist(told: Explanation, depth: int = 0) -> Iterator[str]:
    """The tree as indented lines, without what says nothing."""
    for line in replace(told, parts=()).text().splitlines():
        yield "  " * depth + line
    for part in _telling(told) or (told.parts[:1] if depth == 0 and not told.holds else ()):
        yield from gist(part, depth + 1)


def _telling(told: Explanation) -> list[Explanation]:
    items = [part for part in told.parts if part.kind not in ("if", "unless", "raise")]
    if told.dropped and not told.holds:
        return []
    if not told.holds:
        nearest = sorted((part for part in items if not part.holds and part.near > 0), key=lambda part: -part.near)
        if told.kind == "choice":
            return [part for part in nearest[:MOST] if part.near >= _HALF * nearest[0].near]
        return nearest
    if told.kind == "place":
        return _asked(told)
    holding = [part for part in items if part.holds and part.kind != "not" and (part.parts or part.words != told.words)]
    raised = [part for part in told.parts if part.kind == "raise" and part.holds]
    return [*(holding[:MOST] if told.kind == "choice" else holding), *raised, *_asked(told)]


def _asked(told: Explanation) -> list[Explanation]:
    """What an `if` asked for, and was there."""
    return [part for part in told.parts if part.kind == "if" and part.holds and told.found]
