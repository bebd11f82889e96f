"""Particles that an author typed in front of a term: rules need none, and find less with one."""

from __future__ import annotations

import re
from functools import cache

from monitor.arabic import fold, lexicon

_HAMZA = re.compile("[وفبكل][أإآ]\\w{3}")
_ARTICLE = re.compile("([وف]?(?:[بك]?ال|لل)|[وف])(\\w{3,})")


def typed(word: str) -> str:
    """The particle that `word` begins with; empty where its first letters are, or may be, its own."""
    folded = fold(word)
    if folded[:1] not in "وفبكل" or folded in _known():
        return ""
    if _HAMZA.match(word) and folded[1:] in _known():
        return word[0]
    found = _ARTICLE.fullmatch(folded)
    if found is None or found[1] == "ال":
        return ""
    rest = found[2]
    return found[1].removesuffix("ال") or found[1] if rest in _known() or "ال" + rest in _known() else ""


@cache
def _known() -> frozenset[str]:
    """Folded nouns, plurals, names and words whose first letters are their own."""
    return frozenset(lexicon.nouns()) | frozenset(lexicon.plurals())
