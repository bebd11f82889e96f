"""Deliveries on their way. A lane is a channel and a recipient; what is due in it goes out in order of detection."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

import monitor.store.sqlite as sqlite
from monitor.store.base import Base
from monitor.store.codec import clean, decode_alert
from monitor.store.records import Lane, Suspension
from monitor.store.tables import WAITING, alerts, deliveries, suspensions
from monitor.types import Delivery, DeliveryState

_d = deliveries.c
ASKED = "asked to wait"  # how the last error of a delivery begins whose service asked for a pause
_mine = (_d.channel == sa.bindparam("lane"), _d.recipient == sa.bindparam("who"))
_sending = sa.select(_d.id).where(*_mine, _d.state == "sending").limit(1)
_head = (
    sa.select(deliveries, alerts.c.payload, alerts.c.reply_to)
    .join(alerts, alerts.c.id == _d.alert)
    .where(WAITING, *_mine, _d.folded_into.is_(None), _d.hold_until <= sa.bindparam("moment"))
    .order_by(_d.id)
    .limit(1)
)
_first_message = (
    sa.select(_d.remote_id)
    .where(_d.alert == sa.bindparam("first"), _d.channel == sa.bindparam("lane"), _d.recipient == sa.bindparam("who"))
    .where(_d.remote_id != "")
    .limit(1)
)
_DEAD = deliveries.join(alerts, alerts.c.id == _d.alert)
_died = (_d.state == "dead", _d.folded_into.is_(None), alerts.c.kind != "operator")
LONGEST_WAIT = 31 * 86400.0  # no service is left alone longer, nor are quiet hours so long
_PAUSE = "pause:"  # before the key of all lanes that rest together; no channel's id has a colon


class Outbox(Base):
    """The sending side: what waits, what is being sent, what became of it."""

    def lanes(self, now: float) -> list[Lane]:
        """Every lane with undelivered rows, and when its next one may be claimed (infinite while one is being sent)."""
        due = sa.case((_d.hold_until <= now, _d.id))
        held = sa.case((_d.hold_until > now, _d.hold_until))
        query = (
            sa.select(
                _d.channel,
                _d.recipient,
                sa.func.count().label("waiting"),
                sa.func.min(due).label("head"),
                sa.func.min(held).label("held"),
                sa.func.count(sa.case((_d.state == "sending", 1))).label("busy"),
            )
            .where(WAITING, _d.folded_into.is_(None))
            .group_by(_d.channel, _d.recipient)
        )
        query = sqlite.by_index(query, deliveries, "deliveries_waiting")
        with self.read() as connection:
            rows = connection.execute(query).all()
            heads = sa.select(_d.id, _d.next_at).where(_d.id.in_([r.head for r in rows if r.head]))
            next_at = {r.id: r.next_at for r in connection.execute(heads)}
            off = dict(connection.execute(sa.select(suspensions.c.channel, suspensions.c.until)).tuples().all())
        return [
            Lane(channel=r.channel, recipient=r.recipient, waiting=r.waiting, due_at=_due_at(r, next_at, off))
            for r in rows
        ]

    def claim(self, channel: str, recipient: str, now: float) -> Delivery | None:
        """The lane's next due delivery, now `sending`; None where none is due, or something blocks the lane.

        Its `due` is when it was first due (held time doesn't count), its `reply_ref` the service's id of the message
        that it answers.
        """
        return self.urgently(lambda connection: _claim(connection, channel, recipient, now))

    def settle(
        self,
        delivery: int,
        state: DeliveryState,
        *,
        now: float,
        next_at: float = 0.0,
        error: str = "",
        remote_id: str = "",
        attempt: bool = True,
        suspend_until: float | None = None,
        pause: tuple[str, float] | None = None,
    ) -> None:
        """The end of a try: sent, dead, or pending again at `next_at`. `suspend_until` suspends the channel as well,
        and a delivery that was sent ends its suspension. `pause` notes until when lanes with that key rest.

        A pause that the service asked for is no attempt. What was folded into a summary is settled with it.
        """

        def work(connection: sa.Connection) -> None:
            values = {"state": state.value, "next_at": next_at, "last_error": clean(error), "settled_at": now}
            values |= {"remote_id": remote_id} if remote_id else {}
            row = sa.update(deliveries).where(_d.id == delivery)
            connection.execute(row.values(**values, attempts=_d.attempts + int(attempt)))
            if state in (DeliveryState.sent, DeliveryState.dead):
                folded = sa.update(deliveries).where(_d.folded_into == delivery)
                connection.execute(folded.values(state=state.value, settled_at=now, last_error=clean(error)))
            channel = connection.scalar(sa.select(_d.channel).where(_d.id == delivery)) or ""
            if pause is not None:
                _suspend(connection, f"{_PAUSE}{pause[0]}", pause[1], error, now)
            if suspend_until is not None:
                _suspend(connection, channel, suspend_until, error, now)
            elif state is DeliveryState.sent:
                connection.execute(sa.delete(suspensions).where(suspensions.c.channel == channel))

        self.urgently(work)

    def requeue_sending(self, now: float) -> int:
        """At start: what was being sent when the process died is sent again. Returns how many may be duplicates."""
        with self.write() as connection:
            rows = sa.update(deliveries).where(WAITING, _d.state == "sending")
            return connection.execute(rows.values(state="pending", next_at=now)).rowcount

    def pending(self, channel: str, recipient: str = "") -> list[Delivery]:
        """What waits in a lane, in order, held rows too; for summaries."""
        query = sa.select(deliveries, alerts.c.payload, alerts.c.reply_to).join(alerts, alerts.c.id == _d.alert)
        query = query.where(WAITING, *_mine, _d.state == "pending", _d.folded_into.is_(None)).order_by(_d.id)
        with self.read() as connection:
            return [_delivery(row) for row in connection.execute(query, {"lane": channel, "who": recipient})]

    def hold(self, numbers: Collection[int], until: float) -> None:
        """Pending deliveries wait for the end of quiet hours."""
        rows = sa.update(deliveries).where(sqlite.among(_d.id, numbers), _d.state == "pending")
        self.urgently(lambda connection: connection.execute(rows.values(hold_until=until)))

    def hurry(self, channel: str) -> None:
        """The channel's address is another: it is tried at once, unless its service asked for a pause."""

        def work(connection: sa.Connection) -> None:
            rows = sa.update(deliveries).where(WAITING, _d.channel == channel, _d.state == "pending")
            connection.execute(rows.where(_d.last_error.not_like(f"{ASKED}%")).values(next_at=0.0))
            connection.execute(sa.delete(suspensions).where(suspensions.c.channel == channel))

        self.urgently(work)

    def expire(self, channel: str, before: float, reason: str, *, now: float, recipient: str | None = None) -> int:
        """Pending deliveries first due before then are dead, those of a lane or of a whole channel; returns how many.

        For what waits behind a lane that cannot deliver. Held time doesn't count.
        """
        late = sa.and_(WAITING, _d.state == "pending", _d.folded_into.is_(None), _d.channel == channel)
        late &= (_d.created < before) & (_d.hold_until < before)
        late = late if recipient is None else late & (_d.recipient == recipient)
        gone = {"state": "dead", "settled_at": now, "last_error": clean(reason)}
        with self.read() as connection:
            numbers = connection.scalars(sa.select(_d.id).where(late)).all()
        those = sqlite.among(_d.id, numbers) | sqlite.among(_d.folded_into, numbers)
        rows = sa.update(deliveries).where(_d.state == "pending", those).values(gone)
        if numbers:
            self.urgently(lambda connection: connection.execute(rows))
        return len(numbers)

    def dead_letters(self) -> dict[str, int]:
        """How many messages died, by channel; words to the operator are not counted, nor what a summary stood for."""
        with self.read() as connection:
            query = sa.select(_d.channel, sa.func.count()).select_from(_DEAD).where(*_died).group_by(_d.channel)
            return dict(connection.execute(query).tuples().all())

    def died(self, channel: str, limit: int) -> list[tuple[str, str]]:
        """Headline and reason of what died last in a channel."""
        query = sa.select(alerts.c.headline, _d.last_error).select_from(_DEAD).where(*_died, _d.channel == channel)
        with self.read() as connection:
            rows = connection.execute(query.order_by(_d.settled_at.desc(), _d.id).limit(limit))
            return [(row.headline, row.last_error) for row in rows]

    def suspensions(self) -> dict[str, Suspension]:
        """The suspended channels."""
        with self.read() as connection:
            rows = connection.execute(sa.select(suspensions))
            return {r.channel: Suspension(**r._mapping) for r in rows if not r.channel.startswith(_PAUSE)}

    def pauses(self, now: float) -> dict[str, float]:
        """At start: until when services asked lanes to rest, by the lanes' common key. Those that are over go, and
        those of a clock that was, or is, years off.
        """
        mine = suspensions.c.channel.startswith(_PAUSE)
        over = ~suspensions.c.until.between(now, now + LONGEST_WAIT)
        with self.write() as connection:
            connection.execute(sa.delete(suspensions).where(mine, over))
            rows = connection.execute(sa.select(suspensions.c.channel, suspensions.c.until).where(mine))
            return {channel.removeprefix(_PAUSE): until for channel, until in rows}

    def retry(self, delivery: int | None = None, channel: str = "", *, now: float) -> int:
        """Dead deliveries go out again, as if they were made now; returns how many."""
        rows = sa.update(deliveries).where(_d.state == "dead", _d.folded_into.is_(None))
        rows = rows.where(_d.id == delivery) if delivery is not None else rows
        rows = rows.where(_d.channel == channel) if channel else rows
        with self.write() as connection:
            return connection.execute(rows.values(state="pending", next_at=now, attempts=0, created=now)).rowcount


def fold(connection: sa.Connection, numbers: Collection[int], into: int) -> None:
    """Let a delivery stand for others that are still pending; it counts as old as the oldest of them."""
    those = sqlite.among(_d.id, numbers)
    oldest = connection.scalar(sa.select(sa.func.min(_d.created)).where(those))
    if oldest is not None:
        connection.execute(sa.update(deliveries).where(_d.id == into).values(created=oldest))
        connection.execute(sa.update(deliveries).where(those, _d.state == "pending").values(folded_into=into))


def _claim(connection: sa.Connection, channel: str, recipient: str, now: float) -> Delivery | None:
    lane = {"lane": channel, "who": recipient}
    off = connection.execute(sa.select(suspensions).where(suspensions.c.channel == channel)).one_or_none()
    if off is not None and (off.until > now or _busy(connection, channel)):
        return None
    if connection.scalar(_sending, lane):
        return None
    row = connection.execute(_head, lane | {"moment": now}).one_or_none()
    if row is None or row.next_at > now:
        return None
    connection.execute(sa.update(deliveries).where(_d.id == row.id).values(state="sending"))
    first = row.reply_to and connection.scalar(_first_message, lane | {"first": row.reply_to})
    return _delivery(row, DeliveryState.sending, first or "")


def _busy(connection: sa.Connection, channel: str) -> bool:
    """Whether a delivery of the channel probes it already."""
    return connection.scalar(sa.select(_d.id).where(_d.channel == channel, _d.state == "sending")) is not None


def _suspend(connection: sa.Connection, channel: str, until: float, reason: str, now: float) -> None:
    """Leave a channel alone until then; `since` stays where it was suspended before."""
    row = {"channel": channel, "until": until, "reason": clean(reason)}
    connection.execute(sqlite.add_new(suspensions), row | {"since": now})
    sqlite.put(connection, suspensions, row)


def _due_at(row: Any, next_at: dict[int, float], off: dict[str, float]) -> float:
    if row.busy:
        return math.inf
    soonest = min(next_at.get(row.head, math.inf), math.inf if row.held is None else row.held)
    return max(soonest, off.get(row.channel, 0.0))


def _delivery(row: Any, state: DeliveryState | None = None, reply_ref: str = "") -> Delivery:
    return Delivery(
        id=row.id,
        alert=decode_alert(row.payload),
        channel=row.channel,
        recipient=row.recipient,
        state=state or DeliveryState(row.state),
        attempts=row.attempts,
        created=row.created,
        next_at=row.next_at,
        due=max(row.created, row.hold_until),
        last_error=row.last_error,
        reply_ref=reply_ref,
    )
