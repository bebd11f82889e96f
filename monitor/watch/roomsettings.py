"""What the settings mean for the rooms: how fetching behaves, how messages are written and sent."""

from __future__ import annotations

import resource
from dataclasses import replace
from typing import TextIO

from monitor import alert, fetch
from monitor.config import Settings


def policy_of(settings: Settings) -> fetch.Policy:
    """What the settings mean for fetching."""
    poll = settings.poll
    policy = fetch.Policy(
        floor=poll.floor, hint_cap=poll.hint_cap, retry_cap=poll.retry_cap, spacing=poll.spacing,
        allow_networks=settings.allow_networks,
        connections=at_once(),
    )  # fmt: skip
    return replace(policy, contact=settings.contact) if settings.contact else policy


def at_once() -> int:
    """How many requests are in flight at a time: as many as the file descriptors bear, at most 64."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(4, min(64, (soft - 40) // 4))


def locale_of(settings: Settings) -> alert.Locale:
    """How messages write times and numbers."""
    return alert.Locale(timezone=settings.locale.timezone, digits=settings.locale.digits)


def sender_of(settings: Settings, console: TextIO | None) -> alert.Sender:
    """What sends, with these settings."""
    api, networks = settings.telegram_api, settings.allow_networks
    return alert.Sender(locale=locale_of(settings), telegram_api=api, allow_networks=networks, console=console)


def sender_key(settings: Settings) -> tuple[object, ...]:
    """What a sender is made of; it is made anew only for other settings, since it knows which chats moved."""
    return settings.locale, settings.telegram_api, settings.allow_networks
