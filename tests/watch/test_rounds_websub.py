"""E11 in the hall, with a hub on loopback: subscribed, verified, pushed to, and polled again when it falls silent."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
import time
from pathlib import Path
from urllib.parse import parse_qs, quote
from urllib.request import Request, urlopen

from monitor.watch.daemon import Daemon
from monitor.watch.websub import KEY
from tests.journey.outlet import Outlet, _Handler
from tests.watch.hall import SETTINGS, Folders, item, poll, show

TEXT = "أسقط الدفاع الجوي طائرة مسيّرة فوق الوادي"


class Hub(Outlet):
    """Takes subscriptions and verifies each at once, before it answers or after."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.confirmed: list[bool] = []
        hub = self

        def do_POST(handler: _Handler) -> None:
            body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
            hub.forms.append({name: values[0] for name, values in parse_qs(body).items()})
            hub.verify(hub.forms[-1])
            handler.send_response(202)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self._server.RequestHandlerClass.do_POST = do_POST  # type: ignore[attr-defined]

    def verify(self, form: dict[str, str]) -> None:
        query = f"hub.mode=subscribe&hub.challenge=xyz&hub.lease_seconds=864000&hub.topic={quote(form['hub.topic'])}"
        with urlopen(f"{form['hub.callback']}?{query}", timeout=5) as answer:
            self.confirmed.append(answer.read() == b"xyz")

    def push(self, secret: str = "") -> int:
        form = self.forms[-1]
        signature = hmac.new((secret or form["hub.secret"]).encode(), b"news", hashlib.sha256).hexdigest()
        with urlopen(Request(form["hub.callback"], b"news", {"X-Hub-Signature": f"sha256={signature}"})) as answer:
            return int(answer.status)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def subscribe(folders: Folders, outlet: Outlet, hub: Outlet) -> int:
    """The folders of a feed whose hub is heard; returns the port of the callback."""
    port = free_port()
    listen = f"websub: http://127.0.0.1:{port}/hub\nwebsub_listen: 127.0.0.1:{port}\n"
    folders.settings(SETTINGS.replace("late: 0.2s", "late: 1s") + listen)
    folders.feeds(f"  manbar:\n    url: {outlet.feed}\n")
    show(outlet, item("a", outlet.url, "خبر", TEXT))
    outlet.raw["/feed"].headers["Link"] = f'<{hub.url}/hub>; rel="hub", <{outlet.feed}>; rel="self"'
    return port


def test_E11_a_hub_is_subscribed_to_and_its_push_makes_the_feed_due(folders: Folders, outlet: Outlet) -> None:
    """Before a push the feed is polled as ever; then rarely, and at once when the hub tells of news."""

    async def work(daemon: Daemon) -> None:
        rounds = daemon.rounds
        assert rounds.hubs is not None
        first = await poll(daemon)
        await rounds.hubs.renew()
        assert hub.confirmed == [True]
        assert hub.forms[0]["hub.topic"] == outlet.feed
        assert await poll(daemon) < 4
        assert first < 4
        rounds.schedule.start({"manbar": daemon.mono() + 1000})
        assert await asyncio.to_thread(hub.push, "wrong") == 202
        assert rounds.schedule.due["manbar"] > daemon.mono() + 900
        assert await asyncio.to_thread(hub.push) == 202
        assert rounds.schedule.due["manbar"] < daemon.mono() + 1
        assert await poll(daemon) > 4
        await rounds.hubs.renew()
        assert len(hub.forms) == 1

    with Hub() as hub:
        subscribe(folders, outlet, hub)
        folders.run(work)

        async def later(daemon: Daemon) -> None:
            await daemon.rounds.hubs.renew()  # type: ignore[union-attr]
            assert len(hub.forms) == 1

        folders.run(later)
        check_secrets(folders.state, hub.forms[0]["hub.secret"])


def check_secrets(state: Path, secret: str) -> None:
    """The subscription outlives a restart, its secret stands in no database."""
    assert not [path for path in state.glob("rasid.db*") if secret.encode() in path.read_bytes()]
    assert (state / KEY).stat().st_mode & 0o077 == 0


def test_E11_a_hub_that_falls_silent_is_not_waited_for(folders: Folders, outlet: Outlet) -> None:
    """Three times the gap between entries after the last push the feed is polled at its own pace; at two thirds of its
    lease a subscription is renewed.
    """
    ahead = [0.0]

    async def work() -> None:
        async with folders.hall(clock=lambda: time.time() + ahead[0]) as daemon:
            await poll(daemon)
            hubs = daemon.rounds.hubs
            assert hubs is not None
            await hubs.renew()
            await asyncio.to_thread(hub.push)
            assert hubs.rest("manbar", daemon.clock(), gap=3600.0, ceiling=600.0) > daemon.clock() + 500
            ahead[0] = 3 * 3600.0 + 10
            assert hubs.rest("manbar", daemon.clock(), gap=3600.0, ceiling=600.0) == 0.0
            ahead[0] = 6 * 86_400.0
            await hubs.renew()
            assert len(hub.forms) == 1
            ahead[0] = 7 * 86_400.0
            await hubs.renew()
            assert len(hub.forms) == 2

    with Hub() as hub:
        subscribe(folders, outlet, hub)
        asyncio.run(work())


def test_E11_what_strangers_send_to_the_callback_is_refused(folders: Folders, outlet: Outlet) -> None:
    """No request, an endless head, a body too large, an unknown callback: each is answered or cut, none does harm."""

    def talk(port: int, text: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            try:
                connection.sendall(text)
                return connection.recv(4000)
            except ConnectionError:
                return b""

    with Outlet() as hub:
        port = subscribe(folders, outlet, hub)

        async def work(daemon: Daemon) -> None:
            answers = [
                await asyncio.to_thread(talk, port, text)
                for text in (
                    b"nonsense\r\n\r\n",
                    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
                    b"POST /hub/x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                    b"POST /hub/x HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    b"POST /hub/x HTTP/1.1\r\nContent-Length: 4\r\n\r\nnews",
                    b"GET /hub/x?hub.mode=subscribe&hub.challenge=1&hub.topic=x HTTP/1.1\r\n\r\n",
                    b"DELETE /hub/x HTTP/1.1\r\n\r\n",
                )
            ]
            assert [answer.split(b" ")[1:2] for answer in answers if answer] == [
                [status] for status in (b"400", b"400", b"400", b"400", b"410", b"404", b"405")[-len(answers) :]
            ]

        folders.run(work)
