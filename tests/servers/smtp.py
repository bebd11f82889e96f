"""A mail server on loopback (aiosmtpd) whose replies are set, and raw listeners for what no mail server should do."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections import deque
from email.message import EmailMessage
from types import TracebackType
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Mailbox:
    """`with Mailbox() as box:` then `box.port`, `box.messages`; replies to come stand in `on_data` and `on_rcpt`."""

    def __init__(
        self,
        *,
        password: str = "",
        certificate: ssl.SSLContext | None = None,
        cut_after_data: int = 0,
        port: int = 0,
    ) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.on_data: deque[str] = deque()
        self.on_rcpt: dict[str, str] = {}  # a recipient's lasting reply
        self.cut_after_data = cut_after_data  # so many times the connection is cut instead of the 250
        self.password = password
        self.logins = 0
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            tls_context=certificate,
            require_starttls=False,
            auth_require_tls=False,
            authenticator=self._login,
            auth_required=bool(password),
        )

    def __enter__(self) -> Mailbox:
        self._controller.start()
        self.port: int = self._controller.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._controller.stop()

    def _login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        self.logins += 1
        good = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.on_rcpt.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = self.on_data.popleft() if self.on_data else "250 taken"
        if reply.startswith("250"):
            content = cast(bytes, envelope.content)
            self.messages.append(cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.default)))
            self.recipients.append(list(envelope.rcpt_tos))
        if self.cut_after_data:
            self.cut_after_data -= 1
            cast(Any, server).transport.abort()
        return reply


class _Controller(Controller):
    def __init__(self, handler: Mailbox, *, port: int, **options: Any) -> None:
        super().__init__(handler, port=port, **options)

    def _trigger_server(self) -> None:
        """The port is chosen by the system, so the server is asked at the port that it got."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Raw:
    """A listener that says `lines`, the first at once, one more for each it hears; with `drip`, a byte a tick."""

    def __init__(self, lines: list[bytes], drip: float = 0.0) -> None:
        self._lines, self._drip = lines, drip
        self.heard = b""
        self._stop = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Raw:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self._stop.set()
        self._server.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while not self._stop.is_set():
                connection, _ = self._server.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            for line in self._lines:
                self._say(connection, line)
                data = connection.recv(65536)
                self.heard += data
                if not data:
                    return
            self._stop.wait(60)

    def _say(self, connection: socket.socket, line: bytes) -> None:
        if not self._drip:
            connection.sendall(line)
            return
        for byte in line:
            connection.sendall(bytes([byte]))
            if self._stop.wait(self._drip):
                return
