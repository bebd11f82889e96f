"""WebSub in the hall: hubs that feeds name are subscribed to; what they push makes a feed due at once. Off by default.

The callback's server hears strangers: it reads little, keeps few connections, and takes a push for nothing but a reason
to poll, which goes the way of every poll.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from monitor.errors import FetchError
from monitor.fetch import Client, websub
from monitor.fetch.websub import Subscription
from monitor.types import Feed
from monitor.watch import log

KEY = "websub.key"  # in the state folder, not in the database: a backup holds no secret
_AT_ONCE = 20  # hubs asked in a minute
_CONNECTIONS, _HEAD, _BODY, _SECONDS = 50, 16_384, 2_000_000, 10.0
_LOG = log.logger("websub")
_WORDS = {200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone"}


@dataclass(slots=True)
class Hubs:
    """The subscriptions of all feeds. `hasten` makes a feed due; `clock` gives epoch seconds."""

    callback: str  # the public address under which hubs reach this machine
    key: bytes
    client: Client
    clock: Callable[[], float]
    hasten: Callable[[str], None]
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    _feeds: dict[str, str] = field(default_factory=dict)  # by the last part of their callback
    _inside: dict[str, bool] = field(default_factory=dict)  # by feed: whether its hub may be private
    _open: int = 0

    def meet(self, feed: Feed, state: dict[str, Any]) -> None:
        """Notes which hub the feed names now, and puts its subscription into the feed's state, without its secret."""
        hub, topic = state.get("hub", ""), state.get("topic", "")
        known = self.subscriptions.get(feed.id) or state.get("websub")
        if not hub or not topic:
            self.subscriptions.pop(feed.id, None)
            state.pop("websub", None)
            return
        if not known or (known["hub"], known["topic"]) != (hub, topic):
            known = {"hub": hub, "topic": topic, "renew_at": 0.0}
        self.subscriptions[feed.id] = {**known, "secret": self._derived("secret", feed.id, hub, topic)}
        self._feeds[self._derived("callback", feed.id)] = feed.id
        self._inside[feed.id] = state.get("private", False)
        state["websub"] = {name: value for name, value in known.items() if name != "secret"}

    def rest(self, feed: str, now: float, gap: float, ceiling: float) -> float:
        """Until when the feed need not be asked; 0 where its hub is not to be relied on. `gap`: between two entries."""
        known = self.subscriptions.get(feed)
        if not websub.trusted(known, now, gap) or known is None:
            return 0.0
        return min(now + ceiling, float(known["pushed_at"]) + 3 * gap)

    def keep_only(self, feeds: set[str]) -> None:
        """Forgets what is no longer watched; its hub hears so with the next push."""
        self.subscriptions = {feed: known for feed, known in self.subscriptions.items() if feed in feeds}

    async def renew(self) -> None:
        """Subscribes where that is due; a hub that does not answer is asked again in an hour."""
        now = self.clock()
        due = [feed for feed, known in self.subscriptions.items() if websub.due(known, now)]
        await asyncio.gather(*(self._subscribe(feed, now) for feed in due[:_AT_ONCE]))

    async def _subscribe(self, feed: str, now: float) -> None:
        known = self.subscriptions[feed]
        back = f"{self.callback.rstrip('/')}/{self._derived('callback', feed)}"
        begun, form = websub.begin(known["hub"], known["topic"], back, known["secret"], now)
        self.subscriptions[feed] = {**known, **begun}  # before the hub is asked: it may verify before it answers
        try:
            answer = await self.client.post(known["hub"], form, inside=self._inside[feed])
        except FetchError as error:
            _LOG.debug("a hub does not answer", feed=feed, why=str(error))
            return
        _LOG.debug("a hub was asked", feed=feed, status=answer.status)

    def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str]:
        """What a request to the callback is answered: status and body."""
        feed = self._feeds.get(path.rstrip("/").rpartition("/")[2], "")
        known = self.subscriptions.get(feed)
        if method == "GET":
            after, status, text = websub.verify(known, query, self.clock())
        elif method == "POST":
            after, status, news = websub.notice(known, headers, body, self.clock())
            text = ""
            if news:
                self.hasten(feed)
        else:
            return 405, ""
        if after is not None:
            self.subscriptions[feed] = after
        return status, text

    async def listen(self, address: str) -> Callable[[], Awaitable[None]]:
        """Hears hubs at host:port; returns what ends it. Raises OSError."""
        host, _, port = address.rpartition(":")
        server = await asyncio.start_server(self._serve, host.strip("[]"), int(port), limit=_HEAD)

        async def stop() -> None:
            server.close()

        return stop

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= _CONNECTIONS:
                async with asyncio.timeout(_SECONDS):
                    status, text = await self._heard(reader)
                    head = f"HTTP/1.1 {status} {_WORDS[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    head += f"Content-Length: {len(text.encode())}\r\nConnection: close\r\n\r\n"
                    writer.write(head.encode() + text.encode())
                    await writer.drain()
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _heard(self, reader: asyncio.StreamReader) -> tuple[int, str]:
        """One request, answered; what is none is a bad one."""
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
            size = int(headers.get("content-length", "0"))
            if not 0 <= size <= _BODY:
                return 400, ""
            body, parts = await reader.readexactly(size), urlsplit(target)
            return self.answer(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
        except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return 400, ""

    def _derived(self, *words: str) -> str:
        return hmac.new(self.key, "\0".join(words).encode(), hashlib.sha256).hexdigest()[:40]


def read_key(state_dir: Path) -> bytes:
    """The key that callbacks and secrets are made of; made when it is first needed, readable by its owner only."""
    path = state_dir / KEY
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(32))
    return path.read_bytes()
