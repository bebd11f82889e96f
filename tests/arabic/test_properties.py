"""What holds for every text and every term: no exception, right offsets, linear time, keys and forms that agree."""

from __future__ import annotations

import gc
import time
import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor import arabic
from monitor.arabic import lexicon

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"
LETTER = st.sampled_from(ARABIC)
HOSTILE = st.sampled_from('ًٌٍَُِّْٰـ\u200c\u200f\u202e\u2066\ufeff\x00\ud800\ufdfa\ufefb𞺀 \n.،؟:_#/-پچگکی١۴5aZé"«(')
TEXT = st.text(LETTER | HOSTILE, max_size=60)
TERM = st.text(LETTER, min_size=2, max_size=8) | st.sampled_from(sorted(lexicon.nouns()))


@given(TEXT | st.text(max_size=60))
@example("ﷺ لا إله إلا الله ﷲ")
@example("و روسيا و و5")
@settings(max_examples=300)
def test_tokens_are_whole_words_at_their_offsets(text: str) -> None:
    """text[start:end] is the token; tokens stand in order; no letter but a tatweel set apart is outside of them."""
    found = arabic.tokens(text)
    end = 0
    for token in found:
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.raw
        assert not any(unicodedata.category(c)[0] == "L" and c != "ـ" for c in text[end : token.start])
        end = token.end
    assert [t.raw for t in found] == arabic.raw_tokens(text)


@given(TEXT | st.text(max_size=60))
@settings(max_examples=300)
def test_folding_is_stable(text: str) -> None:
    """Folding a folded text changes nothing, and no Arabic mark is left."""
    folded = arabic.fold(text)
    assert arabic.fold(folded) == folded
    assert not set(folded) & set("ًٌٍَُِّْـأإآىةؤئ")


