"""The disk: full, limited, read-only, failing at one system call (X03, X08, X09, X11, X12)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet
from tests.servers.powerless import PREFIX
from tests.servers.webhook import Webhook

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="no strace on this machine")
FAULTS = (
    "pwrite64:error=ENOSPC", "pwrite64:error=EIO", "fdatasync:error=EIO", "fdatasync:signal=KILL",
    "pwrite64:signal=KILL", "rename:error=ENOSPC", "unlink:signal=KILL",
)  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True)
    if done.returncode:
        pytest.skip("file systems cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def whole(database: Path) -> bool:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def test_x08_a_full_disk_loses_nothing_and_is_told_once(
    rasid: Rasid, outlet: Outlet, hook: Webhook, small_disk: Path
) -> None:
    """While it is full nothing is marked as seen; what was published then arrives, once, when there is room again."""
    rasid.state, rasid.env["RASID_STATE"] = small_disk, str(small_disk)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    titles = publish(outlet, 1)
    wait_until(lambda: told(hook) == titles)
    filler = small_disk / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4096"], capture_output=True)
    titles += publish(outlet, *range(2, 6))
    asked = outlet.asked["/feed"]
    wait_until(lambda: outlet.asked["/feed"] > asked + 1 or "disk" in rasid.logged(), what="it meets the full disk")
    time.sleep(2)
    assert rasid.daemon is not None
    assert rasid.daemon.poll() is None
    filler.unlink()
    wait_until(lambda: sorted(told(hook)) == sorted(titles), 90, "all that came meanwhile")
    time.sleep(1)
    assert rasid.stop() == 0
    assert sorted(told(hook)) == sorted(titles)
    assert whole(small_disk / "rasid.db")
    assert len([text for text in told(hook, "operator") if "القرص" in text and "عادت" not in text]) <= 1


def test_x09_files_that_may_not_grow(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """RLIMIT_FSIZE as a disk error of another kind: the daemon lives, and without the limit everything arrives."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    rasid.launch("sh", "-c", 'ulimit -f 400; exec "$@"', "sh")
    wait_until(lambda: "watching" in rasid.logged())
    titles = publish(outlet, *range(40))
    wait_until(lambda: "database busy" in rasid.logged() or "cannot be written" in rasid.logged(), 40)
    assert rasid.daemon is not None
    assert rasid.daemon.poll() is None
    rasid.stop()
    assert rasid.verb("run", "--once").returncode == 0
    assert sorted(set(told(hook))) == sorted(titles)
    assert whole(rasid.state / "rasid.db")


@pytest.mark.parametrize("how", ["a file in its place", "read-only", "no parent"])
def test_x11_x12_a_state_folder_that_cannot_be_used_is_one_line_and_78(rasid: Rasid, how: str) -> None:
    """With what to do; systemd does not try again (RestartPreventExitStatus)."""
    if how == "a file in its place":
        rasid.state.write_text("")
    elif how == "no parent":
        rasid.env["RASID_STATE"] = str(rasid.state / "deeper" / "state")
    else:
        rasid.state.mkdir(0o500)
    daemon = rasid.launch(*PREFIX, arguments=("--once",))
    assert daemon.wait(30) == 78
    (line,) = rasid.logged().splitlines()
    assert "state" in line


def torn(rasid: Rasid, outlet: Outlet, hook: Webhook, fault: str, number: int, titles: list[str]) -> None:
    """One life of the daemon in which a system call fails from its `number`-th time on."""
    titles += publish(outlet, len(titles), len(titles) + 1)
    name, _, harm = fault.partition(":")
    once = f"{number}" if "KILL" in harm else f"{number}..{number + 20}"
    daemon = rasid.launch(
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={fault}:when={once}"
    )
    end = time.monotonic() + 12
    while time.monotonic() < end and daemon.poll() is None and set(told(hook)) != set(titles):
        time.sleep(0.1)
    for child in below(daemon.pid):
        os.kill(child, signal.SIGTERM)
    try:
        daemon.wait(20)
    except subprocess.TimeoutExpired:
        rasid.kill()


def below(pid: int) -> list[int]:
    """The processes that strace started."""
    return [int(word) for path in Path(f"/proc/{pid}/task").glob("*/children") for word in path.read_text().split()]


def after_all(rasid: Rasid, hook: Webhook, titles: list[str], lives: int) -> None:
    """The invariant: the database is whole, every item was told, doubles are no more than unclean stops."""
    done = rasid.verb("run", "--once")
    assert done.returncode == 0, done.stderr
    assert whole(rasid.state / "rasid.db")
    assert sorted(hit["article"]["title"] for hit in rasid.json("hits", "--limit", "0")) == sorted(titles)
    assert set(told(hook)) == set(titles)
    assert len(told(hook)) - len(titles) <= lives
    assert "Traceback" not in "".join(told(hook, "operator"))


@needs_strace
def test_x03_system_calls_that_fail_or_kill(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """Two faults at fixed places; the long run takes them at random."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    titles: list[str] = []
    torn(rasid, outlet, hook, "pwrite64:error=ENOSPC", 30, titles)
    torn(rasid, outlet, hook, "fdatasync:signal=KILL", 9, titles)
    after_all(rasid, hook, titles, 2)


@pytest.mark.soak
@needs_strace
def test_x03_system_calls_fail_at_random(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """Thirty lives, each with a fault somewhere."""
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"\nseed {seed}")
    dice, titles = random.Random(seed), []
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    for _ in range(30):
        torn(rasid, outlet, hook, dice.choice(FAULTS), dice.randint(1, 150), titles)
    after_all(rasid, hook, titles, 30)
