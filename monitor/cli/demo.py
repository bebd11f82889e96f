"""`demo`: the real daemon with the real rules on a newsroom of its own."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import Folders
from monitor.cli.newsroom import Newsroom
from monitor.cli.newsroom.pages import OUTLETS
from monitor.cli.show import cut, table
from monitor.errors import RasidError

if TYPE_CHECKING:
    from monitor.watch.daemon import Daemon

_RESERVED = ("feeds.yaml", "channels.yaml", "settings.yaml")
_SECONDS = 20.0  # the demo ends by itself, whatever happens
_DAY = 86400.0
_SETTINGS = """rasid: 1
poll:
  first: all        # a demo has no yesterday: everything is news
  floor: 1s
  spacing: 0s
  spread: 0s
allow_networks:
  - 127.0.0.0/8     # the newsroom is on this machine
"""


@click.command()
@click.pass_obj
def demo(folders: Folders) -> None:
    """See Rasid at work: a newsroom on this machine (three feeds, a dozen articles), the real daemon, the real rules.

    No network, nothing to configure, ends by itself.

    \b
    Example:  rasid demo
    """
    from monitor.watch import log

    if not any(path.name not in _RESERVED for path in folders.rules.glob("*.yaml")):
        raise RasidError("no rule files here", subject=str(folders.rules), hint="name the folder with --rules")
    log.configure(level=logging.WARNING)
    with Newsroom() as newsroom, tempfile.TemporaryDirectory(prefix="rasid-demo-") as scratch:
        click.echo(
            f"A newsroom serves three feeds at {newsroom.url}; Rasid watches them with the rules of {folders.rules}.\n"
        )
        rules = _folder(folders.rules, Path(scratch), newsroom)
        asyncio.run(_watch(rules, Path(scratch) / "state"))
    click.echo(_NEXT.format(rules=folders.rules))


def _folder(shipped: Path, scratch: Path, newsroom: Newsroom) -> Path:
    """The shipped rules with the newsroom's feeds."""
    rules = scratch / "rules"
    shutil.copytree(shipped, rules, ignore=lambda _, names: [name for name in names if name in _RESERVED])
    feeds = [
        f"  {name}:\n    url: {url}\n    name: {OUTLETS[name]}\n    text: page" for name, url in newsroom.feeds.items()
    ]
    (rules / "feeds.yaml").write_text("rasid: 1\nfeeds:\n" + "\n".join(feeds) + "\n", "utf-8")
    (rules / "settings.yaml").write_text(_SETTINGS, "utf-8")
    return rules


async def _watch(rules: Path, state: Path) -> None:
    """The daemon, until every feed was read and every alert sent."""
    from monitor.watch.daemon import Daemon

    skipped = 0.0
    async with Daemon(rules, state, console=sys.stdout, clock=lambda: time.time() + skipped) as daemon:
        running = asyncio.create_task(daemon.run())
        began = time.monotonic()
        while time.monotonic() - began < _SECONDS and not running.done():
            await asyncio.sleep(0.1)
            if set(daemon.rounds.feeds()) <= daemon.rounds.tried and await daemon.outbox.drain(5.0):
                break
        click.echo("\nThe rest is less urgent. This is the digest of the next morning:\n")
        await daemon.db(daemon.digests.look, daemon.clock(), daemon.rounds.health())
        skipped = _DAY
        await daemon.db(daemon.digests.look, daemon.clock(), daemon.rounds.health())
        await daemon.outbox.drain(5.0)
        daemon.stop_event.set()
        await running
        await daemon.db(_sum_up, daemon)


def _sum_up(daemon: Daemon) -> None:
    """What was stored, in a table."""
    store = daemon.store
    fired: dict[int, list[str]] = {}
    told: dict[int, str] = {}
    for hit in store.hits():
        fired.setdefault(hit.article, []).append(hit.rule)
        told[hit.article] = ", ".join(sorted({str(d.kind) for d in hit.decisions}))
    rows = [
        [line.feed, cut(line.title, 60), ", ".join(sorted(fired.get(line.id, ["-"]))), told.get(line.id, "-")]
        for line in sorted(store.articles(), key=lambda line: (line.feed, line.id))
    ]
    click.echo(f"\nStored: {len(rows)} articles, {sum(map(len, fired.values()))} hits, with their proof.\n")
    table(rows, ["feed", "article", "rules", "decision"])


_NEXT = """
Two of these pages are one agency story under two headlines: told once, "joined" the second time. An eyewitness
(شاهد عيان), a march (مسيرة) and neighbours (جيران) stayed silent, and so did the headlines beside the articles.

Edit next, in {rules}:
  channels.yaml   where alerts go: Telegram, e-mail, a webhook (until then: this terminal)
  feeds.yaml      which outlets are watched
  drones.yaml     a topic's rules: copy it and watch something else
Then:  rasid check   and   rasid run   (from a checkout: ./run check, ./run run)"""
