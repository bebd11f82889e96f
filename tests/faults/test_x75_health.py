"""The daemon says how it is: watchdog, /healthz, metrics, heartbeat, messages to the operator (X57, X75, X76)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.types import DeliveryState
from monitor.watch.daemon import Daemon
from tests.faults.conftest import Rasid, living, publish, told, until
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Answer, Webhook


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A notify socket as systemd's, with a watchdog of 1.5 s."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1500000")
        yield listener


def heard(listener: socket.socket) -> list[str]:
    found = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found += listener.recv(4096).decode().splitlines()
    return found


def test_x75_the_watchdog_is_fed_by_progress_only(rasid: Rasid, outlet: Outlet, systemd: socket.socket) -> None:
    """READY once, WATCHDOG while it works; none while the loop is blocked or the clock stands still."""
    rasid.feeds(manbar=outlet.feed)

    async def life() -> None:
        async with living(rasid) as daemon:
            await asyncio.sleep(3.0)
            lines = heard(systemd)
            assert lines.count("READY=1") == 1
            assert lines.count("WATCHDOG=1") >= 2
            time.sleep(2.0)  # noqa: ASYNC251 - this is the fault
            assert "WATCHDOG=1" not in heard(systemd), "the loop was blocked"
            daemon.ticker.stop()
            daemon.ticker.last += 3600
            await asyncio.sleep(1.5)
            heard(systemd)
            await asyncio.sleep(1.5)
            assert "WATCHDOG=1" not in heard(systemd), "no clock ticks"
            daemon.ticker.start()
            await asyncio.sleep(2.0)
            assert "WATCHDOG=1" in heard(systemd)
        assert "STOPPING=1" in heard(systemd)

    asyncio.run(life())


def test_healthz_metrics_and_heartbeat_tell_the_truth(
    rasid: Rasid, outlet: Outlet, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X40, X76: 503 with the reason and no heartbeat while it is unhealthy; a dead heartbeat address hurts nothing."""
    port = free_port()
    rasid.settle(metrics=f"127.0.0.1:{port}", heartbeat=f"{outlet.url}/beat")
    outlet.raw["/beat"] = Raw(b"<html>ok</html>")
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)

    async def health() -> tuple[int, str]:
        return await asyncio.to_thread(asked, f"http://127.0.0.1:{port}/healthz")

    async def unhealthy(daemon: Daemon, because: str) -> None:
        status, reason = await health()
        assert (status, because in reason) == (503, True), reason
        beats = outlet.asked["/beat"]
        await daemon.liveness.heartbeat()
        assert outlet.asked["/beat"] == beats

    async def life() -> None:
        titles = publish(outlet, 1)
        async with living(rasid) as daemon:
            await until(lambda: told(hook) == titles)
            assert (await health())[0] == 200
            await daemon.liveness.heartbeat()
            assert outlet.asked["/beat"] == 1
            status, text = await asyncio.to_thread(asked, f"http://127.0.0.1:{port}/metrics")
            assert status == 200
            lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
            assert float(lines["rasid_articles_total"]) == float(lines["rasid_hits_total"]) == 1.0
            assert float(lines['rasid_polls_total{kind="new"}']) >= 1.0
            assert float(lines["rasid_healthy"]) == 1.0
            assert float(lines['rasid_sends_total{channel="robot",outcome="sent"}']) >= 1.0
            assert (await asyncio.to_thread(asked, f"http://127.0.0.1:{port}/else"))[0] == 404
            outlet.raw["/beat"] = Raw(status=500)
            await daemon.liveness.heartbeat()
            room = daemon.store.space()
            monkeypatch.setattr(daemon.store, "space", lambda: replace(room, low=True, free=1000))
            await daemon.upkeep.look()
            await daemon.upkeep.look()
            await unhealthy(daemon, "disk")
            asked_before = outlet.asked["/feed"]
            await asyncio.sleep(1.0)
            assert outlet.asked["/feed"] <= asked_before + 1, "X08: no feed is read while the disk is full"
            monkeypatch.setattr(daemon.store, "space", lambda: room)
            await daemon.upkeep.look()
            await until(lambda: len(told(hook, "operator")) == 2, what="full and free again, once each")
            hook.always = Answer(status=503)
            publish(outlet, 2)
            await until(lambda: hook.requests[-1].answered == 503)
            await until(lambda: not daemon.liveness.verdict().healthy, 15)
            await unhealthy(daemon, "channel")
            assert daemon.store.deliveries(state=DeliveryState.sent)

    asyncio.run(life())


