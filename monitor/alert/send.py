"""Sending one alert to one recipient. Whatever happens becomes a SendResult; nothing secret is in it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TextIO

from monitor.addresses import networks
from monitor.alert.address import CONSOLE, OWN_SCHEMES, Unusable, own, place_in, scheme
from monitor.alert.lane import SendResult
from monitor.alert.quiet import hide
from monitor.alert.redact import redact
from monitor.alert.wording import console as terminal
from monitor.alert.wording import mail
from monitor.alert.wording.lines import PLAIN, render
from monitor.alert.wording.words import Locale
from monitor.types import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Total deadlines of one try, in seconds."""

    http: float = 30.0
    smtp: float = 60.0
    other: float = 60.0  # for services left to apprise; such a call cannot be ended, only no longer waited for


class Sender:
    """Sends alerts. Thread-safe; `send` blocks its thread for at most five times the deadline (plain, shorter, moved,
    as no reply).

    Put it in a daemon thread a lane: a stop need not wait for it, an alert that was being sent is sent again.
    """

    def __init__(
        self,
        *,
        locale: Locale,
        telegram_api: str = "https://api.telegram.org",
        allow_networks: Sequence[str] = (),
        limits: Limits | None = None,
        console: TextIO | None = None,
    ) -> None:
        self.locale = locale
        self.limits = limits or Limits()
        self._api = telegram_api
        self._allowed = networks(allow_networks)
        self._console = console
        self._moved: dict[tuple[str, str], str] = {}  # chats that Telegram moved, so that each message asks only once
        self._print = Lock()

    def send(
        self, url: str, recipient: str, alert: Alert, *, layout: str = "full", reply_ref: str = "", zone: str = ""
    ) -> SendResult:
        """Sends to one recipient of the channel with this (resolved) URL. Never raises; nothing secret in the result.

        `reply_ref` is the `remote_id` under which the alert that this one follows was sent to this same recipient.
        `zone` is the channel's own time zone.
        """
        secrets = hide(url)
        locale = replace(self.locale, timezone=zone) if zone else self.locale
        try:
            result = self._send(url, recipient, alert, layout, reply_ref, locale, secrets)
        except Unusable as error:
            result = SendResult(kind="broken", detail=str(error))
        except Exception as error:  # a fault of ours must not end the lane, nor be told with what it held
            result = SendResult(kind="passing", detail=f"internal error: {type(error).__name__}")
        return replace(result, detail=redact(result.detail, secrets), note=redact(result.note, secrets))

    def _send(
        self,
        url: str,
        recipient: str,
        alert: Alert,
        layout: str,
        reply_ref: str,
        locale: Locale,
        secrets: frozenset[str],
    ) -> SendResult:
        kind = scheme(url)
        if kind == CONSOLE:
            return self._show(alert, layout, locale)
        if kind not in OWN_SCHEMES:
            return self._hand_over(url, alert, layout, locale, secrets)
        from monitor.alert.services import Outgoing

        recipient = place_in(url, recipient)
        key = (url, recipient)
        out = Outgoing(
            alert=alert,
            recipient=self._moved.get(key, recipient),
            layout=layout,
            locale=locale,
            reply_ref=reply_ref,
            telegram_api=self._api,
            allowed=self._allowed,
            http_seconds=self.limits.http,
            smtp_seconds=self.limits.smtp,
        )
        result = own(url).deliver(out)
        if result.moved_to and result.kind == "sent":
            self._moved[key] = result.moved_to
        return result

    def _show(self, alert: Alert, layout: str, locale: Locale) -> SendResult:
        """Prints; a terminal that is gone is no reason to lose an alert."""
        out = self._console or sys.stdout
        try:
            tty = out.isatty()
            width = min(shutil.get_terminal_size().columns, 100) if tty else 0
            text = terminal.text(alert, layout, locale, color=tty and "NO_COLOR" not in os.environ, width=width)
            with self._print:
                out.write(text + "\n")
                out.flush()
        except (OSError, ValueError) as error:
            return SendResult(kind="passing", detail=f"the terminal cannot be written to: {type(error).__name__}")
        return SendResult(kind="sent")

    def _hand_over(self, url: str, alert: Alert, layout: str, locale: Locale, secrets: frozenset[str]) -> SendResult:
        import monitor.alert.foreign as foreign

        subject = mail.subject(alert)
        body = render(alert, layout, locale, PLAIN, max(200, foreign.room(url) - len(subject) - 10))
        return foreign.send(url, subject, body, seconds=self.limits.other, secrets=secrets)
