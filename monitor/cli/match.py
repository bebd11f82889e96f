"""`match` and `explain`: which rules fire on a text, and why."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from monitor.cli import Folders
from monitor.cli.show import clean, count, isolated, json_lines, marked
from monitor.cli.state import config_of, open_state
from monitor.cli.usage import File, must_exist, rules_folder
from monitor.errors import ConfigError, RasidError

if TYPE_CHECKING:
    from monitor.match import Matcher
    from monitor.rules import RuleSet
    from monitor.store import StoredHit
    from monitor.types import Hit, Match, Rule


def text_of(file: Path) -> str:
    """The text of a file, or of standard input for "-"; whatever its encoding."""
    from monitor.extract import decode

    if str(file) == "-" and sys.stdin.isatty():
        click.echo("reading the text from the terminal; end it with Ctrl-D on a line of its own", err=True)
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if not data.strip():
        click.echo("the text is empty", err=True)
    return decode(data)


def rules_of(folders: Folders) -> RuleSet:
    """The rules of the folder. Raises ConfigError with all errors where there is one."""
    from monitor.rules import read_rules

    ruleset, problems = read_rules(rules_folder(folders.rules))
    if ruleset is None:
        raise ConfigError([problem for problem in problems if problem.level == "error"])
    return ruleset


@click.command()
@click.argument("file", default="-", type=File(dash=True))
@click.option("--title", default="", help="The article's title; FILE holds its text.")
@click.option("--feed", default="", help="The feed it came from, for rules with `sources`.")
@click.option("--json", "as_json", is_flag=True, help="One object a hit.")
@click.pass_obj
def match(folders: Folders, file: Path, title: str, feed: str, as_json: bool) -> None:
    """Which rules fire on a text (FILE, or standard input) and why: the words and the sentence.

    \b
    Examples:  rasid match article.txt --title "هجوم ليلي"
               echo "أسقطت الدفاعات مسيّرة من طراز شاهد-136" | rasid match
    """
    text = text_of(file)
    hits = _matcher(folders, rules_of(folders), feed).match(title, text, feed)
    if as_json:
        json_lines(_as_json(hit, title, text) for hit in hits)
        return
    for hit in hits:
        _print(hit, title, text)
        _say_if_expired(hit.rule)
    if not hits:
        click.echo("no rule fires")


def _matcher(folders: Folders, ruleset: RuleSet, feed: str) -> Matcher:
    """The rules with the tags of the feeds; `feed` must be one of them where it is given."""
    from monitor.match import Matcher
    from monitor.watch.folder import tags_of

    feeds = config_of(folders).feeds
    if feed:
        must_exist("feed", feed, feeds)
    return Matcher(ruleset, tags_of(feeds))


def _say_if_expired(rule: Rule) -> None:
    """A rule after its last day is tried here, but watches nothing."""
    if rule.expires and rule.expires < datetime.now(UTC).date():
        click.echo(f"    {rule.id} expired after {rule.expires}: it tells nobody any more", err=True)


def _as_json(hit: Hit, title: str, text: str) -> dict[str, Any]:
    return {
        "rule": hit.rule.id,
        "severity": str(hit.severity),
        "matches": [
            {
                "term": m.term, "surface": m.surface, "field": m.field, "start": m.start, "end": m.end,
                "sentence": _sentence(m, title, text)[0],
            }
            for m in hit.matches
        ],
    }  # fmt: skip


def _sentence(match: Match, title: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    from monitor.match import sentence_of

    return sentence_of(title if match.field == "title" else text, [match])


def _print(hit: Hit, title: str, text: str) -> None:
    """Each sentence once, with all that fired in it."""
    from monitor.match import sentence_of

    click.echo(f"{click.style(hit.rule.id, bold=True)} ({hit.severity}) {isolated(hit.rule.name)}")
    sentences: dict[tuple[str, str], list[Match]] = {}
    for found in hit.matches:
        sentences.setdefault((found.field, _sentence(found, title, text)[0]), []).append(found)
    for (field, _), inside in sentences.items():
        sentence, spans = sentence_of(title if field == "title" else text, inside)
        click.echo(f"    {field}: {marked(sentence, spans)}")
        for found in inside:
            term = "" if found.term == found.surface else f" for {isolated(found.term)}"
            click.echo(f"        {isolated(found.surface)} at {found.start}-{found.end}{term}")


@click.command()
@click.argument("rule")
@click.argument("article", default="-")
@click.option("--title", default="", help="The article's title, where ARTICLE is a file.")
@click.option(
    "--feed", default="", help="The feed it came from, for rules with `sources`; a stored article has its own."
)
@click.option("--all", "whole", is_flag=True, help="Every part of the rule, also those of which nothing was found.")
@click.option("--json", "as_json", is_flag=True, help="The whole tree as one object.")
@click.pass_obj
def explain(folders: Folders, rule: str, article: str, title: str, feed: str, whole: bool, as_json: bool) -> None:
    """Why RULE did, or did not, fire: part by part.

    ARTICLE is a file, "-", the address of a stored article, or a hit's number as `hits` lists it; a hit is explained by
    the rule as it was then.

    \b
    Examples:  rasid explain shahed article.txt
               rasid explain shahed https://example.org/news/1
               rasid explain shahed 4711
    """
    from monitor.match import explain as explain_rule
    from monitor.match import gist

    title, text, hit, ruleset, url, own = _article(folders, article, title)
    ruleset = ruleset or rules_of(folders)
    must_exist("rule", rule, ruleset.rules)
    if hit and hit.rule == rule and hit.version != ruleset.rules[rule].version:
        click.echo("The rule as it was then is no longer kept; this is the rule as it is now.", err=True)
    _say_if_expired(ruleset.rules[rule])
    matcher = _matcher(folders, ruleset, feed)
    told = explain_rule(ruleset.rules[rule], title, text, feed=feed or own, matcher=matcher)
    if as_json or whole:
        click.echo(told.text() if whole and not as_json else json.dumps(told.json(), ensure_ascii=False))
        return
    if url:
        click.echo(f"{isolated(title)}  {clean(url)}")
    shown = list(gist(told))
    for line in shown:
        click.echo(line)
    if hidden := len(told.text().splitlines()) - len(shown):
        click.echo(f"({count(hidden, 'line')} more with --all)")


class _Found(NamedTuple):
    """Title and text; of what is stored its address and feed; of a hit's number the hit and the rules as they were."""

    title: str
    text: str
    hit: StoredHit | None = None
    ruleset: RuleSet | None = None
    url: str = ""
    feed: str = ""


def _article(folders: Folders, name: str, title: str) -> _Found:
    """What the verb was given."""
    if name == "-" or Path(name).is_file():
        return _Found(title, text_of(Path(name)))
    if not (name.isdigit() or "://" in name):
        raise RasidError("there is no such file", subject=name, hint="or name a stored article's address, or a hit")
    with open_state(folders) as store:
        hit = store.hit(int(name)) if name.isdigit() else None
        found = [hit.article] if hit else [each.id for each in store.articles(url=name, limit=1)]
        stored = store.article(found[0]) if found else None
        old = store.rules_at(hit.at) if hit else None
    if stored is None:
        what = "hit" if name.isdigit() else "article"
        raise RasidError(f"no such {what} is stored", subject=name, hint="`rasid hits` and `rasid search` list them")
    return _Found(stored.title, stored.text, hit, _rules_then(old), stored.url, stored.feed)


def _rules_then(sources: dict[str, str] | None) -> RuleSet | None:
    from monitor.rules import read_texts

    return read_texts(sources)[0] if sources else None
