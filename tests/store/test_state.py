"""The state folder under faults: who holds it, what is lost, what is damaged, what takes its place."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from monitor.errors import StateBroken, StateBusy, StateLocked
from monitor.store import Poll, Store, migrate
from monitor.store.tables import metadata
from monitor.types import AlertKind

Child = Callable[[str], "subprocess.CompletedProcess[str]"]


def fill(folder: Path, make: SimpleNamespace, count: int = 5, start: int = 0) -> None:
    with Store.open(folder, now=make.now) as store:
        for n in range(start, start + count):
            with store.batch(make.now) as batch:
                article = batch.add_article(
                    make.article(f"e{n}"), entry=make.entry(f"e{n}"), sample=[n], folded=f"خبر {n}"
                )
                hit = batch.add_hit(article, make.hit(), [make.decision()])
                batch.add_alert(make.alert(f"a{n}", hits={"r1": hit}))
                batch.save_feed_state("f1", {"n": n}, 0.0, Poll(kind="new", new=1))
        store.set_meta("catch-up", "done")


def reopen(folder: Path, make: SimpleNamespace) -> Store:
    return Store.open(folder, now=make.now + 60)


# --- who holds it


def test_x19_a_second_process_is_told_the_pid(tmp_path: Path, make: SimpleNamespace, process: Child) -> None:
    with Store.open(tmp_path, now=make.now):
        code = "try: Store.open(folder, now=NOW)\nexcept Exception as e: print(type(e).__name__, e.exit_code, e)"
        found = process(code).stdout
        assert found.startswith("StateLocked 75")
        assert f"pid {os.getpid()}" in found
        with pytest.raises(StateLocked, match="this process"):
            Store.open(tmp_path, now=make.now)
    assert process("Store.open(folder, now=NOW).close(); print('ok')").stdout == "ok\n"


def test_x19_the_lock_ends_with_the_process(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """Kill -9 frees it, even where a worker that the daemon had forked lives on."""
    code = (
        "Store.open(folder, now=NOW)\npid = os.fork()\n"
        "if pid: print(pid, flush=True); die()\n"
        "import time; time.sleep(30)"
    )
    done = child(code)
    assert done.returncode == -signal.SIGKILL
    try:
        reopen(tmp_path, make).close()
    finally:
        os.kill(int(done.stdout), signal.SIGKILL)


def test_the_verbs_open_it_beside_the_daemon(tmp_path: Path, make: SimpleNamespace, process: Child) -> None:
    """They read, and write small things, while it runs."""
    with pytest.raises(StateBroken, match="nothing is stored"):
        Store.open(tmp_path, now=make.now, beside=True)
    fill(tmp_path, make)
    with Store.open(tmp_path, now=make.now) as daemon:
        done = process(
            "s = Store.open(folder, now=NOW, beside=True); print(s.counts(0).hits); s.silence('r1', NOW + 9, now=NOW)"
        )
        assert done.stdout == "5\n", done.stderr
        assert [s.rule for s in daemon.silences(make.now)] == ["r1"]


# --- what may be opened at all


def test_x12_a_missing_folder(tmp_path: Path, make: SimpleNamespace) -> None:
    with pytest.raises(StateBroken, match="no such folder") as raised:
        Store.open(tmp_path / "none", now=make.now)
    assert raised.value.exit_code == 78
    assert "mkdir" in str(raised.value)


def test_x11_a_folder_that_cannot_be_written(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """By the folder's permissions; root is shown without its powers."""
    locked = tmp_path / "locked"
    locked.mkdir(0o500)
    code = "from tests.servers.powerless import drop\ndrop()\nStore.open(folder / 'locked', now=NOW)"
    done = child(code)
    assert "StateBroken" in done.stderr
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("mounted", [False, True])
def test_x11_a_folder_refused_by_the_system(
    tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, mounted: bool
) -> None:
    """By access(2), as under systemd's ProtectSystem; or on a file system that is mounted read-only."""
    if mounted:
        monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    else:
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StateBroken, match="cannot be written") as raised:
        Store.open(tmp_path, now=make.now)
    assert "\n" not in str(raised.value)


def test_another_database_is_refused_in_words(tmp_path: Path, make: SimpleNamespace) -> None:
    with pytest.raises(StateBroken, match="postgresql"):
        Store.open(tmp_path, now=make.now, database="postgresql://x")


