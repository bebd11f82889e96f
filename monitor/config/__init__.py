"""What a user edits, read: feeds, channels and settings, with every mistake and its place.

The room owns PyYAML. `nodes.py` turns a file into nodes that know their line, `suggest.py` guesses what was meant,
`edit.py` changes a file's text without touching its comments, `secrets.py` fills references to secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.config.settings import Locale, Poll, Retry, Settings
from monitor.types import Channel, Feed, Problem

__all__ = ["Config", "Locale", "Poll", "Retry", "Settings", "load_config"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The three reserved files; `problems` holds all errors and warnings found in them, in the order of the files."""

    feeds: Mapping[str, Feed]
    channels: Mapping[str, Channel]
    settings: Settings
    problems: tuple[Problem, ...]


def load_config(rules_dir: Path) -> Config:
    """`feeds.yaml`, `channels.yaml` and `settings.yaml` of a folder. Never raises on what they hold.

    A missing file means its defaults: no feeds, one channel `console` that prints, `Settings()`.
    """
    raise NotImplementedError
