"""A fake of Telegram's Bot API on loopback. `script` holds the answers to come; without one it takes the message."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass
class Reply:
    """One answer: a JSON object or raw bytes, after `delay` seconds; `cut` closes without an answer."""

    status: int = 200
    body: dict[str, Any] | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


def error(code: int, description: str, **parameters: Any) -> Reply:
    """An error as Telegram words it."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Reply(status=code, body=body)


class FakeTelegram:
    """`with FakeTelegram() as api:` then `api.url`, `api.messages`, `api.script.append(error(429, ...))`."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.chats: dict[str, Reply] = {}  # chats that always answer so
        self.posts: list[dict[str, Any]] = []  # every request's payload, with its token and time
        self.messages: list[dict[str, Any]] = []  # those that were taken
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeTelegram:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, token: str, payload: dict[str, Any]) -> Reply:
        with self._lock:
            self.posts.append({**payload, "token": token, "at": time.monotonic()})
            reply = self.chats.get(str(payload.get("chat_id"))) or (self.script.popleft() if self.script else None)
            if reply is not None and reply.status != 200:
                return reply
            if reply is None and len(payload["text"].encode("utf-16-le")) // 2 > 4096:
                return error(400, "Bad Request: message is too long")
            self.messages.append(payload)
            number = len(self.messages)
        good: dict[str, Any] = {"ok": True, "result": {"message_id": number, "chat": {"id": payload["chat_id"]}}}
        if reply is None:
            return Reply(body=good)
        return Reply(body=reply.body or good, delay=reply.delay, cut=reply.cut, headers=reply.headers)


class _Handler(BaseHTTPRequestHandler):
    api: FakeTelegram

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.path.split("/")[1].removeprefix("bot")
        reply = self.api.answer(token, payload)
        time.sleep(reply.delay)
        if reply.cut:
            self.close_connection = True
            return
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass
