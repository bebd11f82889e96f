"""To whom and when (`decide`), in which words (`compose`, `wording`), by which service (`send`), how often (`lane`).

The way of a hit: `judge` decides for each channel, `compose` makes the alert, the store keeps its deliveries, `Sender`
sends one, `after` says what becomes of it. All but `Sender` is pure.
"""

from __future__ import annotations

from monitor.alert.address import describe, problem, recipients, throttle_key
from monitor.alert.compose import Health, alert, digest, gather, merged, operator, probe, severity_of
from monitor.alert.decide import (
    Case,
    Judgement,
    Load,
    Policy,
    Silence,
    decide,
    digest_due,
    judge,
    quiet_until,
    silenced,
)
from monitor.alert.lane import PROBE, Bucket, SendResult, Settlement, after, backlog, expired, take, urgent
from monitor.alert.redact import redact, secrets_of
from monitor.alert.send import Limits, Sender
from monitor.alert.wording.words import Locale

__all__ = [
    "PROBE",
    "Bucket",
    "Case",
    "Health",
    "Judgement",
    "Limits",
    "Load",
    "Locale",
    "Policy",
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
    "expired",
    "gather",
    "judge",
    "merged",
    "operator",
    "probe",
    "problem",
    "quiet_until",
    "recipients",
    "redact",
    "secrets_of",
    "severity_of",
    "silenced",
    "take",
    "throttle_key",
    "urgent",
]
