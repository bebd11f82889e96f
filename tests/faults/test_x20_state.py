"""The database beside others: locks, backups, restore, versions (X15, X17, X20, X21)."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook


def test_x20_a_foreign_lock_is_waited_for(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """`sqlite3` holds a write lock for a while: nothing is lost, `status` works beside it, sending goes on after."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: "watching" in rasid.logged())
    with sqlite3.connect(rasid.state / "rasid.db", isolation_level=None) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        titles = publish(outlet, 1, 2)
        time.sleep(4)
        assert told(hook) == []
        assert rasid.verb("status").returncode == 0
        foreign.execute("COMMIT")
    wait_until(lambda: told(hook) == titles[::-1] or told(hook) == titles)
    assert rasid.stop() == 0


def test_x21_a_backup_under_load_and_back_again(rasid: Rasid, outlet: Outlet, hook: Webhook, tmp_path: Path) -> None:
    """The copy is whole, restore puts it in place and says where the old one is; nothing told is told again as news."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    titles = []
    copy = tmp_path / "copy.db"
    for n in range(12):
        titles += publish(outlet, n)
        if n == 6:
            wait_until(lambda: len(told(hook)) >= 4)
            done = rasid.verb("backup", str(copy))
            assert done.returncode == 0, done.stderr
    wait_until(lambda: sorted(told(hook)) == sorted(titles))
    refused = rasid.verb("restore", str(copy))
    assert refused.returncode == 75, "not under a running daemon"
    assert rasid.stop() == 0
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (kept,) = database.execute("SELECT count(*) FROM hits").fetchone()
    assert kept >= 4
    done = rasid.verb("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert "replaced-" in done.stdout
    assert len(rasid.json("hits", "--limit", "0")) == kept
    rasid.settle(first="catchup")
    rasid.start()
    wait_until(lambda: len(rasid.json("hits", "--limit", "0")) == 12, what="what the copy lacks is read again")
    wait_until(lambda: "digest" in {r.json["kind"] for r in hook.requests}, what="one digest, no alerts")
    time.sleep(1)
    assert sorted(told(hook)) == sorted(titles)
    assert rasid.stop() == 0


def test_x15_x17_what_cannot_go_on_is_one_line_and_78(rasid: Rasid, outlet: Outlet) -> None:
    """A lost database without a backup, and one of a newer version: never a silent new beginning."""
    rasid.feeds(manbar=outlet.feed)
    assert rasid.verb("run", "--once").returncode == 0
    with sqlite3.connect(rasid.state / "rasid.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = rasid.verb("run", "--once")
    assert (newer.returncode, len(newer.stderr.splitlines())) == (78, 1), newer.stderr
    assert "newer" in newer.stderr
    for path in rasid.state.glob("rasid.db*"):
        path.unlink()
    for path in (rasid.state / "backups").glob("*"):
        path.unlink()
    lost = rasid.verb("run", "--once")
    assert (lost.returncode, len(lost.stderr.splitlines())) == (78, 1), lost.stderr
    assert "gone" in lost.stderr
