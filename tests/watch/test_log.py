"""What the log shows, and what it never shows."""

from __future__ import annotations

import io
import json
import logging

import pytest

from monitor.watch import log

TOKEN = "123456:AAsecretsecretsecret"


@pytest.fixture(autouse=True)
def _known() -> None:
    log.REDACTOR.secrets = ()
    log.REDACTOR.know([TOKEN, "AAsecretsecretsecret"])


def written(*, as_json: bool) -> io.StringIO:
    stream = io.StringIO()
    log.configure(stream, json=as_json, level=logging.DEBUG)
    return stream


@pytest.mark.parametrize("as_json", [True, False])
def test_no_secret_is_written_by_any_logger_at_any_level(as_json: bool) -> None:
    """Events, keys, tracebacks and lines of libraries are all redacted."""
    stream = written(as_json=as_json)
    logger = log.logger("test")
    logger.debug(f"to {TOKEN}", url=f"https://api.telegram.org/bot{TOKEN}/send")
    try:
        raise ValueError(TOKEN)
    except ValueError:
        logger.exception("failed")
    logging.getLogger("apprise").error("posting to %s", TOKEN)
    assert "secretsecret" not in stream.getvalue()
    assert stream.getvalue().count(log.HIDDEN) >= 4


def test_under_systemd_a_line_is_one_json_object_with_the_journals_priority() -> None:
    """Arabic stays readable in it."""
    stream = written(as_json=True)
    log.logger("test").warning("قواعد مرفوضة", subject="rules")
    (line,) = stream.getvalue().splitlines()
    assert "قواعد مرفوضة" in line
    assert json.loads(line)["PRIORITY"] == 4


def test_debug_lines_of_libraries_are_off() -> None:
    """They hold addresses with tokens that nobody registered."""
    stream = written(as_json=True)
    logging.getLogger("httpx").debug("GET https://example.org/?token=unknown")
    assert stream.getvalue() == ""


def test_a_line_on_a_terminal_is_read_by_a_person() -> None:
    """Time, what happened, and its facts as words; empty ones are left out, and Arabic does not turn the line."""
    stream = written(as_json=False)
    log.logger("test").info("first round done", tried=74, read=61, why=None)
    log.logger("test").warning("channel down", why="القناة \x1b[31mdesk")
    calm, bad = stream.getvalue().splitlines()
    assert calm[8:] == "  first round done  tried 74 · read 61"
    assert bad[8:] == "  warning: channel down  why \u2068القناة  [31mdesk\u2069"
