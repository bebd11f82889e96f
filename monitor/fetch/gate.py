"""One request in flight to a host:port, a pause between two, and a longer one where the host asks for it.

Time here is the event loop's, which no clock change moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.errors import FetchError

_FEW = 500  # hosts that are not worth a sweep
_MOST = 10_000  # hosts remembered while nobody waits for them


class HostPaused(FetchError):
    """The host asked to be left alone."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"its host asked to be left alone for {seconds:.0f} s more")


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    paused_until: float = 0.0


class HostGate:
    """The turns of all hosts; feeds, pages and robots.txt wait in the same line, first come first served."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = _FEW

    @asynccontextmanager
    async def turn(self, key: str, spacing: float) -> AsyncIterator[None]:
        """Waits until the host is free; the next waits `spacing` seconds more.

        Raises HostPaused, also where the host asks for a pause meanwhile.
        """
        self._check(key)
        host = self._host(key)
        host.users += 1
        try:
            async with host.lock:
                await asyncio.sleep(max(0.0, host.free_at - _clock()))
                self._check(key)
                try:
                    yield
                finally:
                    host.free_at = _clock() + spacing
        finally:
            host.users -= 1

    def pause(self, key: str, seconds: float) -> None:
        """The host asked not to be asked for so long."""
        host = self._host(key)
        host.paused_until = max(host.paused_until, _clock() + seconds)

    def paused(self, key: str) -> float:
        """Seconds for which the host still wants to be left alone; 0 mostly."""
        host = self._hosts.get(key)
        return max(0.0, host.paused_until - _clock()) if host else 0.0

    def _check(self, key: str) -> None:
        if left := self.paused(key):
            raise HostPaused(left)

    def _host(self, key: str) -> _Host:
        if key not in self._hosts and len(self._hosts) >= self._sweep_at:
            self._sweep()
        return self._hosts.setdefault(key, _Host())

    def _sweep(self) -> None:
        """Forgets whom nobody waits for: those that may be asked again, and of too many those that soonest may."""
        now = _clock()
        idle = [(max(host.free_at, host.paused_until), key) for key, host in self._hosts.items() if not host.users]
        for place, (free_at, key) in enumerate(sorted(idle, reverse=True)):
            if free_at <= now or place >= _MOST:
                del self._hosts[key]
        self._sweep_at = 2 * len(self._hosts) + _FEW


def _clock() -> float:
    return asyncio.get_running_loop().time()
