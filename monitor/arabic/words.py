"""Words: a typed term in all forms in which Arabic writes it, and the verdict whether a token is one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import monitor.arabic.lexicon as lexicon
import monitor.arabic.verify as verify
from monitor.arabic.advice import persons
from monitor.arabic.endings import (
    ARTICLE,
    DUAL,
    EVERY,
    LAST,
    LONGEST,
    NAME,
    NISBA,
    PARTICIPLE,
    PEOPLE,
    PREPOSITION,
    SOUND_PLURAL,
    THINGS,
    TYPED_NAME,
    Endings,
    PlaceInPhrase,
    Stem,
    stem,
)
from monitor.arabic.letters import HAMZAS, base, fold_base, readings_of, vowels_of
from monitor.arabic.particles import Look, Reading, before, look, readings
from monitor.arabic.spans import is_arabic, whole
from monitor.arabic.translit import transcriptions

Forms = Literal["word", "exact", "family"]
Kind = Literal["", "name", "noun"]
Article = Literal["any", "no", "must"]


def keys_of(token: str) -> tuple[str, ...]:
    """Under which keys a raw token may stand among `Word.keys`; a word that accepts the token shares one."""
    found = dict.fromkeys(reading.rest for reading in readings(look(token).folded))
    for rest in tuple(found):
        if rest[-1] in LAST:
            for cut in range(1, min(LONGEST, len(rest) - 1) + 1):
                if rest[-cut:] in EVERY:
                    found[rest[:-cut]] = None
    return tuple(found)


class Word:
    """A typed word in every form that Arabic attaches to it; `keys` are few, `accepts` is the verdict."""

    __slots__ = ("_al", "_exact", "_marks", "_name", "_place", "_stems", "text")

    def __init__(
        self,
        text: str,
        stems: tuple[Stem, ...],
        *,
        al: Article,
        marks: bool,
        place: PlaceInPhrase,
        exact: bool,
        name: bool,
    ) -> None:
        self.text = text
        self._stems, self._al, self._marks, self._place = stems, al, marks, place
        self._exact, self._name = exact, name

    def __repr__(self) -> str:
        return f"Word({self.text!r}, {', '.join(self.keys)})"

    @property
    def keys(self) -> tuple[str, ...]:
        """Under what to note it for `keys_of`."""
        return tuple(dict.fromkeys(part.core for part in self._stems))

    @property
    def is_name(self) -> bool:
        """Whether it was taken for a name: no endings, and a typed ال is part of it."""
        return self._name

    def accepts(self, token: str) -> bool:
        """Whether this raw token of a text is the word."""
        seen = look(token)
        return any(self._is(seen, reading, part) for reading in readings(seen.folded) for part in self._stems)

    def _is(self, seen: Look, reading: Reading, part: Stem) -> bool:
        if not verify.fits(part, reading.rest, reading):
            return False
        found = verify.Analysis(seen, reading, part, reading.rest[len(part.core) :])
        if self._exact:
            bare = reading.start in (0, seen.apart) and _same(seen.letters[reading.start :], part.letters)
            return bare and (not self._marks or self._marks_agree(found))
        if verify.begins_in_particle(seen, reading):
            return False
        if self._place == "rest" and reading.start and (reading.start, reading.before) != (2, ARTICLE):
            return False
        adjective = self._place == "rest" or part.endings is NISBA
        return (
            verify.article_agrees(found, self._al)
            and verify.final_agrees(found, name=self._name, adjective=adjective)
            and self._marks_agree(found)
            and (self._verified(found) if self._place == "alone" or reading.spoken else not self._is_stranger(found))
        )

    def _marks_agree(self, found: verify.Analysis) -> bool:
        if not self._marks and not found.seen.vowels:
            return True
        letters = base(self.text)
        al = 2 if letters.startswith("ال") and not found.stem.letters.startswith("ال") else 0
        typed = tuple((at - al, shadda, vowel) for at, shadda, vowel in vowels_of(self.text) if at >= al)
        return not (typed or self._marks) or verify.marks_agree(found, typed, letters[al:], must=self._marks)

    def _is_stranger(self, found: verify.Analysis) -> bool:
        """Neighbours are evidence enough inside a phrase, but for a known word that only ends as this one may."""
        return found.ending[-1:] in ("ا", "ي") and verify.is_whole_word(found)

    def _verified(self, found: verify.Analysis) -> bool:
        if verify.is_function_word(found) or verify.is_longer_word(found) or verify.is_verb(found):
            return False
        if self._name:
            return True
        return verify.hamza_agrees(found.stem, found.seen.letters, found.reading.start) and not verify.is_other_noun(
            found
        )

    def all_forms(self) -> Iterator[str]:
        """Every form that is accepted, as a newspaper writes it, once; fold it to compare."""
        seen = set()
        for part in self._stems:
            for ending, allowed in part.endings.items():
                for form in _attached(_written(part, ending), allowed):
                    if form not in seen and self.accepts(form):
                        seen.add(form)
                        yield form


def _same(there: str, typed: str) -> bool:
    """The letters as typed; a final Persian ی stands for ي or ى."""
    return there == typed or there.replace("ی", "ي") == typed or there.replace("ی", "ى") == typed


def _written(part: Stem, ending: str) -> str:
    """A stem with an ending; the letters stay as typed where the ending leaves them alone."""
    if fold_base(part.letters) == part.core + ending:
        return part.letters
    if part.endings is NISBA and ending == "يه":
        ending = "ية"
    return part.letters[: len(part.core)] + ending


def _attached(form: str, allowed: int) -> Iterator[str]:
    for conjunction in ("", "و", "ف"):
        for preposition in ("", "ب", "ك", "ل") if allowed & PREPOSITION else ("",):
            yield before(form, conjunction + preposition)
            if allowed & ARTICLE and not form.startswith("ال"):  # nobody writes الالفاشر
                yield before("ال" + form, conjunction + preposition)


def word(
    text: str,
    *,
    forms: Forms = "word",
    kind: Kind = "",
    al: Article = "any",
    marks: bool = False,
    plurals: tuple[str, ...] = (),
    fuzzy: bool = False,
    place: PlaceInPhrase = "alone",
) -> Word:
    """The matcher of one typed word.

    `forms`: with particles and endings, exactly as typed, or with the nisba too (إيراني). `kind`: what the word is,
    where the tables don't know; `plurals`: the noun's plurals, where the table doesn't. `al`: the article may, must not
    or must stand before a noun. `marks`: only where the text carries the typed vowel marks. `fuzzy`: a foreign name's
    other transcriptions. `place`: alone, or in a phrase the first or a later word, where neighbours are evidence.
    """
    text, _ = whole(text)
    found: list[Stem] = []
    name = True
    exact = forms == "exact" or not is_arabic(text)
    for variant in readings_of(text):
        letters = base(variant)
        if exact and letters:
            found.append(Stem(letters, fold_base(letters), NAME))
            continue
        parts = stems_of(letters, kind, place, plurals)
        name = name and _is_name(parts)
        found += parts
        if forms == "family" and letters:
            found += nisba(letters)
        if fuzzy and _is_name(stems_of(letters, kind, "alone", plurals)):  # in a phrase it may be a noun
            other = transcriptions(fold_base(letters), lexicon.is_word)
            found += [Stem(form, form, NAME) for form in other]
    return Word(text, _once(found), al=al, marks=marks, place=place, exact=exact, name=name)


def _is_name(parts: tuple[Stem, ...]) -> bool:
    return all(part.number == "name" for part in parts)


def stems_of(letters: str, kind: Kind, place: PlaceInPhrase, plurals: tuple[str, ...]) -> tuple[Stem, ...]:
    """A word's stems: what the tables know, then what its ending says; a word in no list is a name."""
    folded = fold_base(letters)
    if len(letters) < 2 or kind == "name" or (not kind and not plurals and folded in lexicon.names()):
        return (Stem(letters, folded, NAME),) if letters else ()
    bare = letters[2:] if letters.startswith("ال") and len(letters) > 3 else letters
    given = tuple(lexicon.plural_stem(base(plural), place) for plural in plurals)
    for option in (letters,) if bare is letters else (bare, letters):
        if known := _known(option, place):
            return known + given
    if plurals:
        return (stem(bare, "singular", place), *given)
    if typed := _inflected(bare, place):
        return typed
    if kind == "noun" or place != "alone" or _looks_like_noun(bare):
        return (stem(bare, "open", place),)
    return (Stem(letters, folded, _endings_of_unknown(letters)),)


