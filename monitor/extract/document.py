"""What a feed says."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.types import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One reading of a feed."""

    kind: str  # rss, atom, rdf, json, sitemap, page, telegram
    entries: tuple[Entry, ...]  # in the document's order, the newest 2,000 of a longer one
    title: str = ""
    language: str = ""
    ttl: float | None = None  # seconds; RSS's `ttl`
    skip_hours: frozenset[int] = frozenset()  # hours of the day, GMT
    update_period: float | None = None  # seconds; sy:updatePeriod over sy:updateFrequency
    hubs: tuple[str, ...] = ()  # WebSub
    self_url: str = ""
    expired: bool = False  # JSON Feed: the publisher says that nothing will come any more
    damaged: str = ""  # in words: part of the document is missing, so its validators must not be kept
