"""Pages to articles."""

from __future__ import annotations

from monitor.extract.raw import raw_text
from monitor.types import Article, Entry


def page(data: bytes, url: str, hints: Entry | None = None) -> Article:
    """The article on a page; never raises."""
    return Article(url=url, title=hints.title if hints else "", text=raw_text(data), text_from="raw")
