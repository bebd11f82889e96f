"""What is read with care, or not at all, because the process died in it before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from monitor.store import Store

REST = 86400.0  # a feed that the process died in twice is left alone so long


@dataclass(slots=True)
class Care:
    """Crash marks of feeds and entries. A feed that crashed once is read entry by entry, each with a mark of its own;
    an entry that crashed then is not read again."""

    store: Store
    crashes: Mapping[str, tuple[int, float]] = field(default_factory=dict)

    def careful(self, feed: str) -> bool:
        """Whether the process died while this feed was read."""
        return _feed(feed) in self.crashes

    def resting(self, feed: str, now: float) -> bool:
        """Whether the feed is left alone: two crashes, the last less than a day ago."""
        times, last = self.crashes.get(_feed(feed), (0, 0.0))
        return times >= 2 and now - last < REST

    def poisonous(self, feed: str, key: str) -> bool:
        """Whether the process died on this very entry."""
        return _entry(feed, key) in self.crashes

    @contextmanager
    def feed(self, feed: str) -> Iterator[None]:
        """Marks that this feed's news are being read."""
        if self.careful(feed):
            yield
            self.store.forgive(_feed(feed))
            self.crashes = {subject: times for subject, times in self.crashes.items() if subject != _feed(feed)}
        else:
            with self.store.working(_feed(feed)):
                yield

    @contextmanager
    def entry(self, feed: str, key: str) -> Iterator[None]:
        """Marks that this entry is being read, where its feed needs care."""
        if not self.careful(feed):
            yield
            return
        with self.store.working(_entry(feed, key)):
            yield


def _feed(feed: str) -> str:
    return f"feed:{feed}"


def _entry(feed: str, key: str) -> str:
    return f"entry:{feed}:{key}"
