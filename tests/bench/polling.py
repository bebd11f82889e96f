"""What polling costs on one core: `./run bench polling [--feeds N] [--rounds N] [--reader PYTHON]`.

A server in another process holds N feeds, each on a loopback address of its own; nine answers in ten are 304, the tenth
is a new body of 30 entries. Measured are this process's CPU seconds and memory for whole rounds over all feeds, against
a plain feedparser loop that sends ETags too, and with `--reader` against the update of that library, run by a Python
that has it. The target: 10,000 feeds at a mean of five minutes (33.3 polls a second) on half a core under 400 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import feedparser

from monitor.fetch import Client, Policy, poll
from monitor.fetch.freshness import Scheduler

NOW = 1_790_000_000.0
WANTED = 10_000 / 300


def body(feed: str, version: int) -> bytes:
    """A feed of 30 entries, one of which is new in each version."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{feed}-{n}</guid><title>خبر عاجل رقم {n} من المدينة</title>"
        f"<link>https://news.example/{feed}/{n}</link><pubDate>Mon, 21 Sep 2026 10:{n % 60:02}:00 GMT</pubDate>"
        f"<description>{'تفاصيل الخبر كما وردت في النشرة المسائية اليوم ' * 5}</description></item>"
        for n in range(version + 30, version, -1)
    )
    return f"<rss version='2.0'><channel><title>صحيفة {feed}</title>{items}</channel></rss>".encode()


def serve(ready: Any) -> None:
    """Answers on every loopback address: a body where the ETag is old, else 304. A tenth change in a round."""
    seen: dict[str, int] = {}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                feed = head.split(" ", 2)[1].strip("/")
                seen[feed] = asked = seen.get(feed, -1) + 1
                version = (asked + int(feed)) // 10
                etag = f'"{version}"'
                if f"if-none-match: {etag}" in head.lower():
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag.encode() + b"\r\n\r\n")
                else:
                    data = body(feed, version)
                    writer.write(
                        f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
                    )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(handle, "0.0.0.0", 0, backlog=1000)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def address(feed: int, port: int) -> str:
    """Each feed has a host of its own."""
    return f"http://127.{1 + feed // 62_500}.{feed // 250 % 250}.{1 + feed % 250}:{port}/{feed}"


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> float:
    """Resident megabytes now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


async def our_rounds(port: int, feeds: int, rounds: int) -> dict[str, float]:
    """All feeds, round after round, as the daemon asks them: one client, states in memory, the schedule kept."""
    before = memory()
    states: list[dict[str, Any]] = [{"url": address(n, port)} for n in range(feeds)]
    schedule = Scheduler([_Id(n) for n in range(feeds)], 12.0 * feeds)
    kinds: dict[str, int] = {}
    async with Client(Policy(allow_networks=("127.0.0.0/8",))) as client:

        async def one(n: int, now: float) -> None:
            states[n], outcome = await poll(states[n], now, client)
            schedule.observe(schedule.feed(n), now, [NOW - 60.0] * bool(outcome.entries))
            schedule.next_delay(schedule.feed(n), now)
            kinds[outcome.kind] = kinds.get(outcome.kind, 0) + 1

        await _each(range(feeds), lambda n: one(n, NOW), 32)
        kinds.clear()
        start, used = time.perf_counter(), cpu()
        for number in range(1, rounds + 1):
            at = NOW + 300.0 * number
            await _each(range(feeds), lambda n, at=at: one(n, at), 32)  # type: ignore[misc]
        took, used = time.perf_counter() - start, cpu() - used
    polls = feeds * rounds
    assert set(kinds) <= {"new", "unchanged"}, kinds
    return {
        "polls/s": polls / took,
        "cpu ms": 1000 * used / polls,
        "MB": memory(),
        "kB a feed": 1000 * (memory() - before) / feeds,
        "changed": kinds.get("new", 0) / polls,
    }


class _Id:
    __slots__ = ("id",)

    def __init__(self, number: int) -> None:
        self.id = number


async def _each(numbers: Sequence[int], work: Callable[[int], Awaitable[None]], at_once: int) -> None:
    rest = iter(numbers)

    async def worker() -> None:
        for number in rest:
            await work(number)

    await asyncio.gather(*(worker() for _ in range(at_once)))


def plain_rounds(port: int, feeds: int, rounds: int) -> dict[str, float]:
    """What most scripts do: feedparser fetches and parses, ETags kept."""
    tags: dict[int, str] = {}
    for number in range(rounds + 1):
        if number == 1:
            start, used = time.perf_counter(), cpu()
        for n in range(feeds):
            found = feedparser.parse(address(n, port), etag=tags.get(n))
            tags[n] = found.get("etag", tags.get(n))
    polls = feeds * rounds
    return {"polls/s": polls / (time.perf_counter() - start), "cpu ms": 1000 * (cpu() - used) / polls}


READER = """
import json, resource, sys, time
from reader import make_reader
addresses, rounds = json.loads(sys.stdin.read())
reader = make_reader(":memory:")
for address in addresses: reader.add_feed(address)
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF); return used.ru_utime + used.ru_stime
reader.update_feeds()
start, used = time.perf_counter(), cpu()
for _ in range(rounds): reader.update_feeds(scheduled=False)
polls = rounds * len(addresses)
print(json.dumps({"polls/s": polls / (time.perf_counter() - start), "cpu ms": 1000 * (cpu() - used) / polls}))
"""


def reader_rounds(python: str, port: int, feeds: int, rounds: int) -> dict[str, float]:
    """The update of the library `reader`, with one worker, its database in memory."""
    given = json.dumps([[address(n, port) for n in range(feeds)], rounds])
    done = subprocess.run([python, "-c", READER], input=given, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(arguments: list[str]) -> int:
    """Prints the figures; 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="polling")
    parser.add_argument("--feeds", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", default="")
    options = parser.parse_args(arguments)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    few = max(100, options.feeds // 10)
    ours = asyncio.run(our_rounds(port, options.feeds, options.rounds))
    rows = {"rasid": ours, "feedparser": plain_rounds(port, few, options.rounds)}
    if options.reader:
        rows["reader"] = reader_rounds(options.reader, port, few, options.rounds)
    server.terminate()
    for name, row in rows.items():
        ratio = row["cpu ms"] / ours["cpu ms"]
        print(f"{name:10}", "  ".join(f"{key} {value:.2f}" for key, value in row.items()), f" cpu x{ratio:.2f}")
    share, size = WANTED * ours["cpu ms"] / 1000, ours["MB"] + ours["kB a feed"] * max(0, 10_000 - options.feeds) / 1000
    print(f"10,000 feeds every five minutes: {100 * share:.0f} % of a core (target 50), {size:.0f} MB (target 400)")
    return int(share > 0.5 or size > 400)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
