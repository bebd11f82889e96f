"""One HTTP request behind the guards.

httpcore is httpx without its comforts: nothing here keeps cookies, follows redirects, reads proxies from the
environment, decodes bodies or adds a header, so none of that has to be turned off. httpx reads the addresses.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpcore
import httpx

from monitor.addresses import Network, refusal
from monitor.errors import FetchError, TooBig
from monitor.fetch.answer import DOCUMENTS, Answer
from monitor.fetch.backend import Backend, GuardedBackend, Resolver, addresses, resolve
from monitor.fetch.inflate import inflate
from monitor.fetch.urls import Target, target

_KEPT = 32  # origins with connections kept alive, some 100 kB each with TLS; fewer where file descriptors are few
_KEPT_EACH = 2  # connections to one origin that are kept
_MOST_PIECES = 50_000  # of a body; each costs some 20 microseconds, however small
_EXCERPT = 65_536  # of answers that are no documents, enough to recognise a challenge
_SINGLE = frozenset(  # headers of which only the first counts
    ("etag", "last-modified", "location", "retry-after", "date", "age", "expires", "content-type", "content-length")
)
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    OSError,
    ValueError,
    ExceptionGroup,  # anyio's, for what it did not foresee
)


@cache
def _tls() -> ssl.SSLContext:
    """One context for all connections: making one costs some 20 ms. The system's authorities count as well."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@dataclass(slots=True)
class _Line:
    """The connections to one origin, and how many requests use them now."""

    pool: httpcore.AsyncConnectionPool
    backend: GuardedBackend
    users: int = 0


class Transport:
    """Connections of one event loop: kept alive, HTTP/1.1 only.

    One pool an origin, since httpcore looks at all connections of a pool, with a system call each, on every request.
    """

    def __init__(
        self,
        *,
        connections: int,
        wire_limit: int,
        plain_limit: int,
        resolver: Resolver = resolve,
    ) -> None:
        self._resolver = resolver
        self._connections = connections
        self._wire_limit, self._plain_limit = wire_limit, plain_limit
        self._lines: dict[tuple[str, str, tuple[Network, ...]], _Line] = {}  # the one used longest ago first

    async def aclose(self) -> None:
        """Closes all connections."""
        for line in list(self._lines.values()):
            await line.pool.aclose()

    @asynccontextmanager
    async def _line(self, to: Target, proxy: str, allowed: tuple[Network, ...]) -> AsyncIterator[_Line]:
        """The connections to this origin; those to origins that were not asked for long are closed."""
        key = (to.site, proxy, allowed)
        line = self._lines.pop(key, None) or self._begun(to, proxy, allowed)
        self._lines[key] = line
        line.users += 1
        try:
            yield line
        finally:
            line.users -= 1
            for old in self._surplus():
                await old.pool.aclose()

    def _surplus(self) -> list[_Line]:
        """Takes out the idle connections that are too many."""
        many = len(self._lines) - min(_KEPT, self._connections)
        idle = [key for key, line in self._lines.items() if not line.users] if many > 0 else []
        return [self._lines.pop(key) for key in idle[:many]]

    def _begun(self, to: Target, proxy: str, allowed: tuple[Network, ...]) -> _Line:
        backend = GuardedBackend(allowed, self._resolver)
        options: dict[str, Any] = {
            "network_backend": backend,
            "max_connections": self._connections,
            "max_keepalive_connections": _KEPT_EACH,
            "keepalive_expiry": 60.0,
        }
        if proxy:  # a person's own choice, so it may stand on a private address
            via = target(proxy)
            auth = [(b"Proxy-Authorization", via.authorization)] if via.authorization else []
            options |= {"proxy": httpcore.Proxy(via.url, headers=auth), "network_backend": Backend()}
        if to.scheme == "https":
            options["ssl_context"] = _tls()
        return _Line(httpcore.AsyncConnectionPool(**options), backend)

    async def send(
        self,
        to: Target,
        headers: Mapping[str, str],
        *,
        allowed: tuple[Network, ...],
        deadline: float,
        proxy: str = "",
        form: bytes | None = None,
    ) -> Answer:
        """One request and its answer within `deadline` seconds. Raises FetchError in words for people.

        Of private addresses only those in `allowed` are reached.
        """
        try:
            async with asyncio.timeout(deadline):
                private = bool(proxy) and await self._check_proxied(to, allowed)
                answer = await self._exchange(to, headers, proxy, form, allowed)
                return replace(answer, private=True) if private else answer
        except TimeoutError:
            raise FetchError(f"no complete answer within {deadline:.3g} s") from None
        except _FAILURES as error:
            raise FetchError(_words(error)) from error

    async def _check_proxied(self, to: Target, allowed: tuple[Network, ...]) -> bool:
        """What lies behind a proxy is looked up there; what is known here to be private is refused all the same.

        Returns whether it is private, and allowed.
        """
        try:
            found = await addresses(to.host, to.port, allowed, self._resolver)
        except OSError:
            return False
        return bool(found) and all(map(refusal, found))

    async def _exchange(
        self, to: Target, headers: Mapping[str, str], proxy: str, form: bytes | None, allowed: tuple[Network, ...]
    ) -> Answer:
        url = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.path)
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        if to.authorization:
            sent.append((b"Authorization", to.authorization))
        method = "GET" if form is None else "POST"
        async with (
            self._line(to, proxy, allowed) as line,
            line.pool.stream(method, url, headers=sent, content=form) as response,
        ):
            found, private = _headers(response.headers), line.backend.private
            wire, body = await self._body(response, found)
        return Answer(
            status=response.status, headers=found, body=body, url=to.url, wire=wire, host=to.key, private=private
        )

    async def _body(self, response: httpcore.Response, headers: Mapping[str, str]) -> tuple[int, bytes]:
        encoding = headers.get("content-encoding", "")
        if response.status not in DOCUMENTS:
            data = await _received(response, _EXCERPT)
            try:
                return len(data), inflate(data, encoding, 4 * _EXCERPT)
            except FetchError:
                return len(data), b""
        length = int(headers.get("content-length", 0))  # h11 lets nothing else through than a number
        data = b"" if length > self._wire_limit else await _received(response, self._wire_limit + 1)
        if max(length, len(data)) > self._wire_limit:
            raise TooBig(f"the answer is larger than {self._wire_limit / 1e6:g} MB")
        return len(data), inflate(data, encoding, self._plain_limit)


async def _received(response: httpcore.Response, enough: int) -> bytes:
    """The body as sent, as soon as it is complete or there are so many bytes of it."""
    data, pieces = bytearray(), 0
    async for piece in response.aiter_stream():
        data += piece
        pieces += 1
        if pieces > _MOST_PIECES:
            raise FetchError(f"the answer comes in more than {_MOST_PIECES} pieces")
        if len(data) >= enough:
            break
        if pieces % 250 == 0:
            await asyncio.sleep(0)  # many pieces may come in one packet
    return bytes(data)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header values as latin-1, so that they can be sent back byte for byte; repeated ones joined as lists."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found and key not in _SINGLE else found.get(key, text)
    return found


def _words(error: BaseException) -> str:
    """What went wrong, for people."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return f"no secure connection: {cause.reason.lower().replace('_', ' ')}"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.RemoteProtocolError | httpcore.ReadError):
        return f"the connection was cut ({str(error)[:200] or type(error).__name__})"
    return str(error)[:200] or type(error).__name__
