"""What is told later: digests at their times, one summary when quiet hours or a burst end, the first catch-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from monitor import alert
from monitor.alert import Health, Locale, Policy
from monitor.store import Due, Store
from monitor.types import Alert, Channel, Item

CATCH_UP = "catch-up"  # meta key: when the first round of the installation was told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Makes what is due; every method runs in the database's thread and returns how many messages it made."""

    store: Store
    channels: Mapping[str, Channel]
    policies: Callable[[], Mapping[str, Policy]]
    name_of: Callable[[str], str]  # an outlet's name by its feed's id
    locale: Locale

    def look(self, now: float, health: Health) -> int:
        """Summaries and digests whose time has come."""
        return sum(
            self._summary(c, now) + self._backlog(c, now) + self._digest(c, now, health) for c in self.channels.values()
        )

    def _backlog(self, channel: Channel, now: float) -> int:
        """One summary in place of what piled up above the channel's limit while it was down."""
        made = 0
        for recipient in alert.recipients(channel.url) if channel.limit else ():
            due = [delivery for delivery in self.store.pending(channel.id, recipient) if delivery.next_at <= now]
            rows = alert.backlog(due, channel.limit)
            if rows:
                items = [item for row in rows for item in row.alert.items]
                first, *more = alert.gather(
                    channel.id, items, now, why="backlog", locale=self._locale(channel), url=channel.url
                )
                with self.store.batch(now) as batch:
                    batch.fold([row.id for row in rows], first, recipient)
                    for part in more:
                        batch.add_alert(part, [recipient])
                made += 1 + len(more)
        return made

    def _locale(self, channel: Channel) -> Locale:
        return replace(self.locale, timezone=channel.timezone) if channel.timezone else self.locale

    def _summary(self, channel: Channel, now: float) -> int:
        held = [due for due in self.store.due(channel.id) if due.kind == "held" and due.until <= now]
        if not held:
            return 0
        why: Literal["quiet", "limit"] = "quiet" if any(due.why == "quiet" for due in held) else "limit"
        return self._add(
            channel,
            alert.gather(channel.id, self._items(held), now, why=why, locale=self._locale(channel), url=channel.url),
            held,
            now,
        )

    def _digest(self, channel: Channel, now: float, health: Health) -> int:
        key = f"digest:{channel.id}"
        last = float(self.store.meta(key) or 0)
        if not last:
            self.store.set_meta(key, str(now))
            return 0
        if not alert.digest_due(channel, last, now, self.policies()[channel.id].zone):
            return 0
        waiting = [due for due in self.store.due(channel.id) if due.kind == "digest"]
        made = alert.digest(
            channel.id,
            self._items(waiting),
            now,
            since=last,
            health=health,
            locale=self._locale(channel),
            url=channel.url,
        )
        return self._add(channel, made, waiting, now, key)

    def catch_up(self, since: float, now: float, health: Health, first: str) -> int:
        """The one digest of a fresh installation: what the feeds hold now, marked as old. Told once.

        None where `first` says that first polls are silent, or news like any other.
        """
        count = 0
        for channel in self.channels.values() if first == "catchup" else ():
            found = [due for due in self.store.due(channel.id) if due.kind == "digest"]
            made = alert.digest(
                channel.id,
                self._items(found),
                now,
                since=since,
                health=health,
                locale=self._locale(channel),
                url=channel.url,
                catchup=True,
            )
            count += self._add(channel, made, found, now, f"digest:{channel.id}")
        self.store.set_meta(CATCH_UP, str(now))
        return count

    def _add(self, channel: Channel, alerts: Sequence[Alert], told: Sequence[Due], now: float, key: str = "") -> int:
        hits = [finding.hit for due in told for finding in due.item.findings]
        with self.store.batch(now) as batch:
            for made in alerts:
                batch.add_alert(made, alert.recipients(channel.url), settles=hits)
            if key:
                batch.set_meta(key, str(now))
        return len(alerts)

    def _items(self, dues: Sequence[Due]) -> list[Item]:
        return [self._named(due.item) for due in dues]

    def _named(self, item: Item) -> Item:
        return replace(item, outlet=self.name_of(item.outlet), outlets=tuple(map(self.name_of, item.outlets)))
