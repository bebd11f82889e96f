"""A news outlet on loopback whose feed and pages a test writes as it goes."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass
class Piece:
    """One article of the outlet."""

    slug: str
    title: str
    text: str
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    guid: str = ""


@dataclass
class Raw:
    """An answer that is no article: any status, headers and body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Outlet:
    """`with Outlet() as outlet: outlet.publish("slug", "title", "text")`; `outlet.feed` is its feed's address."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.raw: dict[str, Raw] = {}  # answers by path, before all others
        self.window = 100  # so many of the newest stand in the feed
        self.asked: Counter[str] = Counter()
        handler = type("Handler", (_Handler,), {"outlet": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.feed = f"{self.url}/feed"

    def __enter__(self) -> Outlet:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def publish(self, slug: str, title: str, text: str, published: datetime | None = None) -> None:
        """A new article; it stands first in the feed."""
        self.pieces.insert(0, Piece(slug, title, text, published or datetime.now(UTC), guid=f"id-{slug}"))

    def rss(self) -> bytes:
        items = "".join(
            f"<item><title>{escape(p.title)}</title><link>{self.url}/{p.slug}</link>"
            + (f"<guid isPermaLink='false'>{p.guid}</guid>" if p.guid else "")
            + f"<description>{escape(p.text[:80])}</description>"
            + f"<pubDate>{format_datetime(p.published)}</pubDate></item>"
            for p in list(self.pieces)[: self.window]
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>منبر</title>{items}</channel></rss>".encode()

    def page(self, slug: str) -> bytes | None:
        for piece in list(self.pieces):
            if piece.slug == slug:
                body = "".join(f"<p>{escape(line)}</p>" for line in piece.text.splitlines())
                return (
                    f"<html lang='ar'><head><title>{escape(piece.title)}</title></head><body><article>"
                    f"<h1>{escape(piece.title)}</h1>{body}</article></body></html>"
                ).encode()
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    outlet: Outlet

    def do_GET(self) -> None:
        self.outlet.asked[self.path] += 1
        answer = self.outlet.raw.get(self.path) or self._article()
        etag = f'"{blake2b(answer.body, digest_size=8).hexdigest()}"'
        if answer.status == 200 and self.headers.get("If-None-Match") == etag:
            answer = Raw(status=304)
        self.send_response(answer.status)
        for name, value in {"ETag": etag, "Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _article(self) -> Raw:
        if self.path == "/feed":
            return Raw(self.outlet.rss(), headers={"Content-Type": "application/rss+xml"})
        page = self.outlet.page(self.path.strip("/"))
        return Raw(page) if page is not None else Raw(status=404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""
