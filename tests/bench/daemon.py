"""What the whole daemon costs with many feeds: `./run bench daemon [--feeds N] [--every SECONDS] [--seconds S]`.

A server in another process holds N feeds, each on a loopback address of its own; nine answers in ten are 304, the tenth
brings one new entry, whose text the feed carries. The daemon runs here with everything it has: schedule, database,
rules, alerts. Its first round is not counted; then processor seconds and memory are, for S seconds. The target: 10,000
feeds at a mean of five minutes (33.3 polls a second) on half a core under 400 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from monitor.watch import log
from monitor.watch.daemon import Daemon
from tests.bench.polling import WANTED, address, cpu, memory

SETTINGS = """rasid: 1
poll: {{floor: {floor}s, ceiling: {every}s, spread: {every}s, first: silent, at_most: 10000000/h, late: 1h}}
allow_networks: [127.0.0.0/8]
"""
RULE = """rasid: 1
rules:
  drones:
    match:
      any:
        - طائرة مسيّرة
    tests:
      hit:
        - طائرة مسيّرة
"""
LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"


def text(feed: str, n: int) -> str:
    """An article's text of 90 words that no other article has."""
    dice = random.Random(f"{feed} {n}")
    return " ".join("".join(dice.choices(LETTERS, k=5)) for _ in range(90))


def body(feed: str, version: int) -> bytes:
    """A feed of three entries, one of which is new in each version."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{feed}-{n}</guid><title>خبر {feed} رقم {n} من المدينة</title>"
        f"<description>{text(feed, n)}</description></item>"
        for n in range(version + 3, version, -1)
    )
    return f"<rss version='2.0'><channel><title>صحيفة {feed}</title>{items}</channel></rss>".encode()


def serve(ready: Any) -> None:
    """Answers on every loopback address; a feed in ten has a new version each time."""
    asked: dict[str, int] = {}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                feed = head.split(" ", 2)[1].strip("/")
                asked[feed] = asked.get(feed, -1) + 1
                version = (asked[feed] + int(feed)) // 10
                if f'if-none-match: "{version}"' in head.lower():
                    writer.write(f'HTTP/1.1 304 Not Modified\r\nETag: "{version}"\r\n\r\n'.encode())
                else:
                    data = body(feed, version)
                    head = f'HTTP/1.1 200 OK\r\nETag: "{version}"\r\nContent-Length: {len(data)}\r\n\r\n'
                    writer.write(head.encode() + data)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(handle, "0.0.0.0", 0, backlog=1000)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def measured(folder: Path, seconds: float) -> dict[str, float]:
    """The daemon's figures once every feed was asked."""
    async with Daemon(folder / "rules", folder / "state") as daemon:
        running = asyncio.create_task(daemon.run())
        while len(daemon.rounds.tried) < len(daemon.rounds.feeds()):  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.5)
        await asyncio.sleep(5.0)
        count, used, start = polls(daemon), cpu(), time.monotonic()
        await asyncio.sleep(seconds)
        count, used, took = polls(daemon) - count, cpu() - used, time.monotonic() - start
        kinds = {metric.labels["kind"]: metric.value for metric in samples(daemon)}
        daemon.stop_event.set()
        await running
    assert set(kinds) <= {"new", "unchanged"}, kinds
    return {"polls/s": count / took, "cpu ms a poll": 1000 * used / count, "MB": memory(), "cores": used / took}


def samples(daemon: Daemon) -> list[Any]:
    return [s for metric in daemon.metrics.polls.collect() for s in metric.samples if s.name == "rasid_polls_total"]


def polls(daemon: Daemon) -> float:
    return float(sum(sample.value for sample in samples(daemon)))


def main(arguments: list[str]) -> int:
    """Prints the figures; 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="daemon")
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--every", type=float, default=60.0, help="seconds between two polls of a feed")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args(arguments)
    log.configure(json=False, level=logging.ERROR)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules"
        rules.mkdir()
        (Path(folder) / "state").mkdir()
        (rules / "settings.yaml").write_text(SETTINGS.format(floor=min(1.0, options.every), every=options.every))
        kept = f"    every: {options.every}s\n    text: feed\n"
        lines = [f"  f{n}:\n    url: {address(n, port)}\n{kept}" for n in range(options.feeds)]
        (rules / "feeds.yaml").write_text(f"rasid: 1\nfeeds:\n{''.join(lines)}")
        (rules / "watch.yaml").write_text(RULE, "utf-8")
        found = asyncio.run(measured(Path(folder), options.seconds))
    server.terminate()
    print("  ".join(f"{name} {value:.2f}" for name, value in found.items()))
    share = WANTED * found["cpu ms a poll"] / 1000
    print(f"10,000 feeds every five minutes: {100 * share:.0f} % of a core (target 50)", end="")
    print(f"; {options.feeds} feeds: {found['MB']:.0f} MB (target, with 10,000: 400)")
    return int(share > 0.5 or found["MB"] > 400)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
