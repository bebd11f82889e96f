"""To whom and when: what becomes of a hit for one channel, with the reason in words.

Pure: the clock, the zone and everything known come in as arguments. Times are epoch seconds, like `now`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from monitor.alert.lane import Bucket, take
from monitor.types import AlertKind, Channel, Decision, DecisionKind, Hit, Match, Quiet, Severity

_DAY = 86400.0
_QUIET = "quiet hours until"
_GATHERS = 60.0  # seconds that a summary gathers at most, unless the limit lets nothing out for longer


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
    first round of a fresh installation, or of a restored one as `because` says; silent, for the reason in `because`
    (ids churned, site moved, feed flapping).
    `published` is the first-seen time where no date is known. `told` names the rules of this story that a
    message told the channel of, `listed` those that a digest or summary still to come will name. `fired` are the rules
    that fired on an earlier version of this same article, whatever became of them.
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
    reason = _not_told(hit, channel, case, policy, now)
    if reason:
        return Decision(channel.id, DecisionKind.stored, reason)
    wanted, why, until = _wanted(hit, channel, case, policy, now)
    joined = _joined(hit, wanted, case)
    if joined:
        return Decision(channel.id, DecisionKind.joined, joined)
    return Decision(channel.id, wanted, why, until)


def _not_told(hit: Hit, channel: Channel, case: Case, policy: Policy, now: float) -> str:
    """Why this channel never hears of the hit, or ""."""
    if hit.rule.to and channel.id not in hit.rule.to:
        return f"the rule tells only {', '.join(hit.rule.to)}"
    if hit.severity == Severity.low:
        return "severity low is stored"
    if case.arrival == "first":
        return "first poll of this feed: what it holds already is stored in silence"
    if case.arrival == "silent":
        return case.because or "stored in silence"
    if case.arrival != "catchup" and now - case.published > policy.alert_age:
        return f"published {span(now - case.published)} ago; entries older than {span(policy.alert_age)} are stored"
    return silenced(hit.rule.id, hit.matches, policy, now)


def silenced(rule: str, matches: Sequence[Match], policy: Policy, now: float) -> str:
    """Why a hit of that rule is silenced now, or ""; asked again before what was held is told."""
    return next((_silenced(s, policy.zone) for s in policy.silences if _covers(s, rule, matches, policy, now)), "")


def _covers(silence: Silence, rule: str, matches: Sequence[Match], policy: Policy, now: float) -> bool:
    """With `only`, a hit is silenced when nothing but that word fired: another word would be news."""
    if silence.rule != rule or silence.until <= now:
        return False
    only = policy.fold(silence.only)
    return not only or all(only in (policy.fold(m.term), policy.fold(m.surface)) for m in matches)


def _silenced(silence: Silence, zone: tzinfo) -> str:
    word = f" for {silence.only}" if silence.only else ""
    return f"rule silenced{word} until {local(silence.until, zone)}"


def _wanted(hit: Hit, channel: Channel, case: Case, policy: Policy, now: float) -> tuple[DecisionKind, str, float]:
    """What the severity and the hour ask for: the decision, why, and the end of a holding."""
    if case.arrival == "catchup":
        fresh = "first round of a new installation: one digest of what the feeds hold"
        return DecisionKind.digest, case.because or fresh, 0.0
    if hit.severity == Severity.medium:
        return DecisionKind.digest, "severity medium goes into the digest", 0.0
    if hit.severity == Severity.critical:
        return DecisionKind.alert, "severity critical is told at any hour", 0.0
    until = quiet_until(channel, now, policy.zone)
    if until:
        return DecisionKind.held, f"{_QUIET} {local(until, policy.zone)}", until
    return DecisionKind.alert, f"severity {hit.severity} is told at once", 0.0


def _joined(hit: Hit, wanted: DecisionKind, case: Case) -> str:
    """Why the channel needs no new word of this rule, or ""."""
    rule = hit.rule.id
    if rule in case.fired:
        return "the article was edited; this rule fired on it before"
    if rule in case.told:
        return "the channel was told of this story and rule"
    if rule in case.listed and wanted == DecisionKind.digest:
        return "the digest to come names this story and rule"
    return ""


def judge(hits: Sequence[Hit], channel: Channel, case: Case, policy: Policy, load: Load, now: float) -> Judgement:
    """`decide` for all hits of an article, and the channel's limit: one message costs one token, whatever it names.

    Above the limit, and as long as a summary is being gathered, alerts are held until `load.held_until`; critical ones
    pass. What a digest or a summary would name as well rides along with an alert. Held hits become one summary when
    their time has come (`compose.gather`).
    """
    decisions = [decide(hit, channel, case, policy, now) for hit in hits]
    lead = _lead(decisions, hits)
    if lead is None:
        return Judgement(decisions=tuple(decisions), alerting=(), message=None, load=load)
    leader = decisions[lead]
    if leader.kind == DecisionKind.alert:
        leader, load = _limited(leader, hits[lead], channel, policy, load, now)
    decisions = [_ride(d, leader, hits[lead], alone=i == lead) for i, d in enumerate(decisions)]
    if leader.kind != DecisionKind.alert:
        return Judgement(decisions=tuple(decisions), alerting=(), message=None, load=load)
    alerting = [h for h, d in zip(hits, decisions, strict=True) if d.kind == DecisionKind.alert]
    return Judgement(
        decisions=tuple(decisions),
        alerting=tuple(sorted(alerting, key=lambda h: -h.severity.rank)),
        message=AlertKind.update if case.arrival == "edit" else AlertKind.alert,
        load=load,
    )


def _lead(decisions: Sequence[Decision], hits: Sequence[Hit]) -> int | None:
    """Which hit decides how the article is told: of those that alert, else of those held, the most severe."""
    told = [i for i, d in enumerate(decisions) if d.kind in (DecisionKind.alert, DecisionKind.held)]
    return max(told, key=lambda i: (decisions[i].kind == DecisionKind.alert, hits[i].severity.rank), default=None)


def _limited(
    leader: Decision, hit: Hit, channel: Channel, policy: Policy, load: Load, now: float
) -> tuple[Decision, Load]:
    """The leading alert after the channel's limit, and the load it leaves."""
    bucket, wait = take(load.bucket, channel.limit, now)
    count, seconds = channel.limit or (0, 0.0)
    gathering = now < load.held_until <= now + max(seconds, _GATHERS)  # or a clock was ahead
    if hit.severity == Severity.critical or not (wait or gathering):
        return leader, Load(bucket=bucket, held_until=load.held_until)
    if not gathering:
        load = Load(bucket=bucket, held_until=now + max(wait, min(seconds, _GATHERS)))
    reason = f"more than {count} messages in {span(seconds)}: in a summary at {local(load.held_until, policy.zone)}"
    return Decision(channel.id, DecisionKind.held, reason, load.held_until), load


