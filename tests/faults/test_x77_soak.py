"""A long life under faults (X77): memory, descriptors and the database's log stay where they are."""

from __future__ import annotations

import os
import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.conftest import Rasid, story, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Webhook

MINUTES = float(os.environ.get("SOAK_MINUTES", "6"))
FEEDS = 200
BAD = (Raw(status=503), Raw(b"<html>no feed</html>"), Raw(b""), Raw(status=403), Raw(b"\xff" * 1000))


def resident(pid: int) -> int:
    """Bytes of memory that the daemon itself holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def slope(points: list[tuple[float, float]]) -> float:
    """The least-squares slope."""
    x0, y0 = (sum(column) / len(points) for column in zip(*points, strict=True))
    return sum((x - x0) * (y - y0) for x, y in points) / sum((x - x0) ** 2 for x, _ in points)


@pytest.mark.soak
def test_x77_memory_descriptors_and_log_stay_flat(rasid: Rasid, hook: Webhook) -> None:
    """200 feeds every few seconds, one in a hundred answers wrong, an article a second. SOAK_MINUTES sets how long.

    The bound is what a minute may add once everything was read a few times: a leak of one poll's worth would show.
    """
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"\nseed {seed}")
    dice, number = random.Random(seed), 0
    with ExitStack() as stack:
        outlets = [stack.enter_context(Outlet()) for _ in range(20)]
        urls = {f"f{n}x{m}": (one, f"/feed/{m}") for n, one in enumerate(outlets) for m in range(FEEDS // 20)}
        rasid.settle(floor="2s", ceiling="4s", late="2s")
        rasid.feeds(**{name: outlet.url + path for name, (outlet, path) in urls.items()})
        rasid.channels(robot=hook.address)
        daemon = rasid.start()
        wait_until(lambda: "watching" in rasid.logged())
        samples: list[tuple[float, int, int, int]] = []
        began = time.monotonic()
        while (passed := time.monotonic() - began) < MINUTES * 60:
            number += 1
            one = dice.choice(outlets)
            one.publish(f"p{number}", f"خبر رقم {number}", story(number))
            del one.pieces[30:]
            for outlet, path in urls.values():
                good = Raw(outlet.rss(), headers={"Content-Type": "application/rss+xml"})
                outlet.raw[path] = dice.choice(BAD) if dice.random() < 0.01 else good
            wal = rasid.state / "rasid.db-wal"
            size = wal.stat().st_size if wal.exists() else 0
            samples.append((passed, resident(daemon.pid), len(list(Path(f"/proc/{daemon.pid}/fd").iterdir())), size))
            time.sleep(1.0)
        assert daemon.poll() is None
        late = [sample for sample in samples if sample[0] > MINUTES * 30]
        growth = slope([(at, float(memory)) for at, memory, _, _ in late]) * 60 / 2**20
        descriptors = [count for _, _, count, _ in late]
        log = max(size for *_, size in samples)
        print(f"{number} articles, {len(told(hook))} messages, {growth:+.2f} MB a minute at {late[-1][1] >> 20} MB")
        print(f"{min(descriptors)} to {max(descriptors)} descriptors, log at most {log >> 20} MB")
        assert growth < 2.0
        assert max(descriptors) < 200
        assert log < 64 << 20
        wait_until(lambda: len(set(told(hook))) >= number * 0.9, 120, "what was published arrived")
        assert rasid.stop() == 0
