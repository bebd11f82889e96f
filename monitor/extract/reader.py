"""The process that reads pages: `python -m monitor.extract.reader DESCRIPTOR MEMORY`, started by `Workers`."""

from __future__ import annotations

import gc
import resource
import sys
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from monitor.extract.body import library
from monitor.extract.pages import page

# What trafilatura imports for reading metadata and for fetching, which nobody asks it for: nine megabytes.
UNUSED = ("charset_normalizer", "courlan", "htmldate", "trafilatura.downloads", "urllib3", "urllib3.response")


class _Unused(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return type(name, (), {})


def main(descriptor: int, memory: int) -> None:
    """Answers with articles until the other end is closed; `memory` bounds the address space in bytes."""
    sys.modules.update({name: _Unused(name) for name in UNUSED})
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
