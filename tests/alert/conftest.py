"""Samples that all tests of the room use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.types import Finding, Item, Match, Severity

NOW = 1_795_291_200.0  # 2026-11-21 20:00 UTC, a Saturday; 23:00 in Riyadh
SENTENCE = "وأعلنت السلطات أن مسيّرات أصابت مستودعًا للوقود في Kharkiv قبيل الفجر، ولم تقع إصابات."


def make_item(
    number: int = 1,
    *,
    title: str = "مسيّرات تصيب مستودعًا للوقود",
    sentence: str = SENTENCE,
    term: str = "مسيّرات",
    severity: Severity = Severity.high,
    name: str = "مسيّرات",
    rule: str = "drones",
    url: str = "",
    outlet: str = "صحيفة المثال",
    outlets: tuple[str, ...] = (),
    story: int = 0,
    minutes: int = 4,
) -> Item:
    start = sentence.find(term)
    spans = ((start, start + len(term)),) if term and start >= 0 else ()
    found = tuple(Match(term, term, "text", a, b) for a, b in spans)
    now = datetime.fromtimestamp(NOW, UTC)
    return Item(
        article=number,
        url=url or f"https://news.example/2026/{number}?a=1&b=2",
        title=title,
        outlet=outlet,
        feed="example",
        published=now - timedelta(minutes=minutes),
        first_seen=now - timedelta(minutes=1),
        findings=(
            Finding(
                hit=100 + number, rule=rule, name=name, severity=severity, sentence=sentence, spans=spans, matches=found
            ),
        ),
        story=story,
        outlets=outlets,
        text=sentence,
    )


@pytest.fixture
def item() -> Callable[..., Item]:
    return make_item
