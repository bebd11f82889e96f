"""`feeds`: how each feed is; add, import, export, poll and check feeds."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.show import ago, clean, count, isolated, lines, local, table
from monitor.cli.state import open_state
from monitor.cli.usage import File, Verbs, must_exist, rules_folder
from monitor.errors import MissingSecret, RasidError, StateBroken

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.fetch import Client, Outcome
    from monitor.fetch.discover import Discovery
    from monitor.types import Entry, Feed

State = Mapping[str, Any]
_ASKED = "asked.json"  # in the state folder: when `feeds poll` asked each feed last


@click.group(cls=Verbs, invoke_without_command=True, subcommand_metavar="[VERB …]")
@click.option("--json", "as_json", is_flag=True, help="One object a feed.")
@click.pass_context
def feeds(ctx: click.Context, as_json: bool) -> None:
    """How each feed is: state in words, last news, rate, next poll and why, counts of 304, same and new.

    \b
    Examples:  rasid feeds
               rasid feeds add https://example.org/     finds the site's feed
               rasid feeds check                        asks every feed once
    """
    rules_folder(ctx.obj.rules)
    if ctx.invoked_subcommand is None:
        from monitor.cli.feedrows import rows_of

        rows = rows_of(ctx.obj, time.time())
        if as_json:
            lines(rows)
        else:
            _print(rows)


def _print(rows: list[dict[str, Any]]) -> None:
    if not rows:
        click.echo("no feeds yet: rasid feeds add https://…")
        return
    now = time.time()
    heads = ["feed", "state", "last new", "a day", "every", "next", "why", "304/same/new"]
    table([_cells(row, now) for row in rows], heads)


def _cells(row: dict[str, Any], now: float) -> list[object]:
    from datetime import datetime

    def span(text: str | None, sign: int) -> str:
        return ago(max(0.0, sign * (datetime.fromisoformat(text).timestamp() - now))) if text else "-"

    counts = f"{row['not_modified']}/{row['same']}/{row['changed']}"
    every = ago(row["interval"]) if row["interval"] else "-"
    per_day = row["per_day"] if row["per_day"] is not None else "-"
    last, coming = span(row["last_new"], -1), span(row["next_at"], 1)
    return [row["id"], row["state"][:90], last, per_day, every, coming, row["next_why"], counts]


@feeds.command()
@click.argument("url")
@click.option("--id", "feed_id", default="", help="The feed's id in feeds.yaml; made of the address otherwise.")
@click.option("--kind", type=click.Choice(["feed", "sitemap", "page", "telegram"]), default="feed",
              help="page: a page with a list of links; telegram: a public channel.")  # fmt: skip
@click.option("--select", default="", help="For a page: CSS selector of the links, as 'h2 a'.")
@click.option("--yes", is_flag=True, help="Add the first feed found without asking.")
@click.pass_obj
def add(folders: Folders, url: str, feed_id: str, kind: str, select: str, yes: bool) -> None:
    """Find the feed of a site, show its newest entries, and write it into feeds.yaml; the file's comments stay.

    \b
    Examples:  rasid feeds add https://example.org/news
               rasid feeds add https://t.me/channel
               rasid feeds add https://example.org/latest --kind page --select "h2 a"
    """
    from monitor.config import load_config

    config = load_config(folders.rules)
    url = url if "://" in url else f"https://{url}"
    if channel := _telegram(url):
        url, kind = f"https://t.me/s/{channel}", "telegram"
    if kind in ("page", "telegram"):
        _add_page(folders, config, feed_id, {"url": url, "kind": kind, "select": select}, yes)
        return
    discovery = asyncio.run(_discover(config, url))
    for found in discovery.found:
        click.echo(f"{found.url} ({found.how})")
        if _wanted(config, found.url, found.document.title, found.document.entries, yes):
            _write(folders, config, feed_id, {"url": found.url, "name": clean(found.document.title)})
            return
    for address, answer in discovery.tried.items():
        click.echo(f"  {address}: {answer}", err=True)
    raise RasidError("no feed was added", subject=url, hint="a page can be watched too: --kind page --select 'h2 a'")


def _add_page(folders: Folders, config: Config, feed_id: str, fields: dict[str, str], yes: bool) -> None:
    from monitor.types import Feed

    feed = Feed(id="new", url=fields["url"], kind=fields["kind"], select=fields["select"])  # type: ignore[arg-type]
    outcome = asyncio.run(_poll_one(config, feed))
    if not outcome.entries:
        raise RasidError(f"no entries were found: {outcome.reason}", subject=feed.url, hint="look at --select")
    if _wanted(config, feed.url, outcome.title, outcome.entries, yes):
        named = {**fields, "name": clean(outcome.title)}
        _write(folders, config, feed_id, {key: value for key, value in named.items() if value})


def _wanted(config: Config, url: str, title: str, entries: tuple[Entry, ...], yes: bool) -> bool:
    """Shows what a feed holds, and asks."""
    from monitor.fetch import url_key

    click.echo(f"  {isolated(title)}, {len(entries)} entries")
    for entry in entries[:3]:
        click.echo(f"    {isolated(entry.title or entry.summary[:80])}")
    there = next((feed.id for feed in config.feeds.values() if url_key(feed.url) == url_key(url)), "")
    if there:
        raise RasidError(f"this feed is watched already, as {there}", subject=url)
    return yes or click.confirm("Add this feed?", default=True)


def _telegram(url: str) -> str:
    """The channel's name in an address of Telegram's."""
    import re

    found = re.fullmatch(r"https?://(?:www\.)?(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,})/?", url)
    return found[1] if found else ""


def _write(folders: Folders, config: Config, feed_id: str, fields: Mapping[str, str | list[str]]) -> None:
    from monitor.config.edit import add_feeds

    name = feed_id or _unused(_base_id(str(fields["url"])), set(config.feeds))
    path = folders.rules / "feeds.yaml"
    _save(path, add_feeds(_text(path), {name: fields}))
    click.echo(f"{path}: added {name}")


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else "rasid: 1\nfeeds:\n"


def _save(path: Path, text: str) -> None:
    """Replaces the file at once: a daemon that reloads never sees half of it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8")
    if path.exists():
        fresh.chmod(path.stat().st_mode)
    os.replace(fresh, path)


