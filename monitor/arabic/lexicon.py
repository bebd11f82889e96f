"""What Rasid knows of Arabic words: nouns and their plurals, names, function words, and what else looks composed.

All of it stands in the text files beside this module, one word a line, written to be read and corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from monitor.arabic.endings import NAME, PRONOUNS, PlaceInPhrase, Stem, stem
from monitor.arabic.letters import base, fold_base

_FOLDER = Path(__file__).parent


class Noun(NamedTuple):
    """A noun and all its plurals, as written; `defective` where the final ي falls away (قاضٍ)."""

    singular: str
    plurals: tuple[str, ...]
    defective: bool = False

    def stems(self, place: PlaceInPhrase = "alone") -> Iterator[Stem]:
        """The singular's stem, then the plurals'."""
        yield stem(self.singular, "singular", place, defective=self.defective)
        for plural in self.plurals:
            yield plural_stem(plural, place)


def plural_stem(plural: str, place: PlaceInPhrase) -> Stem:
    """A broken or sound plural; فعالي and the like drop their ي as قاض does."""
    return stem(plural, "plural", place, defective=plural.endswith("ي"))


def _lines(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text("utf-8").splitlines():
        if words := line.partition("#")[0].split():
            yield words


@cache
def nouns() -> Mapping[str, tuple[Noun, ...]]:
    """The nouns of plurals.txt by their folded singular, which different ones may share (كرة كره، قوي قوى)."""
    found: dict[str, Noun] = {}
    for first, *rest in _lines("plurals.txt"):
        singular = first.rstrip("*")
        old = found.get(singular, Noun(singular, ()))
        plurals = tuple(dict.fromkeys((*old.plurals, *rest)))
        found[singular] = Noun(singular, plurals, old.defective or first.endswith("*"))
    by_key: dict[str, tuple[Noun, ...]] = {}
    for singular, noun in found.items():
        key = fold_base(singular)
        by_key[key] = (*by_key.get(key, ()), noun)
    return by_key


@cache
def names() -> Mapping[str, str]:
    """Names that look like nouns (السعودية) or whose ال is their own (الأردن): folded -> as written."""
    return {fold_base(word): word for words in _lines("names.txt") for word in words}


@cache
def heads() -> Mapping[str, str]:
    """Words whose first or last letters look like a particle or an ending but are their own: folded -> as written."""
    return {fold_base(word): word for words in _lines("heads.txt") for word in words}


@cache
def verbs() -> frozenset[str]:
    """Folded nouns that are verbs where only و or ف stands before them."""
    return frozenset(fold_base(word) for words in _lines("verbs.txt") for word in words)


@cache
def functions() -> frozenset[str]:
    """Function words as written, with and without hamza, and with pronouns behind where they take them."""
    found: set[str] = set()
    for first, *rest in _lines("functions.txt"):
        found.add(first)
        if rest:  # a preposition and its stem before pronouns: على علي
            found |= {rest[0] + pronoun for pronoun in (*PRONOUNS, "ك", "كم")}
    found |= {word.replace("أ", "ا").replace("إ", "ا") for word in found}
    found |= {word[:-1] + "ى" for word in found if word.endswith("ي")}  # فى, as Egyptian papers write
    return frozenset(base(word) for word in found)


@cache
def homographs() -> Mapping[str, str]:
    """Folded words that are also something else, with what: شاهد -> the verb 'watched'."""
    return {fold_base(word): " ".join(note) for word, *note in _lines("homographs.txt")}


@cache
def stems() -> Mapping[str, tuple[Stem, ...]]:
    """Nouns, plurals, names and heads by their cores."""
    found: dict[str, tuple[Stem, ...]] = {}
    nouns_and_plurals = (part for noun in chain.from_iterable(nouns().values()) for part in noun.stems())
    others = (Stem(word, folded, NAME) for folded, word in (*heads().items(), *names().items()))
    for part in chain(nouns_and_plurals, others):
        found[part.core] = (*found.get(part.core, ()), part)
    return found


def known(folded: str) -> Iterator[Stem]:
    """The stems of the words that are spelled so, folded, with nothing attached."""
    for cut in range(3):  # letters of a word that are not in its core
        for part in stems().get(folded[: len(folded) - cut], ()):
            if fold_base(part.letters) == folded:
                yield part


def is_noun(folded: str) -> bool:
    """Whether plurals.txt has this singular."""
    return any(part.number == "singular" for part in known(folded))


def plurals(folded: str) -> tuple[str, ...]:
    """The known plurals that are spelled so, as written; for terms typed in the plural."""
    return tuple(dict.fromkeys(part.letters for part in known(folded) if part.number == "plural"))


def is_word(folded: str) -> bool:
    """Whether the tables know it: a noun, a plural, a name, a head, a function word."""
    return any(known(folded)) or folded in functions()
