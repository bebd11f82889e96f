"""The clock is set, the zone changes (X22, X23)."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, tzinfo
from typing import Self

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from monitor.watch import clock as watch_clock
from monitor.watch import daemon as watch_daemon
from tests.faults.conftest import Rasid, living, publish, told, until
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook

HOUR, YEAR = 3600.0, 365.25 * 86400


class Wall:
    """The wall clock of the machine; `set` moves it."""

    def __init__(self) -> None:
        self.moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved

    def datetime(self) -> type[datetime]:
        """datetime for APScheduler, which reads the clock by itself."""
        wall = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(wall(), tz)

        return Moved


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()
    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", made.datetime())
    monkeypatch.setattr(watch_clock, "STALL", 1.5)
    return made


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(HOUR, marks=pytest.mark.soak, id="+1 h"),
        pytest.param(-HOUR, id="-1 h"),
        pytest.param(10 * YEAR, id="+10 y"),
        pytest.param(None, marks=pytest.mark.soak, id="to 1970"),
    ],
)
def test_x22_the_clock_is_set(rasid: Rasid, outlet: Outlet, hook: Webhook, wall: Wall, step: float | None) -> None:
    """Polling and sending go on within seconds, there and back again; nothing is told twice; the times are the clock's.

    Ten years ahead an entry dated today is stored in any case.
    """
    move = -time.time() + 86400 if step is None else step
    rasid.settle(floor="0.5s", ceiling="0.5s")
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)

    async def life() -> list[str]:
        titles = publish(outlet, 1)
        async with living(rasid, clock=wall) as daemon:
            await until(lambda: told(hook) == titles)
            wall.moved = move
            asked = outlet.asked["/feed"]
            await until(lambda: outlet.asked["/feed"] >= asked + 3, 20, "polling goes on")
            fresh = publish(outlet, 2)
            if step != 10 * YEAR:
                titles += fresh
                await until(lambda: told(hook) == titles, 20, "sending goes on")
            else:
                await until(lambda: len(list(daemon.store.hits())) == 2, 20, "hits are stored")
                await asyncio.sleep(1.0)
                titles = told(hook)  # a date ten years back is too old to be told, or to be believed
            seen = daemon.store.hits()
            assert abs(max(hit.at for hit in seen) - wall()) < 30 or move < 0
            wall.moved = 0.0
            asked = outlet.asked["/feed"]
            await until(lambda: outlet.asked["/feed"] >= asked + 3, 20, "polling goes on")
            titles += publish(outlet, 3)
            await until(lambda: told(hook) == titles, 20, "sending goes on")
            asked = outlet.asked["/feed"]
            await asyncio.sleep(1.0)
            assert outlet.asked["/feed"] - asked <= 4, "no burst"
        return titles

    titles = asyncio.run(life())
    assert told(hook) == titles


def test_x22_what_waits_for_an_hour_still_waits_an_hour(
    rasid: Rasid, outlet: Outlet, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stored time of the next poll moves with the clock, and the operator's log says that it was set."""
    monkeypatch.setattr(watch_daemon, "STEP_SECONDS", 5.0)
    rasid.settle(floor="1h", ceiling="1h")
    rasid.feeds(manbar=outlet.feed)

    async def life() -> float:
        async with living(rasid, clock=wall) as daemon:
            await until(lambda: daemon.store.feed_health().get("manbar"))
            before = daemon.store.feed_health()["manbar"].next_at
            wall.moved = -10 * YEAR
            await until(lambda: daemon.store.feed_health()["manbar"].next_at != before, 15)
            return before - daemon.store.feed_health()["manbar"].next_at

    assert abs(asyncio.run(life()) - 10 * YEAR) < 60


@pytest.mark.parametrize("zone", ["Asia/Tehran", "Nowhere/Atall"])
def test_x23_the_systems_time_zone_changes_nothing(rasid: Rasid, outlet: Outlet, hook: Webhook, zone: str) -> None:
    """Times are kept in UTC; schedules go by the zone in the settings, never by TZ."""
    rasid.env["TZ"] = zone
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    titles = publish(outlet, 1)
    assert rasid.verb("run", "--once").returncode == 0
    assert told(hook) == titles
    (hit,) = rasid.json("hits")
    seen = datetime.fromisoformat(hit["article"]["first_seen"])
    assert seen.utcoffset() == UTC.utcoffset(None)
    assert abs(seen.timestamp() - time.time()) < 60
