"""One e-mail to one recipient over SMTP, its phases kept apart so that every reply has one meaning."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import monitor.alert.answers as answers
from monitor.alert.lane import SendResult
from monitor.alert.wire import Deadline, WireError, connect, deadline, secured, tls

Stage = Literal["greeting", "login", "sender", "recipient", "data", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how mail is handed over; `mode` insecure, starttls or ssl."""

    host: str
    port: int
    mode: str
    user: str = ""
    password: str = ""
    verify: bool = True


class _Refused(Exception):
    def __init__(self, stage: Stage, code: int, words: bytes) -> None:
        self.stage, self.code, self.words = stage, code, words
        super().__init__(code)


class _Client(smtplib.SMTP):
    """smtplib on a connection that was made, and is watched, by us."""

    def __init__(self, sock: socket.socket, host: str) -> None:
        name = socket.gethostname()
        super().__init__(local_hostname=name if "." in name else "[127.0.0.1]")
        self._given = sock
        self._host = host  # the name that STARTTLS checks the certificate for

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._given


def deliver(server: Server, sender: str, recipient: str, message: bytes, *, seconds: float, alone: bool) -> SendResult:
    """Hands the message over. Nothing is sent in clear where `mode` asks for TLS. Never raises."""
    data = False
    with deadline(seconds) as clock:
        try:
            with _session(server, clock) as client:
                _envelope(client, sender, recipient, len(message))
                data = True
                _text(client, message)
            return SendResult(kind="sent")
        except _Refused as refused:
            return answers.smtp(refused.stage, refused.code, refused.words, alone=alone)
        except WireError as error:
            return SendResult(kind=error.kind, detail=str(error))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return _cut(error, clock, data)


def _cut(error: Exception, clock: Deadline, data: bool) -> SendResult:
    """A connection that ended: once the text was on its way, nobody knows whether it arrived."""
    words = (
        f"no answer within {clock.seconds:g} s" if clock.passed else f"the connection was cut ({type(error).__name__})"
    )
    if data:
        return SendResult(kind="ambiguous", detail=f"SMTP: {words} after the text was sent")
    return SendResult(kind="passing", detail=f"SMTP: {words}")


@contextlib.contextmanager
def _session(server: Server, clock: Deadline) -> Iterator[_Client]:
    """A greeted, secured and logged-in connection."""
    sock = connect(server.host, server.port, clock)
    if server.mode == "ssl":
        sock = secured(sock, server.host, server.verify)
    client = _Client(sock, server.host)
    try:
        _expect("greeting", client.connect(server.host, server.port), 220)
        _greet(client)
        if server.mode == "starttls":
            _starttls(client, server)
        if server.user and server.password:
            _login(client, server)
        yield client
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.putcmd("quit")  # its answer isn't waited for
    finally:
        client.close()
        sock.close()


def _greet(client: _Client) -> None:
    try:
        client.ehlo_or_helo_if_needed()
    except smtplib.SMTPHeloError as error:
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise _Refused("greeting", error.smtp_code, words) from None


def _starttls(client: _Client, server: Server) -> None:
    if not client.has_extn("starttls"):
        raise WireError("broken", "the mail server offers no STARTTLS; nothing was sent in clear")
    try:
        _expect("greeting", client.starttls(context=tls(server.verify)), 220)
    except OSError as error:
        raise WireError(
            "passing", f"STARTTLS failed: {getattr(error, 'verify_message', type(error).__name__)}"
        ) from None
    client.ehlo()


def _login(client: _Client, server: Server) -> None:
    try:
        client.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise _Refused("login", error.smtp_code, words) from None
    except UnicodeError:
        raise WireError("broken", "the mail server's login takes only ASCII letters in name and password") from None
    except smtplib.SMTPNotSupportedError:
        raise WireError("broken", "the mail server takes no login on this connection") from None
    except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
        raise
    except smtplib.SMTPException:  # smtplib's word for methods that it doesn't know
        raise WireError("broken", "the mail server takes no login with a password") from None


def _envelope(client: _Client, sender: str, recipient: str, size: int) -> None:
    options = [f"size={size}"] if client.has_extn("size") else []
    _expect("sender", client.mail(sender, options), 250)
    _expect("recipient", client.rcpt(recipient), 250, 251, 252)
    _expect("data", client.docmd("data"), 354)


def _text(client: _Client, message: bytes) -> None:
    dotted = re.sub(rb"(?m)^\.", b"..", message)
    client.send(dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    _expect("text", client.getreply(), 250)


def _expect(stage: Stage, reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise _Refused(stage, *reply)
