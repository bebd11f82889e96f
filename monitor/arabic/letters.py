"""Letters: what of a writing is the word, and what is dress.

`base` drops marks, tatweel and invisible characters and brings every letter to plain Arabic; it keeps what a writer
chose: أ إ آ ؤ ئ ى ة and the Persian ی. `fold` also drops that choice. Both give texts of the same length.
"""

from __future__ import annotations

import re
import unicodedata

# Text folds to the first reading; a term is expanded to all of them (`readings_of`).
READINGS = {"چ": "جش", "گ": "غجك", "ڭ": "غجك", "ݣ": "غجك"}
LETTERS = {
    "ٱ": "ا", "ٲ": "أ", "ٳ": "إ", "ٵ": "أ", "ک": "ك", "ڪ": "ك", "ګ": "ك", "ڬ": "ك",
    "پ": "ب", "ڤ": "ف", "ڥ": "ف", "ڨ": "ق", "ژ": "ج", "ې": "ي", "ۍ": "ي", "ێ": "ي", "ے": "ي", "ۓ": "ئ", "ٸ": "ئ",
    "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ۃ": "ة", "ۂ": "ه",
    "ۆ": "و", "ۇ": "و", "ۈ": "و", "ۋ": "و", "ۊ": "و", "ٶ": "ؤ",
    "ڕ": "ر", "ڑ": "ر", "ڵ": "ل", "ٹ": "ت", "ڈ": "د", "ں": "ن", "ڼ": "ن",
    "ڧ": "ف", "ٮ": "ب", "ٯ": "ق", "ڡ": "ف",
    "٫": ".", "٬": ",", "ـ": "", "\u06e5": "", "\u06e6": "",
    **{letter: readings[0] for letter, readings in READINGS.items()},
}  # fmt: skip
HAMZAS = frozenset("أإآ")
CHOICES = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ی", "ي"), ("ة", "ه"), ("ؤ", "ء"), ("ئ", "ء"))
COMPOSED = (
    ("ا\u0654", "أ"), ("ا\u0655", "إ"), ("ا\u0653", "آ"), ("و\u0654", "ؤ"),
    ("ي\u0654", "ئ"), ("ى\u0654", "ئ"), ("ی\u0654", "ئ"),
)  # fmt: skip
# Dropped by `str.replace`, several times faster than a regex or `translate`; what is rarer is left to _RARE.
COMMON = ("\u064b", "\u0651", "\u0640", "\u064e", "\u064f", "\u0650", "\u0652", "\u064c", "\u064d")
_CLEAN = re.compile("[ء-غف-ي]+")
_RARE = re.compile("[^\x00-@\\[-`{-~ء-غف-ي،؛؟«»“”‘’–—…•]+")


class _Plain(dict[str, str]):
    """What a rare character becomes. Worked out once; the number kept is bounded, whatever a text holds."""

    def __missing__(self, char: str) -> str:
        plain = _plain(char)
        if len(self) < 20_000:
            self[char] = plain
        return plain


def _plain(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return char
    arabic = "\u0600" <= char <= "\u08ff" or char >= "\ufb50"
    wide = unicodedata.normalize("NFKC" if arabic else "NFKD", char).casefold()
    kept = (LETTERS.get(c, c) for c in wide if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in kept)


_PLAIN = _Plain(LETTERS)


def base(text: str) -> str:
    """The letters as their writer chose them: marks, tatweel, invisible characters and foreign shapes are gone."""
    if _CLEAN.fullmatch(text):  # as most words are
        return _seated(text)
    if "\u0653" in text or "\u0654" in text or "\u0655" in text:
        for pair, letter in COMPOSED:
            text = text.replace(pair, letter)
    for mark in COMMON:
        text = text.replace(mark, "")
    return _seated(_RARE.sub(lambda run: "".join([_PLAIN[char] for char in run[0]]), text))


def _seated(text: str) -> str:
    """القارىء is القارئ, written with two letters; but شىء is شيء."""
    return text.replace("شىء", "شيء").replace("ىء", "ئ") if "ىء" in text else text


def fold_base(text: str) -> str:
    """What `base` gave, without the writer's choices; of the same length."""
    for choice, letter in CHOICES:
        text = text.replace(choice, letter)
    return text


def fold(text: str) -> str:
    """The text as it is compared: one spelling for أ إ آ, ى, ة, ؤ ئ, Persian letters, digits, presentation forms, case.

    Vowel marks, tatweel, zero-width characters and bidi controls vanish, so offsets change; find offsets with `tokens`.
    """
    return fold_base(base(text))


def readings_of(term: str) -> list[str]:
    """A term with each of the readings of چ گ ڭ, the one that text folds to first; at most 27."""
    if READINGS.keys().isdisjoint(term):
        return [term]
    found = [""]
    for char in term:
        options = READINGS.get(char, char) if len(found) < 27 else char
        found = [head + option for head in found for option in options]
    return found


Vowels = tuple[tuple[int, bool, int], ...]  # (index of the letter in `base`, has a shadda, its vowel or 0), in order
_MARKS = frozenset(COMMON)
_SHADDA = "\u0651"
_VOWELS = {mark: i for i, mark in enumerate("\u064b\u064c\u064d\u064e\u064f\u0650\u0652", 1)}
TANWIN, DAMMA = _VOWELS["\u064b"], _VOWELS["\u064f"]


def vowels_of(raw: str) -> Vowels:
    """The vowel marks of a word."""
    if _MARKS.isdisjoint(raw):
        return ()
    found: dict[int, tuple[bool, int]] = {}
    at = -1
    for char in raw:
        if char == _SHADDA or char in _VOWELS:
            shadda, vowel = found.get(at, (False, 0))
            found[at] = (shadda or char == _SHADDA, _VOWELS.get(char, vowel))
        else:
            at += len(base(char))
    return tuple((at, *marks) for at, marks in sorted(found.items()) if at >= 0)
