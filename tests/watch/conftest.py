from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.fetch import url_key
from monitor.store import Store
from tests.watch.hall import Folders

RULES = """rasid: 1
rules:
  drones:
    name: مسيّرات
    match:
      any:
        - طائرة مسيّرة
    tests:
      hit:
        - أسقطت طائرة مسيّرة
"""


@pytest.fixture
def rules_dir(tmp_path: Path) -> Path:
    """A rules folder with one rule."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "watch.yaml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def store(state_dir: Path) -> Iterator[Store]:
    with Store.open(state_dir, now=1_000_000.0, url_key=url_key) as opened:
        yield opened


@pytest.fixture
def folders(rules_dir: Path, state_dir: Path) -> Folders:
    found = Folders(rules_dir, state_dir)
    found.settings()
    return found