def _endings_of_unknown(letters: str) -> Endings:
    """A word in no list is taken for a name, but for the plurals of participle (مقتطف), nisba (قروي), loan (تلفون)."""
    if persons(letters):
        return NAME
    if len(letters) > 3 and letters[0] == "م":
        return PARTICIPLE
    if len(letters) > 3 and letters[-1] == "ي":
        return PEOPLE
    return THINGS if len(letters) > 4 and not letters.startswith("ال") else TYPED_NAME


def _known(letters: str, place: PlaceInPhrase) -> tuple[Stem, ...]:
    """The stems of a noun of the table, or of one of its plurals; a hamza that is typed must be the table's."""
    folded = fold_base(letters)
    found: list[Stem] = []
    nouns = [noun for noun in lexicon.nouns().get(folded, ()) if _may_be(letters, noun.singular)]
    for noun in [noun for noun in nouns if noun.singular == letters] or nouns:
        found += noun.stems(place)
    for noun in lexicon.nouns().get(folded + "ي", ()):  # قاض is قاضي
        if noun.defective:
            found += noun.stems(place)
    found += [lexicon.plural_stem(p, place) for p in lexicon.plurals(folded) if _may_be(letters, p)]
    return _once(found)


# In a phrase أبو مازن is أبي مازن too, and ذو القعدة ذي القعدة: they bear their case.
_CASES = ("أبو أبا أبي", "أخو أخا أخي", "ذو ذا ذي", "بنو بني", "اثنا اثني", "اثنتا اثنتي")