async def _discover(config: Config, url: str) -> Discovery:
    from monitor.fetch import Client
    from monitor.fetch.discover import discover
    from monitor.watch.roomsettings import policy_of

    async with Client(policy_of(config.settings)) as client:
        return await discover(url, client, time.time(), progress=lambda words: click.echo(f"  {words}", err=True))


def _base_id(url: str) -> str:
    """A Latin id made of the host's name; a Telegram channel's is its own."""
    from urllib.parse import urlsplit

    if channel := _telegram(url):
        return channel.lower()
    host = (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.")
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in host.rsplit(".", 1)[0]).strip("-") or "feed"


@feeds.command("import")
@click.argument("file", type=File())
@click.pass_obj
def import_(folders: Folders, file: Path) -> None:
    """Take over the feeds of an OPML file; its folders become tags, feeds that are known already are left alone.

    \b
    Example:  rasid feeds import subscriptions.opml
    """
    from monitor.config import load_config
    from monitor.config.edit import add_feeds
    from monitor.fetch import url_key
    from monitor.fetch.opml import read_opml

    config = load_config(folders.rules)
    known = {url_key(feed.url) for feed in config.feeds.values()}
    try:
        listed = read_opml(file.read_bytes())
    except RasidError as error:
        error.subject = error.subject or str(file)
        raise
    ids = set(config.feeds)
    added: dict[str, dict[str, str | list[str]]] = {}
    for outline in listed:
        if url_key(outline.url) in known or not outline.url.startswith(("http://", "https://")):
            continue
        name = _unused(_base_id(outline.url), ids)
        fields: dict[str, str | list[str]] = {
            "url": outline.url,
            "name": clean(outline.name),
            "tags": _tags(outline.tags),
        }
        added[name] = {key: value for key, value in fields.items() if value}
        ids.add(name)
        known.add(url_key(outline.url))
    path = folders.rules / "feeds.yaml"
    if added:
        _save(path, add_feeds(_text(path), added))
    click.echo(f"{path}: {len(added)} feeds added, {len(listed) - len(added)} left out (known already, or no address)")


def _tags(folders: tuple[str, ...]) -> list[str]:
    """Folder names as tags, which have no spaces."""
    return list(dict.fromkeys("-".join(clean(name).replace("،", " ").replace(",", " ").split()) for name in folders))


def _unused(base: str, ids: set[str]) -> str:
    return next(name for n in range(1, 100_000) if (name := base if n == 1 else f"{base}-{n}") not in ids)


@feeds.command()
@click.pass_obj
def export(folders: Folders) -> None:
    """All feeds as OPML, for other readers.

    \b
    Example:  rasid feeds export > rasid.opml
    """
    from monitor.config import load_config
    from monitor.fetch.opml import write_opml

    click.echo(write_opml(load_config(folders.rules).feeds.values()).decode())


@feeds.command()
@click.option("--json", "as_json", is_flag=True, help="One object a feed.")
@click.pass_obj
def check(folders: Folders, as_json: bool) -> None:
    """Ask every enabled feed once, without storing anything, and say how it answered; progress is shown.

    A feed whose server has asked for a pause is not asked.

    \b
    Example:  rasid feeds check
    """
    from monitor.config import load_config

    config = load_config(folders.rules)
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    rows = asyncio.run(_check_all(config, enabled, _states(folders), quiet=as_json))
    if as_json:
        lines(rows)
        return
    table([[r["id"], r["kind"], r["status"] or "-", r["entries"], r["reason"][:80]] for r in rows],
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
                found = await _ask(feed, client)
            row = {"kind": found.kind, "status": found.status, "entries": len(found.entries), "reason": found.reason}
        done += 1
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r{done} of {len(enabled)} feeds tried", nl=done == len(enabled), err=True)
        return {"id": feed.id, **row, "reason": clean(str(row["reason"]))}

    async with Client(policy_of(config.settings)) as client:
        return list(await asyncio.gather(*(one(feed, client) for feed in enabled)))


async def _ask(feed: Feed, client: Client) -> Outcome:
    """The feed, asked as if for the first time."""
    from dataclasses import replace

    from monitor.fetch import Outcome
    from monitor.fetch import poll as poll_feed
    from monitor.watch.addressing import resolve
    from monitor.watch.pollstate import traits

    try:
        asked = {"url": resolve(feed.url), **traits(replace(feed, proxy=resolve(feed.proxy)))}
    except MissingSecret as error:
        return Outcome(kind="error", next_at=0.0, reason=f"its address or proxy: {error}")
    _, outcome = await poll_feed(asked, time.time(), client)
    return outcome


def _states(folders: Folders) -> dict[str, dict[str, Any]]:
    try:
        with open_state(folders) as store:
            return store.feed_states()
    except StateBroken:
        return {}


@feeds.command()
@click.argument("name")
@click.pass_obj
def poll(folders: Folders, name: str) -> None:
    """Ask one feed now and show what it holds, as far as its server allows it; nothing is stored.

    \b
    Example:  rasid feeds poll aljazeera
    """
    from monitor.config import load_config
    from monitor.fetch import check_now

    config = load_config(folders.rules)
    must_exist("feed", name, config.feeds)
    now, asked = time.time(), _asked(folders)
    for state in (_states(folders).get(name, {}), asked.get(name, {})):
        if wait := check_now(state, now):
            raise RasidError(wait, subject=name)
    outcome = asyncio.run(_poll_one(config, config.feeds[name]))
    waits = {"wait_until": outcome.next_at} if outcome.kind in ("throttled", "blocked") else {}
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
    if folders.state.is_dir():
        _save(folders.state / _ASKED, json.dumps(asked, ensure_ascii=False))


async def _poll_one(config: Config, feed: Feed) -> Outcome:
    from monitor.fetch import Client
    from monitor.watch.roomsettings import policy_of

    async with Client(policy_of(config.settings)) as client:
        return await _ask(feed, client)
