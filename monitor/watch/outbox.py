"""The senders: one lane a channel and recipient, each serial, none waiting for another."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import monitor.watch.backlog as backlog
import monitor.watch.log as log
from monitor import alert
from monitor.config import Settings
from monitor.errors import MissingSecret, StateBusy
from monitor.store import Lane as Waiting
from monitor.store import Store
from monitor.types import Alert, Channel, Delivery, DeliveryState
from monitor.watch.addressing import hidden, recipients
from monitor.watch.courier import Courier
from monitor.watch.health import Metrics
from monitor.watch.threads import Serial, in_own_thread

_BUSY_WAIT = 1.0  # seconds before a busy database is asked again
_PILE = 2  # so many waiting deliveries may be a backlog
_LOG = log.logger("outbox")

Lane = tuple[str, str]


@dataclass(slots=True)
class Outbox:
    """Sends what is due. `resolve` fills a channel URL's references to secrets, or raises MissingSecret.

    `clock` gives epoch seconds, `mono` monotonic ones: a pause is not shorter because somebody set the time.
    """

    store: Store
    db: Serial
    sender: alert.Sender
    courier: Courier
    metrics: Metrics
    settings: Settings
    channels: Mapping[str, Channel]
    resolve: Callable[[str], str]
    clock: Callable[[], float]
    mono: Callable[[], float] = time.monotonic
    active: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    buckets: dict[Lane, alert.Bucket] = field(default_factory=dict)
    paused: dict[str | Lane, float] = field(default_factory=dict)  # throttle key or lane -> until, monotonic
    urls: dict[str, str] = field(default_factory=dict)  # addresses as they were used last
    stopping: bool = False

    async def begin(self) -> None:
        """Goes on where the last process stopped: what was being sent is sent again, who asked for a pause has it."""
        now = self.clock()
        waiting = await self.db(self.store.requeue_sending, now)
        if waiting:
            _LOG.info("deliveries were under way when Rasid stopped, they are sent again", count=waiting)
        for key, until in (await self.db(self.store.pauses, now)).items():
            self.paused[key] = self.mono() + until - now

    async def pump(self) -> None:
        """Starts a worker for each lane with something due; called when something was recorded and every second."""
        if self.stopping:
            return
        try:
            lanes = await self.db(self.store.lanes, self.clock())
        except StateBusy:
            return
        for lane in lanes:
            key = (lane.channel, lane.recipient)
            if lane.due_at <= self.clock() and self._served(lane) and key not in self.active:
                task = asyncio.create_task(self._work(key, lane.waiting), name=f"lane {lane.channel}")
                self.active[key] = task
                task.add_done_callback(lambda _, key=key: self.active.pop(key, None))  # type: ignore[misc]

    def _served(self, lane: Waiting) -> bool:
        """Whether the lane's channel has its secret and still this recipient, and its own limit lets something out."""
        channel = self.channels.get(lane.channel)
        if channel is None or lane.channel in self.courier.off:
            return False
        if self.paused.get((lane.channel, lane.recipient), 0.0) > self.mono():
            return False
        return not lane.recipient or lane.recipient in recipients(channel)

    async def drain(self, seconds: float) -> bool:
        """Waits until nothing is left that can be sent, `seconds` at most; for `run --once`. True where nothing is."""
        end = self.mono() + seconds
        while self.mono() < end:
            await self.pump()
            if not self.active and not await self._left(end - self.mono()):
                return True
            await asyncio.wait(self.active.values(), timeout=0.5) if self.active else await asyncio.sleep(0.2)
        return False

    async def _left(self, seconds: float) -> bool:
        """Whether something will be due within so many seconds in a lane that can be used."""
        lanes = await self.db(self.store.lanes, self.clock())
        soon = [lane for lane in lanes if lane.due_at <= self.clock() + seconds]
        return any(map(self._served, soon))

    async def stop(self, seconds: float) -> None:
        """Starts nothing new; gives what is being sent `seconds`; the rest is sent again at the next start."""
        self.stopping = True
        if self.active:
            await asyncio.wait(self.active.values(), timeout=seconds)

    async def look(self) -> None:
        """Every few seconds: are all channels ready, must something be given up, are there new dead letters?"""
        for channel in list(self.channels.values()):
            await self._url(channel)
        await self.courier.look(self.channels, self.settings.retry.give_up)

    async def _work(self, lane: Lane, waiting: int) -> None:
        """Claim, send, settle, until nothing is due. An error of ours ends the worker, not the daemon.

        What piled up is gathered once a first delivery has shown that the lane works again.
        """
        try:
            piled = waiting >= _PILE
            while not self.stopping:
                if piled and lane not in self.courier.stuck:
                    await self._gather(lane)
                    piled = False
                if not await self._one(lane):
                    return
        except StateBusy as error:
            _LOG.warning("database busy", channel=lane[0], reason=str(error))
            await asyncio.sleep(_BUSY_WAIT)
        except Exception:
            _LOG.exception("a send failed in an unforeseen way", channel=lane[0])
            await asyncio.sleep(_BUSY_WAIT)

    async def _gather(self, lane: Lane) -> None:
        channel = self.channels.get(lane[0])
        if channel is None or channel.id in self.courier.off:
            return
        saved = await self.db(backlog.gather, self.store, channel, lane[1], self.clock(), self.sender.locale)
        if saved:
            _LOG.info("what piled up is told in a summary", channel=channel.id, instead_of=saved + 1)

    async def _one(self, lane: Lane) -> bool:
        """Sends the lane's next delivery; False where there is none, or none may be sent now."""
        channel = self.channels.get(lane[0])
        url = await self._url(channel) if channel else ""
        if channel is None or not url or not self._may_send(lane, channel, url):
            return False
        delivery = await self.db(self._claim, channel, lane[1])
        if delivery is None:
            return False
        self.buckets[lane], _ = alert.take(self._bucket(lane), channel.limit, self.mono())
        return await self._settle(channel, url, delivery, await self._send(channel, url, delivery))

    def _claim(self, channel: Channel, recipient: str) -> Delivery | None:
        now = self.clock()
        zone = ZoneInfo(channel.timezone or self.settings.locale.timezone)
        backlog.keep_quiet(self.store, channel, recipient, now, zone)
        return self.store.claim(channel.id, recipient, now)

    async def _send(self, channel: Channel, url: str, delivery: Delivery) -> alert.SendResult:
        """Whatever goes wrong before something is sent, the delivery must not stay claimed."""
        try:
            return await in_own_thread(
                self.sender.send, url, delivery.recipient, delivery.alert,
                layout=channel.layout, reply_ref=delivery.reply_ref, zone=channel.timezone,
            )  # fmt: skip
        except Exception as error:
            _LOG.exception("a send failed in an unforeseen way", channel=channel.id)
            return alert.SendResult(kind="passing", detail=f"internal error: {type(error).__name__}")

    async def _url(self, channel: Channel) -> str:
        """The channel's address with its secrets, or "" where one is missing: then its rows wait.

        A channel that has another address than before, or a new secret, need not rest any longer.
        """
        try:
            url = self.resolve(channel.url)
        except MissingSecret as error:
            await self.courier.off_for(channel.id, str(error))
            return ""
        if self.urls.get(channel.id) != url:
            flaw = await asyncio.to_thread(alert.problem, url)
            await self.db(self.store.hurry, channel.id)
            self.urls[channel.id] = url
            log.REDACTOR.know(hidden([channel.url]))
            await self.courier.on(channel.id, flaw)
        return url

    def _may_send(self, lane: Lane, channel: Channel, url: str) -> bool:
        """False while the service asked for a pause, and until the channel's own limit lets one more out."""
        if self.paused.get(alert.throttle_key(url), 0.0) > self.mono():
            return False
        _, wait = alert.take(self._bucket(lane), channel.limit, self.mono())
        if wait > 0:
            self.paused[lane] = self.mono() + wait
        return wait <= 0

    def _bucket(self, lane: Lane) -> alert.Bucket:
        return self.buckets.get(lane, alert.Bucket())

    async def _settle(self, channel: Channel, url: str, delivery: Delivery, result: alert.SendResult) -> bool:
        """Writes down what became of a try; True where the lane's next one may go."""
        now = self.clock()
        self.metrics.sends.labels(channel.id, str(result.kind)).inc()
        settled = alert.after(result, delivery, now, self.settings.retry, random.random())  # noqa: S311 - jitter
        pause = (alert.throttle_key(url), settled.pause_until) if settled.pause_until else None
        if pause:
            self.paused[pause[0]] = self.mono() + pause[1] - now
        await self._write(delivery, result, settled, now, pause)
        sent = settled.state is DeliveryState.sent
        _LOG.log(
            20 if sent else 30, "sent" if sent else "not sent",
            channel=channel.id, to=delivery.recipient if len(recipients(channel)) > 1 else None,
            what=_title(delivery.alert), alert=delivery.alert.id[:8],
            state=None if sent else str(settled.state), reason=settled.reason or None,
        )  # fmt: skip
        await self.courier.heard(delivery, result, settled)
        return settled.state is not DeliveryState.pending

    async def _write(
        self,
        delivery: Delivery,
        result: alert.SendResult,
        settled: alert.Settlement,
        now: float,
        pause: tuple[str, float] | None,
    ) -> None:
        """Until the database takes it: a delivery that stayed `sending` would block its lane till the next start."""
        while True:
            try:
                await self.db(
                    self.store.settle, delivery.id, settled.state,
                    now=now, next_at=settled.next_at, error=settled.reason, remote_id=result.remote_id,
                    attempt=settled.attempts > delivery.attempts,
                    suspend_until=settled.next_at if settled.suspend == "channel" else None, pause=pause,
                )  # fmt: skip
            except StateBusy as error:
                _LOG.warning("database busy", channel=delivery.channel, reason=str(error))
                await asyncio.sleep(_BUSY_WAIT)
            else:
                return


def _title(told: Alert) -> str:
    """What a message says, for the log."""
    return (told.headline or (told.items[0].title if told.items else str(told.kind)))[:80]
