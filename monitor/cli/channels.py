"""`channels`, `deliveries`, `silence`: is it connected; what was sent, waits or died; hold a rule's alerts."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import Folders
from monitor.cli.plans import Plan, plans
from monitor.cli.show import clean, count, cut, iso, json_lines, local, table
from monitor.cli.state import config_of, open_state, settings_of
from monitor.cli.usage import Span, Verbs, limit_option, most, must_exist, rules_folder
from monitor.errors import MissingSecret, StateBroken
from monitor.types import DeliveryState

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.rules.expression import Item
    from monitor.store import DeliveryLine, Silence, Store, Waiting
    from monitor.types import Channel, Expression, Rule


@click.group(cls=Verbs, invoke_without_command=True, subcommand_metavar="[VERB …]")
@click.option("--json", "as_json", is_flag=True, help="One object a channel.")
@click.pass_context
def channels(ctx: click.Context, as_json: bool) -> None:
    """Where alerts go, whether each channel is ready, and what waits for the end of its quiet hours or its digest.

    \b
    Examples:  rasid channels
               rasid channels test desk      sends a real-looking alert
    """
    rules_folder(ctx.obj.rules)
    if ctx.invoked_subcommand is not None:
        return
    from monitor.alert import describe

    config = config_of(ctx.obj)
    troubles, waiting = _known(ctx.obj)
    planned = plans(config, waiting, time.time())
    rows = [
        {"id": c.id, "to": describe(c.url), "state": _state(c, troubles), "layout": c.layout}
        for c in config.channels.values()
    ]
    if as_json:
        json_lines(row | planned[row["id"]].fields for row in rows)
        return
    cells = [[row["id"], row["to"], planned[row["id"]].how, row["state"]] for row in rows]
    table(cells, ["channel", "to", "how", "state"])
    _say_what_waits(planned)


def _say_what_waits(planned: dict[str, Plan], channel: str = "") -> None:
    for name, plan in planned.items():
        for words in plan.waits if channel in ("", name) else ():
            click.echo(f"{name}: {words}")


def _known(folders: Folders) -> tuple[dict[str, str], dict[str, Waiting]]:
    """What keeps channels from delivering, as far as the daemon knows, and what waits for its time."""
    try:
        with open_state(folders) as store:
            rests, subjects, waiting = store.suspensions(), store.subjects(), store.waiting()
    except StateBroken:
        return {}, {}
    down = {name: note for name, (state, _, note) in subjects.items() if state == "down"}
    failing = {name.partition(":")[2]: f"failing: {note}" for name, note in down.items() if name[:8] == "channel:"}
    return failing | {name: f"suspended: {one.reason}" for name, one in rests.items()}, waiting


def _state(channel: Channel, troubles: dict[str, str]) -> str:
    from monitor.alert import problem
    from monitor.watch.addressing import resolve

    try:
        wrong = problem(resolve(channel.url))
    except MissingSecret as error:
        wrong = str(error)
    if wrong:
        return f"off: {wrong}"
    return troubles.get(channel.id, "ready")


@channels.command()
@click.argument("name", required=False)
@click.pass_obj
def test(folders: Folders, name: str | None) -> None:
    """Send a real-looking alert, marked as a test, to channel NAME (without NAME: to every channel).

    \b
    Example:  rasid channels test desk
    """
    config = config_of(folders)
    if name is not None:
        must_exist("channel", name, config.channels)
    failed = 0
    for channel in config.channels.values():
        if name in (None, channel.id):
            failed += _send_test(channel, config)
    if failed:
        raise click.exceptions.Exit(1)


_OUTCOMES = {
    "passing": "not sent, a later try may succeed",
    "ambiguous": "perhaps sent, the answer was lost",
    "broken": "not sent, until something is changed",
    "content": "not sent, this message was refused",
    "throttled": "not sent, the service asks for a pause",
}


def _send_test(channel: Channel, config: Config) -> int:
    """Sends to each recipient; returns how many did not get it."""
    from monitor.alert import Sender, probe, recipients
    from monitor.watch.addressing import resolve
    from monitor.watch.roomsettings import locale_of

    try:
        url = resolve(channel.url)
    except MissingSecret as error:
        click.echo(f"{channel.id}: {error}", err=True)
        return 1
    settings, failed = config.settings, 0
    sender = Sender(
        locale=locale_of(settings), telegram_api=settings.telegram_api,
        allow_networks=settings.allow_networks, console=sys.stdout,
    )  # fmt: skip
    for recipient in recipients(url):
        result = sender.send(
            url, recipient, probe(channel.id, time.time()), layout=channel.layout, zone=channel.timezone
        )
        to = f"{channel.id}, {clean(recipient)}" if recipient else channel.id
        click.echo(f"{to}: {_OUTCOMES.get(result.kind, result.kind)}" + (f": {result.detail}" if result.detail else ""))
        failed += result.kind != "sent"
    return failed


@click.command()
@click.option("--dead", is_flag=True, help="Only those that were given up.")
@click.option("--waiting", is_flag=True, help="Only those that still wait.")
@click.option("--channel", default="", help="Only this channel.")
@click.option("--retry", is_flag=True, help="Send dead deliveries again.")
@limit_option
@click.option("--json", "as_json", is_flag=True, help="One object a delivery.")
@click.pass_obj
def deliveries(
    folders: Folders, dead: bool, waiting: bool, channel: str, retry: bool, limit: int | None, as_json: bool
) -> None:
    """What was sent, what waits, what died and why. `--waiting` tells as well what will be a message later.

    \b
    Examples:  rasid deliveries --dead
               rasid deliveries --dead --retry --channel desk
    """
    if dead and waiting:
        raise click.UsageError("a delivery is dead or waits: give one of --dead and --waiting")
    state = DeliveryState.dead if dead else DeliveryState.pending if waiting else None
    with open_state(folders) as store:
        _known_channel(folders, store, channel)
        if retry:
            again = store.retry(channel=channel, now=time.time())
            click.echo(f"{count(again, 'dead delivery waits', 'dead deliveries wait')} to be sent again")
            return
        found = store.deliveries(state=state, channel=channel, limit=most(limit, for_machines=as_json))
        later = store.waiting() if waiting else {}
    if as_json:
        json_lines(map(_as_json, found))
        return
    if found:
        _list_deliveries(found, settings_of(folders).locale.timezone)
    else:
        click.echo("no such deliveries" if dead or waiting or channel else "nothing was sent yet")
    _say_what_waits(plans(config_of(folders), later, time.time()), channel)


def _list_deliveries(found: list[DeliveryLine], zone: str) -> None:
    from monitor.store import addressees

    to = addressees(found)
    rows = [
        [
            local(d.created, zone),
            whom,
            d.state,
            d.attempts,
            d.alert[:8],
            cut(d.headline, 60),
            cut(d.last_error, 80),
        ]
        for d, whom in zip(found, to, strict=True)
    ]
    table(rows, ["made", "channel", "state", "tries", "alert", "what", "why"])


def _known_channel(folders: Folders, store: Store, name: str) -> None:
    """Raises RasidError for a channel that neither is in channels.yaml nor was."""
    if name and not store.deliveries(channel=name, limit=1):
        must_exist("channel", name, config_of(folders).channels)


def _as_json(line: DeliveryLine) -> dict[str, Any]:
    return {
        "id": line.id, "alert": line.alert, "channel": line.channel, "recipient": line.recipient,
        "state": str(line.state), "attempts": line.attempts, "created": iso(line.created),
        "next_at": iso(line.next_at),
        "sent_at": iso(line.sent_at), "error": line.last_error, "headline": line.headline,
        "folded_into": line.folded_into,
    }  # fmt: skip


@click.command()
@click.argument("rule", required=False)
@click.option("--for", "span", type=Span(), default=0.0, metavar="SPAN", help="How long: 90m, 6h, 2d.")
@click.option("--only", default="", metavar="WORD", help="Only hits that this word fired.")
@click.option("--off", is_flag=True, help="End the rule's silences now.")
@click.option("--json", "as_json", is_flag=True, help="One object a silence.")
@click.pass_obj
def silence(folders: Folders, rule: str | None, span: float, only: str, off: bool, as_json: bool) -> None:
    """Hold a rule's alerts for a while; its hits are still stored. Without RULE: the silences that hold now.

    \b
    Examples:  rasid silence shahed --for 6h
               rasid silence sanctions --for 2d --only بروكسل
               rasid silence shahed --off
    """
    now, zone = time.time(), settings_of(folders).locale.timezone
    if rule is None and (off or span or only):
        raise click.UsageError("which rule? As in `rasid silence shahed --for 6h`")
    if off and (span or only):
        raise click.UsageError("`--off` ends all silences of the rule and goes alone")
    with open_state(folders) as store:
        if rule is None:
            _list(store.silences(now), zone, as_json=as_json)
            return
        _known_rule(folders, rule, only)
        if off:
            click.echo(f"{count(store.unsilence(rule, now=now), 'silence')} of {rule} ended")
            return
        if not span:
            raise click.UsageError("say for how long: --for 6h")
        until = now + span
        store.silence(rule, until, now=now, only=only)
    click.echo(f"{rule} is silent until {local(until, zone)}" + (f" for {clean(only)}" if only else ""))


def _known_rule(folders: Folders, rule: str, only: str) -> None:
    """Raises RasidError for a rule that is none, or a word that by itself never fires it: it would silence nothing."""
    from monitor.rules import read_rules

    ruleset, _ = read_rules(folders.rules)
    if ruleset is None:
        return
    must_exist("rule", rule, ruleset.rules)
    terms = list(_terms(ruleset.rules[rule].match, ruleset.rules)) if only else []
    if only and not _fires(only, ruleset.rules[rule], terms):
        must_exist(f"term of {rule}", only, dict.fromkeys(term.term for term in terms))


def _terms(item: Expression, rules: Mapping[str, Rule]) -> Iterator[Item]:
    """The items of a rule that may stand in its hits, each free of what is asked of its place and number."""
    from monitor.rules.expression import AllOf, AnyOf, Item, Near, RuleRef

    if isinstance(item, AnyOf | AllOf | Near):
        for part in item.parts:
            yield from _terms(part, rules)
    elif isinstance(item, RuleRef):
        yield from _terms(rules[item.rule].match, rules)
    elif isinstance(item, Item):
        yield replace(item, where=None, times=1, keep=(), drop=())


def _fires(only: str, rule: Rule, terms: Sequence[Item]) -> bool:
    """Whether the word is one of the terms, or a form in which one of them is found."""
    from monitor.arabic import fold
    from monitor.match import Matcher
    from monitor.rules.expression import AnyOf
    from monitor.rules.ruleset import RuleSet

    lone = replace(rule, match=AnyOf(place=rule.place, term="", items=tuple(terms)), raises=())
    found = [match.surface for hit in Matcher(RuleSet(rules={rule.id: lone}, sources={})).match("", only)
             for match in hit.matches]  # fmt: skip
    return fold(only) in map(fold, [*found, *(term.term for term in terms)])


def _list(found: list[Silence], zone: str, *, as_json: bool) -> None:
    if as_json:
        json_lines({"rule": s.rule, "since": iso(s.since), "until": iso(s.until), "only": s.only} for s in found)
    elif found:
        table([[s.rule, local(s.until, zone), s.only] for s in found], ["rule", "silent until", "only"])
    else:
        click.echo("no rule is silent")
