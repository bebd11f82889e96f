"""`status`, `backup`, `restore`: one look at everything, a safe copy, and back again."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.feedrows import state_of
from monitor.cli.plans import plans
from monitor.cli.show import ago, clean, count, iso, local, named
from monitor.cli.state import config_of, open_state, settings_of
from monitor.cli.usage import File
from monitor.errors import RasidError, StateBroken

if TYPE_CHECKING:
    from monitor.store import Store

_NAMED = 8  # feeds that the status names


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.pass_obj
def status(folders: Folders, as_json: bool) -> None:
    """One look at everything: feeds by state, what was found today, what waits in each channel, backup, disk, rules.

    \b
    Example:  rasid status
    """
    now = time.time()
    with open_state(folders) as store:
        facts = _facts(folders, store, now)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        _print(facts, now, settings_of(folders).locale.timezone)


def _facts(folders: Folders, store: Store, now: float) -> dict[str, Any]:
    from monitor.watch.pacing import cost, schedule

    config = config_of(folders)
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    subjects, polled = store.subjects(), store.feed_states()
    states = {feed.id: state_of(polled.get(feed.id, {}), subjects.get(f"feed:{feed.id}")) for feed in enabled}
    counts, space, rules = store.counts(now - 86400), store.space(), store.last_rules()
    suspended, planned = store.suspensions(), plans(config, store.waiting(), now)
    return {
        "feeds": dict(sorted(Counter(states.values()).items(), key=lambda found: (found[0] != "ok", -found[1]))),
        "not_read": {feed: state for feed, state in states.items() if state not in ("ok", "not yet polled")},
        "cost": cost(schedule(enabled, polled, config.settings), config.settings, now),
        "articles": counts.articles,
        "articles_today": counts.articles_since,
        "hits": counts.hits,
        "hits_today": counts.hits_since,
        "stories": counts.stories,
        "last_hit": iso(counts.last_hit),
        "channels": {
            name: {
                "waiting": counts.waiting.get(name, 0),
                "dead": counts.dead.get(name, 0),
                "suspended": suspended[name].reason if name in suspended else "",
                **planned[name].fields,
                "later": planned[name].waits,
            }
            for name in config.channels
        },
        "rules": {"version": rules[0][:12] if rules else "", "state": subjects.get("rules", ("ok", 0, ""))[0]},
        "trouble": {name: note for name, (state, _, note) in subjects.items() if state not in ("ok", "")},
        "contact": config.settings.contact,
        "last_backup": iso(store.last_backup()),
        "database_bytes": counts.database_bytes,
        "disk_free_bytes": space.free,
        "disk_low": space.low,
    }


def _print(facts: dict[str, Any], now: float, zone: str) -> None:
    feeds = ", ".join(f"{number} {state}" for state, number in facts["feeds"].items()) or "none enabled"
    click.echo(f"feeds      {feeds}")
    if facts["not_read"]:
        names = ", ".join(list(facts["not_read"])[:_NAMED]) + (" …" if len(facts["not_read"]) > _NAMED else "")
        click.echo(click.style(f"not read   {names} (`rasid feeds` says why)", fg="yellow"))
    if facts["feeds"]:
        click.echo(f"cost       {facts['cost']['words']}")
    today = f"{count(facts['articles_today'], 'article')}, {count(facts['hits_today'], 'hit')}"
    click.echo(f"24 hours   {today}" + (f", the last {_since(facts['last_hit'], now)}" if facts["last_hit"] else ""))
    stories = count(facts["stories"], "story", "stories")
    click.echo(f"stored     {count(facts['articles'], 'article')}, {count(facts['hits'], 'hit')}, {stories}")
    for name, channel in facts["channels"].items():
        parts = [f"{channel['waiting']} waiting", f"{channel['dead']} dead", *channel["later"]]
        parts += [f"suspended: {clean(channel['suspended'])}"] if channel["suspended"] else []
        click.echo(f"channel    {name}: {', '.join(parts)}")
    click.echo(f"rules      version {facts['rules']['version'] or '-'}, {facts['rules']['state']}")
    backup = local(_epoch(facts["last_backup"]), zone) if facts["last_backup"] else "none yet"
    click.echo(f"backup     {backup}")
    free = f"{facts['disk_free_bytes'] / 2**30:.1f} GiB free" + (", LOW" if facts["disk_low"] else "")
    click.echo(f"disk       database {facts['database_bytes'] / 2**20:.1f} MiB, {free}")
    if not facts["contact"]:
        click.echo(
            "contact    none: set `contact:` in settings.yaml, so that a site can ask you instead of blocking you"
        )
    for subject, note in facts["trouble"].items():
        click.echo(click.style(f"trouble    {subject}: {named(clean(note))}", fg="yellow"))


def _since(moment: str, now: float) -> str:
    return f"{ago(now - _epoch(moment))} ago"


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(folders: Folders, file: Path) -> None:
    """A safe copy of the database to FILE, while Rasid runs.

    `cp` makes none: it loses what was not yet checkpointed.

    \b
    Example:  rasid backup /backup/rasid-$(date +%F).db
    """
    if file.is_dir():
        raise RasidError("this is a folder", subject=str(file), hint=f"name a file in it, as {file / 'rasid.db'}")
    if file.exists():
        raise RasidError("the file exists already", subject=str(file), hint="name another, or move it away")
    if not file.absolute().parent.is_dir():
        raise RasidError("there is no such folder", subject=str(file.absolute().parent))
    with open_state(folders) as store:
        store.backup(file)
    click.echo(f"{file}: {file.stat().st_size / 2**20:.1f} MiB")


@click.command()
@click.argument("file", type=File())
@click.pass_obj
def restore(folders: Folders, file: Path) -> None:
    """Put a backup in place of the database. Rasid must be stopped; the present database is moved aside, not deleted.

    \b
    Example:  rasid restore /backup/rasid-2026-11-20.db
    """
    from monitor.store import Store

    try:
        aside = Store.restore(folders.state, file, now=time.time())
    except StateBroken as error:
        error.exit_code = 1  # the file that was given is wrong, not the installation
        raise
    click.echo(f"restored from {file}" + (f"; the earlier database is {aside}" if aside else ""))
