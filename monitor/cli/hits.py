"""`hits` and `search`: what was found, and everything that is stored."""

from __future__ import annotations

import csv
import re
import sys
import time
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.show import clean, count, iso, isolated, json_lines, local, marked
from monitor.cli.state import config_of, open_state, settings_of
from monitor.cli.usage import Span, limit_option, most, must_exist
from monitor.errors import RasidError
from monitor.types import Severity

if TYPE_CHECKING:
    from monitor.store import ArticleLine, Store, StoredHit
    from monitor.types import Article


def _hit_json(hit: StoredHit) -> dict[str, Any]:
    """A hit as `hits --json` prints it."""
    return {
        "id": hit.id,
        "rule": hit.rule,
        "severity": str(hit.severity),
        "decisions": [{"channel": d.channel, "decision": str(d.kind), "reason": d.reason} for d in hit.decisions],
        "story": hit.story,
        "article": {
            "id": hit.article, "url": hit.url, "title": hit.title, "feed": hit.feed,
            "published": iso(hit.published), "first_seen": iso(hit.first_seen),
        },
        "matches": [asdict(match) for match in hit.matches],
        "deliveries": [
            {"channel": d.channel, "recipient": d.recipient, "state": str(d.state), "attempts": d.attempts}
            for d in hit.deliveries
        ],
    }  # fmt: skip


@click.command()
@click.argument("number", required=False, type=int)
@click.option("--rule", default="", help="Only this rule.")
@click.option("--feed", default="", help="Only this feed.")
@click.option("--since", type=Span(), default=0.0, metavar="SPAN", help="Not older than, as 90m, 6h, 7d.")
@click.option("--until", type=Span(), default=0.0, metavar="SPAN", help="Not newer than, as 1d.")
@click.option("--severity", type=click.Choice([str(s) for s in Severity]), help="At least this severity.")
@limit_option
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@click.option("--json", "as_json", is_flag=True, help="One object a hit.")
@click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    help="Write to a file the page of hit NUMBER as it came; where none was read, the text of the feed.",
)
@click.pass_obj
def hits(
    folders: Folders, number: int | None, rule: str, feed: str, since: float, until: float, severity: str | None,
    limit: int | None, as_csv: bool, as_json: bool, evidence: Path | None,
) -> None:  # fmt: skip
    """What was found, newest first; with NUMBER that hit, whole.

    \b
    Examples:  rasid hits --rule shahed --since 7d
               rasid hits 4711
               rasid hits 4711 --evidence page.html
               rasid hits --severity high --csv > hits.csv
    """
    if evidence is not None and number is None:
        raise click.UsageError("--evidence needs the number of a hit")
    now, zone = time.time(), settings_of(folders).locale.timezone
    with open_state(folders) as store:
        if evidence is not None and number is not None:
            _write_evidence(store, number, evidence)
            return
        one = _hit(store, number) if number is not None else None
        versions = store.versions(one.article) if one else []
        found = [one] if one else list(
            store.hits(
                rule=rule, feed=feed, since=now - since if since else 0.0, until=now - until if until else 0.0,
                severity=Severity(severity) if severity else None,
                limit=most(limit, for_machines=as_csv or as_json),
            )
        )  # fmt: skip
    if as_json:
        json_lines(map(_hit_json, found))
    elif as_csv:
        _csv(found)
    elif not found:
        _known(folders, rule, feed)
        click.echo("nothing was found")
    else:
        for hit in found:
            _print(hit, zone)
        if one:
            _print_proof(one, zone)
            _print_edits(versions, zone)


def _hit(store: Store, number: int) -> StoredHit:
    found = store.hit(number)
    if found is None:
        raise RasidError("no such hit is stored", subject=str(number), hint="`rasid hits` lists them")
    return found


def _known(folders: Folders, rule: str, feed: str) -> None:
    """Raises RasidError where the rule or feed that was asked for is none."""
    from monitor.rules import read_rules

    ruleset = read_rules(folders.rules)[0] if rule else None
    if ruleset is not None:
        must_exist("rule", rule, ruleset.rules)
    if feed:
        must_exist("feed", feed, config_of(folders).feeds)


def _print_edits(versions: list[Article], zone: str) -> None:
    """What each later version of the article changed."""
    from monitor.extract import difference

    for old, new in pairwise(versions):
        changed = difference(f"{old.title}\n{old.text}", f"{new.title}\n{new.text}")
        click.echo(f"    edited, seen {local(new.first_seen, zone)}" + ("" if changed else ": nothing of its text"))
        for line in changed.splitlines():
            click.echo(click.style(f"      {line[:2]}{isolated(line[2:])}", fg="red" if line[0] == "-" else "green"))


