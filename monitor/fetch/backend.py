"""Connections to addresses that were judged: names are resolved here, and what was judged is what is connected to."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import ip_address
from itertools import chain, zip_longest
from typing import Any

import httpcore

from monitor.addresses import Network, refusal
from monitor.errors import AddressRefused, FetchError

Resolver = Callable[[str, int], Awaitable[list[str]]]
Try = asyncio.Task[httpcore.AsyncNetworkStream]

HEAD_START = 0.25  # seconds that an address has before the next is tried as well (RFC 8305)
_MOST_TRIED = 8  # addresses of one name; an answer may hold thousands
_INTERIM = re.compile(rb"HTTP/\d\.\d 1\d\d")  # begins `100 Continue` and the like, of which servers send a few
_MOST_INTERIM = 100  # before one answer; each costs the event loop up to a tenth of a millisecond


@cache
def _lookups() -> ThreadPoolExecutor:
    """Lookups block for as long as they like; they must not use up the threads that others wait for."""
    return ThreadPoolExecutor(32, "lookup")


async def resolve(host: str, port: int) -> list[str]:
    """The machine's own answer for a name. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_lookups(), socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def addresses(host: str, port: int, allowed: Sequence[Network], resolver: Resolver) -> list[str]:
    """Where to try to reach a host, IPv6 and IPv4 in turns.

    Raises AddressRefused where one of its addresses must not be reached, OSError where the name is not found.
    """
    found = [host] if _is_address(host) else list(dict.fromkeys(await resolver(host, port)))
    for address in found:
        if why := refusal(address, allowed):
            raise AddressRefused(why, subject=host)
    six, four = [a for a in found if ":" in a], [a for a in found if ":" not in a]
    return [a for a in chain.from_iterable(zip_longest(six, four)) if a][:_MOST_TRIED]


class Backend(httpcore.AnyIOBackend):
    """Connections that are given up where a server sends interim answers without end, which httpcore passes over."""

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """A connection to the address."""
        return _Stream(await super().connect_tcp(*args, **options))


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, plain: httpcore.AsyncNetworkStream) -> None:
        self._plain = plain
        self._interim = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Raises FetchError."""
        data = await self._plain.read(max_bytes, timeout)
        self._interim += len(_INTERIM.findall(data))
        if self._interim > _MOST_INTERIM:
            raise FetchError(f"the server sends more than {_MOST_INTERIM} interim answers")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._interim = 0
        await self._plain.write(buffer, timeout)

    async def start_tls(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._plain.start_tls(*args, **options))

    async def aclose(self) -> None:
        await self._plain.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that were judged, and to exactly those."""

    def __init__(self, allowed: tuple[Network, ...], resolver: Resolver = resolve) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._plain = Backend()
        self.private = False  # whether the last connection's host has no public address

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the host; the first address that answers wins."""
        try:
            found = await addresses(host, port, self._allowed, self._resolver)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} was not found ({error.strerror or error})") from error
        if not found:
            raise httpcore.ConnectError(f"the name {host} has no address")
        self.private = all(map(refusal, found))
        if len(found) == 1:
            return await self._plain.connect_tcp(found[0], port)
        return await self._race(found, port)

    async def _race(self, found: list[str], port: int) -> httpcore.AsyncNetworkStream:
        """Happy eyeballs: each address has a head start on the next, a failure calls the next at once."""
        tries: list[Try] = []
        winner: Try | None = None
        try:
            for address in found:
                tries.append(asyncio.create_task(self._plain.connect_tcp(address, port)))
                if winner := await _first(tries, HEAD_START if len(tries) < len(found) else None):
                    break
            return await (winner or tries[0])  # where all failed, raises why the preferred address did
        finally:
            await _drop([task for task in tries if task is not winner])

    async def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise httpcore.UnsupportedProtocol("no sockets in the file system")

    async def sleep(self, seconds: float) -> None:
        """For httpcore's retries, which are off."""
        await asyncio.sleep(seconds)


async def _first(tries: Sequence[Try], seconds: float | None) -> Try | None:
    """The first try that got a stream; none when the time is over, or the last has failed and others may follow."""
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    while running := [task for task in tries if not task.done()]:
        await asyncio.wait(running, timeout=end and end - loop.time(), return_when=asyncio.FIRST_COMPLETED)
        done = [task for task in tries if task.done()]
        if won := [task for task in done if not task.exception()]:
            return won[0]
        if end is not None and (tries[-1] in done or loop.time() >= end):
            break
    return None


async def _drop(losers: Sequence[Try]) -> None:
    """Ends the tries that lost, and closes what they got all the same."""
    for task in losers:
        task.cancel()
    for stream in await asyncio.gather(*losers, return_exceptions=True):
        if isinstance(stream, httpcore.AsyncNetworkStream):
            await stream.aclose()
