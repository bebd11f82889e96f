"""The operator hears of every change of state once: feeds, rules, channels, disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import monitor.watch.log as log
from monitor import alert
from monitor.errors import StateBusy
from monitor.store import Store
from monitor.types import Channel
from monitor.watch.addressing import recipients
from monitor.watch.threads import Serial

_LOG = log.logger("operator")


@dataclass(slots=True)
class Operator:
    """Who is told: the channels in `names`, or all where none is named."""

    store: Store
    db: Serial
    channels: Mapping[str, Channel]
    clock: Callable[[], float]
    names: Sequence[str] = ()
    known: dict[str, str] = field(default_factory=dict)  # subject -> state, so that what stays the same costs nothing

    async def tell(
        self, subject: str, state: str, headline: str, lines: Sequence[str], *, spare: str = "", advice: str = ""
    ) -> bool:
        """One message where `subject` has another state than before; `spare` is a channel that cannot deliver it.

        `lines` are causes, in English also for the log and `status`; `advice` is a last line of the message alone.
        A first "ok" is no news. A busy database is no error: the change is told when it is noticed again.
        """
        if self.known.get(subject) == state:
            return False
        try:
            told = await self.db(self._record, subject, state, headline, lines, spare, advice)
        except StateBusy:
            return False
        self.known[subject] = state
        if told:
            level = 20 if state == "ok" else 30
            _LOG.log(level, "operator", subject=subject, state=state, what=headline, why="; ".join(lines) or None)
        return told

    def _record(self, subject: str, state: str, headline: str, lines: Sequence[str], spare: str, advice: str) -> bool:
        now = self.clock()
        with self.store.batch(now) as batch:
            if not batch.changed(subject, state, "; ".join(lines)):
                return False
            for channel in self.listeners(spare):
                made = alert.operator(channel.id, subject, headline, [*lines, *filter(None, [advice])], now)
                batch.add_alert(made, recipients(channel))
        return True

    def announce(self, subject: str, headline: str, lines: Sequence[str], note: tuple[str, str]) -> None:
        """One message, and in the same transaction the note (a meta key and its value) that it was made; in the
        database's thread. Without a headline the note alone. `subject` is about a channel where it is `…:ID`.
        """
        about, now = subject.partition(":")[2], self.clock()
        with self.store.batch(now) as batch:
            batch.set_meta(*note)
            for channel in (self.listeners(about) or self.listeners()) if headline else ():
                made = alert.operator(channel.id, subject, headline, lines, now)
                batch.add_alert(made, recipients(channel))

    def listeners(self, spare: str = "") -> list[Channel]:
        """The channels that hear of it; where the only one named is `spare`, all others."""
        named = [self.channels[name] for name in self.names if name in self.channels] or list(self.channels.values())
        others = [channel for channel in named if channel.id != spare]
        return others or [channel for channel in self.channels.values() if channel.id != spare]
