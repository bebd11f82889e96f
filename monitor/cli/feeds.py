"""`feeds`: how each feed is; the group of `add`, `import`, `export`, `poll` and `check`."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import click

from monitor.cli.feedasks import check, poll
from monitor.cli.feedlists import add, export, import_
from monitor.cli.feedrows import rows_of
from monitor.cli.show import ago, cut, json_lines, table
from monitor.cli.usage import Verbs, rules_folder


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
        rows = rows_of(ctx.obj, time.time())
        if as_json:
            json_lines(rows)
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
    def span(text: str | None, sign: int) -> str:
        return ago(max(0.0, sign * (datetime.fromisoformat(text).timestamp() - now))) if text else "-"

    counts = f"{row['not_modified']}/{row['same']}/{row['changed']}"
    every = ago(row["interval"]) if row["interval"] else "-"
    per_day = row["per_day"] if row["per_day"] is not None else "-"
    last, coming = span(row["last_new"], -1), span(row["next_at"], 1)
    return [row["id"], cut(row["state"], 120), last, per_day, every, coming, row["next_why"], counts]


for verb in (add, import_, export, poll, check):
    feeds.add_command(verb)
