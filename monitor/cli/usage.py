"""How a command line is read: groups that guess a misspelt verb, files that must exist, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from monitor.cli.show import isolated
from monitor.errors import ConfigError, RasidError

_FOR_PEOPLE = 50  # objects that a verb lists where no --limit is given


def limit_option(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a verb that lists its `--limit`; `most` says what it comes to."""
    words = f"At most so many, newest first; 0 for all. Without it: {_FOR_PEOPLE}, for machines all."
    return click.option("--limit", type=click.IntRange(min=0), help=words)(verb)


def most(limit: int | None, *, for_machines: bool) -> int:
    """How many objects a verb lists; 0 for all."""
    return limit if limit is not None else 0 if for_machines else _FOR_PEOPLE


class Verbs(click.Group):
    """A group of verbs; for one that it doesn't have it names the nearest."""

    def __init__(self, *arguments: object, **given: object) -> None:
        super().__init__(*arguments, **{"subcommand_metavar": "VERB …", **given})  # type: ignore[arg-type]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        verbs = self.list_commands(ctx)
        if args and args[0] not in verbs and not args[0].startswith("-"):
            hint = _nearest(args[0], verbs) or f"there are {', '.join(verbs)}"
            raise click.UsageError(f"there is no verb `{args[0]}` ({hint})", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(verb, self.get_command(ctx, verb)) for verb in self.list_commands(ctx)]
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, command.get_short_help_str(limit=200)) for verb, command in commands if command])


class File(click.ParamType[Path]):
    """A file that exists; "-" is standard input where `dash` says so."""

    name = "file"

    def __init__(self, *, dash: bool = False) -> None:
        self.dash = dash

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if self.dash and str(value) == "-":
            return path
        if path.is_dir():
            raise RasidError("this is a folder, not a file", subject=str(path))
        if not path.exists():
            raise RasidError("there is no such file", subject=str(path))
        return path


class Span(click.ParamType[float]):
    """A span of time above nothing, in seconds."""

    name = "span"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from monitor.config.values import positive

        try:
            return value if isinstance(value, int | float) else positive(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def rules_folder(path: Path) -> Path:
    """The folder of rules; raises RasidError where there is none."""
    if path.is_dir():
        return path
    what = "this is a file, not the folder of rules" if path.exists() else "there is no such folder"
    raise RasidError(what, subject=str(path), hint="name the folder of rules with --rules")


@contextmanager
def mistakes_of(path: Path) -> Iterator[None]:
    """Names the file in the mistakes of its text, which knows no name."""
    from monitor.config.nodes import shown

    try:
        yield
    except ConfigError as error:
        named = [replace(each, place=replace(each.place, file=shown(path))) for each in error.problems]
        raise ConfigError(named) from None


def must_exist(what: str, name: str, known: Iterable[str]) -> None:
    """Raises RasidError where `name` is none of the known rules, feeds or channels."""
    names = list(known)
    if name not in names:
        some = ", ".join(name if name.isascii() else isolated(name) for name in names[:8]) + (
            " …" if len(names) > 8 else ""
        )
        hint = _nearest(name, names) or (f"there are {some}" if names else "")
        raise RasidError(f"there is no such {what}", subject=name, hint=hint)


def _nearest(word: str, known: Iterable[str]) -> str:
    from monitor.config.suggest import did_you_mean

    return did_you_mean(word, known)


def told(error: click.ClickException) -> str:
    """What is wrong with a command line, in the words and the one line of all other errors."""
    ctx = getattr(error, "ctx", None)
    verb = ctx.command_path.partition(" ")[2] if ctx else ""
    words = _words(error, ctx)
    if "(" not in words and ctx:
        words += f" (see `{ctx.command_path} --help`)"
    return f"rasid: {verb}: {words}" if verb else f"rasid: {words}"


def _words(error: click.ClickException, ctx: click.Context | None) -> str:
    if isinstance(error, click.NoSuchOption) and ctx:
        options = [name for option in ctx.command.get_params(ctx) for name in option.opts]
        hint = _nearest(error.option_name, options)
        return f"there is no option `{error.option_name}`" + (f" ({hint})" if hint else "")
    if isinstance(error, click.MissingParameter) and error.param:
        return f"{error.param.human_readable_name.upper()} is missing"
    if isinstance(error, click.BadParameter) and error.param:
        name = error.param.opts[-1] if isinstance(error.param, click.Option) else error.param.human_readable_name
        return f"{name.upper() if name[0] != '-' else name}: {error.message.rstrip('.')}"
    message = error.format_message().rstrip(".").replace("Missing command", "a verb is missing")
    return message[:1].lower() + message[1:]
