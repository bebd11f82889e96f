"""The hall in this process, on a loopback outlet, with pages read in the process itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from monitor import extract
from monitor.types import Article, Entry
from monitor.watch.daemon import Daemon
from tests.journey.outlet import Outlet, Raw

SETTINGS = """rasid: 1
poll: {floor: 0.2s, ceiling: 5s, spread: 0s, first: all, at_most: 1000000/h, late: 0.2s}
allow_networks: [127.0.0.0/8]
"""


class Inline:
    """Reads pages at once."""

    async def page(self, data: bytes, url: str, hints: Entry | None = None, **options: Any) -> Article:
        return extract.page(data, url, hints, **options)


@dataclass
class Folders:
    """A rules folder and a state folder."""

    rules: Path
    state: Path

    def feeds(self, text: str) -> None:
        (self.rules / "feeds.yaml").write_text(f"rasid: 1\nfeeds:\n{text}", "utf-8")

    def settings(self, text: str = SETTINGS) -> None:
        (self.rules / "settings.yaml").write_text(text, "utf-8")

    @asynccontextmanager
    async def hall(self, **clocks: Callable[[], float]) -> AsyncIterator[Daemon]:
        async with Daemon(self.rules, self.state, **clocks) as daemon:
            daemon.rounds.tools = replace(daemon.rounds.tools, workers=Inline())  # type: ignore[arg-type]
            await daemon.rounds.start(spread=False)
            yield daemon
            await daemon.rounds.stop()

    def run(self, work: Callable[[Daemon], Awaitable[None]]) -> None:
        async def inside() -> None:
            async with self.hall() as daemon:
                await work(daemon)

        asyncio.run(inside())


def item(slug: str, url: str, title: str, summary: str = "", content: str = "") -> str:
    body = f"<content:encoded>{escape(content)}</content:encoded>" if content else ""
    return (
        f"<item><guid isPermaLink='false'>{slug}</guid><title>{escape(title)}</title><link>{url}/{slug}</link>"
        f"<description>{escape(summary)}</description>{body}</item>"
    )


def show(outlet: Outlet, *items: str) -> None:
    """The outlet's feed has these items."""
    rss = f"<channel><title>منبر</title>{''.join(items)}</channel>"
    rss = f"<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>{rss}</rss>"
    outlet.raw["/feed"] = Raw(rss.encode(), headers={"Content-Type": "application/rss+xml"})


async def poll(daemon: Daemon, feed: str = "manbar") -> float:
    return await daemon.rounds.poll(daemon.rounds.feeds()[feed])
