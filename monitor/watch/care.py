"""What is read with care, because the process died in it before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from monitor.store import Store

# A kill from outside leaves the same mark as a crash, and hits what is first in line again: only a row of them counts.
PLAIN = 3  # from so many on an entry is read by the feed's own text, without its page
SKIPPED = 6  # from so many on it is stored and matched against nothing


@dataclass(slots=True)
class Care:
    """Crash marks. A feed that the process died in is read entry by entry, each with a mark of its own."""

    store: Store
    crashes: Mapping[str, tuple[int, float]] = field(default_factory=dict)

    def careful(self, feed: str) -> bool:
        """Whether the process died while this feed was read."""
        return _feed(feed) in self.crashes

    def deaths(self, feed: str, key: str) -> int:
        """How often the process died on this very entry."""
        return self.crashes.get(_entry(feed, key), (0, 0.0))[0]

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
