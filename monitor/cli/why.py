"""`why`: the whole chain for one address."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import click

from monitor.cli import Folders
from monitor.cli.show import clean
from monitor.cli.state import config_of, open_state
from monitor.cli.usage import must_exist


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
    from monitor.watch.why import Known, chain

    config, ruleset = config_of(folders), read_rules(folders.rules)[0]
    if rule and ruleset is not None:
        must_exist("rule", rule, ruleset.rules)
    with open_state(folders) as store:
        stored = store.why(url)
        texts = {line.id: article for line in stored.articles if (article := store.article(line.id)) is not None}
        stories = {line.story: stored.stories.get(line.story, ()) for line in stored.articles}
        told = {
            story: [hit for line in copies for hit in store.why(line.url).hits if hit.deliveries]
            for story, copies in stories.items()
        }
        known = Known(
            why=stored, feeds=config.feeds, health=store.feed_health(), states=store.feed_states(),
            subjects=store.subjects(), ruleset=ruleset, texts=texts, told=told,
            zone=ZoneInfo(config.settings.locale.timezone),
        )  # fmt: skip
    steps = chain(known, rule)
    if as_json:
        click.echo(json.dumps({"url": url, "steps": steps}, ensure_ascii=False))
        return
    click.echo(clean(url))
    for number, step in enumerate(steps, 1):
        click.echo(f"{number}. {step}")
