"""Extraction in processes that can be killed: a page may hang or eat memory, the daemon goes on."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import Any

from monitor.extract.decoding import decode
from monitor.extract.pages import raw_article
from monitor.extract.shape import shape
from monitor.types import Article, Entry

LINE = 32  # pages that wait for a process, some seconds of work, before another is started
TASKS = 10_000  # pages after which a process is replaced, so that what the libraries leak stays small
START = 60.0  # seconds that a process may take to come up on a busy machine
PAUSE, LONGEST = 1.0, 60.0  # seconds without a try after a start that failed; doubled by each further one, at most
# Of the environment, which may hold secrets: where Python and its libraries stand, how texts and times are written.
_ENVIRONMENT = re.compile("HOME|PATH|LD_LIBRARY_PATH|PYTHON.*|LANG|LC_.*|TZ")
_ROOT = str(Path(__file__).parents[2])
_LOG = logging.getLogger("rasid.extract")


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
        except _NotStarted as error:
            why = str(error)
        except Exception as error:  # killed, or out of memory: the page goes on
            why = f"its reader ended ({type(error).__name__})"

        def raw() -> Article:
            return raw_article(decode(data, content_type), url, hints or Entry(key=""), why)

        try:
            return await asyncio.to_thread(raw)
        except RuntimeError:  # the machine has no thread left
            return raw()

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
        found = next((reader for reader in self._readers if len(reader.tasks) < LINE and not reader.paused), None)
        if found is None and len(self._readers) < self.count:
            found = _Reader(self.memory)
            self._readers.append(found)
        return found or min(self._readers, key=lambda reader: (reader.paused, len(reader.tasks)))


class _NotStarted(Exception):
    """No process could be started; the message says why."""


class _Reader:
    """The pages that wait for one process, which is started at the first and again after it was killed."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.tasks: set[Future[Article]] = set()
        self.used = False  # lately
        self._line = ThreadPoolExecutor(1, "reader")
        self._process: _Process | None = None
        self._closed = False
        self._again, self._pause, self._failure = 0.0, PAUSE, ""

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

    @property
    def paused(self) -> bool:
        """Whether a start failed a moment ago."""
        return time.monotonic() < self._again

    def _read(self, question: tuple[Any, ...], deadline: float) -> Article:
        try:
            if self._process is None or self._process.ended:
                self._start()
            if self._closed:
                raise EOFError
            assert self._process is not None
            article = self._process.ask(question, deadline)
        except BaseException:
            self._end()
            raise
        if self._process.asked >= TASKS:
            self._end()
        return article

    def _start(self) -> None:
        """Raises _NotStarted; in the pause after a start that failed none is tried, each would cost seconds."""
        self._end()
        if self.paused:
            raise _NotStarted(self._failure)
        try:
            self._process = _Process(self.memory)
            if not self._closed:
                self._process.greet()
        except Exception as error:
            if self._closed:
                raise
            why = str(error) if isinstance(error, _NotStarted) else type(error).__name__
            self._failure = f"no reader could be started ({why})"
            self._again = time.monotonic() + self._pause
            _LOG.warning("%s; pages are raw text for %g s", self._failure, self._pause)
            self._pause = min(2 * self._pause, LONGEST)
            raise _NotStarted(self._failure) from error
        self._pause = PAUSE

    def _end(self) -> None:
        if self._process:
            self._process.end()
            self._process = None


class _Process:
    """A process that reads pages, and the pipe to it."""

    def __init__(self, memory: int) -> None:
        self.asked = 0
        self._pipe, theirs = Pipe()
        # -P: no module of the folder that the daemon was started in
        command = [sys.executable, "-P", "-m", "monitor.extract.reader", str(theirs.fileno()), str(memory)]
        environment = {name: value for name, value in os.environ.items() if _ENVIRONMENT.fullmatch(name)}
        path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - its own module, by numbers
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,  # a terminal's interrupt is the daemon's
                env={**environment, "PYTHONPATH": path},
            )

    @property
    def ended(self) -> bool:
        """Whether it was killed meanwhile."""
        return self._process.poll() is not None

    def greet(self) -> None:
        """Waits until it has come up. Raises _NotStarted where it is of a version that does not fit."""
        if self._answer(START) != shape():
            raise _NotStarted("another version of the program was installed, restart the daemon")

    def ask(self, question: tuple[Any, ...], deadline: float) -> Article:
        """Raises TimeoutError, EOFError where the process ended, MemoryError."""
        self.asked += 1
        self._pipe.send((*question, deadline))
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
