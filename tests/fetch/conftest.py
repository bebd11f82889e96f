from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fetch.loopback import Server


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


@pytest.fixture
def other() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()
