"""Bytes from the network: the only room that knows httpx and httpcore.

- `poll_once` is one poll alone; `poll` is the same for a daemon that keeps one `Client` for all.
- `Client` fetches pages and feeds behind the guards: checked addresses, bounded bodies, total deadlines, one request in
  flight a host.
- `freshness.Scheduler` says when which feed is worth asking; `earliest` and `check_now` say when it may be asked.
- `url_key` tells whether two addresses mean one page.
- `discover`, `opml`, `websub` find feeds, carry lists of them, and subscribe to their hubs.

Each name is imported when it is asked for: `freshness` alone needs no network, and `rasid status` starts without.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.fetch.client import Client, PageBytes
    from monitor.fetch.identity import url_key
    from monitor.fetch.outcome import Outcome
    from monitor.fetch.policy import Policy
    from monitor.fetch.polling import check_now, earliest, poll, poll_once, spread

__all__ = [
    "Client",
    "Outcome",
    "PageBytes",
    "Policy",
    "check_now",
    "earliest",
    "poll",
    "poll_once",
    "spread",
    "url_key",
]
_MODULES = {
    "Client": "client", "Outcome": "outcome", "PageBytes": "client", "Policy": "policy", "url_key": "identity",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'polling')}"), name)
