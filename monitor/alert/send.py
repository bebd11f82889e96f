"""Sending one alert to one recipient, and what a channel's answer means. The room's only I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from monitor.alert.lane import SendResult
from monitor.alert.wording.words import Locale
from monitor.types import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Total deadlines of one try, in seconds; chosen so that a stop within 10 s need not wait for them."""

    http: float = 30.0
    smtp: float = 60.0
    other: float = 60.0  # services left to apprise; it can't be interrupted, the answer is no longer waited for


class Sender:
    """Sends alerts. Thread-safe; `send` blocks its thread for at most the deadline."""

    def __init__(
        self,
        *,
        locale: Locale,
        telegram_api: str = "https://api.telegram.org",
        allow_networks: Sequence[str] = (),
        limits: Limits | None = None,
        console: TextIO | None = None,
    ) -> None:
        raise NotImplementedError

    def send(
        self, url: str, recipient: str, alert: Alert, *, layout: str = "full", reply_ref: str = "", zone: str = ""
    ) -> SendResult:
        """Sends to one recipient of the channel with this (resolved) URL. Never raises; nothing secret in the result.

        `reply_ref` is the `remote_id` under which the alert that this one follows was sent to this same recipient.
        `zone` is the channel's own time zone.
        """
        raise NotImplementedError
