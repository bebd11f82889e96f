"""One bounded exchange with a server: every address checked, connected to what was checked, one total deadline.

urllib3 and requests write addresses with their tokens into their logs and errors, follow redirects and know no total
deadline; this does none of that and logs nothing.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import certifi

BODY = 64 * 1024  # bytes of an answer that are read
CONNECT = 10.0  # seconds for one connection

Refuse = Callable[[str], str]  # why an address must not be reached, or ""


class WireError(Exception):
    """No answer. `kind` as in SendResult; the message holds no address and no secret."""

    def __init__(self, kind: Literal["passing", "ambiguous", "broken"], message: str) -> None:
        self.kind = kind
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered; header names are in lower case. `complete`: the whole body, or 64 KB of it, was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool = True


class Deadline:
    """Ends a connection when its time is over, whatever it is stuck in."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._guards: list[socket.socket] = []
        self._lock = threading.Lock()
        self.seconds = seconds
        self.passed = False
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def left(self, most: float = 1e9) -> float:
        """Seconds that are left, at most `most`; raises WireError where none are."""
        left = min(self._end - time.monotonic(), most)
        if left <= 0:
            raise WireError("passing", f"no connection within {self.seconds:g} s")
        return left

    def watch(self, sock: socket.socket) -> None:
        """A copy of the socket is kept: TLS takes the original away, and cutting the copy cuts both."""
        with self._lock:
            self._guards.append(sock.dup())

    def _strike(self) -> None:
        self.passed = True
        with self._lock:
            for guard in self._guards:
                with contextlib.suppress(OSError):
                    guard.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            for guard in self._guards:
                guard.close()
            self._guards.clear()


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """A total deadline for all that happens inside."""
    clock = Deadline(seconds)
    try:
        yield clock
    finally:
        clock.close()


def connect(host: str, port: int, clock: Deadline, refuse: Refuse | None = None) -> socket.socket:
    """A connection to the first address of a name that answers. Not one is tried unless all may be reached."""
    addresses = _resolve(host, port, clock)
    reasons = (refuse(str(address[4][0])) for address in addresses) if refuse else ()
    if reason := next(filter(None, reasons), ""):
        raise WireError("broken", f"address refused: {reason}")
    problem = "no address"
    for family, kind, proto, _, target in addresses[:4]:
        sock = socket.socket(family, kind, proto)
        try:
            sock.settimeout(clock.left(CONNECT))
            sock.connect(target)
            sock.settimeout(clock.left())
            clock.watch(sock)
            return sock
        except OSError as error:
            sock.close()
            problem = _why(error)
        except WireError:
            sock.close()
            raise
    raise WireError("passing", f"no connection: {problem}")


_Resolved = list[
    tuple[socket.AddressFamily, socket.SocketKind, int, str, "tuple[str, int] | tuple[str, int, int, int]"]
]


def _resolve(host: str, port: int, clock: Deadline) -> _Resolved:
    """The name's addresses. The system's resolver cannot be interrupted, so it is asked in a thread of its own."""
    found: _Resolved = []
    problem = ["the name was not resolved in time"]

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))  # type: ignore[arg-type]
            problem[0] = "the name has no address"
        except (OSError, UnicodeError):
            problem[0] = "the name is not known"

    thread = threading.Thread(target=ask, name="rasid-resolve", daemon=True)
    thread.start()
    thread.join(clock.left(CONNECT))
    if not found:
        raise WireError("passing", problem[0])
    return found


def tls(verify: bool = True) -> ssl.SSLContext:
    """The system's certificates and those of certifi, for machines that have only one of them."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def secured(sock: socket.socket, host: str, verify: bool = True) -> ssl.SSLSocket:
    """The connection under TLS; raises WireError where the server proves nothing."""
    try:
        return tls(verify).wrap_socket(sock, server_hostname=host)
    except (OSError, ValueError) as error:
        sock.close()
        raise WireError("passing", f"TLS failed: {_why(error)}") from None


def exchange(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    method: str = "POST",
    refuse: Refuse | None = None,
    verify: bool = True,
    read: bool = True,
) -> Answer:
    """One request and its answer; no redirect is followed. Raises WireError. Without `read` only the head is read."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    except ValueError:
        raise WireError("broken", "the address cannot be read") from None
    with deadline(seconds) as clock:
        sock = connect(host, port, clock, refuse)
        if secure:
            sock = secured(sock, host, verify)
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = 443 if secure else 80
        connection.sock = sock
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            _ask(connection, method, target, body, headers)
            return _answer(connection, clock, read)
        finally:
            connection.close()
            sock.close()


def _ask(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes, headers: Mapping[str, str]
) -> None:
    try:
        connection.request(method, target, body=body, headers=dict(headers))
    except OSError as error:
        raise WireError("passing", f"the request was cut: {_why(error)}") from None
    except (http.client.HTTPException, ValueError):
        raise WireError("broken", "the address or a header holds characters that HTTP forbids") from None


def _answer(connection: http.client.HTTPConnection, clock: Deadline, read: bool) -> Answer:
    try:
        response = connection.getresponse()
        if clock.passed:  # headers that were cut short look like headers that ended
            raise TimeoutError
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = f"no answer within {clock.seconds:g} s" if clock.passed else f"no answer: {_why(error)}"
        raise WireError("ambiguous", reason) from None
    headers = {name.lower(): value for name, value in response.getheaders()}
    body, complete = b"", True
    if read:
        try:
            body = response.read(BODY)
        except (OSError, http.client.HTTPException, ValueError):
            complete = False
    return Answer(status=response.status, headers=headers, body=body, complete=complete and not clock.passed)


def _why(error: Exception) -> str:
    """What went wrong, in the system's words; nothing that the request held."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not good ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
