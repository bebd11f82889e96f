"""What a channel is told when: its quiet hours, limit and next digest, and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.cli.show import ago, count, iso, local
from monitor.types import Channel, Quiet

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.store import Waiting

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {1.0: "s", 60.0: "min", 3600.0: "h", 86400.0: "d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One channel's. Times are epoch seconds, shown in `zone`; what is held and for the digest are stories."""

    zone: str
    layout: str
    quiet: str
    limit: str
    digest_at: float
    held: int
    held_until: float
    for_digest: int

    @property
    def how(self) -> str:
        """Its layout, the next digest, quiet hours and limit, in words."""
        words = {"digest": local(self.digest_at, self.zone), "quiet": self.quiet, "at most": self.limit}
        return ", ".join([self.layout, *(f"{what} {value}" for what, value in words.items() if value)])

    @property
    def waits(self) -> list[str]:
        """What waits for which time, in words."""
        held = f"{count(self.held, 'story', 'stories')} held until {local(self.held_until, self.zone)}"
        digest = f"{count(self.for_digest, 'story', 'stories')} for the digest of {local(self.digest_at, self.zone)}"
        return [*([held] if self.held else []), *([digest] if self.for_digest else [])]

    @property
    def fields(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "quiet": self.quiet, "limit": self.limit, "next_digest": iso(self.digest_at), "held": self.held,
            "held_until": iso(self.held_until), "for_digest": self.for_digest,
        }  # fmt: skip


def plans(config: Config, waiting: Mapping[str, Waiting], now: float) -> dict[str, Plan]:
    """The plan of each channel."""
    return {channel.id: _plan(channel, config, waiting.get(channel.id), now) for channel in config.channels.values()}


def _plan(channel: Channel, config: Config, waits: Waiting | None, now: float) -> Plan:
    from monitor.alert import next_digest

    zone = channel.timezone or config.settings.locale.timezone
    return Plan(
        zone=zone,
        layout=channel.layout,
        quiet=", ".join(map(_span, channel.quiet)),
        limit=_limit(channel),
        digest_at=next_digest(channel, now, ZoneInfo(zone)),
        held=waits.held if waits else 0,
        held_until=waits.held_until if waits else 0.0,
        for_digest=waits.digest if waits else 0,
    )


def _span(quiet: Quiet) -> str:
    days = "".join(f"{_DAYS[day]} " for day in sorted(quiet.weekdays))
    return f"{days}{_clock(quiet.start)}-{_clock(quiet.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _limit(channel: Channel) -> str:
    if channel.limit is None:
        return ""
    messages, seconds = channel.limit
    return f"{messages}/{_UNITS.get(seconds) or ago(seconds)}"
