"""A lane is a channel and one recipient: when it tries again, when it gives up, how fast it may go.

Pure: an answer and the clock go in, what to write down comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from monitor.types import AlertKind, Delivery, DeliveryState, Severity

PATIENCE = 3600.0  # seconds for which a server that is down may ask; a throttling one may ask for longer, and is told
PROBE = 30 * 60.0  # a suspended channel is asked again after so many seconds

SendKind = Literal["sent", "throttled", "passing", "ambiguous", "content", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """What a channel answered, as its class. `detail` is for people and holds no secret.

    sent; throttled: not now, for `retry_after` seconds (None: not said); passing: certainly not delivered, may work
    later; ambiguous: the message was out when the answer was lost; content: this message will never be taken; broken:
    no message is taken now. `scope` says for a broken one whether the whole channel is meant or this recipient only.
    """

    kind: SendKind
    detail: str = ""
    retry_after: float | None = None
    remote_id: str = ""  # Telegram's message_id, the e-mail's Message-ID
    moved_to: str = ""  # the recipient's new id; the message already went there if kind is sent
    scope: Literal["channel", "recipient"] = "channel"
    note: str = ""  # what was changed to get it through: sent as plain text, shortened


class RetrySettings(Protocol):
    """`settings.retry`; seconds."""

    @property
    def base(self) -> float: ...
    @property
    def max(self) -> float: ...
    @property
    def give_up(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What is written down after a try.

    `attempts` is the delivery's new count. `suspend` is what must rest until the probe at `next_at`. `pause_until`
    holds all lanes with the same `throttle_key`. `tell` is for the operator, empty where there is nothing to tell.
    """

    state: DeliveryState
    next_at: float
    attempts: int
    reason: str
    suspend: Literal["", "channel", "recipient"] = ""
    pause_until: float = 0.0
    tell: str = ""


def after(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    """What becomes of a delivery after an answer; `rand` in [0, 1) is the jitter.

    A failure waits between `retry.base` and a ceiling that doubles with each attempt up to `retry.max`; `retry.give_up`
    after the delivery was first due it is dead. A throttled one isn't an attempt.
    """
    settle = {"sent": _sent, "throttled": _throttled, "content": _content, "broken": _broken}.get(result.kind, _passing)
    settlement = settle(result, delivery, now, retry, rand)
    reason = "" if settlement.state != DeliveryState.pending else _expired(delivery, now, retry)
    if not reason:
        return settlement
    reason = f"{reason}; last: {settlement.reason}"
    dead = _dead(reason, settlement.attempts, now)
    return replace(dead, suspend=settlement.suspend, pause_until=settlement.pause_until)


def _sent(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    moved = f"the chat moved to {result.moved_to}: write that into channels.yaml" if result.moved_to else ""
    return Settlement(
        state=DeliveryState.sent, next_at=now, attempts=delivery.attempts + 1, reason=result.note, tell=moved
    )


def _throttled(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    """Not an attempt. The jitter keeps the lanes of one bot from all coming back in the same moment."""
    wait = result.retry_after if result.retry_after is not None else 30.0
    until = now + wait + rand * min(5.0, 1.0 + wait / 10)
    tell = f"asked to wait {wait / 3600:.1f} h: {result.detail}" if wait > 3600 else ""
    return Settlement(
        state=DeliveryState.pending,
        next_at=until,
        attempts=delivery.attempts,
        reason=f"asked to wait {wait:.0f} s",
        pause_until=until,
        tell=tell,
    )


def _passing(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    ceiling = min(retry.max, retry.base * 2.0 ** min(delivery.attempts + 1, 60))
    asked = min(result.retry_after or 0.0, PATIENCE)
    wait = max(retry.base + rand * max(0.0, ceiling - retry.base), asked)
    doubt = "; may have arrived, sent again under the same id" if result.kind == "ambiguous" else ""
    return Settlement(
        state=DeliveryState.pending,
        next_at=now + wait,
        attempts=delivery.attempts + 1,
        reason=result.detail + doubt,
    )


def _content(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    return _dead(f"refused: {result.detail}", delivery.attempts + 1, now)


def _broken(result: SendResult, delivery: Delivery, now: float, retry: RetrySettings, rand: float) -> Settlement:
    return Settlement(
        state=DeliveryState.pending,
        next_at=now + PROBE,
        attempts=delivery.attempts + 1,
        reason=result.detail,
        suspend=result.scope,
        tell=result.detail,
    )


def _dead(reason: str, attempts: int, now: float) -> Settlement:
    return Settlement(state=DeliveryState.dead, next_at=now, attempts=attempts, reason=reason, tell=reason)


def _expired(delivery: Delivery, now: float, retry: RetrySettings) -> str:
    """Why a waiting delivery is given up, or "". Its days begin when it was first due: held time doesn't count."""
    waited = now - (delivery.due or delivery.created)
    return f"given up after {waited / 3600:.0f} h" if waited >= retry.give_up else ""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket's state: how many of its tokens were used at a time. A new one is full."""

    used: float = 0.0
    at: float = 0.0


def take(bucket: Bucket, limit: tuple[int, float] | None, now: float) -> tuple[Bucket, float]:
    """Takes a token of `limit` (messages, in seconds): the new state and 0.0, or the old one and the seconds to wait.

    A clock that stepped back fills nothing and takes nothing away.
    """
    if limit is None:
        return bucket, 0.0
    count, seconds = limit
    used = max(0.0, bucket.used - max(0.0, now - bucket.at) * count / seconds)
    if used + 1 <= count + 1e-9:
        return Bucket(used + 1, now), 0.0
    return Bucket(used, now), (used + 1 - count) * seconds / count


def backlog(
    waiting: Sequence[Delivery], limit: tuple[int, float] | None, now: float
) -> tuple[list[Delivery], Literal["quiet", "backlog"]]:
    """Of a lane's waiting deliveries those that one summary should tell instead (`compose.gather`), and why.

    Alerts that quiet hours held, where there are several; or, for a channel that was down, what is more than its limit
    lets out at once. Critical ones go out by themselves.
    """
    alerts = [d for d in waiting if d.alert.kind in (AlertKind.alert, AlertKind.update) and not urgent(d)]
    alerts = [d for d in alerts if max(d.due, d.next_at) <= now]
    held = [d for d in alerts if d.due > d.created]
    if limit is not None and len(alerts) > limit[0]:
        return alerts, "quiet" if len(held) == len(alerts) else "backlog"
    return (held, "quiet") if len(held) > 1 else ([], "backlog")


def urgent(delivery: Delivery) -> bool:
    """Whether a delivery goes out in quiet hours too."""
    return delivery.alert.severity == Severity.critical or delivery.alert.kind == AlertKind.operator
