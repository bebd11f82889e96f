"""Blocking work off the event loop: one thread for the database, a thread of its own for each send."""

from __future__ import annotations

import asyncio
import copy
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import PriorityQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Serial:
    """Runs calls one after another in one thread: the only place where the store is touched."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: PriorityQueue[tuple[int, int, Future[Any], Callable[[], Any]]] = PriorityQueue()
        self._count = itertools.count()
        self._rank = 1

    @property
    def ahead(self) -> Serial:
        """The same thread for what is done before all that waits: a flood of articles must not hold up the sending."""
        found = copy.copy(self)
        found._rank = 0
        return found

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future: Future[T] = Future()
        self._waiting.put((self._rank, next(self._count), future, lambda: work(*args, **kwargs)))
        self._pool.submit(self._do_next)
        return await asyncio.wrap_future(future)

    def _do_next(self) -> None:
        *_, future, work = self._waiting.get_nowait()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

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
