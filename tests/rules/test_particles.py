"""Which first letters of a term are particles that its author typed."""

from __future__ import annotations

import pytest

from monitor.rules.particles import typed


@pytest.mark.parametrize(
    ("word", "particle"),
    [
        ("بالمسيرات", "ب"), ("والصاروخ", "و"), ("وصاروخ", "و"), ("فصاروخ", "ف"), ("للصواريخ", "لل"),
        ("وزارة", ""), ("فنية", ""), ("وطنية", ""), ("فرنسا", ""), ("بلدية", ""), ("لجنة", ""), ("كتاب", ""),
    ],
)  # fmt: skip
def test_typed_particles(word: str, particle: str) -> None:
    """The word's own letters are none, its adjective's neither."""
    assert typed(word) == particle
