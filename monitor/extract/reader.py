"""The process that reads pages: `python -m monitor.extract.reader DESCRIPTOR MEMORY`, started by `Workers`."""

from __future__ import annotations

import gc
import resource
import sys
from multiprocessing.connection import Connection

from monitor.extract.body import library
from monitor.extract.pages import page


def main(descriptor: int, memory: int) -> None:
    """Answers with articles until the other end is closed; `memory` bounds the address space in bytes."""
    library()
    gc.collect()
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    pages = Connection(descriptor)
    pages.send("ready")
    while True:
        try:
            arguments, options = pages.recv()
        except EOFError:
            return
        try:
            pages.send(page(*arguments, **options))
        except MemoryError as error:
            pages.send(error)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
