"""One request in flight to a host:port, a pause between two, and a longer one where the host asks for it.

Time here is the event loop's, which no clock change moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MANY = 10_000


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    paused_until: float = 0.0
    delay: float = 0.0  # its robots.txt's Crawl-delay


class HostGate:
    """The turns of all hosts; feeds, pages and robots.txt wait in the same line, first come first served."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, key: str, spacing: float) -> AsyncIterator[None]:
        """Waits until the host is free and `spacing` seconds (or its Crawl-delay) have passed since its last answer."""
        host = self._host(key)
        host.users += 1
        try:
            async with host.lock:
                await asyncio.sleep(max(0.0, host.free_at - _clock()))
                try:
                    yield
                finally:
                    host.free_at = _clock() + max(spacing, host.delay)
        finally:
            host.users -= 1
            if not host.users and not host.delay and max(host.free_at, host.paused_until) <= _clock():
                self._hosts.pop(key, None)

    def pause(self, key: str, seconds: float) -> None:
        """The host asked not to be asked for so long."""
        host = self._host(key)
        host.paused_until = max(host.paused_until, _clock() + seconds)

    def paused(self, key: str) -> float:
        """Seconds for which the host still wants to be left alone; 0 mostly."""
        host = self._hosts.get(key)
        return max(0.0, host.paused_until - _clock()) if host else 0.0

    def slow_down(self, key: str, delay: float) -> None:
        """The host's own least time between two requests."""
        self._host(key).delay = delay

    def _host(self, key: str) -> _Host:
        if key not in self._hosts and len(self._hosts) >= _MANY:
            self._forget()
        return self._hosts.setdefault(key, _Host())

    def _forget(self) -> None:
        now = _clock()
        for key, host in list(self._hosts.items()):
            if not host.users and max(host.free_at, host.paused_until) < now:
                del self._hosts[key]


def _clock() -> float:
    return asyncio.get_running_loop().time()
