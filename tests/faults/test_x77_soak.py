"""A long life under faults (X77): memory, descriptors and the database's log stay where they are."""

from __future__ import annotations

import os
import random
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from tests.faults.conftest import Rasid, story, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Webhook

MINUTES = float(os.environ.get("SOAK_MINUTES", "6"))
FEEDS, EACH_SECOND, OWN_WORDS = 200, 2, 150
PLATEAU = 3 << 20  # bytes that memory may rise from the third quarter of the time to the last
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
BAD = (Raw(status=503), Raw(b"<html>no feed</html>"), Raw(b""), Raw(status=403), Raw(b"\xff" * 1000))


class Sample(NamedTuple):
    """One look at the daemon: seconds since the beginning, bytes of memory, open descriptors, bytes of the log."""

    at: float
    memory: int
    descriptors: int
    log: int


def resident(pid: int) -> int:
    """Bytes of memory that the daemon itself holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def text(number: int) -> str:
    """A story of its own in words of its own, so that whatever remembers words is full after minutes, not days."""
    dice = random.Random(number)
    words = ["".join(dice.choices(LETTERS, k=5)) for _ in range(OWN_WORDS)]
    return f"{' '.join(words)}.\n{story(number)}"


def level(samples: list[Sample], start: float, end: float) -> int:
    """The middle of the memory held between two parts of the whole time."""
    last = samples[-1].at
    return int(median(sample.memory for sample in samples if start <= sample.at / last <= end))


@pytest.mark.soak
def test_x77_memory_descriptors_and_log_stay_flat(rasid: Rasid, hook: Webhook) -> None:
    """200 feeds every few seconds, one answer in a hundred wrong, two articles a second. SOAK_MINUTES sets how long.

    The daemon lives a hundred times as fast as one with 200 feeds every five minutes. By half of the time all that
    remembers a bounded number of things is full: from there on memory lies on a plateau. Half a kilobyte kept of each
    poll, or twenty of each article, would lift its end by more than the bound.
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
        samples: list[Sample] = []
        began = time.monotonic()
        while (passed := time.monotonic() - began) < MINUTES * 60:
            for one in dice.sample(outlets, EACH_SECOND):
                number += 1
                one.publish(f"p{number}", f"خبر رقم {number}", text(number))
                del one.pieces[30:]
            feeds = {
                outlet.url: Raw(outlet.rss(), headers={"Content-Type": "application/rss+xml"}) for outlet in outlets
            }
            for outlet, path in urls.values():
                outlet.raw[path] = dice.choice(BAD) if dice.random() < 0.01 else feeds[outlet.url]
            wal = rasid.state / "rasid.db-wal"
            size = wal.stat().st_size if wal.exists() else 0
            samples.append(Sample(passed, resident(daemon.pid), len(os.listdir(f"/proc/{daemon.pid}/fd")), size))
            time.sleep(max(0.0, 1.0 - (time.monotonic() - began - passed)))
        assert daemon.poll() is None
        quarters = [level(samples, part / 4, (part + 1) / 4) for part in range(4)]
        descriptors = [sample.descriptors for sample in samples if sample.at > MINUTES * 30]
        log = max(sample.log for sample in samples)
        polls = sum(outlet.asked[path] for outlet, path in urls.values())
        print(f"{polls} polls, {number} articles, {len(told(hook))} messages")
        print(f"MB in each quarter: {' '.join(f'{memory / 2**20:.1f}' for memory in quarters)}")
        print(f"{min(descriptors)} to {max(descriptors)} descriptors, log at most {log >> 20} MB")
        assert quarters[3] - quarters[2] < PLATEAU
        assert max(descriptors) < 200
        assert log < 64 << 20
        wait_until(lambda: len(set(told(hook))) >= number * 0.9, 120, "what was published arrived")
        assert rasid.stop() == 0
