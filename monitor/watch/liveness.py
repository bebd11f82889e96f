"""Signs of life: the verdict behind /healthz and the heartbeat, systemd's watchdog and status, the log's "waiting"."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import monitor.watch.log as log
import monitor.watch.systemd as systemd
from monitor.errors import RasidError
from monitor.watch.addressing import resolve
from monitor.watch.clock import Ticker
from monitor.watch.courier import Courier
from monitor.watch.health import Metrics, Verdict
from monitor.watch.rounds import Rounds
from monitor.watch.threads import Serial
from monitor.watch.upkeep import Upkeep

IDLE_SECONDS = 300.0  # how often the log says what is waited for, and
FIRST_SECONDS = 15.0  # how far the first round of an installation is
STALL_SECONDS = 30.0  # without a tick, after which the daemon is not healthy
_LOG = log.logger("watch")


@dataclass(slots=True)
class Liveness:
    """What the daemon shows of itself; it decides nothing. `mono` is the monotonic clock."""

    rounds: Rounds
    courier: Courier
    upkeep: Upkeep
    ticker: Ticker
    metrics: Metrics
    mono: Callable[[], float]
    told: float = float("-inf")  # when the log last said what is waited for

    def verdict(self) -> Verdict:
        """Whether the last cycle was healthy: the clock ticks, there is room, feeds answer, a channel works."""
        if self.mono() - self.ticker.last > STALL_SECONDS:
            return Verdict(False, "the clock stands still")
        if self.upkeep.disk_low:
            return Verdict(False, "the disk is full")
        health = self.rounds.health()
        if health.feeds and not health.healthy:
            return Verdict(False, "no feed can be read")
        if self.courier.dead(self.rounds.folder.config.channels):
            return Verdict(False, "no channel works")
        return Verdict(True)

    async def heartbeat(self) -> None:
        """Asks the outside address, only after a healthy cycle; whoever watches it hears of silence."""
        verdict, address = self.verdict(), self.rounds.settings.heartbeat
        self.metrics.up.set(verdict.healthy)
        if not verdict.healthy or not address:
            return
        try:
            await self.rounds.tools.client.ping(resolve(address), deadline=10.0)
        except RasidError as error:
            _LOG.warning("the heartbeat address did not answer", why=str(error))

    async def feed_watchdog(self, db: Serial) -> None:
        """Only while the clock ticks and the database answers; until it is cancelled."""
        every = (systemd.watchdog_seconds() or 60.0) / 3
        beats = -1
        while True:
            await db.ahead(lambda: None)
            if self.ticker.beats != beats:
                beats = self.ticker.beats
                systemd.notify(WATCHDOG=1)
            await asyncio.sleep(every)

    def say_what_is_watched(self) -> None:
        """At the start."""
        _LOG.info("the first round begins" if self.rounds.catching_up else "watching", **self.contents())
        if not self.rounds.feeds():
            _LOG.warning("no feed is watched, so nothing will be found", add_one_with="`rasid feeds add URL`")

    def say_first_round(self, *, goes_on: bool) -> None:
        """How many of the feeds could be read; what of each that could not is on `rasid feeds`."""
        tried = len(self.rounds.tried)
        states = [pulse.state for pulse in self.rounds.fare.pulses.values()]
        read, blocked = states.count("ok"), states.count("blocked")
        failed = tried - read - blocked
        see = "`rasid feeds`" if failed or blocked else None
        _LOG.info("first round done", feeds_tried=tried, read=read, blocked=blocked, failed=failed, see=see)
        if goes_on:
            _LOG.info("watching", **self.contents())
            self.told = float("-inf")

    async def say_progress(self) -> None:
        """One line when nothing happens: what is waited for. The first round says how far it is."""
        due, busy = self.rounds.schedule.next_due(), len(self.rounds.schedule.busy)
        wait = max(0, round(due[0] - self.mono())) if due else 0
        systemd.notify(STATUS=f"next: {due[1]} in {wait} s" if due and not busy else f"{busy} feeds being read")
        if self.mono() - self.told < (FIRST_SECONDS if self.rounds.catching_up else IDLE_SECONDS):
            return
        if self.rounds.catching_up and (feeds := set(self.rounds.feeds())):
            _LOG.info("first round", tried=f"{len(self.rounds.tried & feeds)} of {len(feeds)} feeds")
        elif due and not busy:
            _LOG.info("waiting", for_feed=due[1], due_in=f"{wait} s")
        else:
            return
        self.told = self.mono()

    def contents(self) -> dict[str, int]:
        """How much is watched, for the log."""
        folder = self.rounds.folder
        counts = (folder.ruleset.rules, self.rounds.feeds(), folder.config.channels)
        return dict(zip(("rules", "feeds", "channels"), map(len, counts), strict=True))
