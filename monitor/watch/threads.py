"""Blocking work off the event loop: one thread for the database, a thread of its own for each send."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Serial:
    """Runs calls one after another in one thread: the only place where the store is touched."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """Waits for what was begun."""
        self._pool.shutdown(wait=True, cancel_futures=False)


async def in_own_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a call that may hang in a daemon thread, which a stop of the process does not wait for."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(put: Callable[[], None]) -> None:
        if not future.done():
            put()

    def run() -> None:
        try:
            result = work(*args, **kwargs)
        except BaseException as error:
            outcome: Callable[[], None] = lambda e=error: future.set_exception(e)  # type: ignore[misc] # noqa: E731
        else:
            outcome = lambda: future.set_result(result)  # noqa: E731
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, daemon=True, name="send").start()
    return await future
