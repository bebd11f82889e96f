"""The process that reads pages: `python -m monitor.extract.reader DESCRIPTOR MEMORY`, started by `Workers`."""

from __future__ import annotations

import gc
import math
import resource
import signal
import sys
from multiprocessing.connection import Connection

from monitor.extract.body import library
from monitor.extract.pages import page
from monitor.extract.shape import shape
from monitor.types import Article


def main(descriptor: int, memory: int) -> None:
    """Answers with articles until the other end is closed; `memory` bounds the address space in bytes."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # systemd tells all of the service; the daemon ends its readers
    library()
    gc.collect()
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        _answer(Connection(descriptor))
    except (EOFError, OSError):  # nobody is at the other end any more
        return


def _answer(pages: Connection) -> None:
    """Each question with its deadline in seconds: who would end a page that takes longer may itself be dead."""
    pages.send(shape())
    while True:
        arguments, options, deadline = pages.recv()
        signal.alarm(math.ceil(deadline) + 1)
        answer: Article | MemoryError
        try:
            answer = page(*arguments, **options)
        except MemoryError as error:
            answer = error
        signal.alarm(0)
        pages.send(answer)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
