"""The senders: one lane a channel and recipient, each serial, none waiting for another."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from monitor import alert
from monitor.config import Settings
from monitor.errors import MissingSecret, StateBusy
from monitor.store import Store
from monitor.types import Channel, Delivery, DeliveryState
from monitor.watch import log
from monitor.watch.operator import Operator
from monitor.watch.threads import Serial, in_own_thread

_BUSY_WAIT = 1.0  # seconds before a busy database is asked again
_LOG = log.logger("outbox")

Lane = tuple[str, str]


@dataclass(slots=True)
class Outbox:
    """Sends what is due. `resolve` fills a channel URL's references to secrets, or raises MissingSecret."""

    store: Store
    db: Serial
    sender: alert.Sender
    operator: Operator
    settings: Settings
    channels: Mapping[str, Channel]
    resolve: Callable[[str], str]
    clock: Callable[[], float]
    active: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    buckets: dict[str, alert.Bucket] = field(default_factory=dict)
    paused: dict[str, float] = field(default_factory=dict)  # throttle key -> until
    down: set[str] = field(default_factory=set)  # channels whose last try failed
    stopping: bool = False

    async def pump(self) -> None:
        """Starts a worker for each lane with something due; called when something was recorded and every second."""
        if self.stopping:
            return
        now = self.clock()
        try:
            lanes = await self.db(self.store.lanes, now)
        except StateBusy:
            return
        for lane in lanes:
            key = (lane.channel, lane.recipient)
            if lane.due_at <= now and lane.channel in self.channels and key not in self.active:
                task = asyncio.create_task(self._work(key), name=f"lane {lane.channel}")
                self.active[key] = task
                task.add_done_callback(lambda _, key=key: self.active.pop(key, None))  # type: ignore[misc]

    async def drain(self, seconds: float) -> bool:
        """Waits until nothing is due, `seconds` at most; for `run --once`. True where nothing is left to do now."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            await self.pump()
            if not self.active:
                return True
            await asyncio.wait(self.active.values(), timeout=0.5)
        return False

    async def stop(self, seconds: float) -> None:
        """Starts nothing new; gives what is being sent `seconds`; the rest is sent again at the next start."""
        self.stopping = True
        if self.active:
            await asyncio.wait(self.active.values(), timeout=seconds)

    async def _work(self, lane: Lane) -> None:
        """Claim, send, settle, until nothing is due. An error of ours ends the worker, not the daemon."""
        try:
            while not self.stopping and await self._one(lane):
                pass
        except StateBusy as error:
            _LOG.warning("database busy", channel=lane[0], reason=str(error))
            await asyncio.sleep(_BUSY_WAIT)
        except Exception:
            _LOG.exception("a send failed in an unforeseen way", channel=lane[0])
            await asyncio.sleep(_BUSY_WAIT)

    async def _one(self, lane: Lane) -> bool:
        channel = self.channels.get(lane[0])
        url = await self._url(channel) if channel else ""
        if channel is None or not url or not await self._may_send(channel, url):
            return False
        delivery = await self.db(self.store.claim, lane[0], lane[1], self.clock())
        if delivery is None:
            return False
        result = await in_own_thread(
            self.sender.send, url, lane[1], delivery.alert,
            layout=channel.layout, reply_ref=delivery.reply_ref, zone=channel.timezone,
        )  # fmt: skip
        await self._settle(channel, url, delivery, result)
        return result.kind == "sent"

    async def _url(self, channel: Channel) -> str:
        """The channel's address with its secrets, or "" where one is missing: then its rows wait."""
        try:
            url = self.resolve(channel.url)
        except MissingSecret as error:
            await self.operator.tell(f"secret:{channel.id}", "missing", f"القناة {channel.id} متوقفة", [str(error)])
            return ""
        await self.operator.tell(f"secret:{channel.id}", "ok", f"القناة {channel.id} جاهزة", [])
        return url

    async def _may_send(self, channel: Channel, url: str) -> bool:
        """Waits for the channel's own limit; False while its service asked for a pause."""
        now = self.clock()
        if self.paused.get(alert.throttle_key(url), 0.0) > now:
            return False
        bucket, wait = alert.take(self.buckets.get(channel.id, alert.Bucket()), channel.limit, now)
        self.buckets[channel.id] = bucket
        if wait > 0:
            await asyncio.sleep(min(wait, 1.0))
            return not self.stopping and await self._may_send(channel, url)
        return True

    async def _settle(self, channel: Channel, url: str, delivery: Delivery, result: alert.SendResult) -> None:
        now = self.clock()
        settled = alert.after(result, delivery, now, self.settings.retry, random.random())  # noqa: S311 - jitter
        if settled.pause_until:
            self.paused[alert.throttle_key(url)] = settled.pause_until
        await self.db(
            self.store.settle,
            delivery.id,
            settled.state,
            now=now,
            next_at=settled.next_at,
            error=settled.reason,
            remote_id=result.remote_id,
            attempt=settled.attempts > delivery.attempts,
            suspend_until=settled.next_at if settled.suspend == "channel" else None,
        )
        _LOG.log(
            20 if settled.state is DeliveryState.sent else 30,
            "sent" if settled.state is DeliveryState.sent else "not sent",
            channel=channel.id, alert=delivery.alert.id[:8], state=str(settled.state), reason=settled.reason or None,
        )  # fmt: skip
        await self._tell(channel, settled)

    async def _tell(self, channel: Channel, settled: alert.Settlement) -> None:
        subject = f"channel:{channel.id}"
        if settled.state is DeliveryState.sent:
            self.down.discard(channel.id)
            if await self.db(self.store.resume, channel.id):
                _LOG.info("channel works again", channel=channel.id)
            await self.operator.tell(subject, "ok", f"القناة {channel.id} تعمل من جديد", [], spare=channel.id)
            return
        self.down.add(channel.id)
        if settled.tell:
            state = "down" if settled.suspend or settled.state is DeliveryState.pending else "dead"
            await self.operator.tell(subject, state, f"القناة {channel.id} متوقفة", [settled.tell], spare=channel.id)
