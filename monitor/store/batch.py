"""What happens in one transaction: a batch of articles with everything that follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from monitor.store.records import Candidate, Poll, Told, Unseen
from monitor.types import Alert, Article, Decision, Entry, Hit


class Batch:
    """One transaction, open for writing; reads in it see its own writes. Leaving it normally commits, an error undoes all."""

    def still_unseen(self, feed: str, entries: Sequence[Entry]) -> list[Unseen]:
        """`Store.unseen` again, inside the transaction."""
        raise NotImplementedError

    def mark_seen(self, feed: str, entry: Entry, article: int | None = None) -> None:
        """Remember the entry by id, link, title and text. `article` stays None for one that was not stored."""
        raise NotImplementedError

    def add_article(
        self,
        article: Article,
        *,
        entry: Entry | None = None,
        sample: Sequence[int] = (),
        folded: str = "",
        story: int | None = None,
        revises: int | None = None,
    ) -> int:
        """Store an article and return its number; `entry` is marked seen by its feed in the same breath.

        `sample` is its story fingerprint, `folded` its text for the search. It joins `story`, or that of the
        article it `revises`, or begins a new one. An article without `first_seen` was seen now.
        """
        raise NotImplementedError

    def similar(self, sample: Sequence[int], since: float, at_least: int = 3) -> list[Candidate]:
        """At most 20 articles first seen after `since` that share `at_least` hashes of the sample; most shared first."""
        raise NotImplementedError

    def story_of(self, article: int) -> int:
        """The story an article belongs to."""
        raise NotImplementedError

    def outlets(self, story: int) -> tuple[str, ...]:
        """The feeds that have the story, the first publisher first."""
        raise NotImplementedError

    def rules_hit(self, article: int) -> frozenset[str]:
        """The rules that fired on the article or on any version of it."""
        raise NotImplementedError

    def told(self, channel: str, story: int) -> Told:
        """What the channel has been told of the story."""
        raise NotImplementedError

    def add_hit(
        self,
        article: int,
        hit: Hit,
        decisions: Iterable[Decision],
        *,
        sentence: str = "",
        spans: Sequence[tuple[int, int]] = (),
    ) -> int:
        """Store a hit with its proof and what becomes of it; returns its number. The same rule on the same article: once."""
        raise NotImplementedError

    def add_alert(
        self,
        alert: Alert,
        recipients: Sequence[str] = ("",),
        *,
        hold_until: float | None = None,
        settles: Collection[int] | None = None,
    ) -> list[int]:
        """Store an alert and a delivery for each recipient; returns the deliveries' numbers.

        The channel now counts as told of the rules of an alert or update. The digest and held decisions of the hits
        in it (or of the hits `settles`) no longer wait. An alert id that is stored already is not added again.
        """
        raise NotImplementedError

    def fold(self, deliveries: Collection[int], into: Alert, recipient: str = "") -> int:
        """One summary in place of pending deliveries of a lane: they are settled as it is. Returns its delivery's number."""
        raise NotImplementedError

    def add_evidence(self, article: int, data: bytes, url: str, fetched_at: float) -> None:
        """Keep the page's bytes for an article that was hit; once an article."""
        raise NotImplementedError

    def save_feed_state(self, feed: str, state: Mapping[str, Any], next_at: float, poll: Poll | None = None) -> None:
        """The feed's polling state (JSON) and its counters; with the last batch, never before."""
        raise NotImplementedError

    def changed(self, subject: str, state: str, note: str = "") -> bool:
        """Note a subject's state; True where it is another than before (a first "ok" is no change)."""
        raise NotImplementedError

    def set_meta(self, key: str, value: str) -> None:
        """A named value of the installation, such as the time of a channel's last digest."""
        raise NotImplementedError
