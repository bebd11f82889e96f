"""Kill -9 at named points: what was committed is there, what wasn't never happened."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitor.store import Store
from monitor.types import DeliveryState

Child = Callable[[str], "subprocess.CompletedProcess[str]"]
BATCH = """
store = Store.open(folder, now=NOW)
with store.batch(NOW) as batch:
    article = batch.add_article(make_article(), entry=make_entry(), sample=[1], folded="خبر")
    hit = batch.add_hit(article, make_hit(), [decision()])
    batch.add_alert(make_alert(hits={"r1": hit}))
    batch.save_feed_state("f1", {"etag": "x"}, 0.0)
    POINT
"""


def killed(child: Child, code: str) -> None:
    done = child(code)
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_x02_in_the_transaction(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """Nothing of the batch is there; the feed is read again."""
    killed(child, BATCH.replace("POINT", "die()"))
    with Store.open(tmp_path, now=make.now) as store:
        assert store.recovered == ""
        assert (store.counts(0).articles, store.counts(0).waiting, store.feed_states()) == (0, {}, {})
        assert [u.kind for u in store.unseen("f1", [make.entry()], make.now)] == ["new"]


def test_x02_after_the_commit(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """All of it is there; the entry is seen, the alert waits."""
    killed(child, BATCH.replace("POINT", "pass") + "die()")
    with Store.open(tmp_path, now=make.now) as store:
        assert (store.counts(0).hits, store.feed_states()) == (1, {"f1": {"etag": "x"}})
        assert store.unseen("f1", [make.entry()], make.now) == []
        taken = store.claim("c1", "", make.now)
        assert taken is not None
        assert taken.alert == make.alert(hits={"r1": 1})


@pytest.mark.parametrize("sent", [False, True])
def test_x02_between_claim_and_settle(tmp_path: Path, make: SimpleNamespace, child: Child, sent: bool) -> None:
    """Sent or not, it goes out again with the same id: a duplicate only where it had been sent."""
    code = BATCH.replace("POINT", "pass") + "taken = store.claim('c1', '', NOW)\n"
    killed(child, code + ("(folder / 'sent').write_text(taken.alert.id)\n" if sent else "") + "die()")
    with Store.open(tmp_path, now=make.now) as store:
        assert store.requeue_sending(make.now) == 1
        taken = store.claim("c1", "", make.now)
        assert taken is not None
        assert not sent or (tmp_path / "sent").read_text() == taken.alert.id
        store.settle(taken.id, DeliveryState.sent, now=make.now)
        assert store.claim("c1", "", make.now) is None


def test_x02_in_a_backup(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """A half-made copy has no backup's name, and the next one goes well."""
    code = BATCH.replace("POINT", "pass") + "from monitor.store import sqlite\nsqlite.sync = die\nstore.nightly(NOW)"
    killed(child, code)
    assert not list((tmp_path / "backups").glob("rasid-*.db"))
    with Store.open(tmp_path, now=make.now) as store:
        store.nightly(make.now + 86400)
        assert len(list((tmp_path / "backups").iterdir())) == 1


@pytest.mark.parametrize("point", ["mark", "_own_id"])
def test_the_first_start(tmp_path: Path, make: SimpleNamespace, child: Child, point: str) -> None:
    """Killed before the marker is written, or before the schema is committed: the next start is a first one."""
    owner = "Folder" if point == "mark" else "upkeep"
    code = "from monitor.store import upkeep\nfrom monitor.store.folder import Folder\n"
    killed(child, f"{code}{owner}.{point} = die\nStore.open(folder, now=NOW)")
    with Store.open(tmp_path, now=make.now) as store:
        assert store.fresh
        assert store.counts(0).articles == 0


def test_x18_in_a_migration(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """Tables were made, an index too; none of it is there, and the next start completes."""
    code = (
        "from monitor.store import migrate\nold = migrate.begin\n"
        "def begin(c):\n    old(c)\n    die()\n"
        "migrate.begin = begin\nStore.open(folder, now=NOW)"
    )
    killed(child, code)
    with Store.open(tmp_path, now=make.now) as store:
        assert (store.fresh, store.recovered, store.check()) == (True, "", "")


NEXT = """
revision = "0002"
down_revision = "0001"
def upgrade():
    from alembic import op
    import sqlalchemy as sa
    op.add_column("articles", sa.Column("mood", sa.Text))
    op.execute("UPDATE articles SET mood = 'calm'")
    POINT
"""


def test_x78_an_upgrade_that_is_killed(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """The old schema stays until the new one is whole; a copy of the old database is kept."""
    killed(child, BATCH.replace("POINT", "pass") + "die()")
    code = (
        "import shutil\nfrom monitor.store import migrate\n"
        "home = folder / 'migrations'\n"
        "shutil.copytree(migrate.HOME, home, dirs_exist_ok=True)\nmigrate.HOME = home\n"
        "(home / 'versions' / 'v0002.py').write_text({text!r})\n"
        "store = Store.open(folder, now=NOW)\n"
        "with store.read() as c: print(c.exec_driver_sql('SELECT mood FROM articles').scalar())\n"
    )
    killed(child, code.format(text=NEXT.replace("POINT", "import os; os.kill(os.getpid(), 9)")))
    with Store.open(tmp_path, now=make.now) as store:
        assert store.counts(0).hits == 1
        with store.read() as connection:
            columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(articles)")}
        assert "mood" not in columns
    done = child(code.format(text=NEXT.replace("POINT", "pass")))
    assert done.stdout == "calm\n", done.stderr
    assert (tmp_path / "before-0001.db").exists()


def test_x69_work_that_kills_its_process_is_counted(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """Until it goes well once."""
    for times in (1, 2):
        killed(child, "store = Store.open(folder, now=NOW)\nwith store.working('feed:f1'): die()")
        with Store.open(tmp_path, now=make.now + times) as store:
            assert store.crashed == ["feed:f1"]
            assert store.crashes() == {"feed:f1": (times, make.now + times)}
    with Store.open(tmp_path, now=make.now) as store:
        assert store.crashed == []
        with pytest.raises(ValueError, match="x"), store.working("feed:f1"):
            raise ValueError("x")
        store.forgive("feed:f1")
        assert store.crashes() == {}


@pytest.mark.soak
def test_x01_kills_at_random(tmp_path: Path, make: SimpleNamespace, child: Child) -> None:
    """After each, every committed batch is whole: as many hits as articles, each with its delivery."""
    import random

    seed = random.randrange(10**9)
    print("seed", seed)
    dice = random.Random(seed)
    for _ in range(100):
        code = (
            "import threading, itertools\n"
            f"threading.Timer({dice.uniform(0.1, 0.9)}, die).start()\n"
            "store = Store.open(folder, now=NOW)\nstore.requeue_sending(NOW)\nstart = store.counts(0).articles\n"
            "for n in itertools.count(start):\n"
            "    with store.batch(NOW) as b:\n"
            "        a = b.add_article(make_article(f'e{n}'), entry=make_entry(f'e{n}'), sample=[n], folded='خبر')\n"
            "        h = b.add_hit(a, make_hit(), [decision()])\n"
            "        b.add_alert(make_alert(f'a{n}', hits={'r1': h}))\n"
        )
        killed(child, code)
    with Store.open(tmp_path, now=make.now) as store:
        counts = store.counts(0)
        assert (store.check(), store.recovered) == ("", "")
        assert counts.articles == counts.hits == counts.waiting["c1"] > 0
