"""What a user edits, read: feeds, channels and settings, with every mistake and its place.

The room owns PyYAML. `nodes.py` turns a file into nodes that know their line, `suggest.py` guesses what was meant,
`edit.py` changes a file's text without touching its comments, `secrets.py` fills references to secrets.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as TableOf
from dataclasses import dataclass
from pathlib import Path

from monitor.config.channels import default_channels, read_channels
from monitor.config.feeds import read_feeds
from monitor.config.fields import Fields
from monitor.config.nodes import Mapping, Scalar, read, shown
from monitor.config.schema import schema
from monitor.config.settings import Locale, Poll, Retry, Settings, read_settings
from monitor.config.suggest import did_you_mean
from monitor.types import Channel, Feed, Place, Problem

__all__ = ["Config", "Locale", "Poll", "Retry", "Settings", "load_config", "schema"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The three reserved files; `problems` holds all errors and warnings found in them, in the order of the files."""

    feeds: TableOf[str, Feed]
    channels: TableOf[str, Channel]
    settings: Settings
    problems: tuple[Problem, ...]
    complete: bool  # every feed and channel that is written was read: a name that is none of them is a mistake


def load_config(rules_dir: Path) -> Config:
    """`feeds.yaml`, `channels.yaml` and `settings.yaml` of a folder. Never raises on what they hold.

    A missing file means its defaults: no feeds, one channel `console` that prints, `Settings()`.
    """
    problems: list[Problem] = []
    feeds_file = _file(rules_dir / "feeds.yaml", problems)
    feeds = read_feeds(feeds_file)
    channels_file = _file(rules_dir / "channels.yaml", problems)
    channels = read_channels(channels_file)
    all_feeds, all_channels = _complete(feeds_file, "feeds", feeds), _complete(channels_file, "channels", channels)
    channels = channels or default_channels()
    settings_file = _file(rules_dir / "settings.yaml", problems)
    settings = read_settings(settings_file)
    if all_channels:
        _judge_operator(settings_file, settings, channels)
    _judge_pace(feeds_file, feeds, settings)
    problems.sort(key=lambda problem: problem.place)
    return Config(
        feeds=feeds, channels=channels, settings=settings, problems=tuple(problems),
        complete=all_feeds and all_channels,
    )  # fmt: skip


def _complete(file: Fields, key: str, found: Collection[str]) -> bool:
    """Whether everything under `key` of a file was read."""
    listed = file.node(key)
    if listed is None:
        return file.readable
    return isinstance(listed, Mapping) and len(listed.pairs) == len(found)


def _judge_operator(file: Fields, settings: Settings, channels: TableOf[str, Channel]) -> None:
    for name in settings.operator:
        if name not in channels:
            hint = did_you_mean(name, channels) or f"there are {', '.join(channels)}"
            file.error(file.place_of("operator"), f"there is no channel `{name}`", hint)


def _judge_pace(file: Fields, feeds: TableOf[str, Feed], settings: Settings) -> None:
    """A feed whose own interval is shorter than the floor is asked at the floor."""
    listed = file.node("feeds")
    for name, feed in feeds.items():
        if feed.every is not None and feed.every < settings.poll.floor:
            own = listed.get(name) if isinstance(listed, Mapping) else None
            typed = own.get("every") if isinstance(own, Mapping) else None
            message = f"`{name}` is asked every {settings.poll.floor:g} s, not every {feed.every:g} s"
            hint = "`floor`, under `poll` of settings.yaml, is the shortest interval of all feeds"
            file.warn(typed.place if typed else file.place, message, hint)


def _file(path: Path, problems: list[Problem]) -> Fields:
    """The mapping that a file holds; a missing file holds nothing."""
    node, found = read(path) if path.exists() else (None, [])
    problems += found
    fields = Fields(node, problems, path.name, Place(shown(path)))
    fields.readable = fields.readable and not (node is None and found)
    version = fields.node("rasid")
    if node is not None and not (isinstance(version, Scalar) and version.text == "1"):
        fields.error(
            fields.place_of("rasid"), "the file must say for which format it is written", "begin it with `rasid: 1`"
        )
    return fields