def _print(hit: StoredHit, zone: str) -> None:
    decisions = ", ".join(f"{d.channel}: {d.kind}" for d in hit.decisions)
    click.echo(
        f"{hit.id}  {local(hit.first_seen, zone)}  {click.style(hit.rule, bold=True)} ({hit.severity})  {decisions}"
    )
    click.echo(f"    {isolated(hit.title)}  [{hit.feed}]")
    click.echo(f"    {marked(hit.sentence, hit.spans)}")
    click.echo(f"    {clean(hit.url)}")


def _print_proof(hit: StoredHit, zone: str) -> None:
    """Each match, decision and delivery."""
    from monitor.store import addressees

    click.echo(f"    published {local(hit.published, zone)}, story {hit.story}, read from the {hit.text_from}")
    for match in hit.matches:
        click.echo(
            f"    {isolated(match.surface)} for {isolated(match.term)}, {match.field}[{match.start}:{match.end}]"
        )
    for decision in hit.decisions:
        click.echo(f"    {decision.channel}: {decision.kind}, {decision.reason}")
    for sending, whom in zip(hit.deliveries, addressees(hit.deliveries), strict=True):
        tries = f"after {count(sending.attempts, 'try', 'tries')}" if sending.attempts else "not tried yet"
        facts = [f"{sending.state} {tries}", local(sending.at, zone) if sending.at else "", clean(sending.error)]
        click.echo(f"    {clean(whom)}: {', '.join(filter(None, facts))}")


def _csv(found: list[StoredHit]) -> None:
    """Begins with a byte order mark: without it spreadsheets take Arabic for Latin letters."""
    sys.stdout.write("\ufeff")
    writer = csv.writer(sys.stdout)
    writer.writerow(
        ["id", "rule", "severity", "first_seen", "published", "feed", "title", "url", "surface", "sentence"]
    )
    for hit in found:
        surfaces = " | ".join(dict.fromkeys(match.surface for match in hit.matches))
        row = [hit.id, hit.rule, str(hit.severity), iso(hit.first_seen), iso(hit.published), hit.feed]
        writer.writerow([_cell(v) for v in (*row, hit.title, hit.url, surfaces, hit.sentence)])


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = clean(str(value if value is not None else ""))
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _write_evidence(store: Store, number: int, path: Path) -> None:
    hit = _hit(store, number)
    kept = store.evidence(hit.article)
    if kept is None:
        _write_text(store, hit, path)
        return
    path.write_bytes(kept.data)
    click.echo(f"{path}: {len(kept.data)} bytes of {kept.url}, fetched {iso(kept.fetched_at)}")
    click.echo(f"SHA-256 {kept.sha256}")


def _write_text(store: Store, hit: StoredHit, path: Path) -> None:
    """The stored text of a hit without a page, under a head that says what it is."""
    article = store.article(hit.article)
    assert article is not None  # a hit's article is kept as long as the hit
    source = f"the feed {hit.feed}" if hit.text_from == "feed" else "the page"
    because = article.because and f" ({article.because})"
    what = f"no page was kept{because}: this is the text that was read from {source}"
    dates = f"published {iso(hit.published) or '-'}, first seen {iso(hit.first_seen)}"
    path.write_text("\n".join([what, article.url, dates, "", article.title, "", article.text, ""]), "utf-8")
    click.echo(f"{path}: {what}")


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many articles.")
@click.option("--json", "as_json", is_flag=True, help="One object an article.")
@click.pass_obj
def search(folders: Folders, query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Full text over everything stored: every word must occur, in any of the forms that `rasid forms` shows.

    \b
    Example:  rasid search محطة بوشهر
    """
    from monitor.arabic import tokens

    zone = settings_of(folders).locale.timezone
    words = [_forms(token.raw) for token in tokens(" ".join(query))]
    if not words:
        raise RasidError("there is no word in it", subject=" ".join(query))
    with open_state(folders) as store:
        found = store.search(words, limit)
    if as_json:
        json_lines(map(_article_json, found))
        return
    for line in found:
        click.echo(f"{local(line.first_seen, zone)}  {isolated(line.title)}  [{line.feed}]\n    {clean(line.url)}")
    if not found:
        click.echo("nothing was found")


_BEFORE_AL = re.compile(r"[وف]?(?:[بك]ال|لل)(?=\w{3})")  # the particles before an article, which they are typed with


def _forms(token: str) -> tuple[str, ...]:
    """The folded forms of a word; of one that begins with a particle and its article also those of the word alone."""
    from monitor.arabic import fold, word

    typed = fold(token)
    alone = _BEFORE_AL.sub("ال", typed, count=1) if _BEFORE_AL.match(typed) else typed
    return tuple(dict.fromkeys([typed, *(fold(form) for term in (token, alone) for form in word(term).all_forms())]))


def _article_json(line: ArticleLine) -> dict[str, Any]:
    """An article's head as `search --json` prints it."""
    return {
        "id": line.id, "story": line.story, "feed": line.feed, "url": line.url, "title": line.title,
        "published": iso(line.published), "first_seen": iso(line.first_seen), "text_from": line.text_from,
    }  # fmt: skip
