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

LINE = 32  # pages that wait for a process, some seconds of work, before another is started
TASKS = 2_000  # pages after which a process is replaced, so that what the libraries leak stays small


class Workers:
    """Up to `count` processes, each of at most `memory` bytes of address space; a page gets `deadline` seconds.

    One does at most times; another is started where pages wait in line. A process that is killed, by its deadline or
    from outside, is replaced; its page comes back as raw text.
    """

    def __init__(self, count: int = 2, *, memory: int = 1 << 30, deadline: float = 5.0) -> None:
        self.count, self.memory, self.deadline = count, memory, deadline
        self._readers: list[_Reader] = []

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
        reader = None
        try:
            reader = self._reader()
            article: Article = await asyncio.wrap_future(reader.read((data, url, hints), options, self.deadline))
            return article
        except TimeoutError:
            why = f"not read within {self.deadline:g} s"
        except (CancelledError, asyncio.CancelledError):
            if reader in self._readers:
                raise
            why = "the readers were stopped"
        except Exception as error:  # killed (ProcessExpired), out of memory, or a pool that broke: the page goes on
            why = f"its reader ended ({type(error).__name__})"
        return await asyncio.to_thread(
            lambda: raw_article(decode(data, content_type), url, hints or Entry(key=""), why)
        )

    async def rest(self) -> None:
        """Ends the processes beside the first that read nothing since the last call."""
        resting = [reader for reader in self._readers[1:] if not reader.tasks and not reader.used]
        self._readers = [reader for reader in self._readers if reader not in resting]
        for reader in self._readers:
            reader.used = False
        for reader in resting:
            await asyncio.to_thread(reader.close)

    def close(self) -> None:
        """Ends the processes, those at work too; their pages come back as raw text."""
        readers, self._readers = self._readers, []
        for reader in readers:
            reader.close()

    def _reader(self) -> _Reader:
        """The first without a line, so that the others come to rest; one that broke is replaced."""
        for broken in [reader for reader in self._readers if not reader.pool.active]:
            self._readers.remove(broken)
            broken.close()
        found = next((reader for reader in self._readers if len(reader.tasks) < LINE), None)
        if found is None and len(self._readers) < self.count:
            found = _Reader(self.memory)
            self._readers.append(found)
        return found or min(self._readers, key=lambda reader: len(reader.tasks))


class _Reader:
    """One process and the pages that it was given."""

    def __init__(self, memory: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["monitor.extract.preload"])
        self.pool: Any = ProcessPool(
            max_workers=1, max_tasks=TASKS, initializer=_prepare, initargs=(memory,), context=context
        )
        self.tasks: set[Any] = set()
        self.used = False  # lately

    def read(self, arguments: tuple[Any, ...], options: dict[str, Any], deadline: float) -> Any:
        task = self.pool.schedule(page, args=arguments, kwargs=options, timeout=deadline)
        self.used = True
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        self.pool.stop()
        self.pool.join()


def _prepare(memory: int) -> None:
    """In the new process: SIGTERM ends it even inside a library's C code, SIGINT is the daemon's, memory is bounded."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