def test_x17_a_database_of_a_newer_version(tmp_path: Path, make: SimpleNamespace) -> None:
    """Refused and left as it is."""
    fill(tmp_path, make)
    with closing(sqlite3.connect(tmp_path / "rasid.db")) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    with pytest.raises(StateBroken, match=r"newer Rasid \(schema 9999\)") as raised:
        reopen(tmp_path, make)
    assert raised.value.exit_code == 78
    with pytest.raises(StateBroken, match="newer"):
        Store.open(tmp_path, now=make.now, beside=True)


# --- what is lost or damaged


def test_a_new_folder_is_new_once(tmp_path: Path, make: SimpleNamespace) -> None:
    with Store.open(tmp_path, now=make.now) as store:
        assert store.fresh
        assert store.recovered == ""
    with reopen(tmp_path, make) as store:
        assert not store.fresh


@pytest.mark.parametrize("loss", ["gone", "empty", "without content"])
def test_x15_a_lost_database_is_no_new_one(tmp_path: Path, make: SimpleNamespace, loss: str) -> None:
    """Without a backup it is refused with words; nothing starts as if all feeds were new."""
    fill(tmp_path, make)
    database = tmp_path / "rasid.db"
    database.unlink()
    if loss == "empty":
        database.touch()
    if loss == "without content":
        with closing(sqlite3.connect(database)) as raw:
            raw.execute("CREATE TABLE x(y)")
    for _ in range(2):
        with pytest.raises(StateBroken, match="no backup") as raised:
            reopen(tmp_path, make)
        assert "rasid restore FILE" in str(raised.value)
        assert "installation" in str(raised.value)
    (tmp_path / "installation").unlink()
    if loss != "without content":
        with reopen(tmp_path, make) as store:
            assert store.fresh


