"""Pages in the manners of real outlets, written before the rules that read them: the same goals as for pages unseen."""

from __future__ import annotations

from pathlib import Path

from tests.bench import extraction

PAGES = Path(__file__).parent / "pages_unseen"


def test_text_titles_and_dates_of_pages_in_the_outlets_manners() -> None:
    """F1 of at least .985, nothing lacking or polluting, every title, no wrong date and nearly every right one."""
    scores, _ = extraction.measure(PAGES, extraction.ours, 1)
    assert {score.name: score.polluting for score in scores if score.polluting} == {}
    assert {score.name: score.lacking for score in scores if score.lacking} == {}
    assert [score.name for score in scores if not score.title] == []
    assert [score.name for score in scores if score.date == "wrong"] == []
    assert sum(score.date == "right" for score in scores) >= 0.95 * len(scores)
    assert sum(score.f1 for score in scores) >= 0.985 * len(scores)
