"""What may stand between two words of a phrase, and what parts them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

Finds = Callable[..., list[str]]

JOIN = [
    " ", "", "\u00a0 ", "\t", "_", "#", " #", " @", "/", " / ", "\\", "-", " – ", " ـ ", "&", " & ", "+", " + ", "×",
    "%", "٪ ", "» ", " «", '" "', "' ", "’ ", "` ", "″ ", " (", ") [", "} {", "<<", ">> ", " 《",
    "*", "** ", "$ ", " €", "° ", "® ",
    "\x00", "\x1a ", "\u200f", "\u200b \u202b", "\ufeff", "\u064b ", " 🇮🇷 ", " \ufe0f",
]  # fmt: skip
PART = [
    " | ", "|", ": ", "：", "..", " .. ", "…", "، ", ",", "؛ ", "; ", "٫ ", "٬ ", " = ", " ~ ", " > ",
    " < ", " → ", " • ", "•", " · ", "·", " ◾ ", " ● ", " ▪ ", " ★ ",
    " ☎ ", "👍", " 🔴 ", " ✅ ", "․ ", "｡", " ✍️ ", " « : » ",
    ". ", " .", "! ", "؟", "۔ ", "\n", "\u2028", "\r\n",
]  # fmt: skip
BULLETS = [" | ", ": ", " .. ", "…", " • ", " · ", " ◾ ", " ● ", " ▪ ", ". ", "\n"]


@pytest.mark.parametrize("between", JOIN)
def test_signs_that_belong_to_words_leave_them_neighbours(between: str, finds: Finds) -> None:
    """Space, quotes, brackets and hyphens, signs such as / & + % # @, what nobody sees, a flag."""
    assert finds("phrase:\n  - 600\n  - شاهد", f"600{between}شاهد") == [f"600{between}شاهد"]


@pytest.mark.parametrize("between", PART)
def test_signs_that_list_or_point_part_words(between: str, finds: Finds) -> None:
    """Commas, colons, bars, bullets, arrows, pictures, several stops, the end of a sentence; a neighbour's `if` too."""
    text = f"صدمة{between}شاهد"
    assert finds("phrase:\n  - صدمة\n  - شاهد", text) == []
    assert finds("word: شاهد\nif:\n  previous:\n    - صدمة", text) == []


@pytest.mark.parametrize("between", BULLETS)
def test_a_gap_goes_over_commas_but_not_over_the_items_of_a_list(between: str, finds: Finds) -> None:
    """Where words may stand between, so may a comma, but no colon, bar or bullet."""
    expression = "phrase:\n  - وقف\n  - النار\ngap: 1"
    assert finds(expression, "وقف، إطلاق = النار") == ["وقف، إطلاق = النار"]
    assert finds(expression, f"وقف{between}إطلاق النار") == []


@pytest.mark.parametrize(
    "term", ["5+1", "AT&T", "24/7", "4×4", "50%", "إس-400", "د. سمير", "أ.ف.ب", "#يوم_القدس", "C++ لغة"]
)
def test_a_term_with_signs_is_found_as_it_was_typed(term: str, finds: Finds) -> None:
    """A phrase is typed with the signs that stand between its words."""
    assert finds(f"any:\n  - '{term}'", f"قال {term} هنا") == [term.strip("#%")]


@pytest.mark.parametrize("sign", ["«", "<<", "< ", "<> ", ". ", "\u200f", "/ ", "🇮🇷", " -."])
def test_much_between_two_words_takes_linear_time(sign: str, finds: Finds) -> None:
    """Whatever it is made of."""
    expression = "any:\n  - إيران روسيا\n  - إيران سوريا"

    def seconds(size: int) -> float:
        text = "إيران " + sign * (size // len(sign)) + " روسيا"
        start = time.process_time()
        finds(expression, text)
        return time.process_time() - start

    assert min(seconds(400_000) for _ in range(2)) < 9 * min(seconds(100_000) for _ in range(2)) + 0.2
