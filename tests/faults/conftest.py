"""What the fault tests share: the real command behind a prefix (strace, ulimit), and the daemon inside the test."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from monitor.watch.daemon import Daemon
from tests.journey.installation import Installation
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook

_TEXT = """
المدينة الوزير الساحل الشركة البلدية القرية الجسر الطريق الميناء السوق المصنع المدرسة النهر الجبل الحديقة المطار
القطار السفينة المزرعة الجامعة المستشفى الملعب المتحف المكتبة البرلمان السفارة الحدود الصحراء الواحة الجزيرة
"""
WORDS = _TEXT.split()


class Rasid(Installation):
    """An installation whose daemon may be started behind another command."""

    def launch(self, *prefix: str, arguments: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """Starts the daemon as `prefix... python -m monitor run ...`."""
        with self.log.open("a", encoding="utf-8") as log:
            self.daemon = subprocess.Popen(
                [*prefix, sys.executable, "-m", "monitor", "run", "--log", "text", *arguments],
                env=self.env, stdout=log, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        return self.daemon

    def settle(self, **values: str) -> None:
        """Changes single values of settings.yaml, or adds them at its end: `settle(give_up="3s", heartbeat=url)`."""
        lines = (self.rules / "settings.yaml").read_text("utf-8").splitlines()
        for key, value in values.items():
            places = [n for n, line in enumerate(lines) if line.strip().startswith(f"{key}:")]
            if places:
                lines[places[0]] = lines[places[0]].partition(f"{key}:")[0] + f"{key}: {value}"
            else:
                lines.append(f"{key}: {value}")
        self.write("settings.yaml", "\n".join(lines) + "\n")


@pytest.fixture
def rasid(tmp_path: Path) -> Iterator[Rasid]:
    found = Rasid(tmp_path)
    yield found
    found.kill()


@asynccontextmanager
async def living(rasid: Installation, **options: Any) -> AsyncIterator[Daemon]:
    """The daemon at work inside this process; it is stopped at the end, and must stop in time."""
    async with Daemon(rasid.rules, rasid.state, **options) as daemon:
        work = asyncio.create_task(daemon.run())
        try:
            yield daemon
        finally:
            daemon.stop_event.set()
            await asyncio.wait_for(work, 15)


async def until(true: Callable[[], object], seconds: float = 30.0, what: str = "") -> None:
    """Waits inside a daemon's loop until `true()` holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s: {what or true}"
        await asyncio.sleep(0.05)


def told(hook: Webhook, kind: str = "alert") -> list[str]:
    """Titles of the messages of a kind that the webhook took, in order; for the operator's their headlines."""
    taken = [r.json for r in list(hook.requests) if r.answered < 300 and r.json["kind"] == kind]
    return [m["article"]["title"] if kind == "alert" else str(m.get("headline") or m.get("text")) for m in taken]


def story(number: int) -> str:
    """A text that fires the rule `drones` and shares no three words in a row with that of another number."""
    dice = random.Random(number)
    body = " ".join(dice.choice(WORDS) for _ in range(40))
    return f"{body}. وقال شهود إن طائرة مسيّرة سقطت قرب الموقع {number}. {' '.join(dice.choices(WORDS, k=30))}."


def publish(outlet: Outlet, *numbers: int) -> list[str]:
    """Articles that fire the rule `drones`, each a story of its own; returns their titles."""
    titles = [f"خبر {n} من {WORDS[n % len(WORDS)]}" for n in numbers]
    for n, title in zip(numbers, titles, strict=True):
        outlet.publish(f"p{n}", title, story(n))
    return titles
