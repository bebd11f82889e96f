"""The two engines that everything in the store goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa

import monitor.store.sqlite as sqlite
from monitor.errors import StateBusy
from monitor.store.folder import Folder

T = TypeVar("T")


class Base:
    """An open database: a writer whose transactions begin IMMEDIATE, a reader beside it."""

    def __init__(self, folder: Folder, url_key: Callable[[str], str]) -> None:
        self.folder = folder
        self.url_key = url_key
        self._writer = sqlite.engine(folder.database, writes=True)
        self._reader = sqlite.engine(folder.database, writes=False)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction for writing; reads in it see its own writes."""
        with sqlite.plain_words(self.folder.database), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One snapshot for reading."""
        with sqlite.plain_words(self.folder.database), self._reader.begin() as connection:
            yield connection

    def urgently(self, work: Callable[[sa.Connection], T]) -> T:
        """A small write that must go on when the disk is full: once more without the ballast."""
        try:
            with self.write() as connection:
                return work(connection)
        except StateBusy:
            if self.folder.space().free > self.folder.ballast_bytes or not self.folder.drop_ballast():
                raise
        with self.write() as connection:
            return work(connection)

    def dispose(self) -> None:
        """Close every connection; the last one empties the write-ahead log."""
        self._reader.dispose()
        self._writer.dispose()
