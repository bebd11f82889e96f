"""The store's door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import monitor.store.migrate as migrate
from monitor.errors import RasidError, StateBroken
from monitor.store.folder import Folder
from monitor.store.keeping import Keeping
from monitor.store.outbox import Outbox
from monitor.store.reading import Reading
from monitor.store.upkeep import Upkeep, prepare


class Store(Keeping, Outbox, Reading, Upkeep):
    """The state folder: one writer, held by a lock. Every method may raise StateBusy: nothing was written, try again.

    `fresh`: this opening made the database. `recovered`: words for the operator where a damaged one was replaced.
    `crashed`: subjects of the work that the last process died in.
    """

    def __init__(self, folder: Folder, url_key: Callable[[str], str]) -> None:
        super().__init__(folder, url_key)
        self.fresh = False
        self.recovered = ""
        self.crashed: list[str] = []

    @classmethod
    def open(
        cls,
        state_dir: Path,
        *,
        now: float,
        database: str = "sqlite",
        url_key: Callable[[str], str] = str,
        beside: bool = False,
    ) -> Store:
        """Lock the folder, check the database, put a backup in place of a damaged one, migrate.

        `url_key` makes addresses comparable. `beside=True` opens what a running daemon holds, for the verbs: no lock,
        no repair, no migration. Raises StateLocked (names the pid), StateBroken (words and what to do), StateBusy.
        """
        if database != "sqlite":
            raise StateBroken(f"this version has no database {database!r}", hint="write `database: sqlite`")
        folder = Folder(Path(state_dir))
        return cls._beside(folder, url_key) if beside else cls._owner(folder, url_key, now)

    @classmethod
    def _owner(cls, folder: Folder, url_key: Callable[[str], str], now: float) -> Store:
        folder.require()
        folder.lock()
        try:
            fresh, recovered = prepare(folder, now)
            store = cls(folder, url_key)
            store.fresh, store.recovered = fresh, recovered
            store.crashed = store.count_crashes(now)
            folder.lay_ballast()
        except RasidError:
            folder.unlock()
            raise
        return store

    @classmethod
    def _beside(cls, folder: Folder, url_key: Callable[[str], str]) -> Store:
        if not folder.database.is_file() or not folder.database.stat().st_size:
            raise StateBroken("nothing is stored here yet", subject=str(folder.path), hint="start `rasid run` first")
        store = cls(folder, url_key)
        with store.read() as connection:
            behind = migrate.behind(connection)
        if behind:
            store.dispose()
            raise StateBroken("the database is of an older version", subject=str(folder.path), hint="start `rasid run`")
        return store

    def close(self) -> None:
        """Close the database and let the next process in."""
        self.dispose()
        self.folder.unlock()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
