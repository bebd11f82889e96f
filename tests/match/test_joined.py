"""Names that papers write as one word or as two: a rule finds both, however it is typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.match import Matcher, explain

CASES = [
    ("عبد الفتاح البرهان", "لعبدالفتاح البرهان", ["لعبدالفتاح البرهان"]),
    ("عبدالفتاح البرهان", "قال عبد الفتاح البرهان", ["عبد الفتاح البرهان"]),
    ("عبدالله بن زايد", "عبد الله بن زايد", ["عبد الله بن زايد"]),
    ("عبدالله", "مع عبد الله أو عبدالله", ["عبدالله"]),
    ("عبد الله", "مع عبد الله أو عبدالله", ["عبد الله"]),
    ("الشيخ عبد الله", "والشيخ عبدالله", ["والشيخ عبدالله"]),
    ("أبو ظبي", "في أبوظبي", ["أبوظبي"]),
    ("أبوظبي", "لأبي ظبي", ["لأبي ظبي"]),
    ("حسن نصر الله", "حسن نصرالله", ["حسن نصرالله"]),
    ("نصرالله", "ونصر الله", ["ونصر الله"]),
    ("أبو عبد الله", "أبو عبدالله", ["أبو عبدالله"]),
    ("أم درمان", "معارك في أمدرمان", ["أمدرمان"]),
    ("ود مدني", "حول ودمدني وبود مدني", ["ودمدني", "وبود مدني"]),
    ("بورسعيد", "ميناء بور سعيد", ["بور سعيد"]),
    ("بورتسودان", "إلى بورت سودان", ["بورت سودان"]),
    ("دير الزور", "ريف ديرالزور", ["ديرالزور"]),
    ("سانا", "سان ا", []),
    ("أبواب", "أبو اب", []),
    ("عبد الفتاح", "عبد، الفتاح", []),
    ("word: عبدالله\nkind: noun", "عبد الله", []),
    ("exact: عبدالله", "عبد الله", []),
    ("phrase:\n  - عبد\n  - الله\ngap: 1", "عبد يحب الله", ["عبد يحب الله"]),
]


@pytest.mark.parametrize(("typed", "text", "expected"), CASES, ids=[f"{typed}: {text}" for typed, text, _ in CASES])
def test_both_spellings(typed: str, text: str, expected: list[str], finds: Callable[..., list[str]]) -> None:
    """As one word and as two, with particles and the case of أبو; options that ask for letters are kept to."""
    assert finds(typed if ":" in typed else f"any:\n  - {typed}", text) == expected


def test_a_long_list_of_names_is_looked_up(finds: Callable[..., list[str]]) -> None:
    """Names in a long list, which is searched by what stands in the text, are found in the other spelling too."""
    names = ["كابول", "لندن", "باريس", "روما", "مدريد", "برلين", "عبد الرحمن الثالث", "سيف الدين"]
    match = "any:\n" + "\n".join(f"  - {name}" for name in names)
    assert finds(match, "عبدالرحمن الثالث") == ["عبدالرحمن الثالث"]
    assert finds(match, "سيفالدين ثم عبد الرحمن الثالث") == ["سيفالدين", "عبد الرحمن الثالث"]


def test_it_is_explained_as_typed(rules_of: Callable[..., object]) -> None:
    """An explanation and a proof name the term as its author wrote it, and don't take it apart."""
    rules = rules_of("rules:\n  r:\n    name: r\n    match:\n      word: أبوظبي\n")
    [hit] = Matcher(rules).match("", "في أبو ظبي")  # type: ignore[arg-type]
    assert [m.term for m in hit.matches] == ["أبوظبي"]
    absent = explain(rules, "", "لا أحد").text()  # type: ignore[arg-type]
    assert "«أبوظبي»\u2069: not found" in absent
    assert "«أبو»" not in absent
