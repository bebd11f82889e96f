"""A rule that used to fire and fell silent."""

from __future__ import annotations

import random

from monitor.watch.upkeep import silence

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
