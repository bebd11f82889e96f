"""Signals: how the daemon stops, is held up and goes on (X04 to X07)."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor import extract
from monitor.types import Article
from tests.faults.conftest import Rasid, living, publish, told, until
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Answer, Webhook


def test_x04_x06_idle_it_ends_at_once_whatever_it_is_told_twice(rasid: Rasid, outlet: Outlet) -> None:
    """SIGHUP a hundred times a second is one reload or two; SIGTERM twice and SIGINT end it with 0 in under 2 s."""
    rasid.feeds(manbar=outlet.feed)
    daemon = rasid.start()
    wait_until(lambda: "watching" in rasid.logged())
    for _ in range(100):
        daemon.send_signal(signal.SIGHUP)
        time.sleep(0.01)
    wait_until(lambda: "rules live" in rasid.logged())
    time.sleep(1.2)
    assert rasid.logged().count("rules live") <= 4
    began = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
        daemon.send_signal(number)
    assert daemon.wait(15) == 0
    assert time.monotonic() - began < 2
    assert "Traceback" not in rasid.logged()


def test_x05_twenty_hung_fetches_and_five_hung_sends_end_in_ten_seconds(rasid: Rasid, outlet: Outlet) -> None:
    """What was being sent goes out again at the next start, nothing else is doubled."""
    silent = [socket.create_server(("127.0.0.1", 0), backlog=8) for _ in range(20)]
    hooks = [Webhook(Answer(manner="hang")) for _ in range(5)]
    for hook in hooks:
        hook.__enter__()
    (title,) = publish(outlet, 1)
    hung = {f"hung{n}": f"http://127.0.0.1:{server.getsockname()[1]}/feed" for n, server in enumerate(silent)}
    rasid.feeds(manbar=outlet.feed, **hung)
    rasid.channels(**{f"c{n}": hook.address for n, hook in enumerate(hooks)})
    daemon = rasid.start()
    wait_until(lambda: all(hook.requests for hook in hooks), what="five sends hang")
    began = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0
    assert time.monotonic() - began < 10
    rasid.feeds(manbar=outlet.feed)
    for hook in hooks:
        hook.always = Answer()
    assert rasid.verb("run", "--once").returncode == 0
    for hook in hooks:
        assert [r.json["article"]["title"] for r in hook.requests if r.json["kind"] == "alert"] == [title, title]
        assert len({r.headers["Idempotency-Key"] for r in hook.requests if r.json["kind"] == "alert"}) == 1
    for server in [*hooks, *silent]:
        server.__exit__(None, None, None)


def test_x05_a_reader_at_work_does_not_hold_the_stop(
    rasid: Rasid, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page is read again at the next start: the entry was not marked as seen."""
    monkeypatch.setattr(extract, "Workers", lambda: Hanging())
    outlet = Outlet().__enter__()
    titles = publish(outlet, 1)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)

    async def life() -> float:
        async with living(rasid) as daemon:
            await until(lambda: outlet.asked["/p1"], what="the page is being read")
            await asyncio.sleep(0.3)
            daemon.stop_event.set()
            return time.monotonic()

    began = asyncio.run(life())
    assert time.monotonic() - began < 10
    assert rasid.verb("run", "--once").returncode == 0
    assert told(hook) == titles
    outlet.__exit__(None, None, None)


def readers(daemon: int) -> list[int]:
    """The processes of a daemon that read pages."""
    tasks = Path(f"/proc/{daemon}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def ticks(process: int) -> int:
    """Hundredths of a second that it has computed; -1 where it has ended."""
    stat = Path(f"/proc/{process}/stat")
    fields = stat.read_text().rsplit(")", 1)[1].split() if stat.exists() else ["Z"]
    return -1 if fields[0] == "Z" else int(fields[11]) + int(fields[12])


@pytest.mark.parametrize("end", ["SIGKILL", "Ctrl-C"])
def test_x01_x05_readers_at_work_end_with_the_daemon(rasid: Rasid, hook: Webhook, end: str) -> None:
    """Killed in the middle of a page it leaves none behind; at a terminal's Ctrl-C it ends them, and all in order."""
    terminal, side = pty.openpty()
    with Outlet() as outlet:
        publish(outlet, *range(40))
        filling = "<p>جملة عادية عن الطقس والبحر تكفي لفقرة كاملة. <a href=x>رابط</a></p>" * 2500
        for piece in outlet.pieces:
            outlet.raw[f"/{piece.slug}"] = Raw(f"<article><p>{piece.text}</p>{filling}</article>".encode())
        rasid.feeds(manbar=outlet.feed)
        rasid.channels(robot=hook.address)
        command = ["setsid", "--ctty", sys.executable, "-m", "monitor", "run"]  # the foreground of a terminal
        rasid.daemon = daemon = subprocess.Popen(
            command, env=rasid.env, stdin=side, stdout=side, stderr=side, text=True
        )
        wait_until(lambda: max(map(ticks, readers(daemon.pid)), default=0) > 70, what="a page is being read")
        left = readers(daemon.pid)
        began = time.monotonic()
        if end == "SIGKILL":
            daemon.kill()
        else:
            os.write(terminal, b"\x03")
        assert daemon.wait(10) == (0 if end == "Ctrl-C" else -signal.SIGKILL)
        wait_until(lambda: max(map(ticks, left)) < 0, 8, "no reader is left")
        print(f"{end}: {time.monotonic() - began:.2f} s")
        os.close(side)
        assert b"Traceback" not in os.read(terminal, 65536)
        os.close(terminal)


class Hanging(extract.Workers):
    """Readers whose pages never come."""

    async def page(self, *arguments: object, **options: object) -> Article:
        await asyncio.sleep(3600)
        raise AssertionError


def test_x07_a_machine_that_slept_polls_each_feed_once(rasid: Rasid, hook: Webhook) -> None:
    """Stopped for many intervals and let go on: no burst of polls for what was missed, no message twice."""
    outlets = [Outlet() for _ in range(5)]
    for one in outlets:
        one.__enter__()
    rasid.settle(floor="1s", ceiling="1s")
    rasid.feeds(**{f"o{n}": one.feed for n, one in enumerate(outlets)})
    rasid.channels(robot=hook.address)
    daemon = rasid.start()
    titles = publish(outlets[0], 1)
    wait_until(lambda: told(hook) == titles)
    wait_until(lambda: all(one.asked["/feed"] for one in outlets))
    daemon.send_signal(signal.SIGSTOP)
    time.sleep(5)
    titles += publish(outlets[1], 2)
    before = [one.asked["/feed"] for one in outlets]
    daemon.send_signal(signal.SIGCONT)
    wait_until(lambda: told(hook) == titles, what="news of the time asleep")
    time.sleep(1.0)
    polls = [one.asked["/feed"] - asked for one, asked in zip(outlets, before, strict=True)]
    assert min(polls) >= 1
    assert max(polls) <= 4, "five intervals were missed"
    assert rasid.stop() == 0
    for one in outlets:
        one.__exit__(None, None, None)
