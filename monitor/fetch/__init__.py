"""Bytes from the network: the only room that knows httpx and httpcore.

- `poll_once` is one poll alone; `poll` is the same for a daemon that keeps one `Client` for all.
- `Client` fetches pages and feeds behind the guards: checked addresses, bounded bodies, total deadlines, one request in
  flight a host.
- `freshness.Scheduler` says when which feed is worth asking; `earliest` and `check_now` say when it may be asked.
- `url_key` tells whether two addresses mean one page.
- `discover`, `opml`, `websub` find feeds, carry lists of them, and subscribe to their hubs.
"""

from monitor.fetch import discover, opml, websub
from monitor.fetch.client import Client, PageBytes
from monitor.fetch.identity import url_key
from monitor.fetch.outcome import Outcome
from monitor.fetch.policy import Policy
from monitor.fetch.poll import check_now, earliest, poll, poll_once, spread

__all__ = [
    "Client",
    "Outcome",
    "PageBytes",
    "Policy",
    "check_now",
    "discover",
    "earliest",
    "opml",
    "poll",
    "poll_once",
    "spread",
    "url_key",
    "websub",
]
