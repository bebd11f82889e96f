"""Extraction in processes that can be killed: a page may hang or eat memory, the daemon goes on."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import signal
from concurrent.futures import CancelledError
from typing import Any

from pebble import ProcessPool

from monitor.extract.decoding import decode
from monitor.extract.pages import page, raw_article
from monitor.types import Article, Entry

TASKS = 2_000  # pages after which a process is replaced, so that what the libraries leak stays small


class Workers:
    """A pool of `count` processes, each of at most `memory` bytes of address space; a page gets `deadline` seconds.

    A process that is killed, by its deadline or from outside, is replaced; its page comes back as raw text.
    """

    def __init__(self, count: int = 2, *, memory: int = 1 << 30, deadline: float = 5.0) -> None:
        self.count, self.memory, self.deadline = count, memory, deadline
        self._pool: Any = None
        self._tasks: set[Any] = set()

    async def page(
        self,
        data: bytes,
        url: str,
        hints: Entry | None = None,
        *,
        content_type: str = "",
        timezone: str = "",
        now: float | None = None,
    ) -> Article:
        """`extract.page` in a process of its own; never raises but when cancelled."""
        options = {"content_type": content_type, "timezone": timezone, "now": now}
        try:
            task = self._ready().schedule(page, args=(data, url, hints), kwargs=options, timeout=self.deadline)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            article: Article = await asyncio.wrap_future(task)
            return article
        except TimeoutError:
            why = f"not read within {self.deadline:g} s"
        except (CancelledError, asyncio.CancelledError):
            if self._pool is not None:
                raise
            why = "the readers were stopped"
        except Exception as error:  # killed (ProcessExpired), out of memory, or a pool that broke: the page goes on
            why = f"its reader ended ({type(error).__name__})"
        return await asyncio.to_thread(
            lambda: raw_article(decode(data, content_type), url, hints or Entry(key=""), why)
        )

    def close(self) -> None:
        """Ends the processes, those at work too; their pages come back as raw text."""
        pool, self._pool = self._pool, None
        for task in list(self._tasks):
            task.cancel()
        if pool is not None:
            pool.stop()
            pool.join()

    def _ready(self) -> Any:
        """The pool, started when it is first needed and again should it have broken."""
        if self._pool is None or not self._pool.active:
            self.close()
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["monitor.extract.preload"])
            self._pool = ProcessPool(
                max_workers=self.count, max_tasks=TASKS, initializer=_prepare, initargs=(self.memory,), context=context
            )
        return self._pool


def _prepare(memory: int) -> None:
    """In the new process: SIGTERM ends it even inside a library's C code, SIGINT is the daemon's, memory is bounded."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
