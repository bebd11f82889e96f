"""Any text of any size and content: no exception, right offsets, time that grows with the text and not faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match import Matcher, explain, sentence_of

RULES = """
rules:
  word: {name: r, match: {any: [إيران, شاهد 136, {exact: drone}, {family: روسيا}]}}
  near: {name: r, match: {near: {within: 3, of: [إيران, إيران, روسيا]}}}
  near-sentence: {name: r, match: {near: {within: sentence, of: [إيران, {any: [روسيا, إيران]}]}}}
  near-paragraph: {name: r, match: {near: {within: paragraph, order: yes, of: [إيران, روسيا]}}}
  phrase: {name: r, match: {phrase: [إيران, {any: [إيران, روسيا]}, إيران], gap: 2}}
  times: {name: r, match: {word: إيران, times: 9}}
  unless: {name: r, match: {word: إيران, unless: {next: [{any: [إيران, روسيا]}], inside: [إيران روسيا]}}}
  if: {name: r, match: {word: إيران, if: {sentence: [روسيا], paragraph: [إيران], article: [روسيا]}}}
  regex: {name: r, match: {regex: '(إ?ا?يران ?)+', in: lead}}
  regex-back: {name: r, match: {regex: '(ا|ا ا|.*)*روسيا'}}
  all: {name: r, match: {all: [إيران, روسيا], not: [لا أحد هنا]}}
"""

TEXTS = {
    "one word over and over": "إيران " * 1_000,
    "two words by turns": "إيران روسيا " * 1_000,
    "no space": "إيران" * 200_000,
    "no sentence end": "إيران، روسيا و " * 1_000,
    "only sentence ends": "إيران. روسيا! " * 1_000,
    "only line breaks": "إيران\n" * 1_000,
    "a megabyte of stops": "." * 1_000_000,
    "a megabyte of spaces": "إيران" + " " * 1_000_000 + "روسيا",
    "NULs": "إيران\0روسيا\0" * 1_000,
    "surrogates": "\ud83dإيران \udc00روسيا " * 1_000,
    "combining marks": "إيران" + "\u064b" * 100_000 + " روسيا",
    "marks alone": "\u0301" * 100_000,
    "zero-width": "إ\u200bي\u200cر\u200dا\ufeffن روسيا " * 1_000,
    "bidi overrides": "\u202eإيران\u202c \u2067روسيا\u2069 " * 1_000,
    "presentation forms": "ﺇﻳﺮﺍﻥ ﺭﻭﺳﻴﺎ " * 1_000,
    "mathematical letters": "𞸀𞸁𞸂 𝐃𝐑𝐎𝐍𝐄 " * 20_000,
    "mixed scripts": "إيرانdrone136ирانروسيا" * 1_000,
    "digits": "1" * 300_000 + " شاهد 136",
    "all letters different": "".join(chr(c) for c in range(0x20, 0x30000)),
    "long words": ("ا" * 5_000 + " ") * 100,
}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    from monitor.rules import read_texts

    rules, problems = read_texts({"test.yaml": "rasid: 1\n" + RULES})
    assert rules is not None, problems
    return Matcher(rules)


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_texts(name: str, matcher: Matcher) -> None:
    """No exception, and every place is where its offsets say, in both fields."""
    text = TEXTS[name]
    for title, body in (("", text), (text, "")):
        for hit in matcher.match(title, body):
            assert hit.matches
            assert all({"title": title, "text": body}[m.field][m.start : m.end] == m.surface for m in hit.matches)
    matcher.may_match(text)


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"all letters different"}))
def test_time_grows_with_the_text(name: str, matcher: Matcher) -> None:
    """Eight times the text takes at most 24 times as long: linear, but for the machine's moods."""
    text = TEXTS[name]
    short, long = text[: len(text) // 16], text[: len(text) // 2]

    def seconds(piece: str) -> float:
        start = time.process_time()
        matcher.match("", piece)
        return time.process_time() - start

    assert min(seconds(long) for _ in range(2)) < 24 * min(seconds(short) for _ in range(3)) + 0.1


@pytest.mark.parametrize(
    "match", ["{near: {within: 2, of: [إيران, روسيا]}}", "{word: إيران, if: {previous: [{any: [إيران, روسيا]}]}}"]
)
def test_fifty_thousand_occurrences(match: str, rules_of: Callable[[str], object]) -> None:
    """Of each of two words, in `near` and in a condition: a matter of seconds."""
    start = time.process_time()
    hits = Matcher(rules_of(f"rules:\n  r: {{name: r, match: {match}}}\n")).match("", "إيران روسيا " * 25_000)
    assert len(hits[0].matches) >= 24_999
    assert time.process_time() - start < 20


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec=None, categories=None), max_size=4),
            st.sampled_from(["إيران", "روسيا", "شاهد", "136", " ", ". ", "\n", "«", "\u064b", "\u202e", "ﻻ", "و "]),
        ),
        max_size=30,
    ),
    st.integers(0, 30),
)
def test_any_text(matcher: Matcher, pieces: list[str], cut: int) -> None:
    """Offsets are right whatever stands around; title and text never mix; explaining and showing never fail."""
    title, text = "".join(pieces[:cut]), "".join(pieces[cut:])
    for hit in matcher.match(title, text):
        for m in hit.matches:
            source = {"title": title, "text": text}[m.field]
            assert source[m.start : m.end] == m.surface
            sentence, spans = sentence_of(source, [m])
            assert [sentence[a:b] for a, b in spans] == [m.surface]
    for rule in matcher.plan.rules:
        assert explain(rule, title, text, matcher=matcher).text()


def test_memory_of_tokens_is_bounded(rules_of: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read, at most twice so many tokens are remembered, and no long ones; the answers stay right."""
    monkeypatch.setattr("monitor.match.vocabulary.MEMO", 50)
    matcher = Matcher(rules_of(RULES))
    vocabulary = matcher.plan.vocabulary
    for n in range(5):
        assert matcher.match("", " ".join(f"كلمة{chr(0x628 + n)}{'ا' * i}" for i in range(90)) + " إيران")
        assert len(vocabulary._recent.keys() | vocabulary._older.keys()) <= 100
    matcher.match("", "ا" * 100_000)
    assert "ا" * 100_000 not in vocabulary._recent
