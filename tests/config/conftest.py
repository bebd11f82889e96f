from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import Config, load_config


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Config]:
    """`load(feeds=…, channels=…, settings=…)`: a folder with these files, each begun with `rasid: 1`, read."""

    def read(**texts: str) -> Config:
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(f"rasid: 1\n{text}", "utf-8")
        return load_config(tmp_path)

    return read
