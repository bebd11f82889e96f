"""Keeping the database whole and small: opening, repair, backups, retention."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

import monitor.store.migrate as migrate
import monitor.store.search as search
import monitor.store.sqlite as sqlite
from monitor.errors import StateBroken, StateBusy
from monitor.store.base import Base
from monitor.store.folder import Folder, plain_io, stamp
from monitor.store.records import Space
from monitor.store.salvage import salvage
from monitor.store.tables import (
    alerts,
    articles,
    deliveries,
    evidence,
    feeds,
    hits,
    meta,
    samples,
    seen,
    silences,
    stories,
    told,
)

KEEP_MARKS = 400 * 86400.0  # a feed may show a year-old item again
LEAST_MARKS = 5000  # of each feed stay whatever their age: more than twice what one document can show
KEEP_SAMPLES = 8 * 86400.0  # longer than the longest window in which copies are looked for, five days
_CHUNK = 500
CATCH_UP = "catch-up"  # set once the first round was told of; after a recovery the next round is a first one again
ANEW = "to begin anew (what the feeds hold then is not news), delete the file `installation` there"


class Upkeep(Base):
    """What is done at night, before an upgrade, or by hand."""

    def check(self) -> str:
        """quick_check: "" or what is damaged."""
        with sqlite.plain_words(self.folder.database):
            return sqlite.quick_check(self.folder.database)

    def backup(self, path: Path) -> None:
        """A consistent copy while running."""
        if path.resolve() == self.folder.database.resolve():
            raise StateBroken(
                "a backup cannot replace the database itself", subject=str(path), hint="name another file"
            )
        with sqlite.plain_words(path), plain_io(path):
            sqlite.copy(self.folder.database, path)

    def nightly(self, now: float, keep: int = 7) -> Path:
        """A backup into the state folder; the newest `keep` stay. Raises StateBusy where it would fill the disk."""
        size = self.folder.database.stat().st_size
        if self.folder.space(less=size).low:
            words = f"no room for a backup of {size >> 20} MiB"
            raise StateBusy(words, subject=str(self.folder.backups), hint="free some space, or move old backups away")
        with plain_io(self.folder.backups):
            self.folder.backups.mkdir(exist_ok=True)
        made = self.folder.backups / f"rasid-{stamp(now)}.db"
        self.backup(made)
        for old in [*self.folder.kept_backups(now)[keep:], *self.folder.backups.glob("*.part")]:
            old.unlink(missing_ok=True)
        return made

    def last_backup(self) -> float:
        """When the newest nightly backup was made (epoch seconds); 0 for never."""
        return max((path.stat().st_mtime for path in self.folder.backups.glob("rasid-*.db")), default=0.0)

    @staticmethod
    def restore(state_dir: Path, backup: Path, *, now: float) -> str:
        """Put a backup in place of the database (the daemon stopped); returns where the old one was moved, or "".

        Raises StateLocked, or StateBroken where the file is no whole database of this or an earlier version.
        """
        folder = Folder(state_dir)
        folder.require()
        folder.lock()
        try:
            _require_backup(backup)
            with folder.aside() as side:
                side.copy_in(backup)
                installation = _begin_again(side)
                kept = folder.take_over(side, now, "replaced")
            folder.mark(installation, now)
            return str(kept or "")
        finally:
            folder.unlock()

    def space(self) -> Space:
        """Room on the disk."""
        return self.folder.space()

    def prune(self, now: float, keep: float) -> int:
        """Forget some articles without hits older than `keep` seconds; returns how many went. The last call, which
        returns 0, forgets the marks older than 400 days of busy feeds and lets the file shrink.

        Hits, their articles (every version) and evidence stay for ever. It is called again until it returns 0, so that
        others have the database in between.
        """
        if gone := self._forget(now - keep):
            return gone
        with self.write() as connection:
            connection.execute(sa.delete(samples).where(samples.c.first_seen < now - KEEP_SAMPLES))
            connection.execute(sa.delete(silences).where(silences.c.until < now - KEEP_MARKS))
            _forget_marks(connection, now - max(KEEP_MARKS, keep))
            _forget_messages(connection, now - keep)
        with sqlite.plain_words(self.folder.database), self._writer.connect() as connection:
            sqlite.shrink(connection)
        self.folder.lay_ballast()
        return 0

    def _forget(self, before: float) -> int:
        """Some articles that are old and unhit in every version, the latest versions first.

        What stays is found once, and not for each article anew: the time must not grow with the square of the table.
        """
        first = sa.func.coalesce(articles.c.revises, articles.c.id)
        edited = sa.select(articles.c.revises).where(articles.c.revises.is_not(None), articles.c.first_seen >= before)
        hit = sa.select(first).join(hits, hits.c.article == articles.c.id)
        query = sa.select(articles.c.id).where(articles.c.first_seen < before, first.not_in(edited.union(hit)))
        latest_first = query.order_by(articles.c.first_seen.desc(), articles.c.id.desc())
        with self.write() as connection:
            numbers = connection.scalars(latest_first.limit(_CHUNK)).all()
            _remove(connection, numbers)
        return len(numbers)


def _forget_marks(connection: sa.Connection, before: float) -> None:
    """Old marks of feeds that had thousands of entries since. What a quiet feed shows stays known however long."""
    busy = sa.select(seen.c.feed).group_by(seen.c.feed).having(sa.func.count() > LEAST_MARKS)
    for feed in connection.scalars(busy).all():
        times = sa.select(seen.c.first_seen).where(seen.c.feed == feed).order_by(seen.c.first_seen.desc())
        oldest = connection.execute(times.offset(LEAST_MARKS - 1).limit(1)).scalar_one()
        connection.execute(sa.delete(seen).where(seen.c.feed == feed, seen.c.first_seen < min(oldest, before)))


def _forget_messages(connection: sa.Connection, before: float) -> None:
    """Messages about Rasid itself go when they were sent or died long ago; those about news stay with their hits."""
    old = sa.select(alerts.c.id).where(alerts.c.kind.in_(("operator", "test")), alerts.c.created < before)
    waiting = sa.select(deliveries.c.alert).where(deliveries.c.state.in_(("pending", "sending")))
    connection.execute(sa.delete(deliveries).where(deliveries.c.alert.in_(old), deliveries.c.alert.not_in(waiting)))
    unused = alerts.c.id.not_in(sa.select(deliveries.c.alert))
    connection.execute(sa.delete(alerts).where(alerts.c.id.in_(old), unused))


def _remove(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Take articles out of every table; an article goes after its later versions, which have higher numbers."""
    if not numbers:
        return
    connection.execute(sa.update(seen).where(seen.c.article.in_(numbers)).values(article=None))
    for column in (samples.c.article, evidence.c.article):
        connection.execute(sa.delete(column.table).where(column.in_(numbers)))
    search.remove(connection, numbers)
    theirs = connection.scalars(sa.select(articles.c.story).where(articles.c.id.in_(numbers)).distinct()).all()
    connection.execute(sa.delete(articles).where(articles.c.revises.in_(numbers) & articles.c.id.in_(numbers)))
    connection.execute(sa.delete(articles).where(articles.c.id.in_(numbers)))
    alive = sa.select(articles.c.story).where(articles.c.story == stories.c.id).exists()
    known = sa.select(told.c.story).where(told.c.story == stories.c.id).exists()
    connection.execute(sa.delete(stories).where(stories.c.id.in_(theirs), ~alive, ~known))


