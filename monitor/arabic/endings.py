"""What Arabic hangs behind a noun: for each way a noun can end, its endings and what may stand before it then.

Endings are written folded, counted from the stem's core: the noun without the last letter where that letter changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from monitor.arabic.letters import fold_base

Endings = Mapping[str, int]
Number = Literal["name", "singular", "plural", "open"]  # open: a noun whose plurals no list knows
PlaceInPhrase = Literal["alone", "first", "rest"]  # outside of any phrase, its first word, a later one

BARE, ARTICLE, PREPOSITION = 0, 1, 2  # what may stand before: nothing but و ف; ال; ب ل ك
ALL = ARTICLE | PREPOSITION
PRONOUNS = ("ه", "ها", "هم", "هن", "هما", "نا")  # not ك كم ي: they are other words far more often
NAME: Endings = {"": ALL}
TYPED_NAME: Endings = {"": ALL, "ا": BARE}  # the ا where a tanwin is written on it
PEOPLE: Endings = {**TYPED_NAME, "ون": ARTICLE, "ين": ALL}
THINGS: Endings = {**TYPED_NAME, "ات": ALL}
PARTICIPLE: Endings = {**PEOPLE, **THINGS}
SOUND_PLURAL: Endings = {"ون": ARTICLE, "ين": ALL}
DUAL: Endings = {"ان": ARTICLE, "ين": ALL}


class Stem(NamedTuple):
    """One stem of a word: its letters as typed, the folded part that never changes, and what may follow it."""

    letters: str
    core: str
    endings: Endings
    number: Number = "name"


def _bound(*heads: str, before: int = PREPOSITION) -> dict[str, int]:
    return {head + pronoun: before for head in heads for pronoun in PRONOUNS}


def _dual(stem: str) -> dict[str, int]:
    return {stem + "ان": ARTICLE, stem + "ين": ALL, **_bound(stem + "ا", before=BARE), **_bound(stem + "ي")}


def _feminine(stem: str) -> dict[str, int]:
    return {stem + "ات": ALL, **_bound(stem + "ات")}


MASCULINE: Endings = {"ون": ARTICLE, "ين": ALL, "و": BARE, "ي": PREPOSITION, **_bound("و", before=BARE), **_bound("ي")}
TAA: Endings = {"ه": ALL, **_bound("ت")}
TAA_DUAL: Endings = {**_dual("ت"), "تا": BARE, "تي": PREPOSITION}
NISBA: Endings = {
    **_bound("ي", "يت", "يات", "يي"), **_bound("يو", before=BARE), "يا": BARE, "يو": BARE, "يي": PREPOSITION,
    **dict.fromkeys(("ي", "يه", "يين", "يات", "يتين"), ALL), "يون": ARTICLE, "يان": ARTICLE, "يتان": ARTICLE,
}  # fmt: skip


SOUND: Endings = {"": ALL, **_bound("")}


class Kind(NamedTuple):
    """How the nouns of one ending behave."""

    cut: int  # letters of the ending that are no part of the core
    base: Endings  # the noun as it stands, the accusative's ا, pronouns
    dual: Endings
    construct: str  # the dual before a genitive: مجلسي الأمن
    sound: Endings  # the sound plurals, for a noun that no list knows


KINDS: Mapping[str, Kind] = {
    # the nominative dual with a pronoun (والداه) is rarer than what looks like it (مرضاها)
    "": Kind(
        0,
        {"": ALL, "ا": BARE, **_bound("")},
        {"ان": ARTICLE, "ين": ALL, **_bound("ي")},
        "ي",
        {**_feminine(""), **MASCULINE},
    ),
    "ة": Kind(1, TAA, TAA_DUAL, "تي", _feminine("")),
    "ى": Kind(1, {"ي": ALL, **_bound("ا")}, _dual("ي"), "يي", _feminine("ي")),
    "ا": Kind(1, {"ا": ALL, **_bound("ا")}, _dual("و"), "وي", {**_feminine("و"), **_feminine(""), **_feminine("ي")}),
    "أ": Kind(1, {"ا": ALL, **_bound("ا", "ء")}, {"ان": ARTICLE, "اين": ALL}, "اي", _feminine("")),
    "اء": Kind(
        1,
        {"ء": ALL, "ءا": BARE, **_bound("ء")},
        {**_dual("ء"), **_dual("و")},
        "ءي",
        {**_feminine("ء"), **_feminine("و")},
    ),
    # قاض، القاضي: the ي goes where nothing stands behind it and no article before it
    "ي": Kind(
        1, {"ي": ALL, "": PREPOSITION, "يا": BARE, **_bound("ي")}, _dual("ي"), "يي", {**_feminine("ي"), **MASCULINE}
    ),
}


def kind_of(letters: str, *, defective: bool = False) -> str:
    """The key in KINDS of a noun's ending; `defective` is for قاضٍ, not for كرسيّ."""
    if letters[-1:] == "ي":
        return "ي" if defective else ""
    if letters.endswith("اء") and len(letters) > 3:
        return "اء"
    return letters[-1:] if letters[-1:] in ("ة", "ى", "ا", "أ") else ""


@cache
def endings(kind: str, number: Number, place: PlaceInPhrase) -> Endings:
    """What may follow the core of a stem of that kind and number at that place."""
    rules = KINDS[kind]
    found = dict(rules.base)
    if number == "plural":
        return found
    found.update(rules.dual)
    if place != "alone":
        found[rules.construct] = PREPOSITION
    if number == "open":
        found.update(rules.sound)
    if place == "rest" and kind == "":  # an adjective's feminine
        found |= {**TAA, **TAA_DUAL, **_feminine("")}
    if place == "rest" and kind == "ة" and number == "open":  # and its masculine: السوق المصرية is السوق المصري too
        found[""] = ALL
    return found


def stem(letters: str, number: Number, place: PlaceInPhrase, *, defective: bool = False) -> Stem:
    """The stem of a noun, as written."""
    folded = fold_base(letters)
    if number == "plural" and len(letters) > 4:
        if letters.endswith("ون"):
            return Stem(letters, folded[:-2], MASCULINE, "plural")
        if letters.endswith("ات"):
            return Stem(letters, folded, SOUND, "plural")
    kind = kind_of(letters, defective=defective)
    return Stem(letters, folded[: len(folded) - KINDS[kind].cut], endings(kind, number, place), number)


EVERY = frozenset(NISBA) | TAA.keys() | TAA_DUAL.keys() | MASCULINE.keys()
EVERY |= {e for kind in KINDS.values() for e in (*kind.base, *kind.dual, *kind.sound, kind.construct)}
LONGEST = max(map(len, EVERY))
LAST = frozenset(ending[-1:] for ending in EVERY)
