"""The first backup; a rule that used to fire and fell silent."""

from __future__ import annotations

import random

import pytest

import monitor.watch.upkeep as upkeep
from monitor.watch.daemon import Daemon
from monitor.watch.upkeep import silence
from tests.journey.outlet import Outlet
from tests.watch.hall import Folders, item, poll, show

DAY = 86400.0


def test_a_daily_rule_that_is_quiet_for_ten_days_is_odd() -> None:
    times = [n * DAY for n in range(30)]
    assert "10.0 days" in silence(times, 39 * DAY)
    assert silence(times, 33 * DAY) == ""


def test_a_rare_rule_is_given_its_time() -> None:
    """Five hits in two months say nothing about two quiet weeks."""
    times = [n * 12 * DAY for n in range(5)]
    assert silence(times, times[-1] + 14 * DAY) == ""


def test_too_few_hits_are_no_rhythm() -> None:
    assert silence([0.0, 1.0, 2.0, 3.0], 60 * DAY) == ""
    assert silence([], 60 * DAY) == ""


def test_random_rhythms_seldom_raise_it() -> None:
    """At any moment of a Poisson stream less than one in a hundred rules is called silent."""
    dice, alarms = random.Random(5), 0
    for _ in range(500):
        now, times = 0.0, []
        for _ in range(40):
            now += dice.expovariate(1 / DAY)
            times.append(now)
        alarms += bool(silence(times, now + dice.expovariate(1 / DAY)))
    assert alarms < 5


def test_a_new_installation_has_a_backup_after_its_first_round(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not only after its first night: a database lost on the first day is not lost whole. One is enough."""
    monkeypatch.setattr(upkeep, "NIGHT_HOUR", 24)
    folders.feeds(f"  manbar: {{url: {outlet.feed}}}\n")
    show(outlet, item("a", outlet.url, "خبر", "مر يوم هادئ."))

    async def work(daemon: Daemon) -> None:
        await daemon.upkeep.look()
        assert not daemon.store.last_backup(), "there is nothing to keep yet"
        await poll(daemon)
        daemon.rounds.tried.add("manbar")
        await daemon._look_for_digests()
        for _ in range(3):
            await daemon.upkeep.look()
        assert len(list(daemon.store.folder.backups.glob("rasid-*.db"))) == 1

    folders.run(work)
