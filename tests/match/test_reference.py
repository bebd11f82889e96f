"""Random rules on random texts: the engine finds exactly what a slow, obvious matcher finds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.arabic import fold
from monitor.arabic import word as arabic_word
from monitor.match import Matcher
from monitor.rules.expression import AllOf, AnyOf, Context, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.types import Place, Rule


@dataclass
class Sketch:
    """A text built piece by piece, so that the reference knows its borders without asking the code under test."""

    pieces: list[tuple[str, str]] = field(default_factory=list)  # a word and what stands behind it

    @property
    def text(self) -> str:
        return "".join(word + mark for word, mark in self.pieces)

    def starts(self) -> list[int]:
        lengths = [len(word + mark) for word, mark in self.pieces]
        return [sum(lengths[:n]) for n in range(len(lengths))]

    def numbers(self, ends: tuple[str, ...]) -> list[int]:
        """A number for each word, counting up behind each of the marks."""
        return [sum(mark.strip(" ") in ends for _, mark in self.pieces[:n]) for n in range(len(self.pieces))]


SENTENCE, PARAGRAPH = (".", "؟", "!", ".\n", "\n"), (".\n", "\n")
Span = tuple[int, int]
Found = dict[Span, frozenset[Span]]  # a span of words -> the places in it that prove it


class Reference:
    """Matches by trying everything: a regex of all forms, every choice of occurrences."""

    def __init__(self, rules: dict[str, Rule]) -> None:
        self.rules = rules

    def fires(self, rule: str, title: Sketch, text: Sketch) -> set[tuple[str, int, int]]:
        """The places that prove a hit, as field, start, end; none where the rule doesn't fire."""
        self.sketches = {"title": title, "text": text}
        self.base = {"title": 0, "text": len(title.pieces) + 1}  # a gap in the numbers, so that fields never touch
        self.words = {self.base[f] + n: (f, n) for f, s in self.sketches.items() for n in range(len(s.pieces))}
        found = self.found(self.rules[rule].match, set(self.words), "alone")
        return {self.place(span) for proof in found.values() for span in proof}

    def place(self, span: Span) -> tuple[str, int, int]:
        where, first = self.words[span[0]]
        last = self.words[span[1] - 1][1]
        starts, pieces = self.sketches[where].starts(), self.sketches[where].pieces
        return where, starts[first], starts[last] + len(pieces[last][0])

    def number(self, ends: tuple[str, ...], n: int) -> tuple[str, int]:
        """Field and number of the sentence or paragraph of a word."""
        where, at = self.words[n]
        return where, self.sketches[where].numbers(ends)[at]

    def apart(self, n: int, marks: tuple[str, ...]) -> bool:
        """Do these marks, or a sentence end, stand between word n and the next?"""
        if n + 1 not in self.words:
            return True
        where, at = self.words[n]
        mark = self.sketches[where].pieces[at][1]
        return any(m in mark for m in marks) or self.number(SENTENCE, n) != self.number(SENTENCE, n + 1)

    def found(self, item: Item, scope: set[int], place: str) -> Found:
        scope = scope & self.area(item.where)
        found = _KINDS[type(item)](self, item, scope, place)
        kept = {
            span: proof
            for span, proof in found.items()
            if all(self.holds(c, span) for c in item.keep) and not any(self.holds(c, span) for c in item.drop)
        }
        return kept if item.times == 1 or most_apart(list(kept)) >= item.times else {}

    def area(self, where: str | None) -> set[int]:
        """The words of title, lead or text."""
        first = {n for n, (f, _) in self.words.items() if f == "text" and self.number(PARAGRAPH, n)[1] == 0}
        title = {n for n, (f, _) in self.words.items() if f == "title"}
        return {None: set(self.words), "title": title, "lead": title | first, "text": set(self.words) - title}[where]

    def holds(self, context: Context, span: Span) -> bool:
        others = [o for item in context.items for o in self.found(item, set(self.words), "alone")]
        return any(self.stands(at, o, span, context.within) for at in context.at for o in others)

    def stands(self, at: str, other: Span, span: Span, within: int) -> bool:
        if at == "article":
            return True
        if at == "inside":
            return other[0] < span[1] and span[0] < other[1]
        if at in ("sentence", "paragraph"):
            ends = SENTENCE if at == "sentence" else PARAGRAPH
            return {self.number(ends, n) for n in range(*span)} & {self.number(ends, n) for n in range(*other)} != set()
        before, after = (span, other) if at == "next" else (other, span)
        between = after[0] - before[1]
        if within == 0:
            return between == 0 and not self.apart(before[1] - 1, (":", "..", "،"))
        return 0 <= between <= within and self.number(SENTENCE, before[1] - 1) == self.number(SENTENCE, after[0])

    def word(self, item: Word, scope: set[int], place: str) -> Found:
        pattern = forms_of(item.text, item.forms, place)
        surfaces = {n: self.sketches[f].pieces[at][0] for n, (f, at) in self.words.items()}
        return {(n, n + 1): frozenset({(n, n + 1)}) for n in scope if pattern.fullmatch(fold(surfaces[n]))}

    def regex(self, item: Regex, scope: set[int], place: str) -> Found:
        surfaces = {n: self.sketches[f].pieces[at][0] for n, (f, at) in self.words.items()}
        return {(n, n + 1): frozenset({(n, n + 1)}) for n in scope if re.fullmatch(item.pattern, fold(surfaces[n]))}

    def phrase(self, item: Phrase, scope: set[int], place: str) -> Found:
        first = "rest" if place == "rest" else "first"
        parts = [self.found(p, scope, "rest" if n else first) for n, p in enumerate(item.items)]
        marks = (":", "..") if item.gap else (":", "..", "،")
        choices = [c for c in itertools.product(*parts) if self.in_row(c, item.gap, marks)]
        return {(c[0][0], c[-1][1]): frozenset({(c[0][0], c[-1][1])}) for c in shortest(choices)}

    def in_row(self, choice: tuple[Span, ...], gap: int, marks: tuple[str, ...]) -> bool:
        return all(
            0 <= b[0] - a[1] <= gap and not any(self.apart(n, marks) for n in range(a[1] - 1, b[0]))
            for a, b in itertools.pairwise(choice)
        )

    def near(self, item: Near, scope: set[int], place: str) -> Found:
        parts = [self.found(p, scope, "alone") for p in item.items]
        choices = []
        for choice in itertools.product(*parts):
            row = tuple(sorted(choice))
            if (not item.order or row == choice) and self.close(row, item):
                choices.append(choice)
        return {
            (min(c)[0], max(s[1] for s in c)): frozenset(s for part, at in zip(parts, c, strict=True) for s in part[at])
            for c in shortest(choices)
        }

    def close(self, row: tuple[Span, ...], item: Near) -> bool:
        gaps = [b[0] - a[1] for a, b in itertools.pairwise(row)]
        if isinstance(item.within, int):
            joined = [
                self.number(SENTENCE, a[1] - 1) == self.number(SENTENCE, b[0]) for a, b in itertools.pairwise(row)
            ]
            return all(0 <= g <= item.within for g in gaps) and all(joined)
        ends = SENTENCE if item.within == "sentence" else PARAGRAPH
        return min(gaps) >= 0 and len({self.number(ends, n) for a, b in row for n in (a, b - 1)}) == 1

    def any_of(self, item: AnyOf, scope: set[int], place: str) -> Found:
        parts = [self.found(p, scope, place) for p in item.items]
        return union(parts) if sum(map(bool, parts)) >= item.at_least else {}

    def all_of(self, item: AllOf, scope: set[int], place: str) -> Found:
        parts = [self.found(p, scope, "alone") for p in item.items]
        vetoed = any(self.found(v, set(self.words), "alone") for v in item.vetoes)
        return union(parts) if all(parts) and not vetoed else {}

    def ref(self, item: RuleRef, scope: set[int], place: str) -> Found:
        return self.found(self.rules[item.rule].match, scope, "alone")


