"""Patterns are only run on texts that hold letters they need; no text that they match is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.grams import grams, grams_of


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("شاهد", {"اهد"}),
        ("شاهد[- ]?1\\d\\d", {"اهد"}),
        ("صاروخ|قذيفة", {"روخ", "يفة"}),
        ("(?:ال)?صاروخ", {"روخ"}),
        ("(با)ليستي", {"ستي"}),
        ("صواريخ?", {"اري"}),
        ("(صاروخ|قذيفة) سقط", {"سقط"}),
        ("\\d+ (صاروخ|قذيفة) سق", {"روخ", "يفة"}),
        ("(صاروخ|سق) (قذيفة|صاروخ)", {"روخ", "يفة"}),
        ("(صاروخ|سق)", set()),
        ("(صاروخ)? سق", set()),
        ("صاروخ|سق", set()),
        ("(?i)drone", set()),
        ("\\pL+", set()),
        ("[صاروخ]+", set()),
        ("\\w{3,5}", set()),
        ("", set()),
    ],
)
def test_letters_that_a_pattern_needs(pattern: str, needed: set[str]) -> None:
    """The last three of its longest run, for each alternative; nothing where one of them has none."""
    assert grams(pattern) == needed


ATOM = st.sampled_from(["ا", "ب", "جد", "هوز", ".", "[اب]", "[^ا]", "\\d", "(?:ابج)", "(دهو|زحط)", "(ابجد)"])
PATTERNS = st.lists(st.tuples(ATOM, st.sampled_from(["", "", "", "?", "*", "+", "{0,2}", "{2}", "|"])), max_size=8)


@settings(max_examples=300, deadline=None)
@given(PATTERNS.map(lambda parts: "".join(a + b for a, b in parts)), st.data())
def test_a_text_that_matches_holds_one_of_them(pattern: str, data: st.DataObject) -> None:
    """Whatever the pattern, every text made to match it."""
    needed = grams(pattern)
    text = data.draw(st.from_regex(re.compile(pattern), fullmatch=True))
    assert not needed or not needed.isdisjoint(grams_of(text))
