"""A webhook on loopback that answers as asked: any status, slowly, hugely, never."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal


@dataclass
class Answer:
    """A status; `manner` says how the answer goes out after it was decided."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    manner: Literal["plain", "hang", "huge", "trickle", "trickle headers", "cut"] = "plain"
    delay: float = 0.0  # seconds before it


@dataclass
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    answered: int  # with this status
    manner: str = "plain"

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Webhook:
    """`with Webhook() as hook:` then `hook.url` (http), `hook.address` (json://), `hook.requests`, `hook.script`."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.always = answer or Answer()
        self.script: deque[Answer] = deque()
        self.requests: list[Received] = []
        self.written = 0  # bytes of a huge answer that the client took
        self.stop = threading.Event()
        handler = type("Handler", (_Handler,), {"hook": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.address = f"json://127.0.0.1:{self.port}/hook"

    def __enter__(self) -> Webhook:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hook: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.hook.script.popleft() if self.hook.script else self.hook.always
        headers = dict(self.headers.items())
        self.hook.requests.append(
            Received(self.command, self.path, headers, body, time.monotonic(), answer.status, answer.manner)
        )
        time.sleep(answer.delay)
        with contextlib.suppress(OSError):
            self._give(answer)

    do_PUT = do_GET = do_POST

    def _give(self, answer: Answer) -> None:
        if answer.manner == "hang":
            self.hook.stop.wait(60)
        if answer.manner in ("hang", "cut"):
            self.close_connection = True
            return
        if answer.manner == "trickle headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 10_000)
            return
        self.send_response(answer.status)
        length = {"plain": 0, "huge": 10_000_000, "trickle": 10_000}[answer.manner]
        for name, value in {"Content-Length": str(length), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.manner == "trickle":
            self._drip(b"x" * length)
        for _ in range(length // 10_000 if answer.manner == "huge" else 0):
            self.wfile.write(b"x" * 10_000)
            self.hook.written += 10_000

    def _drip(self, data: bytes) -> None:
        for byte in data:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.hook.stop.wait(0.05):
                return

    def log_message(self, *args: object) -> None:
        pass
