"""`run`: the daemon."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import click

from monitor.cli import Folders
from monitor.errors import ConfigError, RasidError


@click.command()
@click.option("--once", is_flag=True, help="One round of what is due, deliveries waited for (60 s at most); for cron.")
@click.option("-v", "--verbose", is_flag=True, help="Every poll is logged.")
@click.option("--log", "log_format", type=click.Choice(["auto", "text", "json"]), default="auto",
              help="How the log is written; auto: text on a terminal, JSON under systemd.")  # fmt: skip
@click.pass_obj
def run(folders: Folders, once: bool, verbose: bool, log_format: str) -> None:
    """Watch the feeds, and tell the channels what the rules find.

    SIGTERM and Ctrl-C stop it within 10 seconds with nothing lost; SIGHUP, or a saved file, reloads the rules folder.

    \b
    Examples:  rasid run
               rasid --rules /etc/rasid --state /var/lib/rasid run --once
    """
    from monitor.watch import daemon, log

    log.configure(
        json=None if log_format == "auto" else log_format == "json", level=logging.DEBUG if verbose else logging.INFO
    )
    code = 0
    try:
        asyncio.run(daemon.run(folders.rules, folders.state, once=once, console=sys.stdout))
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo("rasid: nothing is watched: there is no earlier version to fall back on", err=True)
        code = os.EX_CONFIG
    except RasidError as error:
        click.echo(f"rasid: {error}", err=True)
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a send that hangs must not hold the process; all that matters is on disk
