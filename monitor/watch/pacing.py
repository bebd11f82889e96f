"""The schedule of all feeds as the settings have it: how often each is asked, and what the one dial costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.config import Settings
from monitor.fetch.freshness import Scheduler
from monitor.types import Feed


@dataclass(frozen=True, slots=True)
class Paced:
    """A feed as the schedule sees it: `window` is how many entries it holds, `max_age` for how long HTTP calls it
    fresh (seconds).
    """

    id: str
    weight: float
    every: float | None
    window: int
    max_age: float


def paced(feed: Feed, state: Mapping[str, Any]) -> Paced:
    """A feed with what its polling state tells of it."""
    asked = state.get("next_at", 0.0) - state.get("polled_at", 0.0) if state.get("state_kind") == "fresh" else 0.0
    return Paced(feed.id, feed.weight, feed.every, int(state.get("window", 0)), max(0.0, asked))


def schedule(feeds: Iterable[Feed], states: Mapping[str, Mapping[str, Any]], settings: Settings) -> Scheduler:
    """The schedule of these feeds, with what was learnt of each."""
    poll = settings.poll
    requests, seconds = poll.at_most
    pace = Scheduler(
        budget_per_hour=requests * 3600.0 / seconds, late=poll.late, floor=poll.floor, ceiling=poll.ceiling
    )
    for feed in feeds:
        state = states.get(feed.id, {})
        pace.add(paced(feed, state), state.get("pace"))
    return pace


def cost(pace: Scheduler, settings: Settings, now: float) -> dict[str, Any]:
    """Requests an hour, mean lateness in seconds, and both in words."""
    plan = pace.plan(now)
    words = f"about {plan.requests_per_hour:.0f} requests an hour, entries are seen {plan.late:.0f} s late on average"
    if plan.braked:
        words += f" ({settings.poll.late:.0f} s are wanted: floor or at_most stand in the way)"
    return {"requests_per_hour": round(plan.requests_per_hour, 1), "late": round(plan.late, 1), "words": words}