def test_x57_the_operator_hears_of_each_change_of_a_feed_once(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """Blocked, broken and back again: a message each, however often the feed is asked meanwhile."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)

    async def life() -> None:
        titles = publish(outlet, 1)
        async with living(rasid) as daemon:
            await until(lambda: told(hook) == titles)
            for answer, word in (
                (Raw(status=403), "يحجب"), (None, "عاد"), (Raw(b"<html>no feed</html>"), "لا يُقرأ"), (None, "عاد"),
            ):  # fmt: skip
                count = len(told(hook, "operator"))
                if answer is None:
                    outlet.raw.pop("/feed")
                else:
                    outlet.raw["/feed"] = answer
                for _ in range(5):
                    daemon.rounds.schedule.start({"manbar": daemon.mono()})
                    before = outlet.asked["/feed"]
                    await until(lambda before=before: outlet.asked["/feed"] > before)  # type: ignore[misc]
                    await until(lambda: not daemon.rounds.schedule.busy)
                await until(lambda count=count: len(told(hook, "operator")) > count, what=word)  # type: ignore[misc]
                await asyncio.sleep(0.3)
                assert len(told(hook, "operator")) == count + 1
                assert word in told(hook, "operator")[-1]

    asyncio.run(life())


def test_x57_a_feed_silent_against_its_own_rhythm_is_told_once_and_once_when_it_is_back(
    rasid: Rasid, outlet: Outlet, hook: Webhook
) -> None:
    """An entry a minute was its rhythm; Rasid comes back two hours later, and it still shows what it showed then."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    for n in range(20):
        outlet.publish(f"n{n}", f"خبر عادي {n}", "مر يوم هادئ.", datetime.now(UTC) - timedelta(minutes=20 - n))
    assert rasid.verb("run", "--once").returncode == 0
    with closing(sqlite3.connect(rasid.state / "rasid.db")) as database:
        (state,) = database.execute("SELECT state FROM feeds").fetchone()
        pace = json.loads(state)["pace"]
        earlier = {"news_at": pace["news_at"] - 7200, "polled_at": pace["polled_at"] - 7200}
        kept = json.loads(state) | {"pace": pace | earlier}
        database.execute("UPDATE feeds SET state = ?", (json.dumps(kept),))
        database.commit()
    rasid.start()
    wait_until(lambda: told(hook, "operator"), 30, "it is silent")
    asked = outlet.asked["/feed"]
    wait_until(lambda: outlet.asked["/feed"] > asked + 3)
    (silent,) = told(hook, "operator")
    assert "صامت" in silent
    assert rasid.json("status")[0]["feeds"] == {"silent": 1}
    outlet.publish("back", "خبر جديد", "مر يوم آخر.")
    wait_until(lambda: len(told(hook, "operator")) == 2, 30, "it is back")
    asked = outlet.asked["/feed"]
    wait_until(lambda: outlet.asked["/feed"] > asked + 3)
    assert "عاد" in told(hook, "operator")[-1]
    assert len(told(hook, "operator")) == 2
    assert rasid.stop() == 0


def test_a_backup_that_fails_is_told_once_tried_again_and_once_when_it_is_good(
    rasid: Rasid, outlet: Outlet, hook: Webhook
) -> None:
    """Also the first one of a new installation, which is made after its first round and not in its first night."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    titles = publish(outlet, 1)
    rasid.state.mkdir()
    (rasid.state / "backups").write_text("in its place")
    for _ in range(2):
        assert rasid.verb("run", "--once").returncode == 0
    assert [text for text in told(hook, "operator") if "النسخ" in text] == ["تعذّر النسخ الاحتياطي"]
    assert told(hook) == titles
    (rasid.state / "backups").unlink()
    for _ in range(2):
        assert rasid.verb("run", "--once").returncode == 0
    assert told(hook, "operator")[1:] == ["عاد النسخ الاحتياطي إلى العمل"]
    (copy,) = (rasid.state / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM hits").fetchone() == (1,)
