from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli import rasid

RULES = """rasid: 1
rules:
  drones:
    name: مسيّرات
    severity: high
    match:
      any:
        - طائرة مسيّرة
    tests:
      hit:
        - أسقطت طائرة مسيّرة
  plant:
    name: المحطة
    severity: medium
    match:
      any:
        - محطة نووية
    tests:
      hit:
        - زار المحطة النووية
"""


@pytest.fixture
def rules_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "watch.yaml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def call(rules_dir: Path, tmp_path: Path) -> Callable[..., Result]:
    """Calls a verb on the test's folders."""

    def run(*arguments: str, text: str = "") -> Result:
        folders = ["--rules", str(rules_dir), "--state", str(tmp_path / "state")]
        return CliRunner().invoke(rasid, [*folders, *arguments], input=text)

    return run


@pytest.fixture
def objects(call: Callable[..., Result]) -> Callable[..., list[Any]]:
    """Calls a verb with --json and reads its lines."""

    def run(*arguments: str, text: str = "") -> list[Any]:
        done = call(*arguments, "--json", text=text)
        return [json.loads(line) for line in done.output.splitlines()]

    return run
