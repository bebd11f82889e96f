"""What Rasid knows of Arabic words: nouns and their plurals, names, function words, and what else looks composed.

All of it stands in the text files beside this module, one word a line, written to be read and corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from monitor.arabic.endings import NAME, PRONOUNS, Stem, stem
from monitor.arabic.letters import base, fold_base

_FOLDER = Path(__file__).parent


class Noun(NamedTuple):
    """A noun and all its plurals, as written; `defective` where the final ي falls away (قاضٍ)."""

    singular: str
    plurals: tuple[str, ...]
    defective: bool = False

    def stems(self, place: str = "alone") -> Iterator[Stem]:
        """The singular's stem, then the plurals'."""
        yield stem(self.singular, fold_base(self.singular), "singular", place, defective=self.defective)
        for plural in self.plurals:
            yield plural_stem(plural, place)


def plural_stem(plural: str, place: str = "alone") -> Stem:
    """A broken or sound plural; فعالي and the like drop their ي as قاض does."""
    return stem(plural, fold_base(plural), "plural", place, defective=plural.endswith("ي"))


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


def every_noun() -> Iterator[Noun]:
    """The nouns of plurals.txt."""
    return chain.from_iterable(nouns().values())


@cache
def plurals() -> Mapping[str, tuple[str, ...]]:
    """The folded plural -> its plural as written, for terms typed in the plural."""
    found: dict[str, tuple[str, ...]] = {}
    for noun in every_noun():
        for plural in noun.plurals:
            key = fold_base(plural)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), plural)))
    return found


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
    """Function words as written, with and without hamza, with و ف before and pronouns behind where they take them."""
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


def is_word(text: str) -> bool:
    """Whether a word, however it is spelled, stands in the tables: a noun, a plural, a name, a function word."""
    folded = fold_base(base(text))
    return folded in nouns() or folded in plurals() or folded in heads() or folded in names() or folded in functions()


def homograph(text: str) -> str:
    """What else a typed word is: "the verb 'watched'"; "" where nothing is known."""
    letters = base(text)
    if letters in functions():
        return "a function word, which stands in nearly every text"
    folded = fold_base(letters)
    return homographs().get(folded) or homographs().get(folded.removeprefix("ال"), "")


@cache
def stems() -> Mapping[str, tuple[Stem, ...]]:
    """All stems that verification knows, by their core."""
    found: dict[str, list[Stem]] = {}
    for noun in every_noun():
        for part in noun.stems():
            found.setdefault(part.core, []).append(part)
    for folded, word in (*heads().items(), *names().items()):
        found.setdefault(folded, []).append(Stem(word, folded, NAME))
    return {core: tuple(parts) for core, parts in found.items()}
