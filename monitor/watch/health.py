"""Health for machines: `/healthz` and Prometheus metrics on the address that the settings name, off by default."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, make_wsgi_app


class Metrics:
    """What is counted; one registry a daemon."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.polls = Counter("rasid_polls", "Polls by what they brought", ["kind"], registry=self.registry)
        self.articles = Counter("rasid_articles", "Articles stored", registry=self.registry)
        self.hits = Counter("rasid_hits", "Hits stored", registry=self.registry)
        self.sends = Counter(
            "rasid_sends", "Tries to send by channel and outcome", ["channel", "outcome"], registry=self.registry
        )
        self.feeds = Gauge("rasid_feeds", "Feeds by state", ["state"], registry=self.registry)
        self.up = Gauge("rasid_healthy", "1 while the last cycle was healthy", registry=self.registry)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is the daemon healthy, and if not, why."""

    healthy: bool
    reason: str = ""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Health checks are no news."""


def serve(address: str, metrics: Metrics, verdict: Callable[[], Verdict]) -> Callable[[], None]:
    """Serves `/healthz` and `/metrics` at host:port from a thread; returns what stops it. Raises OSError."""
    host, _, port = address.rpartition(":")
    exposed = make_wsgi_app(metrics.registry)

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/metrics":
            answer: Iterable[bytes] = exposed(environ, start)
            return answer
        found = verdict() if environ.get("PATH_INFO") == "/healthz" else Verdict(False, "not found")
        status = "404 Not Found" if found.reason == "not found" else "200 OK" if found.healthy else "503 Unhealthy"
        start(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [(found.reason or "ok").encode() + b"\n"]

    server = make_server(host.strip("[]") or "127.0.0.1", int(port), app, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop
