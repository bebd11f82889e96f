"""Rasid as a person installs it: a rules folder, a state folder, the real command in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETTINGS = """rasid: 1
poll:
  floor: 0.2s
  ceiling: 0.4s
  spacing: 0s
  spread: 0s
  first: all
  at_most: 1000000/h
  late: 0.2s
retry:
  base: 0.2s
  max: 1s
  give_up: 10m
allow_networks:
  - 127.0.0.0/8
"""
RULES = """rasid: 1
rules:
  drones:
    name: مسيّرات
    severity: high
    match:
      any:
        - طائرة مسيّرة
        - شاهد 136
    tests:
      hit:
        - أسقطت طائرة مسيّرة
  plant:
    name: المحطة
    severity: high
    match:
      any:
        - محطة نووية
    tests:
      hit:
        - زار المحطة النووية
"""


class Installation:
    """Folders under `base`; `start()` runs the daemon, `verb(...)` any verb."""

    def __init__(self, base: Path) -> None:
        self.rules, self.state = base / "rules", base / "state"
        self.rules.mkdir(parents=True)
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RASID_RULES": str(self.rules),
            "RASID_STATE": str(self.state),
        }
        self.write("settings.yaml", SETTINGS)
        self.write("watch.yaml", RULES)
        self.daemon: subprocess.Popen[str] | None = None
        self.log = base / "log"

    def write(self, name: str, text: str) -> None:
        """A file of the rules folder, replaced at once."""
        fresh = self.rules / f".{name}.new"
        fresh.write_text(text, "utf-8")
        fresh.replace(self.rules / name)

    def feeds(self, **urls: str) -> None:
        self.write("feeds.yaml", "rasid: 1\nfeeds:\n" + "".join(f"  {k}:\n    url: {v}\n" for k, v in urls.items()))

    def channels(self, **urls: str) -> None:
        self.write(
            "channels.yaml", "rasid: 1\nchannels:\n" + "".join(f'  {k}:\n    url: "{v}"\n' for k, v in urls.items())
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        with self.log.open("a", encoding="utf-8") as log:
            self.daemon = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run", "--log", "text", *arguments],
                env=self.env, stdout=log, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        return self.daemon

    def stop(self, number: int = signal.SIGTERM, seconds: float = 15.0) -> int:
        assert self.daemon is not None
        self.daemon.send_signal(number)
        return self.daemon.wait(seconds)

    def kill(self) -> None:
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait(10)

    def verb(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            env=self.env, capture_output=True, text=True, input=text, timeout=60,
        )  # fmt: skip

    def json(self, *arguments: str) -> list[Any]:
        done = self.verb(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def logged(self) -> str:
        return self.log.read_text("utf-8") if self.log.exists() else ""


def wait_until(true: Callable[[], object], seconds: float = 60.0, what: str = "") -> None:
    """Polls until `true()` holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what or true}")
