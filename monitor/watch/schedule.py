"""When each feed is due, in monotonic time: a step of the wall clock moves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Schedule:
    """Due times in monotonic seconds. What is being polled is not due."""

    due: dict[str, float] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    def add(self, feed: str, mono: float, wait: float = 0.0) -> None:
        """A feed is due in `wait` seconds; one that has a time already keeps it."""
        self.due.setdefault(feed, mono + wait)

    def keep_only(self, feeds: set[str]) -> None:
        """Forgets what is no longer watched."""
        self.due = {feed: at for feed, at in self.due.items() if feed in feeds}

    def take(self, mono: float, most: int) -> list[str]:
        """The feeds that are due, longest first, marked busy; at most `most` feeds are busy at a time."""
        ready = sorted((at, feed) for feed, at in self.due.items() if at <= mono and feed not in self.busy)
        taken = [feed for _, feed in ready[: max(0, most - len(self.busy))]]
        self.busy.update(taken)
        return taken

    def done(self, feed: str, mono: float, wait: float) -> None:
        """The feed was polled and is due again in `wait` seconds."""
        self.busy.discard(feed)
        if feed in self.due:
            self.due[feed] = mono + max(0.0, wait)

    def next_due(self) -> tuple[float, str] | None:
        """The next feed and its time, for the line that says what is waited for."""
        return min(((at, feed) for feed, at in self.due.items() if feed not in self.busy), default=None)
