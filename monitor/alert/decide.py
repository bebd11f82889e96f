"""To whom and when: what becomes of a hit for one channel, with the reason in words.

Pure: the clock, the zone and everything known come in as arguments. Times are epoch seconds, like `now`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal

from monitor.alert.lane import Bucket
from monitor.types import AlertKind, Channel, Decision, Hit


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A person's wish not to be alerted by a rule for a while; `only` narrows it to hits of that one word."""

    rule: str
    until: float
    only: str = ""  # a term or a surface form; empty: whatever fired


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What holds for every decision of a batch. `fold` makes two spellings of `Silence.only` equal."""

    zone: tzinfo
    alert_age: float = 48 * 3600.0
    silences: Sequence[Silence] = ()
    fold: Callable[[str], str] = _same


Arrival = Literal["live", "edit", "first", "catchup", "silent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of an article and its story when its hits are decided for one channel.

    `arrival`: live; edit, the feed shows a known article anew; first, the silent first poll of a feed; catchup, the
    first round of a fresh installation; silent, for the reason in `because` (ids churned, site moved, feed flapping).
    `published` is the first-seen time where no date is known. `told` names the rules of this story that the channel was
    alerted to or is about to be (held ones too), `listed` those that only its digest names. `fired` are the rules that
    fired on an earlier version of this same article.
    """

    published: float
    arrival: Arrival = "live"
    because: str = ""
    told: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    fired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How busy a channel is: its token bucket, and until when alerts are already being held for a summary (0: none)."""

    bucket: Bucket = field(default_factory=Bucket)
    held_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What becomes of all hits of one article for one channel.

    `decisions` stand in the order of the hits. Where `message` is set, one message is to be made of the hits in
    `alerting`, the highest severity first. `load` is the channel's new load, to be handed in with the next article.
    """

    decisions: tuple[Decision, ...]
    alerting: tuple[Hit, ...]
    message: AlertKind | None
    load: Load


def decide(hit: Hit, channel: Channel, case: Case, policy: Policy, now: float) -> Decision:
    """What becomes of one hit for one channel, its limit left out; `until` is set where the decision is `held`."""
    raise NotImplementedError


def judge(hits: Sequence[Hit], channel: Channel, case: Case, policy: Policy, load: Load, now: float) -> Judgement:
    """`decide` for all hits of an article, and the channel's limit: one message costs one token, whatever it names.

    Above the limit, and as long as a summary is being gathered, alerts are held until `load.held_until`; critical ones
    pass. Held hits become one summary when that time has come (`compose.gather`).
    """
    raise NotImplementedError


def quiet_until(channel: Channel, now: float, zone: tzinfo) -> float:
    """When the quiet hours that hold at `now` end; 0.0 where none hold. Spans that touch count as one."""
    raise NotImplementedError


def digest_due(channel: Channel, last_sent: float, now: float, zone: tzinfo) -> bool:
    """Whether a digest time has passed since the last digest; in quiet hours it waits until they end.

    A channel that never had one (`last_sent` 0) must be given the time it was first seen instead.
    """
    raise NotImplementedError


def next_digest(channel: Channel, now: float, zone: tzinfo) -> float:
    """The next time at which a digest of this channel is due; 0.0 where it has none."""
    raise NotImplementedError


def zone_of(channel: Channel, zones: Mapping[str, tzinfo], default: tzinfo) -> tzinfo:
    """The channel's own zone, or the locale's."""
    return zones.get(channel.timezone, default) if channel.timezone else default