@given(TEXT)
@settings(max_examples=200)
def test_spans_are_ordered_and_hold_every_word(text: str) -> None:
    """Sentences and paragraphs don't overlap, and no word lies outside or across two of them."""
    for spans in (arabic.sentences(text), arabic.paragraphs(text)):
        assert all(a < b for a, b in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        for token in arabic.tokens(text):
            assert any(a <= token.start and token.end <= b for a, b in spans)


@given(
    TERM,
    st.sampled_from(["word", "family", "exact"]),
    st.sampled_from(["", "name", "noun"]),
    st.sampled_from(["any", "no", "must"]),
    st.sampled_from(["alone", "first", "rest"]),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_every_form_is_accepted_and_found_by_its_keys(
    term: str, forms: str, kind: str, al: str, place: str, fuzzy: bool
) -> None:
    """What `all_forms` gives is accepted, and every token that is accepted shares a key with its word."""
    word = arabic.word(term, forms=forms, kind=kind, al=al, place=place, fuzzy=fuzzy)
    for form in list(word.all_forms())[:400]:
        assert word.accepts(form), form
        assert set(word.keys) & set(arabic.keys_of(form)), form


@given(TERM, st.text(LETTER, max_size=4), st.text(LETTER, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_is_accepted_has_a_key_in_common(term: str, before: str, behind: str) -> None:
    """The promise of `keys_of`, on tokens that no list of forms gave."""
    word, token = arabic.word(term), before + term + behind
    assert not word.accepts(token) or set(word.keys) & set(arabic.keys_of(token))


@pytest.mark.parametrize("noun", [n for n in sorted(lexicon.nouns()) if len(n) > 2][::25])
def test_a_noun_of_the_table_is_found_as_it_stands(noun: str) -> None:
    """Alone, with the article, and behind و: for every 25th noun."""
    typed = lexicon.nouns()[noun][0].singular
    word = arabic.word(typed)
    assert word.accepts(typed)
    assert word.accepts("ال" + typed) or typed.startswith("ال")


HUGE = {
    "letters": "ا" * 1_000_000,
    "marks": "م" + "\u064b\u0651" * 50_000,
    "marks alone": "\u0651" * 100_000,
    "hidden": "ا\u200c" * 300_000,
    "bidi": "\u202e" * 500_000 + "نص",
    "stops": "." * 1_000_000,
    "questions": "؟!" * 300_000,
    "detached": "و " * 300_000,
    "nul": "\x00ا" * 300_000,
    "surrogates": "\ud800\udfff" * 200_000,
    "ligatures": "ﷺ" * 100_000,
    "math": "𞺀" * 200_000,
    "digits": "1," * 300_000,
    "lines": "\n" * 1_000_000,
    "closers": "»" * 500_000,
    "stops behind closers": ".»»»»»»»»" * 60_000,
    "a stop and closers": "ا." + "»" * 500_000,
    "hidden behind stops": "ا." + "\u200f" * 500_000 + "-",
    "initials": "ا. " * 300_000,
    "stops before letters": " .ا" * 300_000,
    "hamza": "ا\u0654" * 300_000,
    "tatweel": "ا" + "ـ" * 1_000_000,
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("work", [arabic.fold, arabic.tokens, arabic.sentences, arabic.paragraphs])
def test_hostile_megabytes_take_linear_time(name: str, work: Callable[[str], object]) -> None:
    """No exception, and the time of four times the text is nowhere near sixteen times the time of the quarter."""
    text = HUGE[name]
    quarter = timed(work, text[: len(text) // 4])
    assert timed(work, text) < 9 * quarter + 0.2


def timed(work: Callable[[str], object], text: str) -> float:
    """Seconds of this process; the collector's walks through a million tokens are not the room's."""
    gc.disable()
    try:
        start = time.process_time()
        work(text)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_token_is_judged(name: str) -> None:
    """A megabyte in one word is refused, not fatal."""
    for token in arabic.raw_tokens(HUGE[name])[:3]:
        assert len(arabic.keys_of(token)) < 100
        assert not arabic.word("صاروخ").accepts(token)


@pytest.mark.parametrize("text", ["", " ", "ـ", "\u0651", "ا", "و", "ال", "لل", "ة", "\ud800", "136", "ﷺ", "ی"])
def test_odd_terms_make_words(text: str) -> None:
    """A term of nothing, of one letter or of no letter makes a word that at worst matches nothing."""
    for options in ({}, {"forms": "family"}, {"kind": "noun"}, {"place": "rest"}, {"fuzzy": True}):
        word = arabic.word(text, **options)
        assert not word.accepts("صاروخ")
        list(word.all_forms())
    assert isinstance(arabic.homograph(text), str)


def every_noun() -> Iterator[lexicon.Noun]:
    return chain.from_iterable(lexicon.nouns().values())


def test_lexicon_files_are_clean() -> None:
    """Each word of the data files is bare Arabic, and no noun lists itself as its plural."""
    for noun in every_noun():
        for word in (noun.singular, *noun.plurals):
            assert set(word) <= set(ARABIC), word
        assert noun.singular not in noun.plurals, noun
    for word in (*lexicon.heads().values(), *lexicon.names().values(), *lexicon.functions()):
        assert set(word) <= set(ARABIC), word


def test_keys_are_few() -> None:
    """100,000 words stay small in memory: a noun with its plurals has hardly more than two keys."""
    keys = [len(arabic.word(noun.singular).keys) for noun in every_noun()]
    assert sum(keys) / len(keys) < 2.2
    assert max(keys) <= 12


def test_forms_are_spelled_as_newspapers_do() -> None:
    """What `rasid forms` shows keeps hamza and ة."""
    assert {"طائرة", "للطائرة", "طائراتها", "وبالطائرتين"} <= set(arabic.word("طائرة").all_forms())
    assert {"إيران", "الإيرانية", "لإيرانيين"} <= set(arabic.word("إيران", forms="family").all_forms())


@pytest.mark.parametrize("term", ["136", "١٣٦", "NATO", "5"])
@pytest.mark.parametrize("options", [{}, {"forms": "family"}, {"kind": "noun"}, {"place": "rest"}, {"al": "must"}])
def test_nothing_is_attached_to_numbers_and_latin_words(term: str, options: dict[str, Any]) -> None:
    """A text's tokens never mix scripts, so the term stands as it is or not at all."""
    assert [arabic.fold(form) for form in arabic.word(term, **options).all_forms()] == [arabic.fold(term)]


def test_homographs_warn() -> None:
    """The lint's warning names the other word."""
    assert "watched" in arabic.homograph("شاهد")
    assert "function word" in arabic.homograph("على")
    assert arabic.homograph("زيلينسكي") == ""


@pytest.mark.parametrize(
    ("word", "particle"),
    [
        ("بالمسيرات", "ب"), ("والصاروخ", "و"), ("وصاروخ", "و"), ("فصاروخ", "ف"), ("للصواريخ", "لل"), ("لأوكرانيا", "ل"),
        ("للمتضررين", "لل"), ("وللنازحين", "ولل"), ("لله", ""),
        ("وزارة", ""), ("فنية", ""), ("وطنية", ""), ("فرنسا", ""), ("بلدية", ""), ("لجنة", ""), ("كتاب", ""), ("", ""),
    ],
)  # fmt: skip
def test_typed_particles(word: str, particle: str) -> None:
    """A term's particle is told; the word's own letters are none, its adjective's neither."""
    assert arabic.typed_particle(word) == particle


@pytest.mark.parametrize(
    ("verb", "other", "noun"),
    [
        ("استهدف", "يستهدفون", "استهداف"),
        ("تعترض", None, None),
        ("يعترض", "اعترضت", "اعتراض"),
        ("انفجر", "تنفجر", "انفجار"),
        ("استهداف", None, None),
        ("التزام", None, None),
        ("إنجلترا", None, None),
        ("استقر", None, None),
        ("أنقذت", None, None),
    ],
)
def test_persons_of_a_verb(verb: str, other: str | None, noun: str | None) -> None:
    """A verb that can be nothing else is told with its other persons and its noun, never with what was typed."""
    found = arabic.persons(verb)
    assert verb not in found
    assert (other in found and noun in found) if other else found == ()
