"""The nouns of Rasid, as plain frozen values. Nothing here reads, writes or decides.

Dates in a noun are aware datetimes in UTC; the `now` of a decision is a float, seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """How much a rule matters; ordered low < medium < high < critical."""

    low = "low"
    medium = "medium"
    high = "high"
    critical = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return _SEVERITIES.index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_SEVERITIES = list(Severity)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file a person edits; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in what a person edits. Only errors keep a folder from going live."""

    place: Place
    message: str
    hint: str = ""  # what to do, or "did you mean …?"
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.message}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled."""

    id: str
    url: str
    name: str = ""
    tags: frozenset[str] = frozenset()
    enabled: bool = True
    language: str = "ar"
    country: str = ""
    timezone: str = ""  # IANA name; for stamps that carry no zone
    every: float | None = None  # seconds between polls; None is the schedule's choice
    text: Literal["auto", "feed", "page"] = "auto"
    kind: Literal["feed", "sitemap", "page", "telegram"] = "feed"
    select: str = ""  # CSS selector of the links, for kind "page"
    proxy: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as the feed gives it, cleaned of controls; texts are plain text, not markup."""

    key: str  # identity within its feed: a hash of the id, where the feed has none of link, title and text
    id: str = ""
    url: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""  # the full text, where the feed carries it
    author: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A piece of a page that was not taken as the article's text, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry with its text; paragraphs of `text` are separated by line breaks."""

    url: str
    title: str
    text: str
    feed: str = ""
    published: datetime | None = None  # a page's keeps the outlet's own offset, so that its day is the one shown
    published_from: str = ""  # feed, json-ld, meta, time, text, update, url; empty where no date is known
    first_seen: datetime | None = None
    author: str = ""
    language: str = "ar"
    text_from: Literal["page", "feed", "raw"] = "page"
    dropped: tuple[Dropped, ...] = ()

    @property
    def because(self) -> str:
        """Why its text comes from where it does; empty where nothing was in the way."""
        return "; ".join(piece.reason for piece in self.dropped if not piece.text)


class Expression:
    """What a rule asks for; its kinds stand in monitor.rules.expression."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A text with which a rule's author shows what it must, or must not, fire on."""

    hit: bool
    text: str
    place: Place
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A higher severity for the articles in which `condition` holds as well."""

    to: Severity
    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is watched."""

    id: str
    name: str
    match: Expression
    severity: Severity = Severity.high
    to: tuple[str, ...] = ()  # channel ids; none means all
    sources_only: frozenset[str] = frozenset()  # feed ids or tags
    sources_not: frozenset[str] = frozenset()
    expires: date | None = None
    raises: tuple[Raise, ...] = ()
    note: str = ""
    tests: tuple[RuleTest, ...] = ()
    source: str = ""  # the rule as it stands in its file, kept so that an old hit can be explained
    version: str = ""  # a hash of all that decides what the rule matches, its lists included
    place: Place = Place("")


FieldName = Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a term was found; offsets are code points in the given string, end exclusive."""

    term: str
    surface: str
    field: FieldName
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that fired on an article, with its matches as proof."""

    rule: Rule
    severity: Severity  # the rule's own, or what a `raise` made of it
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When a channel's digest is sent; weekdays are 0 (Monday) to 6, none means every day."""

    hour: int
    minute: int
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A span of the day in which only critical alerts are delivered; it may cross midnight."""

    start: int  # minutes after midnight
    end: int
    weekdays: frozenset[int] = frozenset()  # of the span's beginning; none means every day


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where alerts go. `url` holds references to secrets, never the secrets."""

    id: str
    url: str
    quiet: tuple[Quiet, ...] = ()
    limit: tuple[int, float] | None = None  # messages in so many seconds
    digest: tuple[Digest, ...] = ()
    layout: Literal["full", "short", "headline"] = "full"
    timezone: str = ""  # empty: the locale's
    place: Place = Place("")


class DecisionKind(StrEnum):
    """What becomes of a hit for one channel."""

    alert = "alert"
    digest = "digest"
    joined = "joined"
    held = "held"
    stored = "stored"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a hit for one channel, and why, in words."""

    channel: str
    kind: DecisionKind
    reason: str
    until: float = 0.0  # for `held`: when the summary that will tell it is due


class AlertKind(StrEnum):
    """What a message is: an alert, a later one of its story, a digest, a summary, a word to the operator, a test."""

    alert = "alert"
    update = "update"
    digest = "digest"
    summary = "summary"
    operator = "operator"
    test = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A hit as a message needs it: everything to word it, nothing to look up."""

    hit: int  # the hit's number in the store
    rule: str
    name: str
    severity: Severity
    sentence: str  # the sentence that fired
    spans: tuple[tuple[int, int], ...] = ()  # the matched words in `sentence`
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story in a message: its first article for this channel, what fired, and who else has it."""

    article: int
    url: str
    title: str
    outlet: str
    published: datetime | None
    first_seen: datetime
    findings: tuple[Finding, ...]
    feed: str = ""  # the id of the feed that had it
    story: int = 0
    outlets: tuple[str, ...] = ()  # every outlet that has the story so far, the first publisher first
    text_from: str = "page"
    text: str = ""  # the opening of the article, for the webhook
    worst: Severity = Severity.low  # the highest of the story's hits, also of copies that this message does not name

    @property
    def severity(self) -> Severity:
        """How much the story matters: the highest of what fired on it."""
        return max(self.worst, *(f.severity for f in self.findings), Severity.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What one channel is told: about one story (alert, update), several (digest, summary), or about Rasid itself."""

    id: str  # stable over all tries: Message-ID and Idempotency-Key are made of it
    channel: str
    kind: AlertKind
    severity: Severity
    created: datetime
    items: tuple[Item, ...] = ()
    headline: str = ""  # a digest's, summary's or operator message's first line
    lines: tuple[str, ...] = ()  # an operator message's text, or a digest's closing lines
    reply_to: str = ""  # id of the alert that this one follows


class DeliveryState(StrEnum):
    """Where an alert stands on its way to one recipient."""

    pending = "pending"
    sending = "sending"
    sent = "sent"
    dead = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert's way to one recipient. A lane is a channel and a recipient; within it order is kept."""

    id: int
    alert: Alert
    channel: str
    recipient: str  # empty where the channel has only one
    state: DeliveryState
    attempts: int = 0
    created: float = 0.0
    next_at: float = 0.0
    due: float = 0.0  # when it was first due: made, or no longer held; its days are counted from here. 0 means created
    last_error: str = ""
    reply_ref: str = ""  # the service's id of the message that this one answers
