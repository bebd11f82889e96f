"""Particles that an author typed in front of a term: rules need none, and find less with one."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from monitor.arabic import fold, lexicon

folded = lru_cache(4096)(fold)  # a word is folded several times in a row
_FIRST = frozenset("وفبكل")
_HAMZA = re.compile("[وفبكل][أإآ]\\w{3}")
_ARTICLE = re.compile("([وف]?(?:[بك]?ال|لل)|[وف])(\\w{3,})")

_NISBA = re.compile("ي(?:ه|ون|ين|ات)?$")  # فنية is of فن


def typed(word: str) -> str:
    """The particle that `word` begins with; empty where its first letters are, or may be, its own."""
    if word[:1] not in _FIRST:
        return ""
    letters = folded(word)
    if letters in _known() or letters in lexicon.heads() or _NISBA.sub("", letters) in _known():
        return ""
    if _HAMZA.match(word) and letters[1:] in _known():
        return word[0]
    found = _ARTICLE.fullmatch(letters)
    if found is None or found[1] == "ال":
        return ""
    rest = found[2]
    return found[1].removesuffix("ال") or found[1] if rest in _known() or "ال" + rest in _known() else ""


@cache
def _known() -> frozenset[str]:
    """Folded nouns, plurals and names."""
    return frozenset(lexicon.nouns()) | frozenset(lexicon.plurals()) | frozenset(lexicon.names())
