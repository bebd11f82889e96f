"""Bytes to entries and articles: the only room that knows feedparser, trafilatura and lxml.

- `feed` reads a feed (RSS, Atom, RDF, JSON Feed, sitemap; with `kind` a page of links or a Telegram channel's preview).
- `page` reads an article's page; `Workers` does the same in processes that can be killed.
- `Repeated` takes out what an outlet's articles have in common.
- `raw_text` is what a page says with its markup off, cheap and linear: to see whether reading it is worth the while.
- `difference` tells what an edit changed.
"""

from monitor.extract.decoding import decode
from monitor.extract.difference import difference
from monitor.extract.document import FeedDocument
from monitor.extract.feeds import feed, links
from monitor.extract.pages import page
from monitor.extract.raw import opening, raw_text
from monitor.extract.repeated import Repeated
from monitor.extract.workers import Workers

__all__ = [
    "FeedDocument",
    "Repeated",
    "Workers",
    "decode",
    "difference",
    "feed",
    "links",
    "opening",
    "page",
    "raw_text",
]
