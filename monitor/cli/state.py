"""The state folder for verbs: beside a running daemon where they only read, locked where they must be alone."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click

from monitor.cli import Folders
from monitor.config import Config, Settings, load_config
from monitor.errors import StateBroken

if TYPE_CHECKING:
    from monitor.store import Store


def config_of(folders: Folders) -> Config:
    """Feeds, channels and settings as far as they can be read; says where some feeds or channels cannot."""
    config = load_config(folders.rules)
    if not config.complete:
        click.echo("some feeds or channels cannot be read: `rasid check` says why", err=True)
    return config


def settings_of(folders: Folders) -> Settings:
    """The settings, with defaults where the file has mistakes: a verb that reads must work then too."""
    return load_config(folders.rules).settings


def open_state(folders: Folders) -> Store:
    """The database beside a running daemon. Raises StateBroken where there is none yet."""
    from monitor.config import secrets
    from monitor.store import Store
    from monitor.watch.addressing import credentials

    database = secrets.resolve(settings_of(folders).database, os.environ, credentials())
    if database == "sqlite" and not (folders.state / "rasid.db").exists():
        empty = StateBroken("nothing is stored here yet", subject=str(folders.state), hint="`rasid run` fills it")
        empty.exit_code = 1  # no fault of the configuration: the verb came too early
        raise empty
    return Store.open(folders.state, now=time.time(), database=database, url_key=_url_key, beside=True)


def _url_key(url: str) -> str:
    """Only verbs that ask for an address pay for the network's libraries."""
    from monitor.fetch import url_key

    return url_key(url)
