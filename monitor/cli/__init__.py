"""The command: `rasid VERB`. A verb's module, and the rooms it needs, are imported when the verb is called."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from monitor import __version__
from monitor.cli.usage import Verbs, told
from monitor.errors import ConfigError, RasidError

# verb -> (module, one line of help); modules hold a click command of the verb's name
VERBS = {
    "demo": ("demo", "See Rasid at work on a small newsroom of its own: no network, nothing to configure."),
    "run": ("run", "Watch: the daemon. With --once, one round of what is due."),
    "check": ("check", "All mistakes in rules, feeds and channels with their lines, and the rules' own tests."),
    "match": ("match", "Which rules fire on a text, and why."),
    "explain": ("match", "Why a rule did, or did not, fire on a text: part by part."),
    "article": ("article", "What Rasid reads of a page: title, date, text, and what it left out."),
    "forms": ("check", "What a term will match."),
    "fmt": ("check", "Rule files in their canonical form."),
    "schema": ("check", "A JSON Schema of the rule files, or of the other three, for editors."),
    "why": ("why", "The whole chain for one address: why was I told, or not told?"),
    "hits": ("hits", "What was found."),
    "search": ("hits", "Full text over everything stored, with Arabic spelling folded."),
    "feeds": ("feeds", "How each feed is; add, import, export, poll and check feeds."),
    "channels": ("channels", "Where alerts go, and whether it works; `channels test` sends one."),
    "deliveries": ("channels", "What was sent, what waits, what died and why."),
    "silence": ("channels", "Hold a rule's alerts for a while; hits are still stored."),
    "status": ("status", "One look at everything."),
    "backup": ("status", "A safe copy of the database while Rasid runs."),
    "restore": ("status", "Put a backup in place of the database; Rasid must be stopped."),
}


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the rules and the state are."""

    rules: Path
    state: Path


class LazyVerbs(Verbs):
    """The verbs, whose help is known without importing their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"monitor.cli.{VERBS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])


@click.command(cls=LazyVerbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    envvar="RASID_RULES",
    default=Path("rules"),
    metavar="DIR",
    help="The folder with rules, feeds, channels and settings (RASID_RULES).",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    envvar="RASID_STATE",
    default=Path("state"),
    metavar="DIR",
    help="The folder that Rasid keeps its database in (RASID_STATE).",
)
@click.version_option(__version__, prog_name="rasid")
@click.pass_context
def rasid(ctx: click.Context, rules: Path, state: Path) -> None:
    """Rasid (راصد) watches Arabic news and tells you, once per story, when your rules fire.

    \b
    Start with:  rasid demo
    Then:        rasid check      after each edit of the rules folder
                 rasid run        to watch
    """
    ctx.obj = Folders(rules, state)


def main() -> NoReturn:
    """Runs the command; exits with 0 done, 1 wrong input, 2 usage, 75 state folder held, 78 wrong configuration."""
    for stream in (sys.stdout, sys.stderr):  # Arabic, whatever the terminal's locale says
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    colour = False if os.environ.get("NO_COLOR") else None
    code: object = 0
    try:
        code = rasid.main(prog_name="rasid", standalone_mode=False, color=colour)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except SystemExit as done:  # click's own way out: a shell's completion, or a reader that has gone, as `head` does
        code = done.code if "_RASID_COMPLETE" in os.environ else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        print(told(error), file=sys.stderr)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except ConfigError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        code = error.exit_code
    except RasidError as error:
        print(f"rasid: {error}", file=sys.stderr)
        code = error.exit_code
    except OSError as error:  # of a file that a person named, or of the disk
        print(f"rasid: {error.filename or 'reading or writing'}: {error.strerror or error}", file=sys.stderr)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
