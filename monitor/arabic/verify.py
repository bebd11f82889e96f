"""Is this hit the word, or another that is written alike? The evidence of spelling, of vowel marks, of known words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

import monitor.arabic.lexicon as lexicon
from monitor.arabic.endings import ALL, ARTICLE, LONGEST, NISBA, Stem
from monitor.arabic.letters import DAMMA, HAMZAS, TANWIN, Vowels, fold_base
from monitor.arabic.particles import REMEMBERED, Look, Reading, readings

_VERBAL = re.compile("ت..?ي|ت.ا.ي|[نسروم][فعمهي]ي")  # verbal nouns whose verb ends in ى: تولي، تلقي، نفي، سعي، رمي
_HEADED_BY_LAM = ("لجن", "لحي", "لكن", "لغم", "لين")  # in للجنة stands لجنة, not جنة


class Analysis(NamedTuple):
    """A way to read a token: as a stem with what stands before and behind it."""

    seen: Look
    reading: Reading
    stem: Stem
    ending: str


def hamza_agrees(stem: Stem, there: str, start: int) -> bool:
    """Where noun and text both write a hamza on alef, it is the same one; a hamza that is left out says nothing.

    Inside a noun of the table an alef without hamza has none (باب, not بأب); at the beginning many write إتفاق.
    `there` are the text's letters, of which the stem's begin at `start`.
    """
    for at, typed in enumerate(stem.letters[: len(stem.core)]):
        plain = typed == "ا" and at > 0 and stem.number != "open"
        if (plain or typed in HAMZAS) and 0 <= start + at < len(there) and there[start + at] in HAMZAS - {typed}:
            return False
    return True


def article_agrees(found: Analysis, al: str) -> bool:
    """The article is there, or not, as the rule wants it; it never has a hamza: ألحق is not الحق."""
    start, has = found.reading.start, found.reading.before & ARTICLE
    if has and found.seen.letters[start - 2] in HAMZAS:
        return False
    if al == "any" or found.stem.letters.startswith("ال"):
        return True
    if al == "no":
        return not has
    return bool(has) or (found.reading.hidden and found.stem.core.startswith("ل"))


def final_agrees(found: Analysis, *, name: bool, adjective: bool) -> bool:
    """ة may be typed and ه read, never the other way round; a final ى is no ending ي."""
    last, typed = found.seen.letters[-1], found.stem.letters[-1:]
    bare = found.ending in ("", "ا")
    if last == "ة":
        return typed == "ة" or (name and not found.ending) or (adjective and found.ending in ("ه", "يه"))
    if typed == "ا" == last and bare and _has_tanwin(found):
        return False  # سوريًا is a Syrian
    if name and found.ending == "ا":
        return _has_tanwin(found)  # محمدًا; without the mark it is another name
    if last == "ي" and typed == "ى" and len(found.stem.letters) == 3:  # قوي is not قوى
        return name
    if last != "ى":
        return True
    if typed == "ي" and found.stem.number != "plural":  # تولى is the verb, المصرى an Egyptian spelling
        return found.ending in ("", "ي") and (found.reading.before > 0 or not _VERBAL.fullmatch(found.stem.letters))
    return typed in "ىياأ" or not found.ending or (found.ending == "ي" and found.stem.number == "plural")


def _has_tanwin(found: Analysis) -> bool:
    return any(vowel == TANWIN for _, _, vowel in found.seen.vowels)


def marks_agree(found: Analysis, typed: Vowels, letters: str, *, must: bool) -> bool:
    """Where the typed word and the text both mark a letter, they agree; `must`: the text carries every typed mark.

    The last letter carries the case, and a broken plural has vowels of its own: neither is compared.
    """
    stem, start = found.stem, found.reading.start
    last, same = len(letters) - 1, _same_letters(stem, letters)
    wanted = {at: marks for at, *marks in typed if at < min(last, same)}
    if stem.endings is NISBA and same - 1 in wanted:  # its ي gives the letter before it a vowel of its own
        shadda, _ = wanted.pop(same - 1)
        wanted |= {same - 1: [shadda, 0]} if shadda else {}
    text = {at - start: marks for at, *marks in found.seen.vowels if 0 <= at - start < last}
    if must:
        return same > 0 and all(_carries(text.get(at), marks) for at, marks in wanted.items())
    _add_participle(wanted, stem.letters)
    _add_participle(text, stem.letters)
    return all(_alike(text[at], marks) for at, marks in wanted.items() if at in text)


def _same_letters(stem: Stem, letters: str) -> int:
    """How many of the typed letters, from the first on, stand in the stem with the same vowels."""
    if stem.endings is NISBA:
        pairs = zip(stem.letters[:-1], letters, strict=False)
        return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    sound = stem.number == "plural" and stem.letters[:-2] == letters.removesuffix("ة")
    return len(letters) if sound or stem.letters == letters else 0


def _add_participle(marks: dict[int, list[int]], letters: str) -> None:
    """A word on م whose third letter is doubled is a مُفعَّل: its م has a damma, whether written or not."""
    if letters[:1] == "م" and 2 in marks and marks[2][0] and 0 not in marks:
        marks[0] = [False, DAMMA]


def _alike(one: list[int], other: list[int]) -> bool:
    return one[0] == other[0] and (not one[1] or not other[1] or one[1] == other[1])


def _carries(there: list[int] | None, wanted: list[int]) -> bool:
    return there is not None and there[0] >= wanted[0] and wanted[1] in (0, there[1])


def begins_in_particle(seen: Look, reading: Reading) -> bool:
    """A word begins where the particles that stand apart end: كـ«مال» is no كمال, and in لـ«لبنان» is no article."""
    inside = reading.start < seen.apart and seen.folded.endswith(reading.rest)
    return inside or (reading.before == ALL and reading.start == seen.apart + 1)


def is_function_word(found: Analysis) -> bool:
    """The token, or what و ف stand before in it, is a function word that the typed word is not: على is not علي."""
    letters, typed = found.seen.letters, found.stem.letters
    known = lexicon.functions()
    if typed in known:
        return False
    options = {letters, letters.replace("ی", "ى"), letters.replace("ی", "ي")}
    noun_itself = found.stem.number != "name" and found.seen.folded == fold_base(typed)
    if letters[0] in "وف" and not noun_itself:  # ولي, the noun, is no و with لي
        options |= {option[1:] for option in tuple(options)}
    options |= {letters[max(found.reading.start, 0) :]}
    return not known.isdisjoint(options - {typed, "و" + typed, "ف" + typed})


def is_verb(found: Analysis) -> bool:
    """وذكر، فنقل: behind a bare و or ف a few nouns are verbs."""
    at_verb = found.reading.start == 1 and not found.reading.before and not found.ending and not found.seen.apart
    return at_verb and found.stem.number != "name" and found.stem.core in lexicon.verbs()


def is_longer_word(found: Analysis) -> bool:
    """A known word explains more of the token: what looked like a particle or an ending is part of it."""
    start, folded = found.reading.start, found.seen.folded
    for other in _beginnings(found.seen.letters):
        if found.seen.apart <= other < start and (folded[other:start] != "ال" or found.seen.letters[other] == "أ"):
            return not (_hides_article(found) and folded[other : other + 3] not in _HEADED_BY_LAM)
    return is_whole_word(found)


def _hides_article(found: Analysis) -> bool:
    """للقمة is ل with القمة, hardly ever ل with لقمة."""
    start = found.reading.start
    return found.reading.before == ALL and found.seen.letters[start - 2 : start] == "لل"


def is_whole_word(found: Analysis) -> bool:
    """What looks like a word with an ending is a known word: أفريقيا is no form of أفريقي, اقتصادي none of اقتصاد."""
    if not found.ending or found.stem.endings is NISBA:
        return False
    if found.stem.number == "open" and found.stem.letters[-1:] == "ة" and found.ending[:2] == "ات":
        return False  # خامات may be of خامة, whatever the table says of خام
    rest = _spelling(found.seen.letters[max(found.reading.start, 0) :])
    return rest != _spelling(found.stem.letters) and any(
        _spelling(part.letters) == rest for part in lexicon.known(fold_base(rest))
    )


def is_other_noun(found: Analysis) -> bool:
    """ضربات is of ضربة, not of ضرب; and كتابه, where كتابة was typed, is a book of his."""
    core, ending = found.stem.core, found.ending
    if found.stem.number == "open" and ending.startswith("ات"):
        return lexicon.is_noun(core + "ه")
    may_be_pronoun = ending == "ه" == found.seen.letters[-1] and not found.reading.before & ARTICLE
    return may_be_pronoun and found.stem.letters[-1:] == "ة" and lexicon.is_noun(core)


def _spelling(letters: str) -> str:
    """Folded, but for a final ة."""
    return fold_base(letters[:-1]) + "ة" if letters.endswith("ة") else fold_base(letters)


@lru_cache(REMEMBERED)
def _beginnings(letters: str) -> tuple[int, ...]:
    """Where known words begin in a token, the first place first."""
    known, folded, feminine = lexicon.stems(), fold_base(letters), letters.endswith("ة")
    found = set()
    for reading in readings(folded):
        rest = reading.rest
        for cut in range(min(LONGEST, len(rest) - 1) + 1):
            core = rest[: len(rest) - cut]
            if any(
                fits(stem, rest, reading)
                and (not feminine or stem.letters.endswith("ة"))
                and hamza_agrees(stem, letters, reading.start)
                for stem in known.get(core, ())
            ):
                # an ال that is only thought into للعراق begins behind its ل
                found.add(reading.start + 2 * (rest[:2] != folded[max(reading.start, 0) :][:2]))
    return tuple(sorted(found))


def fits(stem: Stem, rest: str, reading: Reading) -> bool:
    """Whether `rest` is the stem with an ending that may stand behind what the reading took off."""
    if not rest.startswith(stem.core):
        return False
    allowed = stem.endings.get(rest[len(stem.core) :])
    return allowed is not None and not reading.before & ~allowed
