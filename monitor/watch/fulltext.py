"""Is an entry's page worth a request? Learnt from what the pages of its feed added to the feed's own text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from monitor.types import Article, Entry, Feed

LONGER = 1.2  # a text so many times as long as another is fuller
SURE = 3  # pages, more of one kind than of the other, that settle what a feed's own text is worth
AGAIN = 30  # entries after which a feed's own text is compared with a page again
PATIENCE = 3  # pages in a row that could not be had, after which a round asks for no more
_CUT = re.compile(r"(?:…|\.\.|\[…\]|المزيد)\W*$")  # a text that says itself that it goes on


@dataclass(slots=True)
class Pages:
    """What a feed's pages were like; it survives JSON.

    `lead` grows with each page that was fuller than the feed's own text, and falls with each that was not.
    """

    lead: int = 0
    skipped: int = 0  # entries since a page was read
    failed: int = 0  # pages in a row that could not be had

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Pages:
        """As the feed's state keeps it, for a new round: where pages failed the last time, one is tried."""
        known = {name: int(value) for name, value in kept.items() if name in cls.__slots__}
        return cls(**{**known, "failed": min(known.get("failed", 0), PATIENCE - 1)})

    def kept(self) -> dict[str, int]:
        """For the feed's state."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def settled(self) -> bool:
        """Whether nothing has to be learnt from the next page."""
        return abs(self.lead) >= SURE

    def needless(self, feed: Feed, entry: Entry) -> str:
        """Why the entry's page is not asked for, in words; empty where it is."""
        if not entry.url.startswith(("http://", "https://")):
            return "the entry has no address"
        if feed.text == "feed":
            return "text: feed"
        if self.failed >= PATIENCE:
            return f"the last {self.failed} pages could not be had"
        if feed.text == "page":
            return ""
        if feed.kind == "telegram":
            return "a message is whole in its preview"
        if self.lead <= -SURE and self.skipped < AGAIN and not _CUT.search(entry.content or entry.summary):
            return "the feed's own text is as full as its pages'"
        return ""

    def skip(self) -> None:
        """An entry was read by the feed's own text."""
        self.skipped += 1

    def fail(self) -> None:
        """A page could not be had."""
        self.failed += 1

    def compare(self, own: Article, page: Article) -> None:
        """A page was read: was it fuller?"""
        self.failed = self.skipped = 0
        if len(page.text) > LONGER * len(own.text):
            self.lead = min(SURE, self.lead + 1) if self.lead > -SURE else 0
        else:
            self.lead = max(-SURE, self.lead - 1)
