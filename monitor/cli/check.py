"""`check`, `forms`, `fmt`, `schema`: what a person does with rule files before they go live."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli import Folders
from monitor.cli.show import isolated, lines
from monitor.errors import ConfigError, RasidError
from monitor.types import Problem


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
    if as_json:
        lines({**asdict(problem), "place": str(problem.place)} for problem in problems)
    else:
        for problem in problems:
            _print(problem)
        _sum_up(folders.rules, problems, folder)
    if folder is None:
        raise click.exceptions.Exit(1)


def _print(problem: Problem) -> None:
    colour = "red" if problem.level == "error" else "yellow"
    click.echo(f"{problem.place}: {click.style(problem.level, fg=colour)}: {problem.message}")
    if problem.hint:
        click.echo(f"    {problem.hint}")


def _sum_up(rules_dir: Path, problems: tuple[Problem, ...], folder: object) -> None:
    from monitor.watch.folder import Folder

    errors = sum(problem.level == "error" for problem in problems)
    counts = f"{errors} errors, {len(problems) - errors} warnings"
    if isinstance(folder, Folder):
        rules = folder.ruleset.rules.values()
        tests = sum(len(rule.tests) for rule in rules)
        feeds = sum(feed.enabled for feed in folder.config.feeds.values())
        click.echo(
            f"{rules_dir}: {len(rules)} rules, {tests} tests pass, {feeds} feeds, "
            f"{len(folder.config.channels)} channels: {counts}"
        )
    else:
        click.echo(f"{rules_dir}: {counts}; the last good version stays live")


@click.command()
@click.argument("term")
@click.option("--kind", type=click.Choice(["name", "noun"]), help="Take the term for a name, or for a noun.")
@click.option("--family", is_flag=True, help="With the endings of the same word (إيران: إيراني، الإيرانية).")
@click.option("--al", type=click.Choice(["any", "no", "must"]), default="any", help="The article ال.")
@click.option("--json", "as_json", is_flag=True, help="One form a line, as objects.")
def forms(term: str, kind: str | None, family: bool, al: str, as_json: bool) -> None:
    """What a term will match: every folded form of its words, without the particles' combinations repeated.

    \b
    Example:  rasid forms مسيّرة
    """
    from monitor.arabic import homograph, term_words, word

    for part in term_words(term):
        compiled = word(part, forms="family" if family else "word", kind=kind or "", al=al)  # type: ignore[arg-type]
        found = sorted(set(compiled.all_forms()), key=lambda form: (len(form), form))
        if as_json:
            lines({"term": part, "form": form} for form in found)
            continue
        click.echo(f"{isolated(part)}: {len(found)} forms")
        click.echo(isolated("، ".join(found)))
        if note := homograph(part):
            click.echo(click.style(note, fg="yellow"))


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 where a file is not canonical.")
@click.pass_obj
def fmt(folders: Folders, files: tuple[Path, ...], only_check: bool) -> None:
    """Rule files in their canonical form: one Arabic string a line, comments kept.

    \b
    Example:  rasid fmt                      all files of the rules folder
              rasid fmt rules/drones.yaml
    """
    from monitor.rules import format_text

    changed = 0
    for path in files or sorted(folders.rules.glob("*.yaml")):
        text = path.read_text("utf-8")
        try:
            formatted = format_text(text)
        except ConfigError as error:
            raise RasidError("cannot be read; `rasid check` says why", subject=str(path)) from error
        if formatted != text:
            changed += 1
            click.echo(f"{path}: {'not canonical' if only_check else 'formatted'}")
            if not only_check:
                path.write_text(formatted, "utf-8")
    if not changed:
        click.echo("all files are canonical")
    elif only_check:
        raise click.exceptions.Exit(1)


@click.command()
def schema() -> None:
    """A JSON Schema of the rule files, for editors that know YAML.

    \b
    Example:  rasid schema > .vscode/rasid.schema.json
    """
    from monitor.rules import schema as rule_schema

    click.echo(json.dumps(rule_schema(), ensure_ascii=False, indent=2))
