"""How the feeds fare: what the operator hears of each, and how many can be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor import alert
from monitor.fetch import Outcome
from monitor.types import Feed
from monitor.watch.feedstate import Pulse, judge
from monitor.watch.health import Metrics
from monitor.watch.operator import Operator

EMPTY = 3600.0  # seconds for which a feed must have been empty: a broken cache is mended sooner


@dataclass(slots=True)
class FeedHealth:
    """The pulse of each feed, over restarts."""

    operator: Operator
    metrics: Metrics
    clock: Callable[[], float]
    pulses: dict[str, Pulse] = field(default_factory=dict)  # of the feeds asked since the start
    earlier: dict[str, Pulse] = field(default_factory=dict)  # how those asked before it were when Rasid stopped

    def remember(self, states: Mapping[str, Mapping[str, Any]], subjects: Mapping[str, tuple[str, float, str]]) -> None:
        """At the start: what the operator was told of each feed is not told again."""
        for feed, state in states.items():
            told, since, _ = subjects.get(f"feed:{feed}", ("ok" if state.get("ok_at") else "", 0.0, ""))
            self.earlier[feed] = Pulse(int(state.get("errors", 0)), since, told)

    async def note(self, feed: Feed, state: Mapping[str, Any], outcome: Outcome, quiet: str) -> str:
        """One more poll; `quiet` says why a feed that answers is silent nevertheless. The operator is told of a change.

        Returns the state that was told, "" where nothing changed.
        """
        kind, why, now = str(outcome.kind), outcome.reason, self.clock()
        if kind in ("new", "unchanged"):
            if state.get("empty") and now - state["empty"] >= EMPTY:
                kind, why = "empty", "the feed has no entries any more"
            elif quiet:
                kind, why = "silent", quiet
        pulse, news = judge(self._last(feed.id) or Pulse(), kind, why, now)
        self._count(self.pulses.get(feed.id), pulse)
        self.pulses[feed.id] = pulse
        if news is None:
            return ""
        headline = news.headline.format(name=feed.name or feed.id)
        await self.operator.tell(f"feed:{feed.id}", news.state, headline, news.lines)
        return news.state

    def summary(self, feeds: Collection[str]) -> alert.Health:
        """How many of these feeds can be read; one that was never asked counts as healthy."""
        known = [pulse for pulse in map(self._last, feeds) if pulse is not None]
        return alert.Health(healthy=len(feeds) - sum(pulse.state != "ok" for pulse in known), feeds=len(feeds))

    def _last(self, feed: str) -> Pulse | None:
        return self.pulses.get(feed) or self.earlier.get(feed)

    def _count(self, before: Pulse | None, after: Pulse) -> None:
        """Feeds by state, for the metrics; one that was not read yet is `unread`."""
        if before is not None:
            self.metrics.feeds.labels(before.state or "unread").dec()
        self.metrics.feeds.labels(after.state or "unread").inc()
