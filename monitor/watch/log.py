"""What Rasid says as it goes: lines a person can read on a terminal, JSON under systemd, never a secret."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, TextIO

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
        last = [REDACTOR, structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=0, sort_keys=False)]
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


def _journal_fields(logger: object, method: str, event: Event) -> Event:
    event["PRIORITY"] = _PRIORITY.get(event.get("level", "info"), 6)
    return event


def logger(name: str) -> Any:
    """The logger of a part of the hall."""
    return structlog.stdlib.get_logger(f"rasid.{name}")
