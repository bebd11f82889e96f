"""The logs of the libraries that hold channels' addresses: only warnings, and those without secrets."""

from __future__ import annotations

import logging

from monitor.alert.redact import redact, secrets_of

# A filter of a logger doesn't see what its children log, so each is named.
_LOGGERS = ("apprise", "requests", "urllib3", "urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager",
            "urllib3.util.retry", "urllib3.response")  # fmt: skip


class _Redacting(logging.Filter):
    """Drops what is below WARNING: at DEBUG apprise and urllib3 write whole addresses. Tracebacks quote them too."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage(), self.secrets), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record.levelno >= logging.WARNING


_FILTER = _Redacting()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_FILTER)


def hide(url: str) -> frozenset[str]:
    """From now on no library's log shows a secret of this URL; returns them."""
    found = secrets_of(url)
    _FILTER.secrets |= found
    return found
