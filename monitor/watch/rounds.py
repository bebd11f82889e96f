"""Feeds, polled when they are due: what each round brought is recorded, told to the operator, and paces the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import monitor.watch.log as log
from monitor import alert, fetch
from monitor.alert import Load
from monitor.alert.decide import Arrival
from monitor.arabic import fold
from monitor.config import Settings
from monitor.errors import MissingSecret, StateBusy
from monitor.fetch import Outcome
from monitor.fetch.freshness import Scheduler
from monitor.store import Poll, Store, Unseen
from monitor.types import Feed
from monitor.watch.care import PLAIN
from monitor.watch.feedhealth import FeedHealth
from monitor.watch.folder import Folder
from monitor.watch.fulltext import Pages
from monitor.watch.health import Metrics
from monitor.watch.operator import Operator
from monitor.watch.pacing import paced, schedule
from monitor.watch.pollstate import begun, kept, mostly_new, traits
from monitor.watch.reading import Reader, Tools, in_batches, reads_pages
from monitor.watch.recording import Ending, Read, Recorded, Scene, name_of, record
from monitor.watch.schedule import Schedule
from monitor.watch.threads import Serial
from monitor.watch.websub import Hubs

_BUSY_TRIES, _BUSY_WAIT = 5, 2.0
_SPREAD_EACH = 0.5  # seconds between the first polls of feeds, so that a start is no burst
_CALM = 60.0  # seconds between two polls, however often a hub pushes
_AGAIN = "read again after a restore, perhaps told before it: in a digest and not as news"
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
    fare: FeedHealth
    held: Callable[[], bool]  # whether feeds must not be read now
    hubs: Hubs | None = None  # where hubs may tell of news
    resolve: Callable[[str], str] = str  # an address with its secrets; raises MissingSecret
    schedule: Schedule = field(default_factory=Schedule)
    pace: Scheduler = field(default_factory=Scheduler)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    polled: set[str] = field(default_factory=set)  # feeds whose first poll is behind them
    again: set[str] = field(default_factory=set)  # feeds read before a restore, and at the start not since
    tried: set[str] = field(default_factory=set)  # feeds asked since the start, whatever came of it
    loads: dict[str, Load] = field(default_factory=dict)
    idle: dict[str, Ending] = field(default_factory=dict)  # polls without news, saved together
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    most: int = 256  # rounds under way; most of them wait for their host's turn
    _feeds: dict[str, Feed] = field(default_factory=dict)
    _lines: dict[str, str] = field(default_factory=dict)  # host:port of each feed

    @property
    def settings(self) -> Settings:
        """The settings that are live."""
        return self.folder.config.settings

    def feeds(self) -> Mapping[str, Feed]:
        """The feeds that are polled."""
        return self._feeds

    async def start(self, *, spread: bool = True) -> None:
        """Reads where polling stood; nothing is asked before its stored time, what is overdue is spread.

        After a restore a feed waits only as long as its server wants.
        """
        self.states = await self.db(self.store.feed_states)
        self.polled = set(await self.db(self.store.first_polled))
        self.again = {feed for feed, state in self.states.items() if state.get("ok_at")} - self.polled
        self.hear(self.hubs)
        self.pace = schedule(self._feeds.values(), self.states, self.settings)
        self.fare.remember(self.states, await self.db(self.store.subjects))
        now, mono = self.clock(), self.mono()
        health = await self.db(self.store.feed_health)
        same = {feed.id for feed in self._feeds.values() if begun(feed, self.states) is not None}
        due = {feed: health[feed].next_at if feed in health and feed in same else now for feed in self._feeds}
        due |= {feed: self.states[feed].get("next_at", now) for feed in self.again & same}
        over = min(self.settings.poll.spread, _SPREAD_EACH * len(due)) if spread else 0.0
        self.schedule.start({feed: mono + at - now for feed, at in fetch.spread(due, now, over).items()})

    def live(self, folder: Folder) -> None:
        """A new version of the folder: feeds come and go, what stays keeps its time, a new address is asked at once."""
        before, poll = self._feeds, self.settings.poll
        self.folder = folder
        self.tools = replace(self.tools, matcher=folder.matcher)
        self._feeds = {feed.id: feed for feed in folder.config.feeds.values() if feed.enabled}
        self._lines = {feed.id: urlsplit(feed.url).netloc for feed in self._feeds.values()}
        self.schedule.host = lambda feed: self._lines.get(feed, feed)
        self.schedule.keep_only(set(self._feeds))
        if self.hubs is not None:
            self.hubs.keep_only(set(self._feeds))
        changed = [feed for feed in self._feeds.values() if before.get(feed.id) != feed]
        for n, feed in enumerate(changed):
            self._welcome(feed, before.get(feed.id), _SPREAD_EACH * n)
        if self.settings.poll != poll or not before:
            self.pace = schedule(self._feeds.values(), self.states, self.settings)
            return
        for gone in before.keys() - self._feeds.keys():
            self.pace.remove(gone)
        for feed in changed:
            state = self.states.get(feed.id, {})
            self.pace.add(paced(feed, state), None if feed.id in before else state.get("pace"))

    def _welcome(self, feed: Feed, before: Feed | None, wait: float) -> None:
        """When a feed that is new, or was changed, is asked; not before a pause that its server asked for is over."""
        state = begun(feed, self.states) or {}
        wait = max(wait, state.get("next_at", 0.0) - self.clock())
        self.schedule.add(feed.id, self.mono(), wait=wait)
        if before is not None and before.url != feed.url:
            self.schedule.hasten(feed.id, self.mono() + wait)

    async def tick(self) -> None:
        """Starts a round for each feed that is due; while the disk is full none: sending needs what room is left."""
        if self.held():
            return
        for feed_id in self.schedule.take(self.mono(), self.most):
            task = asyncio.create_task(self._round(self._feeds[feed_id]), name=f"feed {feed_id}")
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def awaited(self, seconds: float) -> set[str]:
        """The feeds of a first round that were not asked yet and will be within so many seconds."""
        soon = {feed for feed, at in self.schedule.due.items() if at <= self.mono() + seconds}
        return (soon | self.schedule.busy) - self.tried - self.polled

    async def finish_due(self) -> None:
        """One round of every feed that is due now, and no second one."""
        left = {feed: at for feed, at in self.schedule.due.items() if at <= self.mono()}
        self.schedule.start(left)
        while (left or self.tasks) and not self.held():
            await self.tick()
            left = {feed: at for feed, at in left.items() if feed not in self.schedule.busy and feed not in self.tried}
            self.schedule.start(left)
            if self.tasks:
                await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _round(self, feed: Feed) -> None:
        """One feed's round; whatever goes wrong in it, the feed is due again."""
        wait = self.settings.poll.floor
        try:
            wait = await self.poll(feed)
        except StateBusy as error:
            _LOG.warning("database busy, the feed will be read again", feed=feed.id, reason=str(error))
        except Exception:
            _LOG.exception("a feed's round failed in an unforeseen way", feed=feed.id)
        finally:
            self.tried.add(feed.id)
            self.schedule.done(feed.id, self.mono(), wait)

    async def poll(self, feed: Feed) -> float:
        """Asks the feed once and records what it brought; returns in how many seconds it is due again."""
        known, asked = begun(feed, self.states), self.clock()
        state = known if known is not None else {"url": feed.url, "configured": feed.url}
        try:
            feed, filled = replace(feed, proxy=self.resolve(feed.proxy)), {"url": self.resolve(feed.url)}
            state, outcome = await fetch.poll(state | traits(feed) | filled, asked, self.tools.client)
        except MissingSecret as error:  # never without the proxy that a person wanted
            reason = f"its address or proxy: {error}"
            outcome = Outcome(kind="error", next_at=asked + self.settings.poll.ceiling, reason=reason)
            state = {**state, "state_kind": "error", "since": asked, "reason": outcome.reason}
        state = kept(feed, state, outcome, asked)
        self.tools.repeated.hear(feed.id, outcome.entries)
        news = await self.db(self.store.unseen, feed.id, outcome.entries, self.clock()) if outcome.entries else []
        self.metrics.polls.labels(outcome.kind).inc()
        if news:
            strange = feed.id in self.states and known is None and mostly_new(news, outcome)
            ending = await self._read(feed, news, state, outcome, "first" if strange else self.arrival(feed), asked)
        else:
            ending = self.idle[feed.id] = self._ending(feed, state, outcome, (), 0, asked)
        self.states[feed.id] = state
        if outcome.kind in ("new", "unchanged"):
            self.polled.add(feed.id)
        _LOG.debug("polled", feed=feed.id, kind=outcome.kind, new=len(news), reason=outcome.reason)
        watched = feed.id in self._feeds  # still
        quiet = self.pace.silence(feed.id, self.clock()) if watched and outcome.kind in ("new", "unchanged") else ""
        if await self.fare.note(feed, state, outcome, quiet) == "silent":
            self.states[feed.id] |= {"full": True}  # perhaps "unchanged" is said for ever: the whole is asked for once
        return ending.next_at - asked

    def _ending(
        self,
        feed: Feed,
        state: dict[str, Any],
        outcome: Outcome,
        news: Sequence[Unseen],
        hits: int,
        asked: float,
    ) -> Ending:
        """When to ask again: what the server allows, what the schedule wants, what the feed's `every` fixes.

        All in the time of the one reading of the clock that the poll began with: it may be set meanwhile.
        """
        known = paced(feed, state)
        if outcome.kind in ("new", "unchanged") and feed.id in self._feeds:
            new = [u.entry.published for u in news if u.kind == "new"]
            self.pace.observe(known, asked, [min(p.timestamp(), asked) if p else asked for p in new], hits)
            state["pace"] = self.pace.memory(feed.id)
        delay = self.pace.next_delay(known, asked) if feed.id in self._feeds else 0.0
        rest = 0.0
        if self.hubs is not None and feed.id in self._feeds:
            self.hubs.meet(feed, state)
            rest = 0.0 if feed.every else self.hubs.rest(feed.id, asked, 1 / self.pace.rate(feed.id), self._ceiling)
        next_at = max(outcome.next_at, fetch.earliest(state, asked, delay), rest)
        poll = Poll(kind=outcome.kind, status=outcome.status, bytes=outcome.bytes, new=len(news), reason=outcome.reason)
        return Ending(state=state, next_at=next_at, poll=poll)

    @property
    def _ceiling(self) -> float:
        return self.settings.poll.ceiling

    def hear(self, hubs: Hubs | None) -> None:
        """From now on these hubs may push; None: none any more."""
        self.hubs = hubs
        if hubs is not None:
            for feed in self._feeds.values():
                hubs.meet(feed, dict(self.states.get(feed.id, {})))

    async def renew_hubs(self) -> None:
        """Subscribes where that is due."""
        if self.hubs is not None:
            await self.hubs.renew()

    def push(self, feed: str) -> None:
        """A hub says that the feed has news: it is due, but not before its server allows, nor twice in a minute."""
        state, now = self.states.get(feed, {}), self.clock()
        calm = state.get("polled_at", 0.0) + min(self.settings.poll.floor, _CALM)
        refused = state.get("next_at", 0.0) if state.get("state_kind") == "blocked" else 0.0
        at = max(now, calm, refused, state.get("wait_until", 0.0))
        self.schedule.hasten(feed, self.mono() + at - now)

    async def _read(
        self,
        feed: Feed,
        news: list[Unseen],
        state: dict[str, Any],
        outcome: Outcome,
        arrival: Arrival,
        asked: float,
    ) -> Ending:
        """Reads what is new, oldest first, and records it; the feed's state goes with the last batch."""
        await self._warn_of_deaths(feed, news)
        scene = await self.db(self._scene, feed, arrival)
        hits, ending = 0, None
        news = list(reversed(news))  # undated entries stand in a feed newest first too
        oldest_first = sorted(news, key=lambda u: u.entry.published.timestamp() if u.entry.published else asked)
        pages = Pages.of(state.get("pages", {}))
        reader = Reader(
            feed=feed, tools=self.tools, pages=pages, fetching=reads_pages(arrival, len(news)),
            inside=state.get("private", False),
        )  # fmt: skip
        with self.tools.care.feed(feed.id):
            async with aclosing(in_batches(reader, oldest_first, self.mono)) as reading:
                async for reads, last in reading:
                    hits += sum(bool(read.hits) and read.unseen.kind == "new" for read in reads)
                    if last:
                        state["pages"] = pages.kept()
                        ending = self._ending(feed, state, outcome, news, hits, asked)
                        self.idle.pop(feed.id, None)
                    await self._record(scene, reads, ending)
        assert ending is not None, "there is always a last batch"
        return ending

    async def _warn_of_deaths(self, feed: Feed, news: Sequence[Unseen]) -> None:
        for unseen in news:
            if self.tools.care.deaths(feed.id, unseen.entry.key) >= PLAIN:
                why = f"the process died {PLAIN} times while it was read: its page is left out"
                subject = f"entry:{feed.id}:{unseen.entry.key}"
                await self.operator.tell(subject, "poison", f"مادة معزولة: {unseen.entry.title[:100]}", [why])

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
                told = {made.items[0].article for made in done.alerts}  # a message to three channels is one alert
                channels = len({made.channel for made in done.alerts}) or None
                _LOG.info("hits", feed=scene.feed.id, hits=done.hits, alerts=len(told), channels=channels)
            if done.alerts:
                await self.wake()
            return

    def _commit(self, scene: Scene, reads: list[Read], ending: Ending | None) -> Recorded:
        """In the database's thread, so that each batch sees what the one before it took from the channels' limits.

        The scene is looked at anew: a silence set meanwhile counts, a channel removed meanwhile is told nothing.
        """
        scene = self._scene(scene.feed, scene.arrival)
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
            still = {feed: ending for feed, ending in idle.items() if self.states.get(feed) is ending.state}
            self.idle = {**still, **self.idle}

    def _save(self, idle: Mapping[str, Ending]) -> None:
        with self.store.batch(self.clock()) as batch:
            for feed, ending in idle.items():
                batch.save_feed_state(feed, ending.state, ending.next_at, ending.poll)

    def arrival(self, feed: Feed) -> Arrival:
        """How this feed's entries come: news, or what it held before it was watched."""
        if feed.id in self.polled or self.settings.poll.first == "all":
            return "live"
        catchup = self.settings.poll.first == "catchup" and (self.catching_up or feed.id in self.again)
        return "catchup" if catchup else "first"

    def _scene(self, feed: Feed, arrival: Arrival) -> Scene:
        config = self.folder.config
        return Scene(
            feed=feed, feeds=config.feeds, channels=config.channels, policies=self.policies(), arrival=arrival,
            because=_AGAIN if feed.id in self.again else "",
        )  # fmt: skip

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
        return self.fare.summary(self._feeds)

    async def stop(self) -> None:
        """Ends the rounds; what was not recorded is read again."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.save_idle()
