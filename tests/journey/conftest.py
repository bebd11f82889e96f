from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.installation import Installation


@pytest.fixture
def rasid(tmp_path: Path) -> Iterator[Installation]:
    found = Installation(tmp_path)
    yield found
    found.kill()