def _ride(decision: Decision, leader: Decision, hit: Hit, *, alone: bool) -> Decision:
    """A hit that a message, or a summary, of the same article tells as well needs no other way."""
    if alone:
        return leader
    if decision.kind in (DecisionKind.stored, DecisionKind.joined):
        return decision
    same = (decision.kind, decision.until) == (leader.kind, leader.until)
    reason = decision.reason if same else f"told together with {hit.rule.id}: {leader.reason}"
    return Decision(decision.channel, leader.kind, reason, leader.until)


def held_by(reasons: Iterable[str]) -> Literal["quiet", "limit"]:
    """What held hits wait for, by their decisions' reasons: the end of quiet hours, or of a burst."""
    return "quiet" if any(_QUIET in reason for reason in reasons) else "limit"


def quiet_until(channel: Channel, now: float, zone: tzinfo) -> float:
    """When the quiet hours that hold at `now` end; 0.0 where none hold. Spans that touch count as one."""
    until = now
    for _ in range(15):  # a channel that is always quiet gets a summary after a week or two
        end = max((_span_end(quiet, until, zone) for quiet in channel.quiet), default=0.0)
        if end <= until:
            break
        until = end
    return until if until > now else 0.0


def _span_end(quiet: Quiet, now: float, zone: tzinfo) -> float:
    """When the span that covers `now` ends; 0.0 where it doesn't cover it."""
    today = datetime.fromtimestamp(now, zone).date()
    for day in (today, today - timedelta(days=1)):
        if quiet.weekdays and day.weekday() not in quiet.weekdays:
            continue
        end = quiet.end if quiet.end > quiet.start else quiet.end + 24 * 60
        begins, ends = wall(day, quiet.start, zone), wall(day, end, zone, fold=1)
        if begins <= now < ends:
            return ends
    return 0.0


def wall(day: date, minutes: int, zone: tzinfo, *, fold: Literal[0, 1] = 0) -> float:
    """Epoch seconds of a time on the wall. A time that a clock change skips is read as if it had not yet changed; of a
    time that comes twice, `fold` 0 is the first."""
    naive = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    return naive.replace(tzinfo=zone, fold=fold).timestamp()


def digest_due(channel: Channel, last_sent: float, now: float, zone: tzinfo) -> bool:
    """Whether a digest time has passed since the last digest; in quiet hours it waits until they end.

    A channel that never had one (`last_sent` 0) must be given the time it was first seen instead. One that was sent by
    a clock more than a day ahead counts for nothing.
    """
    last = last_sent if last_sent <= now + _DAY else now - _DAY
    slots = _slots(channel, now, zone)
    return any(last < slot <= now for slot in slots) and not quiet_until(channel, now, zone)


def next_digest(channel: Channel, now: float, zone: tzinfo) -> float:
    """When the channel's next digest is made, after the quiet hours that its time may lie in; 0.0 where it has none."""
    times = (quiet_until(channel, slot, zone) or slot for slot in _slots(channel, now + 8 * _DAY, zone))
    return min((time for time in times if time > now), default=0.0)


def _slots(channel: Channel, now: float, zone: tzinfo) -> list[float]:
    """The channel's digest times in the week before `now`."""
    today = datetime.fromtimestamp(now, zone).date()
    days = [today - timedelta(days=n) for n in range(9)]
    return [
        wall(day, digest.hour * 60 + digest.minute, zone)
        for digest in channel.digest
        for day in days
        if not digest.weekdays or day.weekday() in digest.weekdays
    ]


def local(when: float, zone: tzinfo) -> str:
    """A time for a reason: `2026-11-21 06:00`."""
    return f"{datetime.fromtimestamp(when, zone):%Y-%m-%d %H:%M}"


def span(seconds: float) -> str:
    """A duration for a reason, in its largest fitting unit: `36 h`, `3 d`."""
    for size, unit, least in ((86400, "d", 3), (3600, "h", 2), (60, "min", 1)):
        if seconds >= size * least:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
