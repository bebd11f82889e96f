"""A news sitemap (Google's schema, or plain) as a feed."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from lxml import etree

from monitor.errors import NotAFeed
from monitor.extract.addresses import address
from monitor.extract.dates import utc
from monitor.extract.plain import line_from_markup
from monitor.types import Entry


def read(document: str, root: str, damaged: str, url: str, zone: tzinfo) -> tuple[dict[str, Any], list[Entry]]:
    """What a cleaned sitemap holds. Raises NotAFeed for an index of sitemaps, naming those it lists."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, load_dtd=False)
    tree = etree.fromstring(document.encode("utf-8", "replace"), parser)
    fields = [_fields(item) for item in (tree if tree is not None else ()) if isinstance(item.tag, str)]
    if root == "sitemapindex":
        inner = [address(item.get("loc", ""), url) for item in fields][:5]
        raise NotAFeed("this is an index of sitemaps", hint="take one of: " + ", ".join(filter(None, inner)))
    return {"kind": "sitemap", "damaged": damaged}, [_entry(item, url, zone) for item in fields if item.get("loc")]


def _fields(item: Any) -> dict[str, str]:
    """The first text of each element below an item, by local name."""
    found: dict[str, str] = {}
    for element in item.iter():
        if isinstance(element.tag, str) and element.text and element.text.strip():
            space, _, name = element.tag.rpartition("}")
            found.setdefault("image" if "image" in space else name, element.text)
    return found


def _entry(item: dict[str, str], url: str, zone: tzinfo) -> Entry:
    return Entry(
        key="",
        url=address(item["loc"], url),
        title=line_from_markup(item.get("title", ""))[:2000],
        published=utc(item.get("publication_date") or item.get("lastmod") or "", zone),
    )