def prepare(folder: Folder, now: float) -> tuple[bool, str]:
    """Make the folder's database whole and up to date: (made just now, words for the operator where it was replaced).

    Raises StateBroken where there is nothing to go on with.
    """
    installation = folder.installation()
    with sqlite.plain_words(folder.database):
        problem = _problem(folder, installation)
    recovered = _recover(folder, problem, now) if problem else ""
    installation = _migrate(folder)
    fresh = not folder.installation()
    if folder.installation() != installation:
        folder.mark(installation, now)
    return fresh, recovered


def _problem(folder: Folder, installation: str) -> str:
    """What is wrong with the database file, in words, or ""."""
    path = folder.database
    if not path.exists() or path.stat().st_size == 0:
        return f"the database is {'empty' if path.exists() else 'gone'}" if installation else ""
    damage = sqlite.quick_check(path)
    if damage:
        return f"the database is damaged ({damage[:200]})"
    found = _installation(path)
    if installation in ("", "?", found):
        return ""
    return "the database is not the one that belongs here" if found else "the database has lost its content"


def _recover(folder: Folder, problem: str, now: float) -> str:
    """Put the newest whole backup in its place, and into it what can still be read of the damaged file.

    It is made aside, and moved in when it is whole: a kill in between leaves everything as it was.
    """
    backup = next(filter(_whole, folder.kept_backups(now)), None)
    with folder.aside() as side:
        if backup:
            side.copy_in(backup)
        _migrate(side)
        saved = salvage(folder.database, side.database, folder.installation())
        if not backup and not saved.rows:
            hint = f"restore a copy with `rasid restore FILE`; {ANEW}"
            raise StateBroken(f"{problem}, and there is no backup", subject=str(folder.database), hint=hint)
        if not saved.whole:
            _begin_again(side)
        kept = folder.take_over(side, now, "damaged")
    source = f"the backup {backup.name}" if backup else "a new one"
    old = f"the old file is kept in {kept.name}/" if kept else "there is no old file"
    rows = f" with {saved.rows} rows that could still be read" if saved.rows else ""
    return f"{problem}; {source} took its place{rows}, {old}"


