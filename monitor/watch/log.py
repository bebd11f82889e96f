"""What Rasid says as it goes: lines a person can read on a terminal, JSON under systemd, never a secret."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, TextIO
from unicodedata import bidirectional

import structlog

Event = MutableMapping[str, Any]
HIDDEN = "***"
_LIBRARIES = (
    "httpx",
    "httpcore",
    "apprise",
    "apscheduler",
    "trafilatura",
    "htmldate",
    "urllib3",
    "requests",
    "alembic",
)
# journald's own field for a line's priority, after syslog(3)
_PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}


class Redactor:
    """A structlog processor that blots out every known secret; `secrets` may grow at a reload."""

    def __init__(self) -> None:
        self.secrets: tuple[str, ...] = ()

    def know(self, secrets: Collection[str]) -> None:
        """From now on `secrets` are hidden, longer ones first, so that no rest of one stays behind."""
        self.secrets = tuple(sorted({*self.secrets, *secrets}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """`text` without the secrets."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def __call__(self, logger: object, method: str, event: Event) -> Event:
        return {self.clean(key): self._cleaned(value) for key, value in event.items()}

    def _cleaned(self, value: Any) -> Any:
        return value if isinstance(value, int | float | None) else self.clean(str(value))


REDACTOR = Redactor()


def under_systemd() -> bool:
    """Whether the output goes to the journal."""
    return bool(os.environ.get("JOURNAL_STREAM") or os.environ.get("INVOCATION_ID"))


def configure(stream: TextIO | None = None, *, json: bool | None = None, level: int = logging.INFO) -> None:
    """Lines go to `stream` (standard error); JSON is the default under systemd."""
    stream = stream or sys.stderr
    as_json = under_systemd() if json is None else json
    shared: list[Callable[[Any, str, Event], Any]] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
        structlog.processors.format_exc_info,
    ]
    last: list[Any] = [_journal_fields, REDACTOR, structlog.processors.JSONRenderer(ensure_ascii=False)]
    if not as_json:
        last = [REDACTOR, _Words(colours=stream.isatty() and not os.environ.get("NO_COLOR"))]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _LIBRARIES:  # their debug lines hold addresses with tokens
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _Words:
    """A line for people: `21:20:40  first round done  tried 74 · read 61 · blocked 9`; what went wrong in colour.

    Arabic stands in isolates, so that it does not turn the line around it.
    """

    def __init__(self, *, colours: bool) -> None:
        self.colours = colours

    def __call__(self, logger: object, method: str, event: Event) -> str:
        moment, level, trace = (event.pop(key, "") for key in ("timestamp", "level", "exception"))
        what = _isolated(str(event.pop("event", "")))
        facts = " · ".join(
            f"{key.replace('_', ' ')} {_isolated(str(value))}"
            for key, value in event.items()
            if value not in (None, "")
        )
        said = what if level in ("info", "debug") else f"{level}: {what}"
        line = f"{self._in(2, moment)}  {self._in(_COLOURS.get(level, 1), said)}" + (f"  {facts}" if facts else "")
        return f"{line}\n{trace}" if trace else line

    def _in(self, code: int, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and text else text


_COLOURS = {"debug": 2, "info": 1, "warning": 33, "error": 31, "critical": 31}  # SGR codes of ECMA-48
_CONTROLS = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}


def _isolated(text: str) -> str:
    """Without control characters; in an isolate where something is written from right to left."""
    text = text.translate(_CONTROLS)
    return f"\u2068{text}\u2069" if any(bidirectional(letter) in ("R", "AL") for letter in text) else text


def _journal_fields(logger: object, method: str, event: Event) -> Event:
    event["PRIORITY"] = _PRIORITY.get(event.get("level", "info"), 6)
    return event


def logger(name: str) -> Any:
    """The logger of a part of the hall."""
    return structlog.stdlib.get_logger(f"rasid.{name}")
