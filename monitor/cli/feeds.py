"""`feeds`: how each feed is; add, import, export, poll and check feeds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.show import ago, clean, iso, isolated, lines, table
from monitor.cli.state import open_state
from monitor.errors import RasidError, StateBroken

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.fetch.discover import Discovery
    from monitor.types import Feed


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One object a feed.")
@click.pass_context
def feeds(ctx: click.Context, as_json: bool) -> None:
    """How each feed is: state in words, last news, rate, next poll and why, counts of 304, same and new.

    \b
    Examples:  rasid feeds
               rasid feeds add https://example.org/     finds the site's feed
               rasid feeds check                        asks every feed once
    """
    if ctx.invoked_subcommand is None:
        rows = _rows(ctx.obj, time.time())
        if as_json:
            lines(rows)
        else:
            _print(rows)


def _rows(folders: Folders, now: float) -> list[dict[str, Any]]:
    from monitor.config import load_config
    from monitor.watch.pacing import schedule

    config = load_config(folders.rules)
    try:
        with open_state(folders) as store:
            states, health, subjects = store.feed_states(), store.feed_health(), store.subjects()
    except StateBroken:
        states, health, subjects = {}, {}, {}
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    pace = schedule(enabled, states, config.settings)
    rows = []
    for feed in config.feeds.values():
        state, known = states.get(feed.id, {}), health.get(feed.id)
        row = {"id": feed.id, "name": feed.name, "url": state.get("moved") or feed.url, "enabled": feed.enabled}
        row["state"] = _state(feed, state, subjects.get(f"feed:{feed.id}"), now)
        row |= {
            "last_new": iso(known.last_new) if known else None,
            "per_day": round(pace.rate(feed.id) * 86400, 1) if feed.enabled else None,
            "interval": round(pace.interval(feed.id, now)) if feed.enabled else None,
            "next_at": iso(known.next_at) if known else None,
            "reason": known.last_reason if known else "",
            "status": known.last_status if known else 0,
            "not_modified": state.get("not_modified", 0),
            "same": state.get("same", 0),
            "changed": state.get("changed", 0),
            "errors": known.errors if known else 0,
            "bytes": known.bytes if known else 0,
        }
        rows.append(row)
    return rows


def _state(feed: Feed, state: Mapping[str, Any], subject: tuple[str, float, str] | None, now: float) -> str:
    """The feed's state in words: since when, and what is wrong."""
    if not feed.enabled:
        return "off"
    kind = state.get("state_kind", "")
    if not kind:
        return "not yet polled"
    words = {"fresh": "fresh", "error": "broken", "throttled": "asked to wait"}.get(kind, kind)
    if subject is not None and subject[0] == "silent":
        words = "silent against its rhythm"
    since = f" for {ago(now - state['since'])}" if words != "fresh" and state.get("since") else ""
    why = f": {clean(str(state.get('reason', '')))}" if words not in ("fresh",) else ""
    return f"{words}{since}{why}" + (f", moved to {state['moved']}" if state.get("moved") else "")


def _print(rows: list[dict[str, Any]]) -> None:
    now = time.time()
    heads = ["feed", "state", "last new", "a day", "every", "next", "304/same/new"]
    table([_cells(row, now) for row in rows], heads)
    if not rows:
        click.echo("no feeds yet: rasid feeds add https://…")


def _cells(row: dict[str, Any], now: float) -> list[object]:
    from datetime import datetime

    def span(text: str | None, sign: int) -> str:
        return ago(sign * (datetime.fromisoformat(text).timestamp() - now)) if text else "-"

    counts = f"{row['not_modified']}/{row['same']}/{row['changed']}"
    every = ago(row["interval"]) if row["interval"] else "-"
    per_day = row["per_day"] if row["per_day"] is not None else "-"
    return [row["id"], row["state"][:70], span(row["last_new"], -1), per_day, every, span(row["next_at"], 1), counts]


@feeds.command()
@click.argument("url")
@click.option("--id", "feed_id", default="", help="The feed's id in feeds.yaml; made of the address otherwise.")
@click.option("--yes", is_flag=True, help="Add the first feed found without asking.")
@click.pass_obj
def add(folders: Folders, url: str, feed_id: str, yes: bool) -> None:
    """Find the feed of a site, show its newest entries, and write it into feeds.yaml; the file's comments stay.

    \b
    Example:  rasid feeds add https://example.org/news
    """
    from monitor.config import load_config
    from monitor.config.edit import add_feed

    config = load_config(folders.rules)
    discovery = asyncio.run(_discover(config, url))
    for found in discovery.found:
        click.echo(f"{found.url} ({found.how})")
        click.echo(f"  {isolated(found.document.title)}, {len(found.document.entries)} entries")
        for entry in found.document.entries[:3]:
            click.echo(f"    {isolated(entry.title)}")
        if not (yes or click.confirm("Add this feed?", default=True)):
            continue
        name = feed_id or _unused(_base_id(found.url), set(config.feeds))
        path, text = _feeds_file(folders)
        path.write_text(add_feed(text, name, {"url": found.url, "name": clean(found.document.title)}), "utf-8")
        click.echo(f"{path}: added {name}")
        return
    for address, answer in discovery.tried.items():
        click.echo(f"  {address}: {answer}", err=True)
    raise RasidError("no feed was added", subject=url, hint="a page can be watched too: docs/fetching.md")


