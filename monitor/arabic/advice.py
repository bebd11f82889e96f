"""What the author of a term may not have thought of: what else the word is, particles before it, a verb's persons."""

from __future__ import annotations

import re

import monitor.arabic.lexicon as lexicon
from monitor.arabic.letters import base, fold, fold_base

_HAMZA = re.compile("[وفبكل][أإآ]\\w{3}")
_PARTICLES = re.compile("([وف]?(?:[بك]?ال|لل)|[وف])(\\w{3,})")
# Verbs whose letters tell them from nouns: استفعل, افتعل and انفعل of sound roots, in the perfect or the imperfect.
_RADICAL, _LAST = "[^اويىء]", "[^اويىءهت]"
_VERB = re.compile(f"[اي](ست{_RADICAL}{{2}}{_LAST}|[^اويىءهتنسل]ت{_RADICAL}{_LAST}|ن[^اويىءهت]{_RADICAL}{_LAST})")
_NISBA = re.compile("ي(?:ه|ون|ين|ات)?$")  # فنية is of فن


def homograph(word: str) -> str:
    """What else a typed word is: "the verb 'watched'"; "" where nothing is known."""
    letters = base(word)
    if letters in lexicon.functions():
        return "a function word, which stands in nearly every text"
    folded, notes = fold_base(letters), lexicon.homographs()
    return notes.get(folded) or notes.get(folded.removeprefix("ال"), "")


def typed_particle(word: str) -> str:
    """The particle that a typed word begins with, such as و or لل; "" where its first letters are, or may be, its own.

    Terms need none, and find less with one.
    """
    letters = fold(word)
    if _is_known(letters) or letters in lexicon.heads() or _is_known(_NISBA.sub("", letters)):
        return ""
    if _HAMZA.match(word) and _is_known(letters[1:]):
        return word[0]
    found = _PARTICLES.fullmatch(letters)
    if found is None or found[1] == "ال":
        return ""
    particles, rest = found.groups()
    known = particles[-2:] == "لل" or _is_known(rest) or _is_known("ال" + rest)  # no word of its own begins with لل
    return (particles.removesuffix("ال") or particles) if known else ""


def persons(word: str) -> tuple[str, ...]:
    """A typed verb's other persons and its noun, folded, which a term does not find; none where it may be a noun."""
    letters = fold(word)
    found = _VERB.fullmatch(letters)
    if found is None or lexicon.is_word(letters) or letters in lexicon.heads():
        return ()
    stem = found[1]
    perfect, imperfect = "ا" + stem, "ي" + stem
    noun = f"{perfect[:-1]}ا{stem[-1]}"
    forms = (perfect, perfect + "ت", perfect + "وا", imperfect, "ت" + stem, imperfect + "ون", noun)
    return tuple(form for form in forms if form != letters)


def _is_known(folded: str) -> bool:
    """Whether it is a noun, a plural or a name."""
    return folded in lexicon.names() or any(part.number != "name" for part in lexicon.known(folded))
