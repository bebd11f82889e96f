"""Memory of the daemon: `./run bench memory [FEEDS RULES]`, 1,000 of each by default; real command, on loopback.

Each feed holds 20 entries of which one fires a rule, each poll brings a new one; pages are read for what may fire.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.journey.installation import Installation, wait_until

TARGET = 150 * 2**20  # bytes of the daemon and its readers together, pages that they share counted once
SECONDS = 45.0  # of steady work, after every feed was read once
PLACES = ["الميناء", "المطار", "الجسر", "السوق", "المصنع", "الملعب", "الساحل", "القرية", "الوادي", "الجبل"]
LETTERS = "بتجحدرزسشصطعفقكلمنه"
SETTINGS = """rasid: 1
poll:
  floor: 5s
  ceiling: 20s
  late: 10s
  at_most: 1000000/h
  spacing: 0s
  spread: 1s
allow_networks:
  - 127.0.0.0/8
"""


def main(arguments: list[str]) -> int:
    """Exit 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="memory")
    parser.add_argument("feeds", nargs="?", type=int, default=1000)
    parser.add_argument("rules", nargs="?", type=int, default=1000)
    options = parser.parse_args(arguments)
    feeds, rules = options.feeds, options.rules
    with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom:
        rasid = Installation(Path(folder))
        rasid.write("settings.yaml", SETTINGS)
        rasid.write("watch.yaml", made_rules(rules))
        rasid.feeds(**{f"f{n}": f"{newsroom.url}/feed/{n}" for n in range(feeds)})
        rasid.channels(robot=f"json://127.0.0.1:{newsroom.port}/hook")
        began = time.monotonic()
        daemon = rasid.start()
        try:
            wait_until(lambda: rasid.logged(), 120)
            print(f"started in {time.monotonic() - began:.1f} s, {shown(daemon.pid)}", flush=True)
            wait_until(lambda: len(newsroom.read) == feeds, 900, "every feed is read")
            print(f"all feeds read after {time.monotonic() - began:.0f} s, {shown(daemon.pid)}", flush=True)
            highest = max(watch(daemon.pid))
            print(f"steady, {newsroom.polls} polls: {shown(daemon.pid)}, highest {highest / 2**20:.0f} MB")
            return int(highest > TARGET)
        finally:
            rasid.kill()


def watch(pid: int) -> list[int]:
    found, end = [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        found.append(sum(memory(pid).values()))
        time.sleep(1.0)
    return found


def memory(pid: int) -> dict[int, int]:
    """Bytes of a process and of all below it; shared pages in parts (PSS)."""
    found = {}
    for one in [pid, *below(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found[one] = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return found


def below(pid: int) -> list[int]:
    """All processes that a process started, and theirs."""
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(word) for task in tasks for word in task.read_text().split()]
    except OSError:
        return []
    return [*children, *itertools.chain.from_iterable(map(below, children))]


def shown(pid: int) -> str:
    found = memory(pid)
    parts = " + ".join(f"{size / 2**20:.0f}" for size in found.values())
    return f"{sum(found.values()) / 2**20:.0f} MB in {len(found)} processes ({parts})"


def made_rules(count: int) -> str:
    """Rules of three words each; the words are made up, as different as letters allow."""
    words = ("".join(letters) for letters in itertools.product(LETTERS, repeat=5))
    lines = ["rasid: 1", "rules:"]
    for n in range(count):
        lines += [f"  rule{n}:", f"    name: قاعدة {n}", "    severity: high", "    match:", "      any:"]
        for word in itertools.islice(words, 0, 3 * 37, 37):
            lines.append(f"        - {word}")
        lines += [f"        - رمز {n}", "    tests:", "      hit:", f"        - وصل رمز {n}"]
    return "\n".join(lines) + "\n"


class Newsroom:
    """`with Newsroom() as newsroom:` serves feeds that grow with each poll, pages, and a webhook."""

    def __init__(self) -> None:
        self.read: dict[str, int] = {}
        self.polls = 0
        handler = type("Handler", (_Handler,), {"newsroom": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Newsroom:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def feed(self, number: str) -> bytes:
        """The feed as of this poll: one entry more than before, the newest 20."""
        self.polls += 1
        newest = self.read[number] = self.read.get(number, 19) + 1
        items = "".join(
            f"<item><guid isPermaLink='false'>{number}-{n}</guid><title>خبر {number} {n}</title>"
            f"<link>{self.url}/page/{number}/{n}</link><description>{sentence(int(number), n)}</description></item>"
            for n in range(newest, newest - 20, -1)
        )
        return f"<rss version='2.0'><channel><title>منبر {number}</title>{items}</channel></rss>".encode()


def sentence(feed: int, n: int) -> str:
    """Every twentieth fires a rule."""
    what = f"وصل رمز {(feed * 7 + n) % 1000}" if n % 20 == 0 else f"مر يوم {n} هادئا"
    return f"{what} قرب {PLACES[(feed + n) % 10]} و{PLACES[(feed * 3 + n) % 10]} في المدينة {feed}."


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    newsroom: Newsroom

    def do_GET(self) -> None:
        _, kind, *rest = self.path.split("/")
        if kind == "feed":
            self._give(self.newsroom.feed(rest[0]), "application/rss+xml")
        elif kind == "page":
            body = f"<p>{sentence(int(rest[0]), int(rest[1]))}</p>" * 8
            self._give(f"<html><article><h1>خبر {rest[0]}</h1>{body}</article></html>".encode(), "text/html")
        else:
            self._give(b"", "text/plain", 404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._give(b"", "text/plain", 204)

    def _give(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""