def _feeds_file(folders: Folders) -> tuple[Path, str]:
    path = folders.rules / "feeds.yaml"
    return path, path.read_text("utf-8") if path.exists() else "rasid: 1\nfeeds:\n"


async def _discover(config: Config, url: str) -> Discovery:
    from monitor.fetch import Client
    from monitor.fetch.discover import discover
    from monitor.watch.daemon import policy_of

    async with Client(policy_of(config.settings)) as client:
        return await discover(
            url if "://" in url else f"https://{url}", client, time.time(),
            progress=lambda words: click.echo(f"  {words}", err=True),
        )  # fmt: skip


def _base_id(url: str) -> str:
    """A Latin id made of the host's name."""
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.")
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in host.rsplit(".", 1)[0]).strip("-") or "feed"


@feeds.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(folders: Folders, file: Path) -> None:
    """Take over the feeds of an OPML file; its folders become tags, feeds that are known already are left alone.

    \b
    Example:  rasid feeds import subscriptions.opml
    """
    from monitor.config import load_config
    from monitor.config.edit import add_feed
    from monitor.fetch import url_key
    from monitor.fetch.opml import read_opml

    config = load_config(folders.rules)
    known = {url_key(feed.url) for feed in config.feeds.values()}
    path, text = _feeds_file(folders)
    ids, added = set(config.feeds), 0
    for outline in read_opml(file.read_bytes()):
        if url_key(outline.url) in known:
            continue
        name = _unused(_base_id(outline.url), ids)
        fields: dict[str, str | list[str]] = {"url": outline.url, "name": clean(outline.name)}
        if outline.tags:
            fields["tags"] = list(outline.tags)
        text, added = add_feed(text, name, fields), added + 1
        ids.add(name)
        known.add(url_key(outline.url))
    path.write_text(text, "utf-8")
    click.echo(f"{path}: {added} feeds added")


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

    \b
    Example:  rasid feeds check
    """
    from monitor.config import load_config

    config = load_config(folders.rules)
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    rows = asyncio.run(_check_all(config, enabled, quiet=as_json))
    if as_json:
        lines(rows)
        return
    table([[r["id"], r["kind"], r["status"] or "-", r["entries"], r["reason"][:80]] for r in rows],
          ["feed", "answer", "status", "entries", "why"])  # fmt: skip
    kinds = [row["kind"] for row in rows]
    read = sum(kind in ("new", "unchanged") for kind in kinds)
    click.echo(f"{len(rows)} feeds tried, {read} read, {kinds.count('blocked')} blocked")


async def _check_all(config: Config, enabled: list[Feed], *, quiet: bool) -> list[dict[str, Any]]:
    from monitor.fetch import Client, poll
    from monitor.watch.daemon import policy_of
    from monitor.watch.rounds import traits

    gate, rows = asyncio.Semaphore(16), []

    async def one(feed: Feed, client: Client) -> None:
        async with gate:
            _, outcome = await poll({"url": feed.url, **traits(feed)}, time.time(), client)
        entries = len(outcome.entries)
        rows.append({"id": feed.id, "kind": outcome.kind, "status": outcome.status, "entries": entries,
                     "reason": clean(outcome.reason)})  # fmt: skip
        if not quiet:
            click.echo(f"\r{len(rows)} of {len(enabled)} feeds tried", nl=len(rows) == len(enabled), err=True)

    async with Client(policy_of(config.settings)) as client:
        await asyncio.gather(*(one(feed, client) for feed in enabled))
    order = {feed.id: n for n, feed in enumerate(enabled)}
    return sorted(rows, key=lambda row: order[str(row["id"])])


@feeds.command()
@click.argument("name")
@click.pass_obj
def poll(folders: Folders, name: str) -> None:
    """Ask one feed now and show what it holds, as far as its server allows it; nothing is stored.

    \b
    Example:  rasid feeds poll aljazeera
    """
    from monitor.config import load_config
    from monitor.config.suggest import did_you_mean
    from monitor.fetch import check_now

    config = load_config(folders.rules)
    if name not in config.feeds:
        raise RasidError("there is no such feed", subject=name, hint=did_you_mean(name, config.feeds))
    try:
        with open_state(folders) as store:
            state = store.feed_states().get(name, {})
    except StateBroken:
        state = {}
    if wait := check_now(state, time.time()):
        raise RasidError(wait, subject=name)
    outcome = asyncio.run(_poll_one(config, config.feeds[name]))
    click.echo(f"{name}: {outcome.kind}, {clean(outcome.reason)}")
    for entry in outcome.entries[:20]:
        click.echo(f"  {iso(entry.published) or '-'}  {isolated(entry.title)}\n    {clean(entry.url)}")


async def _poll_one(config: Config, feed: Feed) -> Any:
    from monitor.fetch import Client
    from monitor.fetch import poll as poll_feed
    from monitor.watch.daemon import policy_of
    from monitor.watch.rounds import traits

    async with Client(policy_of(config.settings)) as client:
        _, outcome = await poll_feed({"url": feed.url, **traits(feed)}, time.time(), client)
    return outcome
