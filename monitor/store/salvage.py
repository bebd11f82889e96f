"""What can still be read of a damaged database, row by row, into the backup that takes its place.

A damaged page costs the rows that stand on it; the deliveries, hits and marks since the last backup stand elsewhere.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from monitor.store.tables import metadata

NEEDED = {"seen", "feeds", "articles"}  # with these whole, what the feeds show next can be told from old news


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows were read, and whether all that tells new entries from old ones was among them."""

    rows: int = 0
    whole: bool = False


def salvage(damaged: Path, target: Path, installation: str) -> Salvaged:
    """Copy the rows of `damaged` over those of `target`, its own backup or empty. Not those of another installation.

    Everything in one transaction; a row that refers to one that is lost goes with it. Never raises: a file that
    cannot be read at all gives no rows.
    """
    try:
        with closing(_open(damaged, "ro")) as old, closing(_open(target, "rw")) as new:
            if _schema(old) != _schema(new) or _owner(old) not in ("", installation):
                return Salvaged()
            new.execute("BEGIN IMMEDIATE")
            counts = {table.name: _copy(old, new, table) for table in metadata.sorted_tables}
            _index(old, new)
            _drop_orphans(new)
            new.execute("COMMIT")
    except sqlite3.Error:
        return Salvaged()
    return Salvaged(sum(rows for rows, _ in counts.values()), all(counts[name][1] for name in NEEDED))


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode={mode}", uri=True, isolation_level=None)


def _schema(raw: sqlite3.Connection) -> str:
    return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _owner(raw: sqlite3.Connection) -> str:
    with suppress(sqlite3.Error):
        for row in raw.execute("SELECT value FROM meta WHERE key = 'installation'"):
            return str(row[0])
    return ""


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: sa.Table) -> tuple[int, bool]:
    """How many rows were copied, and if that is all. Behind a damaged page the rest is read from the other end."""
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    insert = f"INSERT OR REPLACE INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608
    count = 0
    for direction in ("ASC", "DESC"):
        order = ", ".join(f'"{c.name}" {direction}' for c in table.primary_key)
        try:
            for row in old.execute(f"SELECT {columns} FROM {table.name} ORDER BY {order}"):  # noqa: S608
                with suppress(sqlite3.Error):  # a row of nonsense
                    count += new.execute(insert, row).rowcount
        except sqlite3.Error:
            continue
        return count, direction == "ASC"
    return count, False


def _index(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """The search's texts of the articles that were read."""
    there = {row[0] for row in new.execute("SELECT id FROM search_content")}
    with suppress(sqlite3.Error):
        for number, folded in old.execute("SELECT id, c0 FROM search_content"):
            if number not in there:
                new.execute("INSERT INTO search(rowid, folded) VALUES (?, ?)", (number, folded))


def _drop_orphans(new: sqlite3.Connection) -> None:
    """Take out what refers to lost rows, and then what refers to that."""
    while True:
        new.execute("UPDATE seen SET article = NULL WHERE article NOT IN (SELECT id FROM articles)")
        new.execute("DELETE FROM samples WHERE article NOT IN (SELECT id FROM articles)")
        broken = {(row[0], row[1]) for row in new.execute("PRAGMA foreign_key_check")}
        if not broken:
            return
        for table, row in broken:
            new.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))  # noqa: S608
