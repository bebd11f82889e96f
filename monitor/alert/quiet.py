"""The logs of the libraries that hold channels' addresses: only warnings, and those without secrets."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from monitor.alert.redact import redact, secrets_of

# A filter of a logger doesn't see what its children log, so each is named.
_LOGGERS = ("apprise", "requests", "urllib3", "urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager",
            "urllib3.util.retry", "urllib3.response")  # fmt: skip


class _Redacting(logging.Filter):
    """Drops what is below WARNING: at DEBUG apprise and urllib3 write whole addresses. Tracebacks quote them too."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: frozenset[str] = frozenset()
        self.reading = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(self.reading, "now", False):
            return False
        record.msg, record.args = redact(record.getMessage(), self.secrets), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record.levelno >= logging.WARNING


_FILTER = _Redacting()
_LOCK = threading.Lock()
for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_FILTER)


def hide(url: str) -> frozenset[str]:
    """From now on no library's log shows a secret of this URL. Returns all secrets that are known."""
    with _LOCK:
        _FILTER.secrets |= secrets_of(url)
    return _FILTER.secrets


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """While a URL is read nothing is logged by this thread: what stands where in a malformed one nobody knows."""
    _FILTER.reading.now = True
    try:
        yield
    finally:
        _FILTER.reading.now = False
