"""Feeds to entries: the only feedparser. It is given cleaned bytes in a BytesIO only (it opens paths and addresses)."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urljoin

import monitor.extract.cleaning as cleaning
import monitor.extract.jsonfeed as jsonfeed
import monitor.extract.sitemap as sitemap
import monitor.extract.watched as watched
from monitor.errors import NotAFeed
from monitor.extract.addresses import address, web_address
from monitor.extract.dates import utc, zone_of
from monitor.extract.decoding import decode
from monitor.extract.document import FeedDocument
from monitor.extract.fragments import Fragments
from monitor.extract.identity import identified
from monitor.extract.plain import clean_line, line_from_markup
from monitor.types import Entry

YEARS_BACK, AHEAD = 10, timedelta(days=1)  # an entry's date outside of this is a mistake of the feed
TITLE_LIMIT, TEXT_LIMIT = 2_000, 400_000  # characters
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DATES = ("published", "updated", "created")
_SKIP = re.compile(r"<skipHours>((?:\s*+<hour>[^<]*+</hour>)++)")


def feed(
    data: bytes,
    *,
    content_type: str = "",
    url: str = "",
    timezone: str = "",
    kind: str = "feed",
    select: str = "",
    now: float | None = None,
) -> FeedDocument:
    """What a feed's bytes say, whatever their label; `url` is the address they came from.

    `timezone` (an IANA name) holds for stamps without a zone. Entry dates more than ten years before `now` (seconds
    since the epoch, by default this moment) or more than a day after it are None. `kind` is the feed's kind in
    feeds.yaml: "feed" reads RSS, Atom, RDF, JSON Feed and sitemaps; "page" takes the links that `select` finds;
    "telegram" the preview of a public channel. Raises NotAFeed, in words that a person can use; nothing else.
    """
    reader = {"page": _page, "telegram": _telegram}.get(kind, _feed)
    try:
        document, entries = reader(decode(data, content_type), url, zone_of(timezone), select)
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError, AssertionError) as error:
        raise NotAFeed(
            f"the document cannot be read ({type(error).__name__}: {clean_line(str(error))[:120]})"
        ) from error
    return _document(document, entries, time.time() if now is None else now)


def links(data: bytes, url: str, select: str, *, content_type: str = "") -> list[tuple[str, str]]:
    """The links of a page that a CSS selector finds: (address, text), in the page's order, each address once.

    Raises NotAFeed where the selector is not one or finds nothing.
    """
    return watched.links(decode(data, content_type), url, select)


Read = tuple[dict[str, Any], list[Entry]]  # what the document says of itself, and its raw entries


def _document(about: dict[str, Any], found: Iterable[Entry], now: float) -> FeedDocument:
    entries = [_in_time(entry, now) for entry in found]
    if len(entries) > cleaning.MOST:
        order = sorted(range(len(entries)), key=lambda n: (-_seconds(entries[n]), n))[: cleaning.MOST]
        entries = [entries[n] for n in sorted(order)]
    return FeedDocument(**about, entries=identified(entries))


def _seconds(entry: Entry) -> float:
    return entry.published.timestamp() if entry.published else 0.0


def _in_time(entry: Entry, now: float) -> Entry:
    here = datetime.fromtimestamp(now, UTC)
    when = entry.published
    if when is None or here - timedelta(days=365.25 * YEARS_BACK) <= when <= here + AHEAD:
        return entry
    return replace(entry, published=None)


def _page(text: str, url: str, zone: tzinfo, select: str) -> Read:
    return watched.page(text, url, select)


def _telegram(text: str, url: str, zone: tzinfo, select: str) -> Read:
    return watched.telegram(text, url)


def _feed(text: str, url: str, zone: tzinfo, select: str) -> Read:
    start = text.lstrip("\ufeff \t\r\n\0")
    if start.startswith("{"):
        return jsonfeed.read(start, url, zone)
    document, root, damaged = cleaning.clean(text)
    if root in ("urlset", "sitemapindex"):
        return sitemap.read(document, root, damaged, url, zone)
    import feedparser  # the readers' processes, which read no feeds, go without its megabytes

    headers = {"content-type": "application/xml; charset=utf-8"}  # no address: it would become part of relative ids
    parsed = feedparser.parse(
        io.BytesIO(document.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    about = {**_about(parsed.feed, url), "kind": _kind(root), "damaged": damaged, "skip_hours": _skip_hours(document)}
    read = Fragments()
    return about, [_entry(item, url, zone, read) for item in parsed.entries]


def _kind(root: str) -> str:
    return {"rdf": "rdf", "feed": "atom"}.get(root, "rss")


def _about(channel: Any, url: str) -> dict[str, Any]:
    rels = {
        rel: [urljoin(url, str(link.get("href", ""))) for link in channel.get("links", []) if link.get("rel") == rel]
        for rel in ("hub", "self")
    }
    return {
        "title": line_from_markup(str(channel.get("title", "")))[:TITLE_LIMIT],
        "language": clean_line(str(channel.get("language", "")))[:20].lower(),
        "ttl": _number(channel.get("ttl"), 60.0),
        "update_period": _update_period(channel),
        "hubs": tuple(filter(web_address, rels["hub"])),
        "self_url": next(filter(web_address, rels["self"]), ""),
    }


def _number(value: Any, unit: float) -> float | None:
    text = str(value or "").strip()
    return int(text) * unit if text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) else None


def _update_period(channel: Any) -> float | None:
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    times = _number(channel.get("sy_updatefrequency"), 1.0) or 1.0
    return period / times if period else None


def _skip_hours(document: str) -> frozenset[int]:
    found = _SKIP.search(document)
    hours = re.findall(r"<hour>\s*(\d{1,2})\s*</hour>", found[1]) if found else []
    return frozenset(int(hour) % 24 for hour in hours)


def _entry(item: Any, url: str, zone: tzinfo, read: Fragments) -> Entry:
    contents = [str(part.get("value", "")) for part in item.get("content", [])]
    link = str(item.get("feedburner_origlink") or item.get("link") or "")
    return Entry(
        key="",
        id=str(item.get("id", "")).strip(),
        url=address(link, url) or address(str(item.get("id", "")), ""),
        title=line_from_markup(str(item.get("title", "")))[:TITLE_LIMIT],
        summary=read(str(item.get("summary", ""))[:TEXT_LIMIT]),
        content=read(max(contents, key=len, default="")[:TEXT_LIMIT]),
        author=line_from_markup(str(item.get("author", "")))[:200],
        published=next(filter(None, (utc(str(item.get(name, "")), zone) for name in _DATES)), None),
    )
