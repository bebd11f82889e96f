"""`check`, `forms`, `fmt`, `schema`: what a person does with rule files before they go live."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from monitor.cli import Folders
from monitor.cli.show import count, isolated, json_lines, named
from monitor.cli.usage import File, mistakes_of, rules_folder
from monitor.config.nodes import shown
from monitor.config.schema import FILES
from monitor.errors import ConfigError, MissingSecret, RasidError
from monitor.types import Place, Problem

if TYPE_CHECKING:
    from monitor.watch.folder import Folder


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object a line: level, place, message, hint.")
@click.pass_obj
def check(folders: Folders, as_json: bool) -> None:
    """All mistakes in the rules folder with their lines, then every rule's own tests.

    Errors keep the folder from going live (exit code 1); warnings do not.

    \b
    Example:  rasid check
              rules/drones.yaml:14:9: error: there is no list `dron-words` (did you mean `drone-words`?)
    """
    from monitor.watch.folder import read

    folder, problems = read(folders.rules, datetime.now(UTC).date())
    if folders.rules.is_dir():
        problems = *problems, *_unread(folders.rules), *_unready(folders.rules)
    if as_json:
        json_lines({**asdict(problem), "place": str(problem.place)} for problem in problems)
    else:
        for problem in problems:
            _print(problem)
        _sum_up(folders.rules, problems, folder)
    if folder is None:
        raise click.exceptions.Exit(1)


def _print(problem: Problem) -> None:
    colour = "red" if problem.level == "error" else "yellow"
    click.echo(f"{problem.place}: {click.style(problem.level, fg=colour)}: {named(problem.message)}")
    if problem.hint:
        click.echo(f"    {named(problem.hint)}")


def _sum_up(rules_dir: Path, problems: tuple[Problem, ...], folder: Folder | None) -> None:
    folder_name = shown(rules_dir)
    errors = sum(problem.level == "error" for problem in problems)
    counts = f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}"
    if folder is None:
        click.echo(f"{folder_name}: {counts}; this does not go live, a running Rasid keeps the last good version")
        return
    rules, feeds = folder.ruleset.rules.values(), folder.config.feeds.values()
    tests = sum(len(rule.tests) for rule in rules)
    off = sum(not feed.enabled for feed in feeds)
    click.echo(
        f"{folder_name}: {count(len(rules), 'rule')}, {count(tests, 'test')} passed, {count(len(feeds) - off, 'feed')}"
        + (f" (and {off} switched off)" if off else "")
        + f", {count(len(folder.config.channels), 'channel')}: {counts}"
    )
    if not folder.config.settings.contact:
        click.echo("no `contact:` is set in settings.yaml: a site that has a question finds nobody to ask")


def _unread(rules_dir: Path) -> Iterator[Problem]:
    """Files that somebody may believe to be read."""
    for path in sorted([*rules_dir.glob("*"), *rules_dir.glob("lists/*")]):
        suffix = ".yaml" if path.parent == rules_dir else ".txt"
        alike = suffix == ".txt" or path.suffix.lower() in (".yml", ".yaml")
        if alike and path.suffix != suffix and path.name[:1] != ".":
            yield _warning(Place(shown(path)), "this file is not read", f"rename it: {path.stem}{suffix}")


def _unready(rules_dir: Path) -> Iterator[Problem]:
    """What is no mistake, yet nothing would come of it: no feed, a channel without its secret or a usable address."""
    from monitor.alert import problem
    from monitor.config import load_config
    from monitor.watch.addressing import resolve

    config = load_config(rules_dir)
    if config.complete and not any(feed.enabled for feed in config.feeds.values()):
        hint = "`rasid feeds add URL` finds a site's feed and writes it"
        yield _warning(Place(shown(rules_dir / "feeds.yaml")), "no feed is watched", hint)
    for channel in config.channels.values():
        try:
            wrong, hint = problem(resolve(channel.url)), "`rasid channels test` tries it"
        except MissingSecret as error:
            wrong, hint = f"{error.subject}: {error.message}", f"{error.hint}, for the daemon and for this check"
        if wrong:
            yield _warning(channel.place, f"channel `{channel.id}` would stay off: {wrong}", hint)


def _warning(place: Place, message: str, hint: str) -> Problem:
    return Problem(place=place, level="warning", message=message, hint=hint)


@click.command()
@click.argument("term")
@click.option("--kind", type=click.Choice(["name", "noun"]), help="Take the term for a name, or for a noun.")
@click.option("--family", is_flag=True, help="With the endings of the same word (إيران: إيراني، الإيرانية).")
@click.option("--al", type=click.Choice(["any", "no", "must"]), default="any", help="The article ال.")
@click.option("--all", "every", is_flag=True, help="Every form, with each particle in front.")
@click.option("--json", "as_json", is_flag=True, help="One form a line, as objects.")
def forms(term: str, kind: str | None, family: bool, al: str, every: bool, as_json: bool) -> None:
    """What a term will match: the forms of its words, and what may be attached in front.

    \b
    Example:  rasid forms مسيّرة
    """
    from monitor.arabic import homograph, persons, raw_tokens, typed_particle, word

    words = raw_tokens(term)
    if not words:
        raise RasidError("there is no word in it", subject=repr(term))
    for part, place in zip(words, _places(len(words)), strict=True):
        compiled = word(
            part, forms="family" if family else "word", kind=kind or "", al=al, place=place,  # type: ignore[arg-type]
        )  # fmt: skip
        found = sorted(set(compiled.all_forms()), key=lambda form: (len(form), form))
        if as_json:
            json_lines({"term": part, "form": form} for form in found)
            continue
        click.echo(f"{isolated(part)}: {count(len(found), 'form')}")
        _print_forms(found, every=every)
        if place == "alone" and (note := homograph(part)):
            click.echo(click.style(f"    beware: it is also {note}", fg="yellow"))
        if not family and (others := persons(part)):
            note = f"it is a verb: type {isolated('، '.join(others))} too where you mean them"
            click.echo(click.style(f"    beware: {note}", fg="yellow"))
        if particle := typed_particle(part):
            note = f"it begins with the particle {isolated(particle)} and is found only with it"
            click.echo(click.style(f"    beware: {note}", fg="yellow"))


def _places(words: int) -> list[Literal["alone", "first", "rest"]]:
    """Where each word of a term stands: less is attached to the later words of a phrase."""
    rest: list[Literal["rest"]] = ["rest"] * (words - 1)
    return ["first", *rest] if rest else ["alone"]


_ATTACHED = re.compile("[وف]?[بكل]?(?:ال|ل)?")


def _print_forms(found: list[str], *, every: bool) -> None:
    """The forms of which the others are made, and the particles that make them."""
    known, fronts = set(found), {}
    for form in found:
        cuts = (n for n in range(len(form) - 1, 0, -1) if form[n:] in known and _ATTACHED.fullmatch(form[:n]))
        if cut := next(cuts, 0):
            fronts[form] = form[:cut]
    plain = found if every else [form for form in found if form not in fronts]
    click.echo("    " + isolated("، ".join(plain)))
    if fronts and not every:
        particles = sorted(set(fronts.values()), key=lambda front: (len(front), front))
        click.echo(f"    and with these in front: {isolated('، '.join(particles))}   (--all lists every form)")


@click.command()
@click.argument("files", nargs=-1, type=File())
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 where a file is not canonical.")
@click.pass_obj
def fmt(folders: Folders, files: tuple[Path, ...], only_check: bool) -> None:
    """Rule files in their canonical form: one Arabic string a line, comments kept.

    \b
    Example:  rasid fmt                      all files of the rules folder
              rasid fmt rules/drones.yaml
    """
    from monitor.config.edit import load, save

    changed, unreadable = 0, list[Problem]()
    for path in files or sorted(rules_folder(folders.rules).glob("*.yaml")):
        try:
            text = load(path)
            formatted = _formatted(path, text)
        except ConfigError as error:
            unreadable += error.problems
            continue
        if formatted != text:
            changed += 1
            click.echo(f"{shown(path)}: {'not canonical' if only_check else 'formatted'}")
            if not only_check:
                save(path, formatted)
    if unreadable:
        raise ConfigError(unreadable)
    if not changed:
        click.echo("all files are canonical")
    elif only_check:
        raise click.exceptions.Exit(1)


def _formatted(path: Path, text: str) -> str:
    from monitor.rules import format_text

    with mistakes_of(path):
        return format_text(text)


@click.command()
@click.argument("file", type=click.Choice(["rules", *FILES]), default="rules")
def schema(file: str) -> None:
    """A JSON Schema of the rule files, or of another FILE, for editors that know YAML; docs/ holds them written out.

    \b
    Examples:  rasid schema > .vscode/rules.schema.json
               rasid schema feeds
    """
    from monitor.config import schema as config_schema
    from monitor.rules import schema as rule_schema

    found = rule_schema() if file == "rules" else config_schema(file)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
