"""Alerts made of what the store knows: which hits one message names, in which order, under which lasting id. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.types import Alert, AlertKind, Item, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the feeds are, for a digest's closing line."""

    healthy: int
    feeds: int


def alert(channel: str, item: Item, now: float, *, kind: AlertKind = AlertKind.alert, reply_to: str = "") -> Alert:
    """One message about one story; `kind` update for an edited article, `reply_to` the story's first alert."""
    raise NotImplementedError


def digest(
    channel: str,
    items: Sequence[Item],
    now: float,
    *,
    since: float,
    health: Health,
    url: str = "",
    catchup: bool = False,
) -> list[Alert]:
    """The messages of a digest: items of one story joined, by severity, then outlets. Never empty: no items make one
    message that says so. A channel whose messages are short (by its `url`) gets several parts."""
    raise NotImplementedError


def gather(channel: str, items: Sequence[Item], now: float, *, why: str, url: str = "") -> list[Alert]:
    """The summary of held hits, `why` "quiet" or "limit": each hit with title, link and short id.

    One held story is told as a plain alert."""
    raise NotImplementedError


def operator(channel: str, subject: str, headline: str, lines: Sequence[str], now: float) -> Alert:
    """A word about Rasid itself. `subject` (feed:x, channel:y, rules) and `now` make its id."""
    raise NotImplementedError


def probe(channel: str, now: float) -> Alert:
    """The real-looking alert of `rasid channels test`, marked as a test."""
    raise NotImplementedError


def merged(items: Sequence[Item]) -> list[Item]:
    """One item a story, sorted for reading: severity first, then the number of outlets, then the newest."""
    raise NotImplementedError


def severity_of(items: Sequence[Item]) -> Severity:
    """The highest severity of what fired; low where nothing did."""
    return max((f.severity for i in items for f in i.findings), key=lambda s: s.rank, default=Severity.low)
