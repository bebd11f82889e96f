"""Guessing what was meant by a name that nothing has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` with the nearest of the known names; empty where none is near."""
    names = [name for name in known if name != word]
    low = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(word.casefold()[:80], low, n=1, cutoff=0.6)
    if not near:
        near = [
            name
            for name in low
            if len(name) > 2 and (name.startswith(word.casefold()) or word.casefold().startswith(name))
        ][:1]
    return f"did you mean `{low[near[0]]}`?" if near and word else ""
