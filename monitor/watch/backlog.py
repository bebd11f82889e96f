"""What a lane does before it sends: nights are kept quiet, and what piled up becomes one summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from monitor import alert
from monitor.alert import Locale
from monitor.store import Store
from monitor.types import AlertKind, Channel, Delivery

FEW = 3  # words to the operator that are still sent one by one


def keep_quiet(store: Store, channel: Channel, recipient: str, now: float, zone: tzinfo) -> None:
    """In quiet hours what is due waits for their end, as an alert decided before them may; urgent rows stay due."""
    until = alert.quiet_until(channel, now, zone)
    if until:
        waiting = store.pending(channel.id, recipient)
        calm = [d.id for d in waiting if d.due <= now and not alert.urgent(d)]
        if calm:
            store.hold(calm, until)


def gather(store: Store, channel: Channel, recipient: str, now: float, locale: Locale) -> int:
    """One summary in place of what piled up while a lane could not deliver; returns how many messages that saved."""
    waiting = store.pending(channel.id, recipient)
    return _alerts(store, channel, recipient, waiting, now, locale) + _notes(store, channel, recipient, waiting, now)


def _alerts(store: Store, channel: Channel, recipient: str, waiting: list[Delivery], now: float, locale: Locale) -> int:
    rows, why = alert.backlog(waiting, channel.limit, now)
    if not rows:
        return 0
    items = [item for row in rows for item in row.alert.items]
    locale = replace(locale, timezone=channel.timezone) if channel.timezone else locale
    lone = alert.kind_of(row.alert.kind is AlertKind.update for row in rows)
    first, *more = alert.gather(channel.id, items, now, why=why, locale=locale, url=channel.url, lone=lone)
    with store.batch(now) as batch:
        batch.fold([row.id for row in rows], first, recipient)
        for part in more:
            batch.fold([], part, recipient)
    return len(rows) - 1 - len(more)


def _notes(store: Store, channel: Channel, recipient: str, waiting: list[Delivery], now: float) -> int:
    """Many words to the operator become one message that has them all, in order."""
    rows = [d for d in waiting if d.alert.kind is AlertKind.operator and max(d.due, d.next_at) <= now]
    if len(rows) <= FEW:
        return 0
    lines = [line for row in rows for line in (row.alert.headline, *row.alert.lines)]
    made = alert.operator(channel.id, "several", f"عن راصد: {len(rows)} من الأخبار", lines, now)
    with store.batch(now) as batch:
        batch.fold([row.id for row in rows], made, recipient)
    return len(rows) - 1
