"""A lane is a channel and one recipient: when it tries again, when it gives up, how fast it may go.

Pure: an answer and the clock go in, what to write down comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from monitor.types import Delivery, DeliveryState

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
    holds all lanes with the same `throttle_key`. `tell` is a sentence for the operator; empty, there is nothing to tell.
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
    raise NotImplementedError


def expired(delivery: Delivery, now: float, retry: RetrySettings) -> str:
    """Why a waiting delivery is given up, or "". For rows that a suspended channel keeps from being tried."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket's state: how many messages were taken from it, at what time; empty use is a full bucket."""

    used: float = 0.0
    at: float = 0.0


def take(bucket: Bucket, limit: tuple[int, float] | None, now: float) -> tuple[Bucket, float]:
    """Takes a token of `limit` (messages, in seconds): the new state and 0.0, or the old one and the seconds to wait.

    Nothing is taken where there is none. A clock that stepped back fills nothing and takes nothing away.
    """
    raise NotImplementedError


def in_order(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Due deliveries of a lane as they are to be sent: critical and operator messages first, each kind by age."""
    raise NotImplementedError
