"""The servers that tests of several rooms talk to, each on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journey.outlet import Outlet
from tests.servers.smtp import Mailbox
from tests.servers.telegram import FakeTelegram
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
def api() -> Iterator[FakeTelegram]:
    with FakeTelegram() as found:
        yield found
