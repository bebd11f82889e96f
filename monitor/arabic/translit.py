"""The other ways in which a foreign name may be transcribed.

Edit distance is unsafe (طهران and طيران), so only two habits count: g is غ ج ق or ك, and a long vowel inside the
name is written or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, islice, product

_G = "غجقك"
_VOWELS = "اوي"
SHORTEST = 6  # letters; shorter names meet other words
MOST = 2000  # transcriptions of one name


def transcriptions(folded: str, is_word: Callable[[str], bool]) -> Iterator[str]:
    """Other transcriptions of a folded name, but none that is a word of the language."""
    if len(folded) < SHORTEST:
        return
    seen = {folded}
    for form in islice(_spelled(folded), MOST):
        if form not in seen and not is_word(form):
            seen.add(form)
            yield form


def _spelled(folded: str) -> Iterator[str]:
    for vowels in (*_without_vowels(folded), *_with_a_vowel(folded)):
        yield from map("".join, product(*(_G if letter in _G else letter for letter in vowels)))


def _without_vowels(folded: str) -> Iterator[str]:
    inside = [at for at in range(1, len(folded) - 1) if folded[at] in _VOWELS]
    for count in range(min(len(inside), 4) + 1):
        for dropped in combinations(inside, count):
            yield "".join(letter for at, letter in enumerate(folded) if at not in dropped)


def _with_a_vowel(folded: str) -> Iterator[str]:
    for at in range(1, len(folded)):
        if folded[at - 1] not in _VOWELS and folded[at] not in _VOWELS:
            yield from (folded[:at] + vowel + folded[at:] for vowel in _VOWELS)
