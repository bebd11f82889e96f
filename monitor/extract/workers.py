"""Extraction in processes that can be killed: a page may hang or eat memory, the daemon goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import Any

from monitor.extract.decoding import decode
from monitor.extract.pages import raw_article
from monitor.types import Article, Entry

LINE = 32  # pages that wait for a process, some seconds of work, before another is started
TASKS = 10_000  # pages after which a process is replaced, so that what the libraries leak stays small
START = 60.0  # seconds that a process may take to come up on a busy machine
_ROOT = str(Path(__file__).parents[2])


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
        import asyncio  # the processes, which import this room too, go without its megabytes

        options = {"content_type": content_type, "timezone": timezone, "now": now}
        reader = None
        try:
            reader = self._reader()
            return await asyncio.wrap_future(reader.read((data, url, hints), options, self.deadline))
        except TimeoutError:
            why = f"not read within {self.deadline:g} s"
        except (CancelledError, asyncio.CancelledError):
            if reader in self._readers:
                raise
            why = "the readers were stopped"
        except Exception as error:  # killed, or out of memory: the page goes on
            why = f"its reader ended ({type(error).__name__})"
        return await asyncio.to_thread(
            lambda: raw_article(decode(data, content_type), url, hints or Entry(key=""), why)
        )

    async def rest(self) -> None:
        """Ends the processes beside the first that read nothing since the last call."""
        import asyncio

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
        """The first without a line, so that the others come to rest."""
        found = next((reader for reader in self._readers if len(reader.tasks) < LINE), None)
        if found is None and len(self._readers) < self.count:
            found = _Reader(self.memory)
            self._readers.append(found)
        return found or min(self._readers, key=lambda reader: len(reader.tasks))


class _Reader:
    """The pages that wait for one process, which is started at the first and again after it was killed."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.tasks: set[Future[Article]] = set()
        self.used = False  # lately
        self._line = ThreadPoolExecutor(1, "reader")
        self._process: _Process | None = None
        self._closed = False

    def read(self, arguments: tuple[Any, ...], options: dict[str, Any], deadline: float) -> Future[Article]:
        task = self._line.submit(self._read, (arguments, options), deadline)
        self.used = True
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def close(self) -> None:
        self._closed = True
        if self._process:
            self._process.kill()
        self._line.shutdown(cancel_futures=True)
        self._end()

    def _read(self, question: tuple[Any, ...], deadline: float) -> Article:
        try:
            if self._process is None:
                self._process = _Process(self.memory)
            if self._closed:
                raise EOFError
            article = self._process.ask(question, deadline)
        except BaseException:
            self._end()
            raise
        if self._process.asked >= TASKS:
            self._end()
        return article

    def _end(self) -> None:
        if self._process:
            self._process.end()
            self._process = None


class _Process:
    """A process that reads pages, and the pipe to it."""

    def __init__(self, memory: int) -> None:
        self.asked = 0
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-m", "monitor.extract.reader", str(theirs.fileno()), str(memory)]
        path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - its own module, by numbers
                command,
                pass_fds=[theirs.fileno()],
                process_group=0,  # a terminal's interrupt is the daemon's
                env={**os.environ, "PYTHONPATH": path},
            )

    def ask(self, question: tuple[Any, ...], deadline: float) -> Article:
        """Raises TimeoutError, EOFError where the process ended, MemoryError."""
        if not self.asked:
            self._answer(START)
        self.asked += 1
        self._pipe.send(question)
        article: Article = self._answer(deadline)
        return article

    def _answer(self, deadline: float) -> Any:
        if not self._pipe.poll(deadline):
            raise TimeoutError
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self.kill()
        self._process.wait()
        self._pipe.close()
