"""JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from datetime import tzinfo
from typing import Any

from monitor.errors import NotAFeed
from monitor.extract.addresses import address
from monitor.extract.cleaning import MOST
from monitor.extract.dates import utc
from monitor.extract.fragments import Fragments
from monitor.extract.plain import clean_text, line_from_markup
from monitor.types import Entry


def read(text: str, url: str, zone: tzinfo) -> tuple[dict[str, Any], list[Entry]]:
    """What a JSON Feed says of itself, and its entries. Raises NotAFeed."""
    document = _load(text)
    hubs = (hub for hub in _list(document.get("hubs")) if str(hub.get("type", "")).lower() == "websub")
    about = {
        "kind": "json",
        "title": line_from_markup(_text(document.get("title")))[:2000],
        "language": _text(document.get("language"))[:20].lower(),
        "self_url": address(_text(document.get("feed_url")), url),
        "hubs": tuple(filter(None, (address(_text(hub.get("url")), url) for hub in hubs))),
        "expired": document.get("expired") is True,
    }
    read_html = Fragments()
    return about, [_entry(item, url, zone, read_html) for item in _newest(_list(document["items"]))]


def _newest(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest items, in the document's order: no more are read than are kept. RFC 3339 dates sort as text."""
    order = sorted(range(len(items)), key=lambda n: _stamp(items[n]), reverse=True)[:MOST]
    return [items[n] for n in sorted(order)]


def _load(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"this is broken JSON, or cut off: {str(error)[:100]}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed(f"this is JSON, but no JSON Feed: it has no `items`; {_API}")
    items = _list(document["items"])
    if document["items"] and not any(item.get("id") or item.get("url") for item in items):
        raise NotAFeed(f"this is JSON, but no JSON Feed: its `items` have neither `id` nor `url`; {_API}")
    return document


_API = "the answer of an API cannot be watched: look for the site's RSS, or watch its page with `kind: page`"


def _entry(item: dict[str, Any], url: str, zone: tzinfo, read_html: Fragments) -> Entry:
    authors = [_text(author.get("name")) for author in [*_list(item.get("authors")), *_list([item.get("author")])]]
    html, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    return Entry(
        key="",
        id=_text(item.get("id")),
        url=address(_text(item.get("url")) or _text(item.get("external_url")), url),
        title=line_from_markup(_text(item.get("title")))[:2000],
        summary=read_html(_text(item.get("summary"))),
        content=read_html(html) if html else clean_text(plain),
        author=line_from_markup(", ".join(dict.fromkeys(filter(None, authors))))[:200],
        published=utc(_stamp(item), zone),
    )


def _stamp(item: dict[str, Any]) -> str:
    return _text(item.get("date_published")) or _text(item.get("date_modified"))


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
