"""APScheduler as a clock, supervised in monotonic time: it stops when the wall clock steps back, so it is made anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

import monitor.watch.log as log

Job = Callable[[], Awaitable[None]]
STALL = 5.0  # seconds without a tick after which the scheduler counts as stuck
_LOG = log.logger("clock")


@dataclass(slots=True)
class Ticker:
    """Runs each job every so many seconds, never twice at a time. The first job added is the pulse that is watched."""

    mono: Callable[[], float]
    jobs: dict[str, tuple[Job, float]] = field(default_factory=dict)
    last: float = 0.0  # monotonic time of the last pulse
    beats: int = 0
    _scheduler: AsyncIOScheduler | None = None
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def every(self, seconds: float, name: str, job: Job) -> None:
        """Adds a job before `start`."""
        self.jobs[name] = (job, seconds)

    def start(self) -> None:
        """Starts the clock, or starts it anew."""
        self.stop()
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(self._pulse, _Every(1.0), max_instances=1, misfire_grace_time=None)
        for name, (job, seconds) in self.jobs.items():
            scheduler.add_job(
                self._run, _Every(seconds), args=(name, job), id=name, max_instances=1, misfire_grace_time=None
            )
        scheduler.start()
        self._scheduler, self.last = scheduler, self.mono()

    def stop(self) -> None:
        """Stops the clock; jobs under way are not waited for."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _run(self, name: str, job: Job) -> None:
        """A start anew cancels what waits for a job, never the job itself: half a reload would be none."""
        if name not in self._running:
            task = self._running[name] = asyncio.create_task(_guarded(name, job), name=f"job {name}")
            task.add_done_callback(lambda _: self._running.pop(name, None))
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

    async def _pulse(self) -> None:
        self.last = self.mono()
        self.beats += 1

    async def supervise(self) -> None:
        """Restarts the clock whenever its pulse is missing; runs until it is cancelled."""
        while True:
            await asyncio.sleep(STALL / 2)
            if self.mono() - self.last > STALL:
                _LOG.warning("the clock stood still (did the system's time step back?), starting it anew")
                self.start()


class _Every(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Fires so many seconds after it fired last.

    APScheduler's own interval makes a list of every run that was missed: a billion, and no memory left, once the wall
    clock is set ten years ahead.
    """

    def __init__(self, seconds: float) -> None:
        self.pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self.pause


async def _guarded(name: str, job: Job) -> None:
    """A job that fails is reported and runs again at its next time."""
    try:
        await job()
    except Exception:
        _LOG.exception("a job failed in an unforeseen way", job=name)
