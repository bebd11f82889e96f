"""What the store gives back: frozen values, with nothing of the database in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.types import Decision, DeliveryState, Entry, Item, Match, Severity

Newness = Literal["new", "edited", "known-by-url", "known-by-text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An entry that its feed has not shown in this form.

    `new` is an article to read. `edited` is a known entry with another text; `article` is the one stored first.
    The two `known` kinds are old entries under a changed id or link: mark them seen, do nothing else.
    """

    entry: Entry
    kind: Newness
    article: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll brought, for the feed's counters. `kind` is an Outcome's."""

    kind: str
    status: int = 0  # HTTP's; 0 where there was no answer
    bytes: int = 0
    new: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed's counters since it was first polled; times are epoch seconds, 0 for never."""

    feed: str
    next_at: float = 0.0
    polls: int = 0
    unchanged: int = 0
    with_news: int = 0
    errors: int = 0
    failing: int = 0  # failures in a row
    entries: int = 0
    bytes: int = 0
    last_poll: float = 0.0
    last_new: float = 0.0
    last_ok: float = 0.0
    last_kind: str = ""
    last_status: int = 0
    last_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that may be a copy. `published` is when its story began: a window counts from there, or
    warnings that come again every ten hours would be one story for ever.
    """

    article: int
    story: int
    title: str
    text: str
    published: datetime
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel has been told of a story: the rules, and the alert that later ones reply to.

    `rules` were named by a message of their own or a summary, `listed` stand in a digest that was sent, or wait for
    a digest or summary to come.
    """

    rules: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    first_alert: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A rule whose alerts are held back until `until`; `only` narrows it to hits with that surface form or term."""

    id: int
    rule: str
    since: float
    until: float
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A channel and recipient with undelivered rows. `due_at` is when the next one may be claimed (epoch seconds)."""

    channel: str
    recipient: str
    due_at: float
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A channel that is not to be used until `until`, when one delivery may probe it."""

    channel: str
    since: float
    until: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A hit that waits for a digest (`digest`) or the end of quiet hours (`held`), as an item ready for a message."""

    kind: str
    at: float
    until: float  # when a held hit is to be told; 0 for a digest's
    reason: str  # why it waits, in the decision's words
    item: Item  # one finding; the hall merges the items of one story
    edited: bool = False  # whether it fired on a later version of an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many stories a channel will be told of that are in no message yet, and until when those held are held."""

    held: int = 0
    held_until: float = 0.0
    digest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery as `deliveries` lists it."""

    id: int
    alert: str
    channel: str
    recipient: str
    state: DeliveryState
    attempts: int
    created: float
    next_at: float
    sent_at: float
    last_error: str
    headline: str
    kind: str
    folded_into: int | None = None  # the delivery of the summary that stands for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How an alert fared on one channel."""

    channel: str
    state: str
    attempts: int
    at: float = 0.0  # when it was sent; 0 where it wasn't
    recipient: str = ""
    error: str = ""
    alert: str = ""


def addressees(rows: Sequence[Sending | DeliveryLine]) -> list[str]:
    """Whom each went to: its channel, and the recipient where they have several of it."""
    lanes = Counter(channel for channel, _ in {(row.channel, row.recipient) for row in rows})
    return [f"{row.channel} ({row.recipient})" if lanes[row.channel] > 1 else row.channel for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHit:
    """A hit as it was decided, with its article's head, its decisions and deliveries."""

    id: int
    rule: str
    name: str
    version: str
    severity: Severity
    at: float
    sentence: str
    spans: tuple[tuple[int, int], ...]
    matches: tuple[Match, ...]
    decisions: tuple[Decision, ...]
    deliveries: tuple[Sending, ...]
    story: int
    article: int
    url: str
    title: str
    feed: str
    published: datetime | None
    first_seen: datetime
    text_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That a feed has shown an address: when, and the article made of it."""

    feed: str
    first_seen: float
    title: str
    article: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article's head, for lists."""

    id: int
    story: int
    feed: str
    url: str
    title: str
    published: datetime | None
    first_seen: datetime
    text_from: str
    revises: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """All that is stored about one address."""

    url: str
    marks: tuple[Mark, ...] = ()
    articles: tuple[ArticleLine, ...] = ()
    hits: tuple[StoredHit, ...] = ()
    stories: dict[int, tuple[ArticleLine, ...]] = field(default_factory=dict)  # the other articles of its stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The figures of `status`; `waiting` and `dead` are deliveries by channel."""

    articles: int
    articles_since: int
    hits: int
    hits_since: int
    stories: int
    waiting: dict[str, int]
    dead: dict[str, int]
    last_hit: float
    database_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A page as it was when a rule fired on it."""

    article: int
    url: str
    fetched_at: float
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Room on the state folder's disk, in bytes. `low` means: stop reading feeds, so that sending can go on."""

    free: int
    total: int
    low: bool
