"""Serves the newsroom over HTTP from a thread of its own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import monitor.cli.newsroom.pages as pages
from monitor.cli.newsroom.stories import STORIES

_FEED_TYPES = {"mina": "application/rss+xml; charset=utf-8", "difaf": "application/atom+xml", "sada": "text/xml"}


class Newsroom:
    """The server as a context; `url` is its address, `feeds` the addresses of its feeds."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        _Handler.answers = _answers(self.url, datetime.now(UTC))
        self.feeds = {outlet: f"{self.url}/{outlet}/feed" for outlet in pages.OUTLETS}

    def __enter__(self) -> Newsroom:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answers(url: str, now: datetime) -> dict[str, tuple[str, bytes]]:
    answers = {f"/{o}/feed": (_FEED_TYPES[o], pages.feed(o, url, now)) for o in pages.OUTLETS}
    return answers | {
        f"/{s.outlet}/{s.slug}": (f"text/html; charset={pages.ENCODINGS[s.outlet]}", pages.page(s, now))
        for s in STORIES
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: dict[str, tuple[str, bytes]] = {}  # noqa: RUF012 - set once, before the server starts

    def do_GET(self) -> None:
        content_type, body = self.answers.get(self.path, ("text/plain", b""))
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        if body and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        else:
            status = 200 if body else 404
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the terminal belongs to the demo."""
