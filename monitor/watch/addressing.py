"""Channels' addresses with their secrets, and whom they reach."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from monitor import alert
from monitor.config import secrets
from monitor.errors import MissingSecret
from monitor.types import Channel


def credentials() -> Path | None:
    """Where systemd put the service's credentials."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return Path(folder) if folder else None


def resolve(url: str) -> str:
    """A channel's address with its secrets. Raises MissingSecret."""
    return secrets.resolve(url, os.environ, credentials())


def hidden(urls: Collection[str]) -> set[str]:
    """Every secret that the addresses hold or refer to."""
    return secrets.known_secrets(urls, os.environ, credentials())


def recipients(channel: Channel) -> list[str]:
    """A channel's recipients, a delivery each."""
    try:
        filled = resolve(channel.url) if secrets.references(channel.url) else ""
    except MissingSecret:
        filled = ""
    return alert.recipients(channel.url, filled)
