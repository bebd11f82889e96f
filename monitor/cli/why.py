"""`why`: the whole chain for one address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor.cli import Folders
from monitor.cli.show import clean
from monitor.cli.state import config_of, open_state
from monitor.cli.usage import must_exist
from monitor.errors import RasidError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.rules import RuleSet
    from monitor.store import Store
    from monitor.watch.why import Known


@click.command()
@click.argument("url")
@click.option("--rule", default="", help="Ask about this rule only.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@click.pass_obj
def why(folders: Folders, url: str, rule: str, as_json: bool) -> None:
    """Why was I told, or not told, of URL? Every step in words: watched, polled, read, matched, decided, delivered.

    \b
    Example:  rasid why https://example.org/news/1
              rasid why https://example.org/news/1 --rule shahed
    """
    from monitor.rules import read_rules
    from monitor.watch.why import chain

    if not url.strip():
        raise RasidError("this is no address", subject=repr(url), hint="give the article's, as a browser shows it")
    config, ruleset = config_of(folders), read_rules(folders.rules)[0]
    if rule and ruleset is not None:
        must_exist("rule", rule, ruleset.rules)
    with open_state(folders) as store:
        known = _known(store, url, config, ruleset)
    steps = chain(known, rule)
    if as_json:
        click.echo(json.dumps({"url": url, "steps": steps}, ensure_ascii=False))
        return
    click.echo(clean(url))
    for number, step in enumerate(steps, 1):
        click.echo(f"{number}. {step}")


def _known(store: Store, url: str, config: Config, ruleset: RuleSet | None) -> Known:
    """All that is stored about the address: its articles, and how channels were told of their stories."""
    from monitor.watch.why import Known

    stored = store.why(url)
    stories = {line.story: stored.stories.get(line.story, ()) for line in stored.articles}
    return Known(
        why=stored, feeds=config.feeds, health=store.feed_health(), states=store.feed_states(),
        subjects=store.subjects(), ruleset=ruleset, zone=ZoneInfo(config.settings.locale.timezone),
        texts={line.id: article for line in stored.articles if (article := store.article(line.id)) is not None},
        told={
            story: [hit for line in copies for hit in store.why(line.url).hits if hit.deliveries]
            for story, copies in stories.items()
        },
    )  # fmt: skip
