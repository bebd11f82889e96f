"""All that is SQLite's own: how it is opened, checked, copied and shrunk, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DBAPIError

from monitor.errors import RasidError, StateBroken, StateBusy
from monitor.store.codec import dumps

BUSY_SECONDS = 30.0
WAL_BYTES = 16 << 20  # what the write-ahead log may keep on disk: room to go on writing when the disk is full


def engine(path: Path, *, writes: bool, busy: float = BUSY_SECONDS) -> sa.Engine:
    """An engine that begins its transactions itself, since only BEGIN IMMEDIATE honours the busy timeout.

    A reader begins plainly: it sees one snapshot and waits for nobody.
    """
    made = sa.create_engine(
        f"sqlite:///{path}", json_serializer=dumps, connect_args={"isolation_level": None, "timeout": busy}
    )
    made.dialect.statement_compiler = _Compiler
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    sa.event.listen(made, "connect", lambda raw, _record: _prepare(raw, writes))
    sa.event.listen(made, "begin", lambda connection: connection.exec_driver_sql(begin))
    return made


class _Compiler(SQLiteCompiler):
    """Writes the hints of `by_index` behind a table's name, which SQLAlchemy does for other databases only."""

    def get_from_hint_text(self, table: sa.FromClause, text: str | None) -> str | None:
        return text


def by_index(query: sa.Select[Any], table: sa.Table, index: str) -> sa.Select[Any]:
    """The query, read by way of this index. Without ANALYZE (see `shrink`) SQLite takes one column's index for as good
    as another's, and would walk through everything that ever had a common value.
    """
    return query.with_hint(table, f"INDEXED BY {index}", "sqlite")


def _prepare(raw: Any, writes: bool) -> None:
    pragmas = ["foreign_keys=ON", "temp_store=MEMORY", f"cache_size=-{4000 if writes else 1000}"]
    if writes:  # auto_vacuum counts only before the first table, the journal mode stays in the file
        pragmas += [
            "auto_vacuum=INCREMENTAL",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"journal_size_limit={WAL_BYTES}",
        ]
    else:
        pragmas += ["query_only=ON"]
    for pragma in pragmas:
        raw.execute(f"PRAGMA {pragma}").close()


@contextmanager
def plain_words(path: Path) -> Iterator[None]:
    """Turns the database's errors into ours: StateBusy where waiting helps, StateBroken where it doesn't."""
    try:
        yield
    except DBAPIError as error:
        raise in_words(error.orig, path) from error
    except sqlite3.Error as error:
        raise in_words(error, path) from error


def in_words(error: object, path: Path) -> RasidError:
    """What an error of SQLite means for the person who runs this."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StateBusy(
            "another program is writing to the database", subject=str(path), hint="close it; this goes on by itself"
        )
    if name.startswith("SQLITE_FULL"):
        return StateBusy(
            "the disk is full; nothing was lost", subject=str(path), hint="free some space; this goes on by itself"
        )
    if name.startswith(("SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_CANTOPEN")):
        return StateBusy(
            f"the disk gives errors ({error})", subject=str(path), hint="look at the disk and its free space"
        )
    if name.startswith("SQLITE_READONLY"):
        return StateBroken(
            "the database cannot be written", subject=str(path), hint="look at its owner and permissions"
        )
    if is_damage(error):
        return StateBroken(
            f"the database is damaged ({error})", subject=str(path), hint="restart: the newest backup takes its place"
        )
    return StateBroken(f"the database refused: {error}", subject=str(path), hint="restart, or restore a backup")


def is_damage(error: object) -> bool:
    """Whether an error of SQLite says that the file itself is broken."""
    return (getattr(error, "sqlite_errorname", "") or "").startswith(
        ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
    )


def quick_check(path: Path) -> str:
    """What is damaged in a database file, or ""; a few milliseconds a megabyte."""
    try:
        with closing(
            sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        ) as raw:
            rows = [str(row[0]) for row in raw.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        raise
    return "" if rows == ["ok"] else "; ".join(rows)


def copy(source: Path, target: Path) -> None:
    """A consistent, compact copy of a database in use; it appears under its name only when it is whole and on disk."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with closing(
            sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        ) as raw:
            raw.execute("VACUUM INTO ?", (str(part),))
        sync(part)
        part.replace(target)
        sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Force a file's or folder's content to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shrink(connection: sa.Connection, pages: int = 20_000) -> None:
    """Give free pages back to the file system, at most so many (80 MB) at a time. Outside a transaction.

    Without ANALYZE: of a column that is NULL in nearly every row (`revises`) it says that the index is useless, and
    then each look-up walks through the whole table.
    """
    raw: Any = connection.connection.driver_connection
    raw.executescript(f"PRAGMA incremental_vacuum({int(pages)})")  # `execute` would take one page and stop
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def among(column: sa.ColumnElement[int], numbers: Iterable[int]) -> sa.ColumnElement[bool]:
    """Whether a column has one of the numbers, however many: they are one value, of which a statement takes 32,766."""
    return column.in_(sa.select(sa.func.json_each(dumps(list(numbers))).table_valued("value").c.value))


def add_new(table: sa.Table) -> Insert:
    """An insert that passes over rows whose key is there already."""
    return insert(table).on_conflict_do_nothing()


def put(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    """Insert a row or overwrite the one with its key; columns not given stay as they are."""
    connection.execute(_upsert(table, tuple(row)), row)


@cache
def _upsert(table: sa.Table, names: tuple[str, ...]) -> Insert:
    """Made once: putting the statement together takes longer than the database needs for it."""
    made, keys = insert(table), [c.name for c in table.primary_key]
    return made.on_conflict_do_update(
        index_elements=keys, set_={name: made.excluded[name] for name in names if name not in keys}
    )
