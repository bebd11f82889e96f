"""The clock that is supervised."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.watch import clock
from monitor.watch.clock import Ticker


def test_a_job_that_fails_runs_again() -> None:
    """An error in one job stops neither it nor the others."""
    runs = []

    async def job() -> None:
        runs.append(1)
        raise RuntimeError("unforeseen")

    async def life() -> None:
        ticker = Ticker(asyncio.get_running_loop().time)
        ticker.every(0.05, "job", job)
        ticker.start()
        await asyncio.sleep(0.4)
        ticker.stop()

    asyncio.run(life())
    assert len(runs) >= 3


def test_runs_that_were_missed_are_not_made_up_for() -> None:
    """Ten years ahead at once: the next run is one interval from now, and nothing is listed in between."""
    now = datetime(2036, 11, 21, tzinfo=UTC)
    assert clock._Every(0.25).get_next_fire_time(datetime(2026, 11, 21, tzinfo=UTC), now) == now + timedelta(
        seconds=0.25
    )


def test_a_clock_that_stands_still_is_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the system's time steps back: the supervisor goes by monotonic time."""
    monkeypatch.setattr(clock, "STALL", 1.5)

    async def life() -> int:
        ticker = Ticker(asyncio.get_running_loop().time)
        ticker.start()
        assert ticker._scheduler is not None
        ticker._scheduler.pause()
        supervisor = asyncio.create_task(ticker.supervise())
        await asyncio.sleep(3.8)
        supervisor.cancel()
        ticker.stop()
        return ticker.beats

    assert asyncio.run(life()) >= 1
