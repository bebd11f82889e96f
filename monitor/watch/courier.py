"""How the channels fare: which one is down, off or works again, what died; the operator hears of each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import monitor.watch.log as log
from monitor import alert
from monitor.errors import StateBusy
from monitor.store import Store
from monitor.types import Channel, Delivery, DeliveryState
from monitor.watch.addressing import recipients
from monitor.watch.operator import Operator
from monitor.watch.threads import Serial

PATIENCE = 3  # failures in a row before a channel counts as down
NAMED = 10  # dead letters that a report names
_LOG = log.logger("outbox")

DOWN = "القناة {} متوقفة"
WORKS = "القناة {} تعمل من جديد"


@dataclass(slots=True)
class Courier:
    """What is known of channels beside their rows. Every word about one goes to the others."""

    store: Store
    db: Serial
    operator: Operator
    clock: Callable[[], float]
    down: set[str] = field(default_factory=set)  # channels that deliver nothing now
    off: dict[str, str] = field(default_factory=dict)  # channels without their secret, and why
    stuck: set[tuple[str, str]] = field(default_factory=set)  # lanes whose last try failed
    failures: Counter[str] = field(default_factory=Counter)  # of a channel in a row

    async def off_for(self, channel: str, why: str) -> None:
        """The channel cannot be used: its secret is missing."""
        self.off[channel] = why
        await self.operator.tell(f"secret:{channel}", "missing", DOWN.format(channel), [why], spare=channel)

    async def on(self, channel: str, flaw: str) -> None:
        """The channel has all its secrets; `flaw` is what is wrong with its address nevertheless, or ""."""
        self.off.pop(channel, None)
        await self.operator.tell(f"secret:{channel}", "ok", f"القناة {channel} جاهزة", [], spare=channel)
        self.down.discard(channel)
        if flaw:
            self.down.add(channel)
            await self.operator.tell(f"channel:{channel}", "down", DOWN.format(channel), [flaw], spare=channel)

    async def heard(self, delivery: Delivery, result: alert.SendResult, settled: alert.Settlement) -> None:
        """Draws the conclusions from one try."""
        lane = (delivery.channel, delivery.recipient)
        if settled.state is DeliveryState.sent:
            await self._works(lane, settled)
        elif result.kind != "content":
            self.stuck.add(lane)
            await self._fails(lane, result, settled)

    async def _works(self, lane: tuple[str, str], settled: alert.Settlement) -> None:
        channel, recipient = lane
        self.down.discard(channel)
        self.stuck.discard(lane)
        self.failures.pop(channel, None)
        await self.operator.tell(f"channel:{channel}", "ok", WORKS.format(channel), [], spare=channel)
        if recipient:
            await self.operator.tell(_one(lane), "ok", WORKS.format(_name(lane)), [], spare=self._spare(channel))
        if settled.tell:  # the chat moved
            await self.operator.tell(f"moved:{channel}:{recipient}", settled.tell, f"القناة {channel}", [settled.tell])

    async def _fails(self, lane: tuple[str, str], result: alert.SendResult, settled: alert.Settlement) -> None:
        """A channel is down when it says so, or after some failures; one of several recipients is its own matter."""
        channel, recipient = lane
        lasting = bool(settled.suspend or (settled.pause_until and settled.tell))
        if recipient and result.scope == "recipient":
            if lasting or settled.attempts >= PATIENCE:
                words = DOWN.format(_name(lane))
                await self.operator.tell(_one(lane), "down", words, [settled.reason], spare=self._spare(channel))
            return
        if settled.pause_until and not lasting:
            return
        self.failures[channel] += 1
        if lasting or (settled.attempts >= PATIENCE and self.failures[channel] >= PATIENCE):
            self.down.add(channel)
            why = settled.tell or settled.reason
            await self.operator.tell(f"channel:{channel}", "down", DOWN.format(channel), [why], spare=channel)

    def _spare(self, channel: str) -> str:
        """The channel itself, where there is another to tell."""
        return channel if self.operator.listeners(channel) else ""

    def dead(self, channels: Iterable[str]) -> bool:
        """Whether none of the channels works."""
        return set(channels) <= self.down | set(self.off)

    async def look(self, channels: Mapping[str, Channel], give_up: float) -> None:
        """Gives up what waited too long where nothing can be delivered, and reports what died."""
        try:
            await self.db(self._expire, channels, give_up)
            await self.db(self._report)
        except StateBusy as error:
            _LOG.warning("database busy", reason=str(error))

    def _expire(self, channels: Mapping[str, Channel], give_up: float) -> None:
        now = self.clock()
        suspended = self.store.suspensions()
        for lane in self.store.lanes(now):
            why = _parked(lane.channel, lane.recipient, channels) or self.off.get(lane.channel, "")
            if lane.channel in suspended:
                why = suspended[lane.channel].reason
            if why or (lane.channel, lane.recipient) in self.stuck:
                words = f"given up after {give_up / 3600:.0f} h" + (f"; {why}" if why else "")
                self.store.expire(lane.channel, now - give_up, words, now=now, recipient=lane.recipient)

    def _report(self) -> None:
        """One message about all that died since the last look. It is counted on disk: a kill forgets none."""
        for channel, count in self.store.dead_letters().items():
            new = count - int(self.store.meta(f"dead:{channel}") or 0)
            if not new:
                continue
            headline, lines = "", []
            if new > 0:
                _LOG.warning("deliveries died", channel=channel, count=new)
                headline = f"القناة {channel}: رسائل لم تصل ({new})"
                lines = [f"{head[:80]}: {why[:120]}" for head, why in self.store.died(channel, min(new, NAMED))]
                lines.append("rasid deliveries --dead")
            self.operator.announce(f"dead:{channel}", headline, lines, (f"dead:{channel}", str(count)))


def _parked(channel: str, recipient: str, channels: Mapping[str, Channel]) -> str:
    """Why nothing serves a lane any more, or ""."""
    if channel not in channels:
        return "the channel is not in channels.yaml"
    gone = recipient and recipient not in recipients(channels[channel])
    return "the channel no longer has this recipient" if gone else ""


def _one(lane: tuple[str, str]) -> str:
    return f"channel:{lane[0]}:{lane[1]}"


def _name(lane: tuple[str, str]) -> str:
    return f"{lane[0]} ({lane[1]})"
