"""The daemon: opens the state, keeps the rules live, polls, sends, and says what it does until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO
from zoneinfo import ZoneInfo

import monitor.watch.log as log
import monitor.watch.memory as memory
import monitor.watch.systemd as systemd
from monitor import extract, fetch
from monitor.config import Settings, load_config, secrets
from monitor.errors import StateBusy
from monitor.fetch import Client
from monitor.store import Store
from monitor.watch.addressing import credentials, hidden, resolve
from monitor.watch.care import Care
from monitor.watch.clock import Ticker
from monitor.watch.courier import Courier
from monitor.watch.digests import CATCH_UP, Digests
from monitor.watch.feedhealth import FeedHealth
from monitor.watch.folder import Folder, gone, keep, make_state, open_folder, read, refusal, stamp, watched
from monitor.watch.health import Metrics
from monitor.watch.listeners import Listeners
from monitor.watch.liveness import Liveness
from monitor.watch.operator import Operator
from monitor.watch.outbox import Outbox
from monitor.watch.reading import Tools
from monitor.watch.roomsettings import locale_of, policy_of, sender_key, sender_of
from monitor.watch.rounds import Rounds
from monitor.watch.threads import Serial
from monitor.watch.upkeep import Upkeep

STOP_SECONDS = 6.0  # what is being sent may take so long; the whole stop stays under 10 s
STEP_SECONDS = 30.0  # a jump of the wall clock that is no drift
CATCH_UP_SECONDS = 600.0  # the first digest waits no longer for feeds that don't answer
WATCHED = "watched"  # meta key: the rules of the version that was live last
_LOG = log.logger("watch")


@dataclass(slots=True)
class Daemon:
    """Rasid on a rules folder and a state folder, as a context. Raises ConfigError, StateLocked or StateBroken.

    `clock` and `mono` are the wall and the monotonic clock.
    """

    rules_dir: Path
    state_dir: Path
    console: TextIO | None = None
    clock: Callable[[], float] = time.time
    mono: Callable[[], float] = time.monotonic
    stop_event: asyncio.Event = field(default_factory=asyncio.Event)
    reload_event: asyncio.Event = field(default_factory=asyncio.Event)
    folder: Folder = field(init=False)
    store: Store = field(init=False)
    db: Serial = field(init=False)
    rounds: Rounds = field(init=False)
    courier: Courier = field(init=False)
    outbox: Outbox = field(init=False)
    operator: Operator = field(init=False)
    digests: Digests = field(init=False)
    ticker: Ticker = field(init=False)
    upkeep: Upkeep = field(init=False)
    metrics: Metrics = field(init=False)
    liveness: Liveness = field(init=False)
    listeners: Listeners = field(init=False)
    started: float = 0.0
    _stamp: object = None
    _day: date | None = None
    _began: float = 0.0  # when there first was a feed to ask
    _offset: float = 0.0  # of the wall clock to the monotonic one
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    # --- opening and closing

    async def __aenter__(self) -> Daemon:
        make_state(self.state_dir)
        self._stamp = stamp(self.rules_dir)
        self._day = self._today()
        self.folder = await asyncio.to_thread(open_folder, self.rules_dir, self.state_dir, self._day)
        self.db = Serial("store")
        self._stack.callback(self.db.close)
        try:
            self.store = await self.db(self._open_store)
            self._stack.push_async_callback(self.db, self.store.close)
            await self._assemble()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def _open_store(self) -> Store:
        database = secrets.resolve(self.settings.database, os.environ, credentials())
        return Store.open(self.state_dir, now=self.clock(), database=database, url_key=fetch.url_key)

    async def _assemble(self) -> None:
        settings = self.settings
        client = await self._stack.enter_async_context(Client(policy_of(settings)))
        workers = extract.Workers()
        self._stack.callback(workers.close)
        channels = self.folder.config.channels
        self.operator = Operator(self.store, self.db, channels, self.clock, settings.operator)
        care = Care(self.store, await self.db(self.store.crashes))
        tools = Tools(client=client, workers=workers, matcher=self.folder.matcher, care=care, clock=self.clock)
        self.metrics = Metrics()
        self.upkeep = Upkeep(
            store=self.store, db=self.db, operator=self.operator, settings=lambda: self.settings,
            rules=lambda: self.folder.ruleset.rules, clock=self.clock,
        )  # fmt: skip
        self.rounds = Rounds(
            store=self.store, db=self.db, folder=self.folder, tools=tools, operator=self.operator,
            clock=self.clock, mono=self.mono, wake=self._wake,
            catching_up=not await self.db(self.store.meta, CATCH_UP),
            metrics=self.metrics, fare=FeedHealth(self.operator, self.metrics, self.clock),
            held=lambda: self.upkeep.disk_low, resolve=resolve,
        )  # fmt: skip
        self.courier = Courier(self.store, self.db.ahead, self.operator, self.clock)
        self.outbox = Outbox(
            store=self.store, db=self.db.ahead, sender=sender_of(settings, self.console), courier=self.courier,
            metrics=self.metrics, settings=settings, channels=channels, resolve=resolve,
            clock=self.clock, mono=self.mono,
        )  # fmt: skip
        self.ticker = Ticker(self.mono)
        self.liveness = Liveness(self.rounds, self.courier, self.upkeep, self.ticker, self.metrics, self.mono)
        self.listeners = Listeners(self.state_dir, self.operator, self.liveness)
        self._stack.push_async_callback(self.listeners.close)
        await self._go_live(self.folder)
        self.started = self._began = self.clock()

    # --- the rules folder

    @property
    def settings(self) -> Settings:
        """The settings that are live."""
        return self.folder.config.settings

    def _today(self) -> date:
        config = self.folder.config if hasattr(self, "folder") else load_config(self.rules_dir)
        return datetime.fromtimestamp(self.clock(), ZoneInfo(config.settings.locale.timezone)).date()

    async def _go_live(self, folder: Folder) -> None:
        """Everything works with this version from now on; it becomes the last good one."""
        self.folder = folder
        channels, settings = folder.config.channels, folder.config.settings
        fetched = [part for feed in folder.config.feeds.values() for part in (feed.url, feed.proxy)]
        log.REDACTOR.know(hidden([*(c.url for c in channels.values()), *fetched]))
        self.operator.channels, self.operator.names = channels, settings.operator
        if sender_key(settings) != sender_key(self.outbox.settings):
            self.outbox.sender = sender_of(settings, self.console)
        self.outbox.channels, self.outbox.settings = channels, settings
        self.rounds.tools.client.adopt(policy_of(settings))
        self.rounds.live(folder)
        self.digests = Digests(
            store=self.store, channels=channels, policies=self.rounds.policies, name_of=self.rounds.name_of,
            locale=locale_of(settings),
        )  # fmt: skip
        await self.listeners.follow(settings)
        memory.settle()
        if folder.degraded:
            await self._tell_of_refusal(folder.degraded)
            return
        await asyncio.to_thread(keep, self.rules_dir, self.state_dir)
        await self.db(self.store.save_rules, folder.ruleset.version, folder.ruleset.sources, now=self.clock())
        await self.operator.tell("rules", "ok", "القواعد مقبولة من جديد", [])
        await self.db(self._tell_what_is_gone, folder)

    async def _tell_of_refusal(self, why: str) -> None:
        headline, advice = "قواعد مرفوضة: النسخة السابقة ما زالت تعمل", "يبيّن rasid check كل خطأ وموضعه"
        await self.operator.tell("rules", "refused", headline, [why], advice=advice)

    def _tell_what_is_gone(self, folder: Folder) -> None:
        """A rule that is not there any more finds nothing, and a file may be deleted by mistake: it is told once."""
        before, now = self.store.meta(WATCHED), watched(folder.ruleset)
        if before != now:
            missing = gone(before, folder.ruleset, self._today())
            if missing:
                _LOG.warning("rules no longer watched", rules=", ".join(missing))
            headline = "توقف رصد ما يلي" if missing else ""
            self.operator.announce("watched", headline, list(missing.values()), (WATCHED, now))

    async def reload(self) -> None:
        """Reads the folder again; a mistake keeps the live version and is told once."""
        self._stamp, self._day = stamp(self.rules_dir), self._today()
        folder, problems = await asyncio.to_thread(read, self.rules_dir, self._day)
        if folder is None:
            why = refusal(problems)
            _LOG.warning("rules refused, the last good version stays", why=why)
            await self._tell_of_refusal(why)
            return
        await self._go_live(folder)
        _LOG.info("rules live", **self.liveness.contents())

    async def _look_for_changes(self) -> None:
        """Reloads once the folder has changed and then kept still for one look, or a new day may have ended a rule."""
        found = stamp(self.rules_dir)
        changed = found != self._stamp
        if self.reload_event.is_set() or self._today() != self._day or (changed and found == self._seen_stamp):
            self.reload_event.clear()
            await self.reload()
        self._seen_stamp = found

    _seen_stamp: object = None

    # --- running

    async def run(self) -> None:
        """Works until `stop_event`; then ends within 10 s with nothing lost."""
        if self.store.recovered:
            await self.operator.tell(
                "database", "recovered", "قاعدة البيانات أُصلحت عند الإقلاع", [self.store.recovered]
            )
        await self.outbox.begin()
        self._offset = self.clock() - self.mono()
        await self.rounds.start()
        self._set_ticker()
        self.ticker.start()
        supervisor = asyncio.create_task(self.ticker.supervise())
        beats = asyncio.create_task(self.liveness.feed_watchdog(self.db))
        self.liveness.say_what_is_watched()
        systemd.notify(READY=1, STATUS="watching")
        await self.stop_event.wait()
        systemd.notify(STOPPING=1)
        _LOG.info("stopping")
        supervisor.cancel()
        beats.cancel()
        self.ticker.stop()
        await self.rounds.stop()
        await self.outbox.stop(STOP_SECONDS)

    def _set_ticker(self) -> None:
        every = self.ticker.every
        every(0.25, "feeds", self.rounds.tick)
        every(1.0, "outbox", self.outbox.pump)
        every(1.0, "polls", self.rounds.save_idle)
        every(1.0, "rules", self._look_for_changes)
        every(60.0, "upkeep", self.upkeep.look)
        every(5.0, "time", self._look_for_steps)
        every(60.0, "hubs", self.rounds.renew_hubs)
        every(60.0, "heartbeat", self.liveness.heartbeat)
        every(60.0, "readers", self.rounds.tools.workers.rest)
        every(5.0, "digests", self._look_for_digests)
        every(5.0, "channels", self.outbox.look)
        every(5.0, "progress", self.liveness.say_progress)

    async def once(self, seconds: float = 60.0) -> None:
        """One round of what is due, then its deliveries, `seconds` at most."""
        await self.outbox.begin()
        await self.rounds.start(spread=False)
        await self.rounds.finish_due()
        await self.rounds.save_idle()
        await self._look_for_digests(last=True)
        await self.upkeep.look()
        await self.outbox.look()
        await self.outbox.drain(seconds)

    async def _wake(self) -> None:
        await self.outbox.pump()

    async def _look_for_digests(self, *, last: bool = False) -> None:
        """`last`: no feed will be asked any more."""
        health = self.rounds.health()
        made = 0
        if not health.feeds:
            self._began = self.clock()
        elif self.rounds.catching_up and self._round_done(last=last):
            first, again = self.settings.poll.first, bool(self.rounds.again)
            made = await self.db(self.digests.catch_up, self.started, self.clock(), health, first, again=again)
            self.rounds.catching_up = False
            self.liveness.say_first_round(goes_on=bool(self.ticker.jobs))
        try:
            made += await self.db(self.digests.look, self.clock(), health)
        except StateBusy:
            return
        if made:
            await self.outbox.pump()

    async def _look_for_steps(self) -> None:
        """Where the wall clock was set, what waits goes on waiting as long as it had to."""
        offset = self.clock() - self.mono()
        step, self._offset = offset - self._offset, offset
        if abs(step) > STEP_SECONDS:
            _LOG.warning("the system's time was set", seconds=round(step))
            self.upkeep.clock_was_set()
            await self.db(self.store.shift, step, self.clock())
            words = f"by {step:+.0f} seconds; what waits goes on waiting as long as it had to"
            await self.operator.tell("clock", f"set {step:+.0f}", "ضُبطت ساعة النظام", [words])

    def _round_done(self, *, last: bool) -> bool:
        """Whether every feed was asked once that can be asked, or the rest has had time enough."""
        left = self._began + CATCH_UP_SECONDS - self.clock()
        return left < 0 or (last and bool(self.rounds.tried)) or not self.rounds.awaited(left)


async def run(rules_dir: Path, state_dir: Path, *, once: bool = False, console: TextIO | None = None) -> None:
    """The daemon with its signals: SIGTERM and SIGINT stop it, SIGHUP reloads."""
    memory.keep_together()
    daemon = Daemon(rules_dir, state_dir, console)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, daemon.stop_event.set)
    loop.add_signal_handler(signal.SIGHUP, daemon.reload_event.set)
    async with daemon:
        await (daemon.once() if once else daemon.run())
    _LOG.info("stopped")
