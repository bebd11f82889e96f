"""When each feed is due, in monotonic time: a step of the wall clock moves nothing."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _apart(feed: str) -> str:
    return feed


@dataclass(slots=True)
class Schedule:
    """Due times in monotonic seconds. What is being polled is not due.

    `host` tells which feeds stand in one line; of a host no more than `a_host` feeds are busy at a time, so that one
    slow host with many feeds holds up nobody else's.
    """

    due: dict[str, float] = field(default_factory=dict)  # changed by the methods only
    busy: set[str] = field(default_factory=set)
    host: Callable[[str], str] = _apart
    a_host: int = 32
    _heap: list[tuple[float, str]] = field(default_factory=list)  # of `due`; entries that no longer agree are stale
    _hosts: Counter[str] = field(default_factory=Counter)
    _held: dict[str, str] = field(default_factory=dict)  # the line that each busy feed stands in
    _pushed: dict[str, float] = field(default_factory=dict)  # hastened while they were busy

    def __post_init__(self) -> None:
        self.start(self.due)

    def start(self, due: Mapping[str, float]) -> None:
        """The due times of all feeds, in place of those before."""
        self.due = dict(due)
        self._heap = [(at, feed) for feed, at in due.items()]
        heapq.heapify(self._heap)

    def add(self, feed: str, mono: float, wait: float = 0.0) -> None:
        """A feed is due in `wait` seconds; one that has a time already keeps it."""
        if feed not in self.due:
            self._put(feed, mono + wait)

    def hasten(self, feed: str, at: float) -> None:
        """The feed is due at `at` if not before; one that is being read is due again then."""
        if feed in self.busy:
            self._pushed[feed] = at
        elif at < self.due.get(feed, at):
            self._put(feed, at)

    def keep_only(self, feeds: set[str]) -> None:
        """Forgets what is no longer watched."""
        self.start({feed: at for feed, at in self.due.items() if feed in feeds})

    def take(self, mono: float, most: int) -> list[str]:
        """The feeds that are due, longest first, marked busy; at most `most` feeds are busy at a time."""
        taken: list[str] = []
        waiting: list[tuple[float, str]] = []
        while len(self.busy) < most and (found := self.next_due()) and found[0] <= mono:
            heapq.heappop(self._heap)
            line = self.host(found[1])
            if self._hosts[line] >= self.a_host:
                waiting.append(found)
                continue
            self._hosts[line] += 1
            self._held[found[1]] = line
            self.busy.add(found[1])
            taken.append(found[1])
        for item in waiting:
            heapq.heappush(self._heap, item)
        return taken

    def done(self, feed: str, mono: float, wait: float) -> None:
        """The feed was polled and is due again in `wait` seconds."""
        self.busy.discard(feed)
        if line := self._held.pop(feed, ""):
            self._hosts[line] -= 1
            if not self._hosts[line]:
                del self._hosts[line]
        pushed = self._pushed.pop(feed, None)
        if feed in self.due:
            at = mono + max(0.0, wait)
            self._put(feed, at if pushed is None else min(at, max(mono, pushed)))

    def next_due(self) -> tuple[float, str] | None:
        """The next feed and its time, for the line that says what is waited for."""
        while self._heap:
            at, feed = self._heap[0]
            if self.due.get(feed) == at and feed not in self.busy:
                return at, feed
            heapq.heappop(self._heap)
        return None

    def _put(self, feed: str, at: float) -> None:
        self.due[feed] = at
        heapq.heappush(self._heap, (at, feed))
