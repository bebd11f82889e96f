"""What listens follows the settings, with no restart."""

from __future__ import annotations

import asyncio
import socket

from monitor.watch.daemon import Daemon
from tests.watch.hall import SETTINGS, Folders


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def heard(port: int) -> bool:
    """Whether something listens."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def test_hubs_and_metrics_come_move_and_go_with_the_settings(folders: Folders) -> None:
    hub, metrics, other = free_port(), free_port(), free_port()

    def lines(at: int) -> str:
        return f"websub: http://127.0.0.1:{hub}/hub\nwebsub_listen: 127.0.0.1:{hub}\nmetrics: 127.0.0.1:{at}\n"

    async def work(daemon: Daemon) -> None:
        async def with_settings(more: str) -> list[bool]:
            folders.settings(SETTINGS + more)
            await daemon.reload()
            return [await heard(port) for port in (hub, metrics, other)]

        assert daemon.rounds.hubs is None
        assert await with_settings(lines(metrics)) == [True, True, False]
        assert daemon.rounds.hubs is not None
        assert await with_settings(lines(other)) == [True, False, True]
        assert await with_settings("") == [False, False, False]
        assert daemon.rounds.hubs is None

    folders.run(work)


def test_an_address_that_is_taken_is_told_and_tried_again(folders: Folders) -> None:
    """At the start too: alerts don't depend on it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        folders.settings(f"{SETTINGS}metrics: 127.0.0.1:{port}\n")

        async def work(daemon: Daemon) -> None:
            assert daemon.store.subjects()["listener:metrics"][0] == "failed"
            taken.close()
            await daemon.reload()
            assert await heard(port)
            assert daemon.store.subjects()["listener:metrics"][0] == "ok"

        folders.run(work)
