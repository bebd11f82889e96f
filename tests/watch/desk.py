"""A hall with a clock of its own, channels on loopback, and an outlet whose items a test shows at will."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.watch.daemon import Daemon
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook
from tests.watch.hall import SETTINGS, Folders, item, poll, show

RULES = "rasid: 1\nrules:\n" + "".join(
    f"  {name}:\n    name: {name}\n    severity: {severity}\n    match:\n      any:\n        - {word}\n"
    for name, severity, word in (
        ("drones", "high", "مسيّرة"),
        ("plant", "high", "مفاعل"),
        ("fire", "medium", "حريق"),
        ("quake", "critical", "زلزال"),
        ("rain", "low", "مطر"),
    )
)
PLACES = ["الميناء", "المطار", "الجسر", "السوق", "المصنع", "الملعب", "المتحف", "السجن", "الحديقة", "المرفأ", "القصر"]


class Clock:
    """Both clocks of a daemon; `at("2026-11-21 23:10")` sets them, in Riyadh's time."""

    def __init__(self, text: str) -> None:
        self.now = 0.0
        self.at(text)

    def at(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Riyadh")).timestamp()

    def __call__(self) -> float:
        return self.now


class Desk:
    """The test's own newsroom: `await desk.news("drones", 1)` publishes, polls, decides; `await desk.send()` sends."""

    def __init__(self, folders: Folders, outlet: Outlet, clock: Clock) -> None:
        self.folders, self.outlet, self.clock = folders, outlet, clock
        self.items: list[str] = []
        self.texts: dict[str, str] = {}
        folders.feeds(f"  manbar: {{url: {outlet.feed}, text: feed, name: منبر}}\n")
        self.write("watch.yaml", RULES)
        self.settings()

    def write(self, name: str, text: str) -> None:
        (self.folders.rules / name).write_text(text, "utf-8")

    def settings(self, more: str = "") -> None:
        self.folders.settings(f"{SETTINGS}{more}\n")

    def channels(self, **channels: str) -> None:
        lines = "".join(f"  {name}: {{{words}}}\n" for name, words in channels.items())
        self.write("channels.yaml", f"rasid: 1\nchannels:\n{lines}")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Daemon]:
        async with self.folders.hall(clock=self.clock, mono=self.clock) as daemon:
            self.daemon = daemon
            await daemon.outbox.begin()
            await self.look()
            yield daemon

    def publish(self, slug: str, words: str, place: str = "") -> None:
        """An item, or another text of one that is there."""
        where = place or PLACES[len(self.texts) % len(PLACES)]
        self.texts[slug] = item(slug, self.outlet.url, f"{slug} في {where}", f"قرب {where}: {words}، بحسب شهود {slug}.")
        show(self.outlet, *reversed(self.texts.values()))

    async def news(self, slug: str, words: str, place: str = "") -> None:
        self.publish(slug, words, place)
        await poll(self.daemon)

    async def look(self) -> None:
        await self.daemon.outbox.look()
        await self.daemon._look_for_digests()

    async def send(self) -> None:
        """All that is due now, and what the operator is to hear of it."""
        for _ in range(4):
            await self.look()
            for _ in range(4):  # a lane that is paused stays due
                await self.daemon.outbox.pump()
                if self.daemon.outbox.active:
                    await asyncio.wait(self.daemon.outbox.active.values())

    async def after(self, seconds: float) -> None:
        self.clock.now += seconds
        await self.send()

    def decisions(self, rule: str, channel: str) -> list[str]:
        hits = sorted(self.daemon.store.hits(rule=rule), key=lambda hit: hit.id)
        return [d.kind.value for hit in hits for d in hit.decisions if d.channel == channel]


def kinds(hook: Webhook) -> list[str]:
    return [r.json["kind"] for r in hook.requests if r.answered == 204]


def told(hook: Webhook, kind: str = "alert") -> list[str]:
    """Titles of what a webhook took, or the headlines of what is no alert."""
    taken = [r.json for r in hook.requests if r.answered == 204 and r.json["kind"] == kind]
    return [j["article"]["title"] if "article" in j else j["headline"] for j in taken]
