"""Which language a text in Arabic script is written in."""

from __future__ import annotations

import re

_SCRIPT = re.compile("[\u0620-\u06ff]")
_LATIN = re.compile("[A-Za-z]")
# Letters, and small words, that one language has and its neighbours lack.
_LETTERS = {
    "ar": re.compile("[ةىيكأإ]"),
    "fa": re.compile("[پچژگکی]"),
    "ug": re.compile("[ۇۋڭ]"),
    "ckb": re.compile("[ەێۆڕڵ]"),
    "ur": re.compile("[ٹڈڑےںہ]"),
    "sd": re.compile("[ڪڻڏڳٿڀڄٺڍ۾]"),
    "ps": re.compile("[ښځڅټډړۍېګږڼ]"),
}
_WORDS = {
    "ar": re.compile(r"(?<![ء-ی])(?:(?:في|من|على|إلى|أن|التي|الذي|هذا|عن|مع)(?![ء-ی])|[وبف]?ال[ء-ی]{3})"),
    "fa": re.compile(
        r"(?<![ء-ی])(?:که|كه|را|این|اين|است|برای|براي|شد|شده|های|با|می|خواهد|کرد|از|در|گفت|نیست|دارد|شود)(?![ء-ی])"
    ),
}
NARROW = 0.04  # share of an alphabet's own letters from which on a text is in its language


def language(text: str, declared: str = "") -> str:
    """ISO 639 code of a text; for one that isn't in Arabic script what the page declares, or "und"."""
    sample = text[:2000]
    arabic, latin = len(_SCRIPT.findall(sample)), len(_LATIN.findall(sample))
    code = re.match("[a-z]{2,3}", declared.lower())
    if arabic < max(10, latin / 2):
        return code[0] if code and (latin or not sample) else "ar" if arabic else "und"
    for name in ("ug", "ckb", "ur", "sd", "ps"):
        if len(_LETTERS[name].findall(sample)) > NARROW * arabic:
            return name
    scores = {
        name: len(_LETTERS[name].findall(sample)) + 8 * len(_WORDS[name].findall(sample)) for name in ("ar", "fa")
    }
    return "fa" if scores["fa"] > scores["ar"] else "ar"