_KINDS = {
    Word: Reference.word,
    Regex: Reference.regex,
    Phrase: Reference.phrase,
    Near: Reference.near,
    AnyOf: Reference.any_of,
    AllOf: Reference.all_of,
    RuleRef: Reference.ref,
}


@cache
def forms_of(text: str, forms: str, place: str) -> re.Pattern[str]:
    """One alternative for each form that a word may take."""
    made = {fold(form) for form in arabic_word(text, forms=forms, place=place).all_forms()}
    return re.compile("|".join(map(re.escape, sorted(made))))


def union(parts: list[Found]) -> Found:
    """All spans; where several parts have one, the first tells what proves it."""
    return {span: proof for part in reversed(parts) for span, proof in part.items()}


def shortest(choices: list[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """For each range that holds no other choice's: the one of its choices whose words stand last, seen from the end."""
    ranges: dict[Span, tuple[Span, ...]] = {}
    for choice in sorted(choices, key=lambda c: sorted((s[1] for s in c), reverse=True)):
        ranges[min(choice)[0], max(s[1] for s in choice)] = choice
    return [c for (a, b), c in ranges.items() if not any((x, y) != (a, b) and a <= x and y <= b for x, y in ranges)]


def most_apart(spans: list[Span]) -> int:
    """The largest number of spans of which no two overlap, by trying all sets."""
    for size in range(len(spans), 0, -1):
        for chosen in itertools.combinations(sorted(spans), size):
            if all(a[1] <= b[0] for a, b in itertools.pairwise(chosen)):
                return size
    return 0


WORDS = ("دمشق", "بغداد", "طهران", "موسكو", "صاروخ", "136")
SURFACES = ("دمشق", "وبغداد", "بدمشق", "طهران", "لطهران", "موسكو", "صواريخ", "الصاروخ", "صاروخان", "١٣٦", "بيروت")
MARKS = (" ", " ", " ", " ", " «", "» ", "-", " (", "، ", ": ", ".. ", ". ", "؟ ", "! ", ".\n", "\n")
HERE = Place("rules.yaml")


def sketches(most: int) -> st.SearchStrategy[Sketch]:
    piece = st.tuples(st.sampled_from(SURFACES), st.sampled_from(MARKS))
    return st.lists(piece, max_size=most).map(Sketch)


def contexts(items: st.SearchStrategy[Item]) -> st.SearchStrategy[Context]:
    at = st.lists(
        st.sampled_from(("next", "previous", "inside", "sentence", "paragraph", "article")),
        min_size=1,
        max_size=3,
        unique=True,
    )
    return st.builds(
        Context,
        place=st.just(HERE),
        at=at.map(tuple),
        items=st.lists(items, min_size=1, max_size=2).map(tuple),
        within=st.integers(0, 2),
    )


def options(conditions: st.SearchStrategy[Item] | None) -> dict[str, st.SearchStrategy[object]]:
    """What every item has; most items have no options."""
    some = st.just(()) if conditions is None else st.lists(contexts(conditions), max_size=1).map(tuple)
    return {
        "place": st.just(HERE),
        "term": st.just("x"),
        "where": st.sampled_from((None, None, None, "title", "lead", "text")),
        "times": st.sampled_from((1, 1, 1, 2)),
        "keep": some,
        "drop": some,
    }


def tuples(items: st.SearchStrategy[Item], least: int, most: int) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


def words(conditions: st.SearchStrategy[Item] | None = None) -> st.SearchStrategy[Item]:
    forms = st.sampled_from(("word", "word", "exact"))
    return st.builds(Word, text=st.sampled_from(WORDS), forms=forms, **options(conditions))


def kinds(items: st.SearchStrategy[Item], conditions: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    """An item of each kind; phrases and near are made of words or choices of words: ties are settled alike there."""
    plain = words(words())
    choices = st.builds(AnyOf, items=tuples(words(), 1, 3), **options(None))
    few = st.one_of(plain, choices)
    more = options(conditions)
    within = st.sampled_from((0, 1, 2, 4, "sentence", "paragraph"))
    return st.one_of(
        plain,
        st.builds(Regex, pattern=st.sampled_from(("دمشق|بغ.اد", "[وب][ءا-ي]+", "1[0-9]+")), **more),
        st.builds(Phrase, items=tuples(few, 2, 3), gap=st.sampled_from((0, 0, 1, 2)), **more),
        st.builds(Near, items=tuples(few, 2, 3), within=within, order=st.booleans(), **more),
        st.builds(AnyOf, items=tuples(items, 1, 3), at_least=st.sampled_from((1, 1, 2)), **more),
        st.builds(AllOf, items=tuples(items, 1, 2), vetoes=tuples(words(), 0, 1), **more),
        st.builds(RuleRef, rule=st.just("other"), **more),
    )


ITEMS = kinds(kinds(words(), words()), words())


def rule(name: str, match: Item) -> Rule:
    return Rule(id=name, name=name, match=match)


@pytest.fixture(autouse=True, scope="module")
def _indexed() -> Iterator[None]:
    """Every `any`, however short, is looked up as a long one is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.match.plan.LONG", 1)
        yield


def compare(match: Item, other: Item, title: Sketch, text: Sketch) -> None:
    rules = {"r": rule("r", match), "other": rule("other", other)}
    matcher = Matcher(SimpleNamespace(rules=rules))
    hits = {hit.rule.id: hit.matches for hit in matcher.match(title.text, text.text)}
    for name in rules:
        expected = Reference(rules).fires(name, title, text)
        assert {(m.field, m.start, m.end) for m in hits.get(name, ())} == expected
    for m in (m for matches in hits.values() for m in matches):
        assert {"title": title.text, "text": text.text}[m.field][m.start : m.end] == m.surface
    assert not hits or matcher.may_match(title.text + "\n" + text.text)


@settings(max_examples=200, deadline=None)
@given(ITEMS, words(words()), sketches(5), sketches(12))
def test_hits_are_those_of_the_slow_matcher(match: Item, other: Item, title: Sketch, text: Sketch) -> None:
    """The same rules fire with the same places as proof; offsets give the surface; `may_match` says yes."""
    compare(match, other, title, text)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(ITEMS, words(words()), sketches(6), sketches(20))
def test_hits_are_those_of_the_slow_matcher_at_length(match: Item, other: Item, title: Sketch, text: Sketch) -> None:
    """The same, many more times and in longer texts."""
    compare(match, other, title, text)


@settings(max_examples=15, deadline=None)
@given(st.lists(ITEMS, min_size=20, max_size=40), words(), sketches(5), sketches(12))
def test_many_rules_find_what_each_finds_alone(matches: list[Item], other: Item, title: Sketch, text: Sketch) -> None:
    """Sharing words and choosing candidates among many rules changes no hit."""
    rules = {f"r{n}": rule(f"r{n}", match) for n, match in enumerate(matches)} | {"other": rule("other", other)}
    together = {h.rule.id: h.matches for h in Matcher(SimpleNamespace(rules=rules)).match(title.text, text.text)}
    for name, each in rules.items():
        alone = Matcher(SimpleNamespace(rules={"other": rules["other"], name: each})).match(title.text, text.text)
        assert together.get(name) == next((h.matches for h in alone if h.rule.id == name), None)


def test_the_reference_reads_words_as_the_arabic_room_does() -> None:
    """For the words above, forms and accepted tokens are the same, so that the comparison is about the engine."""
    for text, forms, place in itertools.product(WORDS, ("word", "exact"), ("alone", "first", "rest")):
        accepts = arabic_word(text, forms=forms, place=place).accepts
        for surface in SURFACES:
            assert bool(forms_of(text, forms, place).fullmatch(fold(surface))) == accepts(surface), (text, forms, place)
