from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.installation import Installation
from tests.journey.outlet import Outlet
from tests.servers.smtp import Mailbox
from tests.servers.webhook import Webhook


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet() as found:
        yield found


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as found:
        yield found


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as found:
        yield found


@pytest.fixture
def rasid(tmp_path: Path) -> Iterator[Installation]:
    found = Installation(tmp_path)
    yield found
    found.kill()
