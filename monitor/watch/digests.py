"""What is told later: digests at their times, one summary when quiet hours or a burst end, the first catch-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import monitor.watch.log as log
from monitor import alert
from monitor.alert import Health, Locale, Policy, Round
from monitor.errors import RasidError
from monitor.store import Batch, Due, Store
from monitor.types import Alert, AlertKind, Channel, Finding, Item
from monitor.watch.addressing import recipients

CATCH_UP = "catch-up"  # meta key: when the first round of the installation was told of
_LOG = log.logger("digests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Makes what is due; every method runs in the database's thread and returns how many messages it made."""

    store: Store
    channels: Mapping[str, Channel]
    policies: Callable[[], Mapping[str, Policy]]
    name_of: Callable[[str], str]  # an outlet's name by its feed's id
    locale: Locale

    def look(self, now: float, health: Health) -> int:
        """Summaries and digests whose time has come. What goes wrong for one channel is no matter of the others."""
        made, policies, held = 0, self.policies(), self.store.summaries_due(now)
        for channel in self.channels.values():
            try:
                made += self._summary(channel, policies[channel.id], now) if channel.id in held else 0
                made += self._digest(channel, policies[channel.id], now, health)
            except RasidError:
                raise
            except Exception:
                _LOG.exception("a digest failed in an unforeseen way", channel=channel.id)
        return made

    def _locale(self, channel: Channel) -> Locale:
        return replace(self.locale, timezone=channel.timezone) if channel.timezone else self.locale

    def _summary(self, channel: Channel, policy: Policy, now: float) -> int:
        held = [due for due in self._waiting(channel, "held", policy, now) if due.until <= now]
        if not held:
            return 0
        made = alert.gather(
            channel.id, self._items(held), now, why=alert.held_by(due.reason for due in held),
            locale=self._locale(channel), url=channel.url, lone=alert.kind_of(due.edited for due in held),
        )  # fmt: skip
        with self.store.batch(now) as batch:
            return _add(batch, channel, made, held)

    def _digest(self, channel: Channel, policy: Policy, now: float, health: Health) -> int:
        key = f"digest:{channel.id}"
        last = float(self.store.meta(key) or 0)
        if not last:
            self.store.set_meta(key, str(now))
            return 0
        if not alert.digest_due(channel, last, now, policy.zone):
            return 0
        waiting, made = self._made(channel, policy, last, now, health)
        with self.store.batch(now) as batch:
            batch.set_meta(key, str(now))
            return _add(batch, channel, made, waiting)

    def catch_up(self, since: float, now: float, health: Health, first: str, *, again: bool = False) -> int:
        """The one digest of a fresh installation, or `again` of a restored one: what the feeds hold now, marked as old.
        Told once, to all at once.

        None where `first` says that first polls are silent, or news like any other.
        """
        channels, policies = self.channels.values() if first == "catchup" else (), self.policies()
        what: Round = "restored" if again else "first"
        found = [(c, *self._made(c, policies[c.id], since, now, health, what)) for c in channels]
        with self.store.batch(now) as batch:
            batch.set_meta(CATCH_UP, str(now))
            for channel, _, _ in found:
                batch.set_meta(f"digest:{channel.id}", str(now))
            return sum(_add(batch, channel, made, waiting) for channel, waiting, made in found)

    def _waiting(self, channel: Channel, kind: str, policy: Policy, now: float) -> list[Due]:
        """What waits; what a silence covers by now is stored instead, as it would be were it found now."""
        waiting = [due for due in self.store.due(channel.id) if due.kind == kind]
        silent = {(f.hit, why) for f in _findings(waiting) if (why := alert.silenced(f.rule, f.matches, policy, now))}
        if silent:
            with self.store.batch(now) as batch:
                for hit, why in silent:
                    batch.silence(channel.id, hit, why)
        stored = {hit for hit, _ in silent}
        return [due for due in waiting if not stored & {f.hit for f in due.item.findings}]

    def _made(
        self, channel: Channel, policy: Policy, since: float, now: float, health: Health, catchup: Round | None = None
    ) -> tuple[list[Due], list[Alert]]:
        """The hits that wait for the channel's digest, and the messages that name them."""
        waiting = self._waiting(channel, "digest", policy, now)
        made = alert.digest(
            channel.id, self._items(waiting), now,
            since=since, health=health, locale=self._locale(channel), url=channel.url, catchup=catchup,
        )  # fmt: skip
        return waiting, made

    def _items(self, dues: Sequence[Due]) -> list[Item]:
        return [self._named(due.item) for due in dues]

    def _named(self, item: Item) -> Item:
        return replace(item, outlet=self.name_of(item.outlet), outlets=tuple(map(self.name_of, item.outlets)))


def _add(batch: Batch, channel: Channel, alerts: Sequence[Alert], told: Sequence[Due]) -> int:
    """Each message settles the hits of the stories that it names. A lone one about a story told before is a reply."""
    for made in alerts:
        stories = {_story(item) for item in made.items}
        hits = [finding.hit for finding in _findings([due for due in told if _story(due.item) in stories])]
        if made.kind in (AlertKind.alert, AlertKind.update):
            made = replace(made, reply_to=batch.told(channel.id, made.items[0].story).first_alert)
        batch.add_alert(made, recipients(channel), settles=hits)
    return len(alerts)


def _findings(dues: Sequence[Due]) -> list[Finding]:
    return [finding for due in dues for finding in due.item.findings]


def _story(item: Item) -> object:
    return item.story or f"article {item.article}"
