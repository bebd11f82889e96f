"""Feeds, polled when they are due: what each round brought is recorded, told to the operator, and paces the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from monitor import alert, fetch
from monitor.alert import Load
from monitor.alert.decide import Arrival
from monitor.arabic import fold
from monitor.config import Settings
from monitor.errors import StateBusy
from monitor.fetch import Outcome
from monitor.fetch.freshness import Scheduler
from monitor.store import Poll, Store, Unseen
from monitor.types import Feed
from monitor.watch import log
from monitor.watch.care import PLAIN
from monitor.watch.feedstate import Pulse, judge
from monitor.watch.folder import Folder
from monitor.watch.health import Metrics
from monitor.watch.operator import Operator
from monitor.watch.pacing import paced, schedule
from monitor.watch.reading import Tools, in_batches
from monitor.watch.recording import Ending, Read, Recorded, Scene, name_of, record
from monitor.watch.schedule import Schedule
from monitor.watch.threads import Serial

_BUSY_TRIES, _BUSY_WAIT = 5, 2.0
_SPREAD_EACH = 0.5  # seconds between the first polls of feeds, so that a start is no burst
_LOG = log.logger("feeds")


@dataclass(slots=True)
class Rounds:
    """The polling half of the daemon. `clock` gives epoch seconds, `mono` monotonic ones."""

    store: Store
    db: Serial
    folder: Folder
    tools: Tools
    operator: Operator
    clock: Callable[[], float]
    mono: Callable[[], float]
    wake: Callable[[], Awaitable[None]]  # called after each batch with new alerts
    catching_up: bool  # the installation's first round is under way
    metrics: Metrics
    held: Callable[[], bool]  # whether feeds must not be read now
    schedule: Schedule = field(default_factory=Schedule)
    pace: Scheduler = field(default_factory=Scheduler)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    pulses: dict[str, Pulse] = field(default_factory=dict)
    polled: set[str] = field(default_factory=set)  # feeds whose first poll is behind them
    tried: set[str] = field(default_factory=set)  # feeds asked since the start, whatever came of it
    loads: dict[str, Load] = field(default_factory=dict)
    idle: dict[str, Ending] = field(default_factory=dict)  # polls without news, saved together
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    most: int = 32

    @property
    def settings(self) -> Settings:
        """The settings that are live."""
        return self.folder.config.settings

    def feeds(self) -> dict[str, Feed]:
        """The feeds that are polled."""
        return {feed.id: feed for feed in self.folder.config.feeds.values() if feed.enabled}

    async def start(self, *, spread: bool = True) -> None:
        """Reads where polling stood; nothing is asked before its stored time, what is overdue is spread."""
        self.states = await self.db(self.store.feed_states)
        self.polled = set(await self.db(self.store.first_polled))
        self.pace = schedule(self.feeds().values(), self.states, self.settings)
        now, mono = self.clock(), self.mono()
        health = await self.db(self.store.feed_health)
        due = {feed: health[feed].next_at if feed in health else now for feed in self.feeds()}
        over = min(self.settings.poll.spread, _SPREAD_EACH * len(due)) if spread else 0.0
        self.schedule.due = {feed: mono + at - now for feed, at in fetch.spread(due, now, over).items()}

    def live(self, folder: Folder) -> None:
        """A new version of the folder: feeds come and go, what stays keeps its time."""
        self.folder = folder
        self.tools = replace(self.tools, matcher=folder.matcher)
        feeds = self.feeds()
        self.schedule.keep_only(set(feeds))
        added = [feed for feed in feeds if feed not in self.schedule.due]
        for n, feed in enumerate(added):
            self.schedule.add(feed, self.mono(), wait=_SPREAD_EACH * n)
        self.pace = schedule(feeds.values(), self.states, self.settings)

    async def tick(self) -> None:
        """Starts a round for each feed that is due; while the disk is full none: sending needs what room is left."""
        if self.held():
            return
        for feed_id in self.schedule.take(self.mono(), self.most):
            task = asyncio.create_task(self._round(self.feeds()[feed_id]), name=f"feed {feed_id}")
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def finish_due(self) -> None:
        """One round of every feed that is due now, and no second one."""
        self.schedule.due = {feed: at for feed, at in self.schedule.due.items() if at <= self.mono()}
        while self.schedule.due or self.tasks:
            await self.tick()
            self.schedule.due = {f: at for f, at in self.schedule.due.items() if f not in self.schedule.busy}
            await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _round(self, feed: Feed) -> None:
        """One feed's round; whatever goes wrong in it, the feed is due again."""
        wait = self.settings.poll.floor
        try:
            next_at = await self.poll(feed)
            wait = max(0.0, next_at - self.clock())
        except StateBusy as error:
            _LOG.warning("database busy, the feed will be read again", feed=feed.id, reason=str(error))
        except Exception:
            _LOG.exception("a feed's round failed in an unforeseen way", feed=feed.id)
        finally:
            self.tried.add(feed.id)
            self.schedule.done(feed.id, self.mono(), wait)

    async def poll(self, feed: Feed) -> float:
        """Asks the feed once and records what it brought; returns when it is next due (epoch seconds)."""
        known = self.states.get(feed.id, {})
        state = known if known.get("configured") == feed.url else {"url": feed.url, "configured": feed.url}
        state, outcome = await fetch.poll(state | traits(feed), self.clock(), self.tools.client)
        news = await self.db(self.store.unseen, feed.id, outcome.entries, self.clock()) if outcome.entries else []
        self.metrics.polls.labels(outcome.kind).inc()
        if news:
            ending = await self._read(feed, news, state, outcome)
        else:
            ending = self.idle[feed.id] = self._ending(feed, state, outcome, (), 0)
        self.states[feed.id] = state
        if outcome.kind in ("new", "unchanged"):
            self.polled.add(feed.id)
        _LOG.debug("polled", feed=feed.id, kind=outcome.kind, new=len(news), reason=outcome.reason)
        await self._tell(feed, outcome)
        return ending.next_at

    def _ending(self, feed: Feed, state: dict[str, Any], outcome: Outcome, news: Sequence[Unseen], hits: int) -> Ending:
        """When to ask again: what the server allows, what the schedule wants, what the feed's `every` fixes."""
        now = self.clock()
        if outcome.entries:
            state["window"] = len(outcome.entries)
        known = paced(feed, state)
        if outcome.kind in ("new", "unchanged"):
            new = [u.entry.published for u in news if u.kind == "new"]
            self.pace.observe(known, now, [min(p.timestamp(), now) if p else now for p in new], hits)
            state["pace"] = self.pace.memory(feed.id)
        next_at = max(outcome.next_at, fetch.earliest(state, now, self.pace.next_delay(known, now)))
        poll = Poll(kind=outcome.kind, status=outcome.status, bytes=outcome.bytes, new=len(news), reason=outcome.reason)
        return Ending(state=state, next_at=next_at, poll=poll)

    async def _read(self, feed: Feed, news: list[Unseen], state: dict[str, Any], outcome: Outcome) -> Ending:
        """Reads what is new, oldest first, and records it; the feed's state goes with the last batch."""
        for unseen in news:
            if self.tools.care.deaths(feed.id, unseen.entry.key) >= PLAIN:
                why = "the process died twice while it was read: its page is left out"
                subject = f"entry:{feed.id}:{unseen.entry.key}"
                await self.operator.tell(subject, "poison", f"مادة معزولة: {unseen.entry.title[:100]}", [why])
        arrival = self.arrival(feed)
        scene = await self.db(self._scene, feed, arrival)
        now, hits, ending = self.clock(), 0, None
        oldest_first = sorted(news, key=lambda u: u.entry.published.timestamp() if u.entry.published else now)
        reading = in_batches(feed, oldest_first, self.tools, pages=arrival != "first", mono=self.mono)
        with self.tools.care.feed(feed.id):
            async for reads, last in reading:
                hits += sum(bool(read.hits) for read in reads)
                ending = self._ending(feed, state, outcome, news, hits) if last else None
                await self._record(scene, reads, ending)
        assert ending is not None, "there is always a last batch"
        return ending

    async def _record(self, scene: Scene, reads: list[Read], ending: Ending | None) -> None:
        """Records a batch; a database that is busy is asked again, in the end the feed will be read again."""
        for attempt in range(_BUSY_TRIES):
            try:
                done = await self.db(self._commit, scene, reads, ending)
            except StateBusy:
                if attempt == _BUSY_TRIES - 1:
                    raise
                await asyncio.sleep(_BUSY_WAIT)
                continue
            if done.hits:
                _LOG.info("hits", feed=scene.feed.id, hits=done.hits, alerts=len(done.alerts))
            if done.alerts:
                await self.wake()
            return

    def _commit(self, scene: Scene, reads: list[Read], ending: Ending | None) -> Recorded:
        """In the database's thread, so that each batch sees what the one before it took from the channels' limits."""
        done = record(self.store, scene, reads, ending, self.loads, self.clock())
        self.loads = done.loads
        self.metrics.articles.inc(done.articles)
        self.metrics.hits.inc(done.hits)
        return done

    async def save_idle(self) -> None:
        """Saves the polls that brought nothing, all in one transaction; every second."""
        idle, self.idle = self.idle, {}
        if not idle:
            return
        try:
            await self.db(self._save, idle)
        except StateBusy:
            self.idle = {**idle, **self.idle}

    def _save(self, idle: Mapping[str, Ending]) -> None:
        with self.store.batch(self.clock()) as batch:
            for feed, ending in idle.items():
                batch.save_feed_state(feed, ending.state, ending.next_at, ending.poll)

    def arrival(self, feed: Feed) -> Arrival:
        """How this feed's entries come: news, or what it held before it was watched."""
        if feed.id in self.polled or self.settings.poll.first == "all":
            return "live"
        return "catchup" if self.catching_up and self.settings.poll.first == "catchup" else "first"

    def _scene(self, feed: Feed, arrival: Arrival) -> Scene:
        config = self.folder.config
        return Scene(feed=feed, feeds=config.feeds, channels=config.channels, policies=self.policies(), arrival=arrival)

    def policies(self) -> Mapping[str, alert.Policy]:
        """What holds for the decisions of each channel now; runs in the database's thread."""
        silences = [alert.Silence(rule=s.rule, until=s.until, only=s.only) for s in self.store.silences(self.clock())]
        return {
            channel.id: alert.Policy(
                zone=ZoneInfo(channel.timezone or self.settings.locale.timezone),
                alert_age=self.settings.alert_age,
                silences=silences,
                fold=fold,
            )
            for channel in self.folder.config.channels.values()
        }

    def name_of(self, feed: str) -> str:
        """An outlet's name by its feed's id."""
        return name_of(self.folder.config.feeds, feed)

    def health(self) -> alert.Health:
        """How the feeds are, for a digest's last line."""
        feeds = self.feeds()
        trouble = sum(self.pulses[f].state not in ("", "ok") for f in feeds if f in self.pulses)
        return alert.Health(healthy=len(feeds) - trouble, feeds=len(feeds))

    async def _tell(self, feed: Feed, outcome: Outcome) -> None:
        quiet = self.pace.silence(feed.id, self.clock()) if outcome.kind in ("new", "unchanged") else ""
        pulse, news = judge(
            self.pulses.get(feed.id, Pulse()), outcome.kind, quiet or outcome.reason, self.clock(), silent=bool(quiet)
        )
        self.pulses[feed.id] = pulse
        if news is not None and news.state == "silent":
            self.states[feed.id] |= {
                "full": True
            }  # perhaps the server says "unchanged" for ever: ask for the whole once
        if news is not None:
            name = feed.name or feed.id
            await self.operator.tell(f"feed:{feed.id}", news.state, news.headline.format(name=name), news.lines)

    async def stop(self) -> None:
        """Ends the rounds; what was not recorded is read again."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.save_idle()


def traits(feed: Feed) -> dict[str, Any]:
    """What a poll must know of the feed beside its state."""
    return {
        "kind": feed.kind,
        "select": feed.select,
        "timezone": feed.timezone,
        "language": feed.language,
        "proxy": feed.proxy,
    }
