"""What the installation remembers beside the news: silences, rule files, states it told of, values, crashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

import monitor.store.sqlite as sqlite
from monitor.store.base import Base
from monitor.store.batch import Batch
from monitor.store.codec import hash64
from monitor.store.outbox import LONGEST_WAIT
from monitor.store.records import Poll, Silence
from monitor.store.tables import (
    WAITS,
    crashes,
    decisions,
    deliveries,
    feeds,
    meta,
    rule_sets,
    silences,
    subjects,
    suspensions,
)

KEPT_RULE_SETS = 20


class Keeping(Base):
    """Small tables, each with a reading and a writing method."""

    @contextmanager
    def batch(self, now: float) -> Iterator[Batch]:
        """One BEGIN IMMEDIATE transaction."""
        with self.write() as connection:
            yield Batch(connection, self.url_key, now)

    def save_feed_state(
        self, feed: str, state: Mapping[str, Any], next_at: float, poll: Poll | None = None, *, now: float
    ) -> None:
        """`Batch.save_feed_state` in a transaction of its own, for polls that brought nothing."""
        with self.batch(now) as batch:
            batch.save_feed_state(feed, state, next_at, poll)

    def changed(self, subject: str, state: str, *, now: float, note: str = "") -> bool:
        """`Batch.changed` in a transaction of its own."""
        with self.batch(now) as batch:
            return batch.changed(subject, state, note)

    def set_meta(self, key: str, value: str) -> None:
        """`Batch.set_meta` in a transaction of its own."""
        with self.batch(0.0) as batch:
            batch.set_meta(key, value)

    def meta(self, key: str) -> str:
        """A value set by `set_meta`, or ""."""
        with self.read() as connection:
            return connection.scalar(sa.select(meta.c.value).where(meta.c.key == key)) or ""

    def subjects(self) -> dict[str, tuple[str, float, str]]:
        """Every subject's state, since when, and its note."""
        with self.read() as connection:
            return {r.subject: (r.state, r.since, r.note) for r in connection.execute(sa.select(subjects))}

    def silence(self, rule: str, until: float, *, now: float, only: str = "") -> int:
        """Hold a rule's alerts back until then; returns the silence's number."""
        row = {"rule": rule, "only": only, "since": now, "until": until}
        with self.write() as connection:
            key = connection.execute(sa.insert(silences), row).inserted_primary_key
            return int(key[0]) if key else 0

    def silences(self, now: float) -> list[Silence]:
        """The silences that hold now."""
        query = sa.select(silences).where(silences.c.until > now).order_by(silences.c.id)
        with self.read() as connection:
            return [Silence(**row._mapping) for row in connection.execute(query)]

    def unsilence(self, rule: str, *, now: float) -> int:
        """End a rule's silences; returns how many there were."""
        row = sa.update(silences).where(silences.c.rule == rule, silences.c.until > now).values(until=now)
        with self.write() as connection:
            return connection.execute(row).rowcount

    def save_rules(self, version: str, sources: Mapping[str, str], *, now: float) -> bool:
        """Keep the files that went live (name -> text); True where this version is another than the last."""
        with self.write() as connection:
            last = connection.scalar(sa.select(rule_sets.c.version).order_by(rule_sets.c.id.desc()).limit(1))
            if last == version:
                return False
            connection.execute(sa.insert(rule_sets), {"version": version, "files": dict(sources), "live_from": now})
            newest = sa.select(rule_sets.c.id).order_by(rule_sets.c.id.desc()).limit(KEPT_RULE_SETS)
            connection.execute(sa.delete(rule_sets).where(rule_sets.c.id.not_in(newest)))
            return True

    def last_rules(self) -> tuple[str, dict[str, str]] | None:
        """The version and files that went live last."""
        with self.read() as connection:
            row = connection.execute(sa.select(rule_sets).order_by(rule_sets.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else (row.version, row.files)

    def rules_at(self, moment: float) -> dict[str, str] | None:
        """The rule files that were live at a time, as far as they are kept (the last 20 versions)."""
        query = sa.select(rule_sets.c.files).where(rule_sets.c.live_from <= moment)
        with self.read() as connection:
            return connection.scalar(query.order_by(rule_sets.c.id.desc()).limit(1))

    @contextmanager
    def working(self, subject: str) -> Iterator[None]:
        """Marks that work on a subject is under way: a process that dies in it is found at the next start.

        A file, since a commit for each piece of work would cost more than the work. It outlives the process, not
        the machine, and that is what tells a crash from a power cut. Where it cannot be written the work goes on.
        """
        mark = self.folder.work / f"{hash64(subject):x}"
        with suppress(OSError):
            mark.parent.mkdir(exist_ok=True)
            mark.write_text(subject, "utf-8", "replace")
        try:
            yield
        finally:
            with suppress(OSError):
                mark.unlink(missing_ok=True)

    def crashes(self) -> dict[str, tuple[int, float]]:
        """Subjects that work died in: how often in a row, and when last."""
        with self.read() as connection:
            return {r.subject: (r.times, r.last) for r in connection.execute(sa.select(crashes))}

    def forgive(self, subject: str) -> None:
        """The subject was worked on without a crash."""
        with self.write() as connection:
            connection.execute(sa.delete(crashes).where(crashes.c.subject == subject))

    def count_crashes(self, now: float) -> list[str]:
        """Turn the marks that a dead process left into crashes; returns their subjects."""
        marks = sorted(self.folder.work.glob("*"))
        found = [mark.read_text("utf-8", "replace") for mark in marks]
        if found:
            with self.write() as connection:
                for subject in found:
                    times = connection.scalar(sa.select(crashes.c.times).where(crashes.c.subject == subject)) or 0
                    sqlite.put(connection, crashes, {"subject": subject, "times": times + 1, "last": now})
        for mark in marks:
            mark.unlink(missing_ok=True)
        return found

    def shift(self, seconds: float, now: float) -> None:
        """The wall clock was set, forward by so much, to `now`: what waits goes on waiting as long as it had to.

        A time that is further than a month from the clock that was wrong was written while it was right, and stays.
        """
        wrong = now - seconds

        def moved(table: sa.Table, *names: str) -> dict[str, sa.ColumnElement[float]]:
            near = {name: table.c[name].between(wrong - LONGEST_WAIT, wrong + LONGEST_WAIT) for name in names}
            return {name: sa.case((near[name], table.c[name] + seconds), else_=table.c[name]) for name in names}

        waiting = deliveries.c.state.in_(("pending", "sending"))
        with self.write() as connection:
            connection.execute(sa.update(feeds).values(moved(feeds, "next_at")))
            rows = sa.update(deliveries).where(waiting)
            connection.execute(rows.values(moved(deliveries, "created", "hold_until", "next_at")))
            connection.execute(sa.update(decisions).where(WAITS).values(moved(decisions, "until")))
            connection.execute(sa.update(suspensions).values(moved(suspensions, "since", "until")))