def _inflected(letters: str, place: PlaceInPhrase) -> tuple[Stem, ...]:
    """A word that is typed with the ending of a case or the dual: لاجئين is لاجئون, طائرتين طائرتان."""
    folded = fold_base(letters)
    if place != "alone":
        for case in _CASES:
            if folded in fold_base(case).split():
                return tuple(Stem(form, fold_base(form), NAME) for form in case.split())
    core, ending = folded[:-2], folded[-2:]
    if ending in ("ون", "ين") and len(core) > 2 and (known := lexicon.plurals(core + "ون")):
        return tuple(lexicon.plural_stem(plural, place) for plural in known)
    if place == "first" and folded[-1] in "وي":  # before a genitive
        return tuple(lexicon.plural_stem(plural, place) for plural in lexicon.plurals(folded[:-1] + "ون"))
    singular = core[:-1] + "ه" if core[-1:] == "ت" else core
    if ending in ("ان", "ين") and len(core) > 3 and (lexicon.is_noun(singular) or lexicon.is_noun(core)):
        return (Stem(letters, core, DUAL, "plural"),)
    if ending in ("ون", "ين") and len(core) > 2 and (core[-1] == "ي" or (core[0] == "م" and len(core) > 3)):
        return (Stem(letters, core, SOUND_PLURAL, "plural"),)  # of a nisba or a participle
    return ()


def _once(stems: list[Stem]) -> tuple[Stem, ...]:
    if len(stems) < 2:
        return tuple(stems)
    return tuple({(part.letters, part.number, part.core): part for part in stems}.values())


def _may_be(typed: str, known: str) -> bool:
    if len(typed) == 3 and typed[-1] == "ي" and known[-1] == "ى":  # ذري is not ذرى
        return False
    return not any(a != b and a in HAMZAS and b in HAMZAS for a, b in zip(typed, known, strict=True))


# Verbal nouns (إفعال افتعال انفعال استفعال تفعيل تفاعل تفعّل) and participles (متفعل مستفعل); names hardly look so.
_VERBAL = re.compile("إ..ا.|ا.ت.ا.|ان..ا.|است..ا.|ت..ي.|ت.ا..|ت[^اويىء]{3}|مت[^اوي]..|مست[^اوي]..")


def _looks_like_noun(letters: str) -> bool:
    return len(letters) > 3 and (letters.endswith("ة") or _VERBAL.fullmatch(letters) is not None)


# What the nisba's ي stands behind instead of a word's last letters.
_NISBA_TAILS = {
    "ية": ("",), "يا": ("", "يو"), "اء": ("او", "اء"), "ا": ("", "او"), "ة": ("", "و"), "ى": ("", "و"), "": ("",),
}  # fmt: skip


def nisba(letters: str) -> Iterator[Stem]:
    """The stems of the relative adjective: إيران -> إيراني, روسيا -> روسي, سماء -> سماوي, النمسا -> نمساوي."""
    bare = letters[2:] if letters.startswith("ال") and len(letters) > 4 else letters
    tail = next(tail for tail in _NISBA_TAILS if bare.endswith(tail))
    for instead in _NISBA_TAILS[tail]:
        core = bare[: len(bare) - len(tail)] + instead
        if core:
            yield Stem(core + "ي", fold_base(core), NISBA, "open")