def _whole(backup: Path) -> bool:
    try:
        _require_backup(backup)
    except (StateBroken, StateBusy):
        return False
    return True


def _begin_again(folder: Folder) -> str:
    """After a restore: what the feeds show next may have been told already, so it is no news; one digest names it.
    Returns the installation's id.
    """
    installation = _migrate(folder)
    writer = sqlite.engine(folder.database, writes=True)
    with sqlite.plain_words(folder.database), writer.begin() as connection:
        connection.execute(sa.update(feeds).values(first_polled=False))
        connection.execute(sa.delete(meta).where(meta.c.key == CATCH_UP))
    writer.dispose()
    return installation


def _migrate(folder: Folder) -> str:
    """Bring the schema up to date, a copy of the old one kept; returns the installation's id."""
    path = folder.database
    writer = sqlite.engine(path, writes=True)
    try:
        with sqlite.plain_words(path):
            with writer.connect() as connection:
                behind, before = migrate.behind(connection), migrate.present(connection)
            if behind and before:
                sqlite.copy(path, path.with_name(f"before-{before}.db"))
            with writer.begin() as connection:
                if behind:
                    (migrate.upgrade if before else migrate.begin)(connection)
                return _own_id(connection)
    finally:
        writer.dispose()


def _own_id(connection: sa.Connection) -> str:
    found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "installation"))
    if found is None:
        found = secrets.token_hex(8)
        connection.execute(sa.insert(meta), {"key": "installation", "value": found})
    return str(found)


def _installation(path: Path) -> str:
    """The id in a database file, "" where it has none."""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=sqlite.BUSY_SECONDS)) as raw:
        try:
            row = raw.execute("SELECT value FROM meta WHERE key = 'installation'").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            row = None
    return str(row[0]) if row else ""


def _require_backup(path: Path) -> None:
    """Raises StateBroken unless the file is a whole database of ours."""
    if not path.is_file() or not path.stat().st_size:
        raise StateBroken("there is no backup in this file", subject=str(path))
    with sqlite.plain_words(path):
        damage = sqlite.quick_check(path)
        if damage:
            raise StateBroken(f"this is no whole backup: {damage[:200]}", subject=str(path), hint="take an older one")
        if not _installation(path):
            raise StateBroken("this is not a backup of Rasid", subject=str(path))
        reader = sqlite.engine(path, writes=False)
        try:
            with reader.connect() as connection:
                migrate.behind(connection)
        finally:
            reader.dispose()
