"""To whom and when (`decide`), in which words (`compose`, `wording`), by which service (`send`), how often (`lane`).

The way of a hit: `judge` decides for each channel, `compose` makes the alert, the store keeps its deliveries, `Sender`
sends one, `after` says what becomes of it. All but `Sender` is pure.
"""

from __future__ import annotations

from monitor.alert.address import describe, problem, recipients, throttle_key
from monitor.alert.compose import Health, Round, alert, digest, gather, kind_of, operator, probe
from monitor.alert.decide import (
    Case,
    Judgement,
    Load,
    Policy,
    Silence,
    decide,
    digest_due,
    held_by,
    judge,
    next_digest,
    quiet_until,
    silenced,
)
from monitor.alert.lane import Bucket, SendResult, Settlement, after, backlog, take, urgent
from monitor.alert.send import Limits, Sender
from monitor.alert.wording.words import Locale

__all__ = [
    "Bucket",
    "Case",
    "Health",
    "Judgement",
    "Limits",
    "Load",
    "Locale",
    "Policy",
    "Round",
    "SendResult",
    "Sender",
    "Settlement",
    "Silence",
    "after",
    "alert",
    "backlog",
    "decide",
    "describe",
    "digest",
    "digest_due",
    "gather",
    "held_by",
    "judge",
    "kind_of",
    "next_digest",
    "operator",
    "probe",
    "problem",
    "quiet_until",
    "recipients",
    "silenced",
    "take",
    "throttle_key",
    "urgent",
]
