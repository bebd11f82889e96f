"""How the feeds fare, over a restart."""

from __future__ import annotations

import asyncio
import time

from tests.journey.outlet import Outlet, Raw
from tests.watch.hall import Folders, item, poll, show


def test_after_a_restart_a_feed_is_as_it_was_until_it_is_asked(folders: Folders, outlet: Outlet) -> None:
    """A digest made before the first poll doesn't call a broken feed healthy; one never asked is not called broken."""
    show(outlet, item("a", outlet.url, "خبر", "مر يوم هادئ."))
    outlet.raw["/broken"] = Raw(b"<html>no feed</html>")
    feeds = f"  manbar: {{url: {outlet.feed}}}\n  broken: {{url: {outlet.url}/broken}}\n"
    folders.feeds(feeds)

    async def work() -> None:
        async with folders.hall() as daemon:
            assert daemon.rounds.health().healthy == 2
            await poll(daemon)
            for _ in range(3):
                await poll(daemon, "broken")
            assert daemon.rounds.health().healthy == 1
        folders.feeds(feeds + f"  fresh: {{url: {outlet.url}/fresh}}\n")
        async with folders.hall() as daemon:
            assert (daemon.rounds.health().healthy, daemon.rounds.health().feeds) == (2, 3)
            outlet.raw["/broken"] = outlet.raw["/feed"]
            await poll(daemon, "broken")
            assert daemon.rounds.health().healthy == 3
            assert daemon.store.subjects()["feed:broken"][0] == "ok"

    asyncio.run(work())


def test_an_empty_feed_is_told_after_an_hour(folders: Folders, outlet: Outlet) -> None:
    """A broken cache that shows nothing for a while is no matter; a feed that never had an entry neither."""
    ahead = [0.0]
    show(outlet, item("a", outlet.url, "خبر", "مر يوم هادئ."))
    folders.feeds(f"  manbar: {{url: {outlet.feed}}}\n")

    async def work() -> None:
        async with folders.hall(clock=lambda: time.time() + ahead[0]) as daemon:
            await poll(daemon)
            show(outlet)
            await poll(daemon)
            ahead[0] = 3000.0
            await poll(daemon)
            assert daemon.rounds.fare.pulses["manbar"].state == "ok"
            ahead[0] = 3700.0
            await poll(daemon)
            assert daemon.rounds.fare.pulses["manbar"].state == "empty"
            show(outlet, item("b", outlet.url, "خبر آخر", "مر يوم آخر."))
            await poll(daemon)
            assert daemon.rounds.fare.pulses["manbar"].state == "ok"

    asyncio.run(work())
