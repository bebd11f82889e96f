"""Names that some papers write as two words and others as one: عبد الله عبدالله, أبو ظبي أبوظبي, أم درمان أمدرمان.

A name with عبد has both spellings only in a longer one (عبد الفتاح البرهان): alone it is half the region's, and a
rule that asks for it looks for a spelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.arabic import word
from monitor.rules.expression import Item, Phrase, Word

_FATHERS = ("أبو", "أبا", "أبي", "ابو", "ابا", "ابي")
_SERVANT = "عبد"
_TAILS = ("الله", "الدين")
# What places begin with.
_PLACES = ("أم", "ام", "ود", "بو", "بور", "بورت", "نيو", "سان", "سانت", "تل", "دير", "كفر", "مار")
_CUT = tuple(place for place in _PLACES if len(place) > 2)  # where a word is cut: too many begin with the others
_SHORTEST = 3  # letters of what stands behind one of those


class Name(NamedTuple):
    """A name in both spellings."""

    two: Phrase
    one: Word


def names_in(items: Sequence[Item], *, alone: bool) -> list[Item | Name]:
    """A phrase's items; where two neighbours are a name that is also written as one word, both spellings.

    `alone`: the phrase is no part of another.
    """
    found: list[Item | Name] = []
    servants = not alone or len(items) > 2
    for item in items:
        first = found[-1] if found else None
        if isinstance(first, Word) and isinstance(item, Word) and _is_name(first, item, servants):
            found[-1] = _name(first, item, f"{first.term} {item.term}")
        else:
            found.append(item)
    return found


def name_of(item: Word, *, alone: bool) -> Name | None:
    """A name that is typed as one word and also written as two; `alone`: it is no part of a phrase."""
    cut = _border(item.text)
    if not cut or (alone and item.text.startswith(_SERVANT)) or not (_is_plain(item) and word(item.text).is_name):
        return None
    first, second = replace(item, text=item.text[:cut]), replace(item, text=item.text[cut:])
    if item.text[:cut] not in _FATHERS:  # أبو bears its case
        first = replace(first, kind="name")
    return _name(first, second, item.term)


def _name(first: Word, second: Word, term: str) -> Name:
    one = replace(first, text=first.text + second.text, kind="name", term=term)
    return Name(Phrase(place=first.place, term=term, items=(first, second)), one)


def _is_name(first: Word, second: Word, servants: bool) -> bool:
    head, tail = first.text, second.text
    if head in _FATHERS:
        joins = tail != _SERVANT
    elif head == _SERVANT:
        joins = servants and tail.startswith("ال")
    elif head in _PLACES:
        joins = len(tail) >= _SHORTEST
    else:
        joins = tail in _TAILS and len(head) > 2
    return joins and _is_plain(first) and _is_plain(second)


def _border(text: str) -> int:
    """Where the second word of a name begins; 0 where there is none."""
    if text.startswith((_SERVANT + "ال", *_FATHERS)) and len(text) > 5:
        return 3
    cut = max((len(text) - len(tail) for tail in _TAILS if text.endswith(tail)), default=0)
    if cut > 2:
        return cut
    heads = (len(place) for place in _CUT if text.startswith(place) and len(text) - len(place) >= _SHORTEST)
    return max(heads, default=0)


def _is_plain(item: Word) -> bool:
    options = item.where or item.times > 1 or item.keep or item.drop or item.marks or item.plurals
    return item.forms == "word" and item.al == "any" and item.kind != "noun" and not options
