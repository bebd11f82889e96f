"""`feeds poll`, `feeds check`: feeds asked now, with nothing stored."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.show import clean, count, cut, isolated, json_lines, local, table
from monitor.cli.state import config_of, open_state
from monitor.cli.usage import must_exist
from monitor.errors import MissingSecret, RasidError, StateBroken

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.fetch import Client, Outcome
    from monitor.types import Feed

State = Mapping[str, Any]
_ASKED = "asked.json"  # in the state folder: when `feeds poll` asked each feed last


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object a feed.")
@click.pass_obj
def check(folders: Folders, as_json: bool) -> None:
    """Ask every enabled feed once, without storing anything, and say how it answered; progress is shown.

    A feed whose server has asked for a pause is not asked.

    \b
    Example:  rasid feeds check
    """
    config = config_of(folders)
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    rows = asyncio.run(_check_all(config, enabled, _states(folders), quiet=as_json))
    if as_json:
        json_lines(rows)
        return
    table([[r["id"], r["kind"], r["status"] or "-", r["entries"], cut(r["reason"], 120)] for r in rows],
          ["feed", "answer", "status", "entries", "why"])  # fmt: skip
    kinds = [row["kind"] for row in rows]
    read = sum(kind in ("new", "unchanged") for kind in kinds)
    tried, blocked = len(rows) - kinds.count("paused"), kinds.count("blocked")
    left = f", {kinds.count('paused')} not asked" if "paused" in kinds else ""
    click.echo(f"{count(tried, 'feed')} tried: {read} read, {blocked} blocked, {tried - read - blocked} failed{left}")


async def _check_all(
    config: Config, enabled: list[Feed], states: Mapping[str, State], *, quiet: bool
) -> list[dict[str, Any]]:
    from monitor.fetch import Client
    from monitor.watch.roomsettings import policy_of

    gate, done = asyncio.Semaphore(32), 0

    async def one(feed: Feed, client: Client) -> dict[str, Any]:
        nonlocal done
        if states.get(feed.id, {}).get("wait_until", 0.0) > time.time():
            row = {"kind": "paused", "status": 0, "entries": 0, "reason": str(states[feed.id].get("reason", ""))}
        else:
            async with gate:
                _, found = await _ask(feed, client)
            row = {"kind": found.kind, "status": found.status, "entries": len(found.entries), "reason": found.reason}
        done += 1
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r{done} of {len(enabled)} feeds tried", nl=done == len(enabled), err=True)
        return {"id": feed.id, **row, "reason": clean(str(row["reason"]))}

    async with Client(policy_of(config.settings)) as client:
        return list(await asyncio.gather(*(one(feed, client) for feed in enabled)))


async def _ask(feed: Feed, client: Client) -> tuple[State, Outcome]:
    """The feed, asked as if for the first time; its state afterwards."""
    from monitor.fetch import Outcome
    from monitor.fetch import poll as poll_feed
    from monitor.watch.addressing import resolve
    from monitor.watch.pollstate import traits

    try:
        asked = {"url": resolve(feed.url), **traits(replace(feed, proxy=resolve(feed.proxy)))}
    except MissingSecret as error:
        return {}, Outcome(kind="error", next_at=0.0, reason=f"its address or proxy: {error}")
    return await poll_feed(asked, time.time(), client)


def _states(folders: Folders) -> dict[str, dict[str, Any]]:
    try:
        with open_state(folders) as store:
            return store.feed_states()
    except StateBroken:
        return {}


@click.command()
@click.argument("name")
@click.pass_obj
def poll(folders: Folders, name: str) -> None:
    """Ask one feed now and show what it holds, as far as its server allows it; nothing is stored.

    \b
    Example:  rasid feeds poll aljazeera
    """
    from monitor.fetch import check_now

    config = config_of(folders)
    must_exist("feed", name, config.feeds)
    now, asked = time.time(), _asked(folders)
    for state in (_states(folders).get(name, {}), asked.get(name, {})):
        if wait := check_now(state, now):
            raise RasidError(wait, subject=name)
    after, outcome = asyncio.run(_ask_alone(config, config.feeds[name]))
    waits = {key: after[key] for key in ("wait_until",) if key in after}
    recent = {feed: kept for feed, kept in asked.items() if now < kept.get("wait_until", kept["polled_at"] + 60)}
    _remember(folders, {**recent, name: {"polled_at": now, "reason": outcome.reason, **waits}})
    click.echo(f"{name}: {outcome.kind}, {clean(outcome.reason)}")
    zone = config.settings.locale.timezone
    for entry in outcome.entries[:20]:
        title = isolated(entry.title) if entry.title else "(no title)"
        click.echo(f"  {local(entry.published, zone)}  {title}\n    {clean(entry.url)}")


def _asked(folders: Folders) -> dict[str, dict[str, Any]]:
    """What `feeds poll` was answered lately, by feed."""
    try:
        found: dict[str, dict[str, Any]] = json.loads((folders.state / _ASKED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _remember(folders: Folders, asked: dict[str, dict[str, Any]]) -> None:
    from monitor.config.edit import save

    if folders.state.is_dir():
        save(folders.state / _ASKED, json.dumps(asked, ensure_ascii=False))


def poll_one(config: Config, feed: Feed) -> Outcome:
    """What a feed holds now."""
    return asyncio.run(_ask_alone(config, feed))[1]


async def _ask_alone(config: Config, feed: Feed) -> tuple[State, Outcome]:
    from monitor.fetch import Client
    from monitor.watch.roomsettings import policy_of

    async with Client(policy_of(config.settings)) as client:
        return await _ask(feed, client)