def damage(folder: Path, how: str) -> None:
    database = folder / "rasid.db"
    if how == "header":
        with database.open("r+b") as file:
            file.write(os.urandom(4096))
    elif how in metadata.tables:
        with closing(sqlite3.connect(database)) as raw:
            [page] = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (how,)).fetchone()
        with database.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)
    elif how == "cut":
        os.truncate(database, database.stat().st_size // 2)
    elif how == "empty":
        os.truncate(database, 0)
    elif how == "gone":
        database.unlink()
    else:  # X16: the database of another installation
        other = folder / "other"
        other.mkdir()
        Store.open(other, now=1.0).close()
        shutil.copy(other / "rasid.db", database)


@pytest.mark.parametrize("how", ["header", "cut", "empty", "gone", "another"])
def test_x13_x16_the_newest_backup_takes_its_place(tmp_path: Path, make: SimpleNamespace, how: str) -> None:
    """The damaged file is kept, the operator gets words, and what the feeds show next is no news."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        store.nightly(make.now)
    fill(tmp_path, make, start=5, count=3)
    damage(tmp_path, how)
    with reopen(tmp_path, make) as store:
        assert "took its place" in store.recovered
        assert not store.fresh
        assert store.counts(0).hits >= 5
        assert store.check() == ""
        assert store.first_polled() == frozenset()
        assert store.meta("catch-up") == ""
        assert set(store.feed_states()) == {"f1"}, "the polling state stays"
        assert store.unseen("f1", [make.entry("e1")], make.now) == []
    assert len(list(tmp_path.glob("damaged-*/rasid.db"))) == (how != "gone")
    with reopen(tmp_path, make) as store:
        assert store.recovered == ""


@pytest.mark.parametrize("backup", [True, False])
@pytest.mark.parametrize("table", ["hits", "told", "samples", "suspensions"])
def test_x14_a_damaged_page_costs_the_rows_on_it(
    tmp_path: Path, make: SimpleNamespace, table: str, backup: bool
) -> None:
    """Found at the start. What came after the backup is read from the damaged file; without a backup, everything is."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        if backup:
            store.nightly(make.now)
    fill(tmp_path, make, start=5, count=3)
    damage(tmp_path, table)
    with reopen(tmp_path, make) as store:
        assert "rows that could still be read" in store.recovered
        counts, lost = store.counts(0), table == "hits"
        assert counts.articles == 8
        assert counts.hits == (8 if not lost else 5 if backup else 0)
        assert counts.waiting == {"c1": 8}
        assert [d.alert.id for d in store.pending("c1")] == [f"a{n}" for n in range(8)]
        assert store.unseen("f1", [make.entry(f"e{n}") for n in range(8)], make.now) == []
        assert store.first_polled() == {"f1"}, "nothing is forgotten, so news are news"
        assert len(store.search([("خبر",)])) == 8
        assert store.check() == ""
        with store.read() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    with reopen(tmp_path, make) as store:
        assert (store.recovered, store.fresh) == ("", False)


def test_x14_lost_marks_make_a_first_round(tmp_path: Path, make: SimpleNamespace) -> None:
    """Where the marks themselves were hit, what the feeds show next is no news."""
    fill(tmp_path, make)
    damage(tmp_path, "seen")
    with reopen(tmp_path, make) as store:
        assert store.counts(0).hits == 5
        assert store.first_polled() == frozenset()


def test_a_damaged_backup_is_passed_over(tmp_path: Path, make: SimpleNamespace) -> None:
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        good = store.nightly(make.now)
        bad = store.nightly(make.now + 86400)
    bad.write_bytes(b"no database")
    damage(tmp_path, "header")
    with reopen(tmp_path, make) as store:
        assert good.name in store.recovered


def test_x16_log_files_without_their_database(tmp_path: Path, make: SimpleNamespace) -> None:
    """A stale write-ahead log of nonsense is no harm."""
    fill(tmp_path, make)
    (tmp_path / "rasid.db-wal").write_bytes(os.urandom(50_000))
    (tmp_path / "rasid.db-shm").write_bytes(os.urandom(32_768))
    with reopen(tmp_path, make) as store:
        assert (store.counts(0).hits, store.recovered, store.check()) == (5, "", "")


def test_a_lost_marker_is_written_again(tmp_path: Path, make: SimpleNamespace) -> None:
    fill(tmp_path, make)
    for content in (None, "", "{", "[]"):
        (tmp_path / "installation").unlink()
        if content is not None:
            (tmp_path / "installation").write_text(content)
        with reopen(tmp_path, make) as store:
            assert store.counts(0).hits == 5
        assert '"id"' in (tmp_path / "installation").read_text()


# --- others at the database, and the disk


def test_x20_a_lock_from_outside_is_waited_for(tmp_path: Path, make: SimpleNamespace) -> None:
    with Store.open(tmp_path, now=make.now) as store:
        other = sqlite3.connect(tmp_path / "rasid.db", check_same_thread=False, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.7, lambda: other.execute("COMMIT")).start()
        begin = time.monotonic()
        with store.batch(make.now) as batch:
            batch.add_article(make.article())
        assert time.monotonic() - begin > 0.5
        assert store.counts(0).articles == 1
        other.close()


def test_x20_too_long_a_lock_is_said_in_words(
    tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, and reading goes on."""
    monkeypatch.setattr("monitor.store.sqlite.engine.__defaults__", (0.2,), raising=False)
    monkeypatch.setattr("monitor.store.sqlite.engine.__kwdefaults__", {"busy": 0.2})
    with Store.open(tmp_path, now=make.now) as store, closing(sqlite3.connect(tmp_path / "rasid.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateBusy, match="another program"):
            store.set_meta("a", "b")
        assert store.counts(0).articles == 0
        other.rollback()
        store.set_meta("a", "b")
        assert store.meta("a") == "b"


def full(store: Store, pages: int) -> None:
    """The disk takes so many more pages and no more."""
    with store.write() as connection:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    for connection in (store._writer.connect(),):
        connection.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")
        connection.close()


def test_x08_a_full_disk_loses_nothing(tmp_path: Path, make: SimpleNamespace) -> None:
    """The batch is undone and says why; the entry stays unseen; sending goes on; later all goes well."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        full(store, 2)

        def work() -> None:
            with store.batch(make.now) as batch:
                batch.add_article(make.article("big", text="نص " * 50_000), entry=make.entry("big"))

        with pytest.raises(StateBusy, match="disk is full"):
            work()
        assert [u.kind for u in store.unseen("f1", [make.entry("big")], make.now)] == ["new"]
        taken = store.claim("c1", "", make.now)
        assert taken is not None
        store.settle(taken.id, taken.state.sent, now=make.now)
        full(store, 100_000)
        work()
        assert (store.counts(0).articles, store.check()) == (6, "")


def test_x09_a_file_that_may_not_grow(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """The system refuses to write: the batch is undone and says why; when it may grow again all goes on."""
    code = (
        "import resource\nfrom monitor.errors import StateBusy\n"
        "store = Store.open(folder, now=NOW)\n"
        "def work():\n"
        "    with store.batch(NOW) as b: b.add_article(make_article(text='نص ' * 200_000), entry=make_entry())\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))\n"
        "try: work()\nexcept StateBusy as e: print('busy', 'disk' in str(e))\n"
        "print(len(store.unseen('f1', [make_entry()], NOW)))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"
        "work()\nprint(store.counts(0).articles, store.check() or 'ok')"
    )
    done = child(code)
    assert done.stdout.split() == ["busy", "True", "1", "1", "ok"], done.stderr


def test_the_ballast_is_thrown_off_to_go_on_sending(
    tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; a batch never takes it."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        store.folder.lay_ballast()
        assert store.folder.ballast.stat().st_size == store.folder.ballast_bytes
        low = type(store.space())(free=1000, total=10**9, low=True)
        monkeypatch.setattr(store.folder, "space", lambda: low)
        calls = []

        def work(_connection: object) -> str:
            calls.append(store.folder.ballast.exists())
            if store.folder.ballast.exists():
                raise StateBusy("full")
            return "done"

        assert store.urgently(work) == "done"
        assert calls == [True, False]
        with pytest.raises(StateBusy):
            store.urgently(lambda _: (_ for _ in ()).throw(StateBusy("full")))
        store.folder.lay_ballast()
        assert not store.folder.ballast.exists(), "no new one while the disk is full"


def test_the_free_space_floor(tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MB, or a twentieth of a small disk."""
    usage = SimpleNamespace(total=10**12, used=0, free=63 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with Store.open(tmp_path, now=make.now) as store:
        assert store.space().low
        usage.free = 65 << 20
        assert not store.space().low
        usage.total, usage.free = 10 << 20, 1 << 20
        assert not store.space().low


# --- copies


def test_x21_a_backup_while_it_runs_is_whole(tmp_path: Path, make: SimpleNamespace) -> None:
    """What was committed before it began is in it, and what comes later isn't half in it."""
    fill(tmp_path, make)
    copy = tmp_path / "copy.db"
    with reopen(tmp_path, make) as store:
        stop = threading.Event()

        def load() -> None:
            n = 100
            while not stop.is_set():
                with store.batch(make.now) as batch:
                    article = batch.add_article(make.article(f"e{n}"), entry=make.entry(f"e{n}"))
                    batch.add_hit(article, make.hit(), [make.decision()])
                n += 1

        thread = threading.Thread(target=load)
        thread.start()
        store.backup(copy)
        stop.set()
        thread.join()
    with closing(sqlite3.connect(copy)) as raw:
        [articles], [hits] = (raw.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("articles", "hits"))
        assert articles == hits >= 5
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_restore_puts_a_copy_back(tmp_path: Path, make: SimpleNamespace) -> None:
    """The replaced database is kept beside it; the daemon must be stopped."""
    fill(tmp_path, make)
    copy = tmp_path / "copy.db"
    with reopen(tmp_path, make) as store:
        store.backup(copy)
        with pytest.raises(StateLocked):
            Store.restore(tmp_path, copy, now=make.now)
    fill(tmp_path, make, start=10)
    aside = Store.restore(tmp_path, copy, now=make.now)
    assert (Path(aside) / "rasid.db").exists()
    with reopen(tmp_path, make) as store:
        assert store.counts(0).hits == 5
        assert store.first_polled() == frozenset()
        assert store.recovered == ""


def test_restore_into_another_folder(tmp_path: Path, make: SimpleNamespace) -> None:
    """A new machine: the marker becomes that of the copy."""
    fill(tmp_path, make)
    copy, new = tmp_path / "copy.db", tmp_path / "new"
    new.mkdir()
    with reopen(tmp_path, make) as store:
        store.backup(copy)
    assert Store.restore(new, copy, now=make.now) == ""
    with reopen(new, make) as store:
        assert (store.counts(0).hits, store.recovered) == (5, "")


def test_restore_on_a_disk_too_full_for_the_copy(
    tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be replaced stays where it is until the copy is whole."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        copy = store.nightly(make.now)
    fill(tmp_path, make, start=10, count=3)

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(StateBusy):
            Store.restore(tmp_path, copy, now=make.now)
    with reopen(tmp_path, make) as store:
        assert store.counts(0).waiting == {"c1": 8}
        assert store.recovered == ""


@pytest.mark.parametrize("content", [None, b"", b"no database", "other"])
def test_restore_refuses_what_is_no_copy(tmp_path: Path, make: SimpleNamespace, content: bytes | str | None) -> None:
    """And leaves the database as it was."""
    fill(tmp_path, make)
    copy = tmp_path / "copy.db"
    if isinstance(content, bytes):
        copy.write_bytes(content)
    elif content:
        with closing(sqlite3.connect(copy)) as raw:
            raw.execute("CREATE TABLE x(y)")
    with pytest.raises(StateBroken):
        Store.restore(tmp_path, copy, now=make.now)
    with reopen(tmp_path, make) as store:
        assert store.counts(0).hits == 5


def test_a_backup_that_would_fill_the_disk_is_not_begun(
    tmp_path: Path, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What room is left is for hits and for sending; the older backups stay."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        old = store.nightly(make.now)
        size = (tmp_path / "rasid.db").stat().st_size
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=(64 << 20) + size - 1, total=1 << 40))
        assert not store.space().low
        with pytest.raises(StateBusy, match="no room for a backup"):
            store.nightly(make.now + 86400)
        assert list((tmp_path / "backups").iterdir()) == [old]


def test_a_backup_of_a_wrong_clock_is_not_the_newest(tmp_path: Path, make: SimpleNamespace) -> None:
    """One dated ten years ahead neither takes a damaged database's place nor pushes out those made since."""
    fill(tmp_path, make)
    with reopen(tmp_path, make) as store:
        old = store.nightly(make.now + 10 * 365 * 86400)
        new = [store.nightly(make.now - day * 86400, keep=2) for day in (2, 1, 0)]
        assert sorted((tmp_path / "backups").iterdir()) == new[1:]
        assert not old.exists()
        store.nightly(make.now + 10 * 365 * 86400)
    damage(tmp_path, "header")
    with reopen(tmp_path, make) as store:
        assert new[2].name in store.recovered


def test_nightly_keeps_the_newest(tmp_path: Path, make: SimpleNamespace) -> None:
    with Store.open(tmp_path, now=make.now) as store:
        assert store.last_backup() == 0
        made = [store.nightly(make.now + day * 86400, keep=3) for day in range(5)]
        assert sorted((tmp_path / "backups").iterdir()) == made[2:]
        assert store.last_backup() > 0
        with pytest.raises(StateBroken):
            store.backup(tmp_path / "rasid.db")
        with pytest.raises(StateBusy):
            store.backup(tmp_path / "nowhere" / "x.db")
        assert not list(tmp_path.rglob("*.part"))


# --- retention


def test_prune_keeps_hits_their_articles_and_evidence(tmp_path: Path, make: SimpleNamespace) -> None:
    """Unhit articles go with everything of theirs; every version of a hit one stays; the file shrinks."""
    day = 86400.0
    with Store.open(tmp_path, now=make.now) as store:
        with store.batch(make.now) as batch:
            for n in range(300):
                batch.add_article(
                    make.article(f"e{n}", text="نص طويل " * 500), entry=make.entry(f"e{n}"), sample=[n], folded="طويل"
                )
            hit = batch.add_article(make.article("hit"), entry=make.entry("hit"), folded="باق")
            second = batch.add_article(make.article("hit", text="معدل"), revises=hit)
            batch.add_hit(second, make.hit(), [make.decision()])
            batch.add_evidence(second, b"page", "https://x.example/", make.now)
            edited = batch.add_article(make.article("edited"), entry=make.entry("edited"))
            batch.add_article(make.article("edited", text="معدل"), revises=edited)
        assert store.prune(make.now + 89 * day, keep=90 * day) == 0
        size = store.counts(0).database_bytes
        assert [store.prune(make.now + 91 * day, keep=90 * day) for _ in range(2)] == [302, 0]
        counts = store.counts(0)
        assert (counts.articles, counts.hits, counts.stories) == (2, 1, 1)
        assert counts.database_bytes < size / 3
        assert store.evidence(second).data == b"page"  # type: ignore[union-attr]
        assert store.unseen("f1", [make.entry("e1"), make.entry("hit")], make.now) == []
        assert (store.search([("طويل",)]), [a.id for a in store.search([("باق",)])]) == ([], [hit])
        assert store.check() == ""


def test_the_work_of_a_piece_grows_with_the_articles_and_not_faster(tmp_path: Path, make: SimpleNamespace) -> None:
    """Steps of SQLite's machine; after ANALYZE, which talks it out of the index on what is nearly always NULL."""

    def steps(count: int) -> int:
        (tmp_path / str(count)).mkdir()
        with Store.open(tmp_path / str(count), now=make.now) as store:
            with store.batch(make.now) as batch:
                for n in range(count):
                    batch.add_article(make.article(f"e{n}"))
            with store.write() as connection:
                connection.exec_driver_sql("ANALYZE")
                taken: list[int] = []
                raw = connection.connection.driver_connection
                raw.set_progress_handler(lambda: taken.append(1), 100)  # type: ignore[union-attr]
            assert store.prune(make.now + 2, keep=1) == 500
            return len(taken)

    assert steps(5000) < 3 * steps(1000)


def test_the_log_does_not_grow_without_bound(tmp_path: Path, make: SimpleNamespace) -> None:
    with Store.open(tmp_path, now=make.now) as store:
        for n in range(60):
            with store.batch(make.now) as batch:
                batch.add_article(make.article(f"e{n}", text="نص " * 20_000))
        assert (tmp_path / "rasid.db-wal").stat().st_size < 32 << 20
        store.prune(make.now, keep=1e9)
        assert (tmp_path / "rasid.db-wal").stat().st_size == 0


# --- schema


def test_the_migrations_make_the_schema_of_the_code(tmp_path: Path, make: SimpleNamespace) -> None:
    """A database that went through all migrations is the one that is made at once: a change of `tables.py` without a
    migration fails here.
    """

    def schema(connection: sa.Connection) -> list[tuple[str, str]]:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name")
        return [(name, " ".join((sql or "").split())) for name, sql in rows]

    with Store.open(tmp_path, now=make.now) as store, store.read() as connection:
        made = schema(connection)
        version = migrate.present(connection)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        migrate.upgrade(connection)
        assert schema(connection) == made
        assert migrate.present(connection) == version


def test_writers_wait_for_each_other_and_the_disk(tmp_path: Path, make: SimpleNamespace) -> None:
    """WAL, synchronous=FULL, foreign keys; and a reader that writes is refused."""
    with Store.open(tmp_path, now=make.now) as store:
        with store.write() as connection:
            found = [
                connection.exec_driver_sql(f"PRAGMA {p}").scalar()
                for p in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert found == ["wal", 2, 1]
        with pytest.raises(StateBroken), store.read() as connection:
            connection.exec_driver_sql("DELETE FROM meta")


def test_prune_forgets_messages_about_itself(tmp_path: Path, make: SimpleNamespace) -> None:
    """When they are settled; not one that waits, and none about news."""
    with Store.open(tmp_path, now=make.now) as store:
        with store.batch(make.now) as batch:
            article = batch.add_article(make.article())
            hit = batch.add_hit(article, make.hit(), [make.decision()])
            batch.add_alert(make.alert("news", hits={"r1": hit}))
            for name in ("done", "waits"):
                batch.add_alert(make.alert(name, name, kind=AlertKind.operator, items=()))
        for channel in ("c1", "done"):
            taken = store.claim(channel, "", make.now)
            assert taken is not None
            store.settle(taken.id, taken.state.sent, now=make.now)
        while store.prune(make.now + 100, keep=50):
            pass
        assert {d.alert for d in store.deliveries()} == {"news", "waits"}


def test_the_schema_is_one_that_postgresql_takes() -> None:
    """What is SQLite's own stands in two modules; the tables are everybody's."""
    dialect = postgresql.dialect()
    for table in metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=dialect))
        assert "AUTOINCREMENT" not in text
        for index in table.indexes:
            str(CreateIndex(index).compile(dialect=dialect))
