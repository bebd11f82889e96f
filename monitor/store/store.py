"""The store's door: one method for each sentence of the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from monitor.store.batch import Batch
from monitor.store.records import (
    ArticleLine,
    Candidate,
    Counts,
    DeliveryLine,
    Due,
    Evidence,
    FeedHealth,
    Lane,
    Poll,
    Silence,
    Space,
    StoredHit,
    Suspension,
    Unseen,
    Why,
)  # fmt: skip
from monitor.types import Article, Delivery, DeliveryState, Entry, Severity


class Store:
    """The state folder: one writer, held by a lock. Every method may raise StateBusy: nothing was written, try again."""

    fresh: bool  # this opening made the database
    recovered: str  # words for the operator where a damaged database was replaced, else ""

    @classmethod
    def open(
        cls,
        state_dir: Path,
        *,
        now: float,
        database: str = "sqlite",
        url_key: Callable[[str], str] = str,
        beside: bool = False,
    ) -> Store:
        """Lock the folder, check, repair from a backup where needed, migrate.

        `url_key` makes addresses comparable. `beside=True` opens what a running daemon holds, for the verbs: no lock, no
        repair, no migration. Raises StateLocked (names the pid), StateBroken (words and what to do).
        """
        raise NotImplementedError

    def close(self) -> None: ...
    def __enter__(self) -> Store: ...
    def __exit__(self, *_: object) -> None: ...

    # --- feeds
    def feed_states(self) -> dict[str, dict[str, Any]]:
        """Every feed's polling state as it was saved last."""
        raise NotImplementedError

    def first_polled(self) -> frozenset[str]:
        """The feeds whose first poll is behind them. After a recovery none: what they show then is not news."""
        raise NotImplementedError

    def feed_health(self) -> dict[str, FeedHealth]:
        """Every feed's counters."""
        raise NotImplementedError

    def save_feed_state(
        self, feed: str, state: Mapping[str, Any], next_at: float, poll: Poll | None = None, *, now: float
    ) -> None:
        """`Batch.save_feed_state` in a transaction of its own, for polls that brought nothing."""
        raise NotImplementedError

    def unseen(self, feed: str, entries: Sequence[Entry], now: float) -> list[Unseen]:
        """The entries that are not known in this form, in the order given, each once."""
        raise NotImplementedError

    def batch(self, now: float) -> AbstractContextManager[Batch]:
        """One BEGIN IMMEDIATE transaction."""
        raise NotImplementedError

    # --- outbox
    def lanes(self, now: float) -> list[Lane]:
        """Every lane with undelivered rows, and when its next one may be claimed."""
        raise NotImplementedError

    def claim(self, channel: str, recipient: str, now: float) -> Delivery | None:
        """The lane's next due delivery, now `sending`; None where nothing is due, a failure blocks it, or one is being sent.

        Its `created` is when it was first due (held time doesn't count), its `reply_ref` the service's id of the first message.
        """
        raise NotImplementedError

    def settle(
        self, delivery: int, state: DeliveryState, *, now: float, next_at: float = 0.0, error: str = "",
        remote_id: str = "", attempt: bool = True, suspend_until: float | None = None,
    ) -> None:  # fmt: skip
        """The end of a try: sent, dead, or pending again at `next_at`; `suspend_until` suspends the channel as well."""
        raise NotImplementedError

    def requeue_sending(self, now: float) -> int:
        """At start: rows that were being sent when the process died are sent again. Returns how many may be duplicates."""
        raise NotImplementedError

    def pending(self, channel: str, recipient: str = "") -> list[Delivery]:
        """What waits in a lane, in order, held rows too; for summaries."""
        raise NotImplementedError

    def suspend(self, channel: str, until: float, reason: str, *, now: float) -> bool:
        """Leave a channel alone until `until`; True where it wasn't suspended before."""
        raise NotImplementedError

    def resume(self, channel: str) -> bool:
        """The channel works again; True where it was suspended."""
        raise NotImplementedError

    def suspensions(self) -> dict[str, Suspension]:
        """The suspended channels."""
        raise NotImplementedError

    def retry(self, delivery: int | None = None, channel: str = "", *, now: float) -> int:
        """Dead deliveries go back to pending; returns how many."""
        raise NotImplementedError

    # --- digests, silences, rules, subjects
    def due(self, channel: str) -> list[Due]:
        """The hits that wait for this channel's digest or the end of its quiet hours; settled by `Batch.add_alert`."""
        raise NotImplementedError

    def catch_up(self, since: float) -> list[Due]:
        """Hits on articles first seen since then, for the one digest of a fresh installation."""
        raise NotImplementedError

    def silence(self, rule: str, until: float, *, now: float, only: str = "") -> int: ...
    def silences(self, now: float) -> list[Silence]: ...
    def unsilence(self, rule: str, *, now: float) -> int: ...

    def save_rules(self, version: str, sources: Mapping[str, str], *, now: float) -> bool:
        """Keep the rule files that went live; True where this version is another than the last."""
        raise NotImplementedError

    def last_rules(self) -> tuple[str, dict[str, str]] | None:
        """The version and files (name -> text) that went live last."""
        raise NotImplementedError

    def changed(self, subject: str, state: str, *, now: float, note: str = "") -> bool:
        """`Batch.changed` in a transaction of its own."""
        raise NotImplementedError

    def subjects(self) -> dict[str, tuple[str, float, str]]:
        """Every subject's state, since when, and its note."""
        raise NotImplementedError

    def meta(self, key: str) -> str:
        """A value set by `set_meta`, or ""."""
        raise NotImplementedError

    def set_meta(self, key: str, value: str) -> None: ...

    # --- crashes
    def working(self, subject: str) -> AbstractContextManager[None]:
        """Marks that work on a subject is under way; a process that dies in it is found at the next start."""
        raise NotImplementedError

    def crashes(self) -> dict[str, tuple[int, float]]:
        """Subjects that work died in: how often in a row, and when last."""
        raise NotImplementedError

    def forgive(self, subject: str) -> None:
        """The subject was worked on without a crash."""
        raise NotImplementedError

    # --- for the verbs
    def hits(
        self, *, rule: str = "", feed: str = "", since: float = 0.0, until: float = 0.0,
        severity: Severity | None = None, limit: int = 0,
    ) -> Iterator[StoredHit]:  # fmt: skip
        """Hits, newest first; `severity` is the lowest that counts, 0 no limit."""
        raise NotImplementedError

    def hit(self, number: int) -> StoredHit | None: ...
    def article(self, number: int) -> Article | None: ...
    def articles(
        self, *, url: str = "", feed: str = "", since: float = 0.0, story: int = 0, limit: int = 0
    ) -> list[ArticleLine]: ...
    def evidence(self, article: int) -> Evidence | None: ...
    def deliveries(
        self, *, state: DeliveryState | None = None, channel: str = "", limit: int = 0
    ) -> list[DeliveryLine]: ...
    def why(self, url: str) -> Why: ...
    def counts(self, since: float) -> Counts: ...

    def search(self, tokens: Sequence[str], limit: int = 50) -> list[ArticleLine]:
        """Articles with all the folded tokens, best first; any text is a valid query."""
        raise NotImplementedError

    def similar(self, sample: Sequence[int], since: float, at_least: int = 3) -> list[Candidate]: ...

    # --- upkeep
    def backup(self, path: Path) -> None:
        """A consistent copy while running."""
        raise NotImplementedError

    def nightly(self, now: float, keep: int = 7) -> Path:
        """A backup into the state folder; the newest `keep` stay."""
        raise NotImplementedError

    def last_backup(self) -> float:
        """When the newest backup was made; 0 for never."""
        raise NotImplementedError

    @staticmethod
    def restore(state_dir: Path, backup: Path, *, now: float) -> str:
        """Put a backup in place of the database (daemon stopped); the old one is moved aside. Returns where to."""
        raise NotImplementedError

    def check(self) -> str:
        """quick_check: "" or what is damaged."""
        raise NotImplementedError

    def prune(self, now: float, keep: float) -> int:
        """Forget articles without hits older than `keep` seconds, and marks after 400 days; the file shrinks. Returns how many."""
        raise NotImplementedError

    def space(self) -> Space:
        """Room on the disk."""
        raise NotImplementedError
