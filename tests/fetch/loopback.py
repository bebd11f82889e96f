"""A server on loopback that answers as a test wants and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from monitor.fetch import Outcome, poll_once

NOW = 1_790_000_000.0  # some moment in 2026
LOOPBACK = ["127.0.0.0/8", "::1/128"]
SETTINGS: dict[str, Any] = {
    "floor": 60,
    "hint_cap": 3600,
    "retry_cap": 7 * 86400,
    "timeout": 2,
    "allow_networks": LOOPBACK,
}
Headers = dict[str, str]


@dataclass
class Request:
    method: str
    path: str
    headers: list[tuple[str, str]]  # as sent, order and case kept
    body: bytes = b""

    def __getitem__(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def __contains__(self, name: str) -> bool:
        return self[name] is not None


@dataclass
class Reply:
    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None  # the whole answer as bytes, then the connection is cut
    act: Callable[[socket.socket], None] | None = None  # does the answering itself


Handler = Callable[[Request], Reply]


class Server:
    """One thread a connection, HTTP/1.1 by hand, so that wrong answers can be given too."""

    def __init__(self, family: int = socket.AF_INET, address: str = "127.0.0.1") -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.in_flight = self.most_in_flight = 0
        self.handler: Handler = lambda request: Reply(404)
        self._lock = threading.Lock()
        self._listener = socket.create_server((address, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.base = f"http://{f'[{address}]' if ':' in address else address}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def url(self, path: str = "/feed.xml") -> str:
        return self.base + path

    def answer(self, *replies: Reply | Handler) -> None:
        """The next requests get these in turn, the last for ever."""
        rest = list(replies)

        def handler(request: Request) -> Reply:
            reply = rest.pop(0) if len(rest) > 1 else rest[0]
            return reply if isinstance(reply, Reply) else reply(request)

        self.handler = handler

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            try:
                while request := _read(stream):
                    with self._lock:
                        self.requests.append(request)
                        self.in_flight += 1
                        self.most_in_flight = max(self.most_in_flight, self.in_flight)
                    try:
                        if not self._reply(connection, self.handler(request)):
                            return
                    finally:
                        with self._lock:
                            self.in_flight -= 1
            except OSError:
                return

    def _reply(self, connection: socket.socket, reply: Reply) -> bool:
        if reply.act:
            reply.act(connection)
            return False
        if reply.raw is not None:
            connection.sendall(reply.raw)
            return False
        headers = dict(reply.headers)
        if reply.status != 304:
            headers.setdefault("Content-Length", str(len(reply.body)))
        lines = [f"HTTP/1.1 {reply.status} X", *(f"{key}: {value}" for key, value in headers.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode("latin-1") + (b"" if reply.status == 304 else reply.body))
        return True


def _read(stream: Any) -> Request | None:
    line = stream.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = []
    while (line := stream.readline()).strip():
        key, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
        headers.append((key, value.removeprefix(" ")))
    length = next((int(value) for key, value in headers if key.lower() == "content-length"), 0)
    return Request(method, path, headers, stream.read(length) if length else b"")


class Poller:
    """A feed's state, written out and read back between any two polls, as over a restart."""

    def __init__(self, url: str, **settings: Any) -> None:
        self.state: dict[str, Any] = {"url": url, "settings": {**SETTINGS, **settings}}
        self.now = NOW

    def __call__(self, wait: float | None = None) -> Outcome:
        """One poll, `wait` seconds after the last, by default as soon as it may be."""
        if wait is not None:
            self.now += wait
        elif "next_at" in self.state:
            self.now = max(self.now, self.state["next_at"])
        state, outcome = poll_once(json.loads(json.dumps(self.state)), self.now)
        self.state = state
        return outcome

    def wait_after(self, outcome: Outcome) -> float:
        return outcome.next_at - self.now


def rss(*items: str, head: str = "") -> bytes:
    """A feed with an item a word; `a=b` gives guid a and title b."""
    parts = []
    for item in items:
        guid, _, title = item.partition("=")
        parts.append(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>خبر {title or guid}</title>"
            f"<link>https://news.example/{guid}</link><description>نص الخبر {guid}</description></item>"
        )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
        f"<channel><title>صحيفة</title><link>https://news.example/</link>{head}{''.join(parts)}</channel></rss>"
    ).encode()


def ok(*items: str, body: bytes | None = None, head: str = "", **headers: str) -> Reply:
    """A feed; header names are given with underscores."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Reply(
        200, {"Content-Type": "application/rss+xml", **named}, rss(*items, head=head) if body is None else body
    )
