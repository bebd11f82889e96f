"""`feeds add`, `import`, `export`: what feeds.yaml lists."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from monitor.cli import Folders
from monitor.cli.feedasks import poll_one
from monitor.cli.show import clean, count, isolated
from monitor.cli.state import config_of
from monitor.cli.usage import File, mistakes_of
from monitor.errors import RasidError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.fetch.discover import Discovery
    from monitor.fetch.opml import Listed
    from monitor.types import Entry

Fields = Mapping[str, str | list[str]]


@click.command()
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
    config = config_of(folders)
    _judge_id(feed_id, config)
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
            named = {"url": found.url, "name": clean(found.document.title), "kind": kind if kind != "feed" else ""}
            _write(folders, config, feed_id, named)
            return
    for address, answer in discovery.tried.items():
        click.echo(f"  {address}: {answer}", err=True)
    raise RasidError("no feed was added", subject=url, hint="a page can be watched too: --kind page --select 'h2 a'")


def _add_page(folders: Folders, config: Config, feed_id: str, fields: dict[str, str], yes: bool) -> None:
    from monitor.types import Feed

    feed = Feed(id="new", url=fields["url"], kind=fields["kind"], select=fields["select"])  # type: ignore[arg-type]
    outcome = poll_one(config, feed)
    if not outcome.entries:
        raise RasidError(f"no entries were found: {outcome.reason}", subject=feed.url, hint="look at --select")
    if _wanted(config, feed.url, outcome.title, outcome.entries, yes):
        _write(folders, config, feed_id, {**fields, "name": clean(outcome.title)})


def _wanted(config: Config, url: str, title: str, entries: tuple[Entry, ...], yes: bool) -> bool:
    """Shows what a feed holds, and asks."""
    from monitor.fetch import url_key

    named = f"{isolated(title)}, " if title else ""
    click.echo(f"  {named}{count(len(entries), 'entry', 'entries')}")
    for entry in entries[:3]:
        click.echo(f"    {isolated(entry.title or entry.summary[:80])}")
    there = next((feed.id for feed in config.feeds.values() if url_key(feed.url) == url_key(url)), "")
    if there:
        raise RasidError(f"this feed is watched already, as {there}", subject=url)
    return yes or _confirmed()


def _confirmed() -> bool:
    """What a person says; raises RasidError where there is nobody to ask."""
    try:
        return click.confirm("Add this feed?", default=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise RasidError(
            "nobody answers here, so no feed was added", hint="--yes adds the first that is found"
        ) from None


def _telegram(url: str) -> str:
    """The channel's name in an address of Telegram's."""
    found = re.fullmatch(r"https?://(?:www\.)?(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,})/?", url)
    return found[1] if found else ""


def _write(folders: Folders, config: Config, feed_id: str, fields: Fields) -> None:
    """Writes one feed; a key without a value is left out."""
    name = feed_id or _unused(_base_id(str(fields["url"])), set(config.feeds))
    path = _add(folders, {name: {key: value for key, value in fields.items() if value}})
    click.echo(f"{path}: added {name}")


def _judge_id(name: str, config: Config) -> None:
    """Raises RasidError where a feed cannot have the id that was asked for."""
    from monitor.config.tables import ID

    if name and not re.fullmatch(ID, name):
        raise RasidError("this is no id", subject=name, hint="ids have Latin letters, digits, _ and -")
    if name in config.feeds:
        raise RasidError("there is a feed of this id already", subject=name, hint="give another --id")


def _add(folders: Folders, added: Mapping[str, Fields]) -> str:
    """Writes feeds into feeds.yaml; returns its path for people."""
    from monitor.config.edit import add_feeds, load, save
    from monitor.config.nodes import shown

    path = folders.rules / "feeds.yaml"
    if added:
        text = load(path) if path.exists() else ""
        with mistakes_of(path):
            text = add_feeds(text, added)
        save(path, text)
    return shown(path)


async def _discover(config: Config, url: str) -> Discovery:
    from monitor.fetch import Client
    from monitor.fetch.discover import discover
    from monitor.watch.roomsettings import policy_of

    async with Client(policy_of(config.settings)) as client:
        return await discover(url, client, time.time(), progress=lambda words: click.echo(f"  {words}", err=True))


def _base_id(url: str) -> str:
    """A Latin id made of the host's name; a Telegram channel's is its own."""
    if channel := _telegram(url):
        return channel.lower()
    host = (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.")
    name = host if host.rpartition(".")[2].isdigit() else host.rsplit(".", 1)[0]  # an IP address has no domain to cut
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name).strip("-") or "feed"


@click.command("import")
@click.argument("file", type=File())
@click.pass_obj
def import_(folders: Folders, file: Path) -> None:
    """Take over the feeds of an OPML file; its folders become tags, feeds that are known already are left alone.

    \b
    Example:  rasid feeds import subscriptions.opml
    """
    from monitor.fetch.opml import read_opml

    try:
        listed = read_opml(file.read_bytes())
    except RasidError as error:
        error.subject = error.subject or str(file)
        raise
    added = _unknown(listed, config_of(folders))
    left = len(listed) - len(added)
    path = _add(folders, added)
    click.echo(f"{path}: {count(len(added), 'feed')} added, {left} left out (known already, or no address)")


def _unknown(listed: Iterable[Listed], config: Config) -> dict[str, Fields]:
    """The feeds of a list that are not in feeds.yaml, by ids made for them."""
    from monitor.fetch import url_key

    ids, known = set(config.feeds), {url_key(feed.url) for feed in config.feeds.values()}
    added: dict[str, Fields] = {}
    for outline in listed:
        if url_key(outline.url) in known or not outline.url.startswith(("http://", "https://")):
            continue
        name = _unused(_base_id(outline.url), ids)
        fields: Fields = {"url": outline.url, "name": clean(outline.name), "tags": _tags(outline.tags)}
        added[name] = {key: value for key, value in fields.items() if value}
        ids.add(name)
        known.add(url_key(outline.url))
    return added


def _tags(folders: tuple[str, ...]) -> list[str]:
    """Folder names as tags, which have no spaces."""
    return list(dict.fromkeys("-".join(clean(name).replace("،", " ").replace(",", " ").split()) for name in folders))


def _unused(base: str, ids: set[str]) -> str:
    return next(name for n in range(1, 100_000) if (name := base if n == 1 else f"{base}-{n}") not in ids)


@click.command()
@click.pass_obj
def export(folders: Folders) -> None:
    """All feeds as OPML, for other readers.

    \b
    Example:  rasid feeds export > rasid.opml
    """
    from monitor.fetch.opml import write_opml

    click.echo(write_opml(config_of(folders).feeds.values()).decode())
