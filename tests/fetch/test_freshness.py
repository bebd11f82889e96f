"""The schedule: the square-root law under a budget, what it learns, and what it says."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from heapq import heapify, heapreplace

import pytest

from monitor.fetch.freshness import Plan, Scheduler

HOUR, DAY = 3600.0, 86400.0


@dataclass
class Source:
    id: int
    window: int = 50
    weight: float = 1.0
    every: float | None = None
    max_age: float = 0.0


@dataclass
class Run:
    delay: float  # mean seconds from an entry's appearance to its poll
    hit_delay: float
    requests: float  # an hour
    scheduler: Scheduler


def simulate(
    rates: list[float], budget: float, days: float = 3.0, hits: list[float] | None = None, **options: object
) -> Run:
    """Poisson sources with so many entries a day; measured after the first day."""
    dice = random.Random(5)
    feeds = [Source(n) for n in range(len(rates))]
    schedule = Scheduler(feeds, budget, **options)  # type: ignore[arg-type]
    coming = [[dice.expovariate(rate / DAY)] for rate in rates]
    queue = [(dice.random() * 600, n) for n in range(len(rates))]
    heapify(queue)
    delays: list[float] = []
    hit_delays: list[float] = []
    polls = 0
    while (now := queue[0][0]) < days * DAY:
        n = queue[0][1]
        new: list[float] = []
        while coming[n][0] <= now:
            new.append(coming[n][0])
            coming[n][0] += dice.expovariate(rates[n] / DAY)
        fired = [time for time in new if dice.random() < (hits or [0.0] * len(rates))[n]]
        schedule.observe(feeds[n], now, new, len(fired))
        if now > DAY:
            polls += 1
            delays += [now - time for time in new]
            hit_delays += [now - time for time in fired]
        heapreplace(queue, (now + schedule.next_delay(feeds[n], now), n))
    mean = sum(delays) / len(delays)
    return Run(mean, sum(hit_delays) / max(1, len(hit_delays)), polls / (days - 1) / 24, schedule)


RATES = [300.0 / (n + 1) for n in range(30)]


def test_the_budget_is_kept_and_beats_equal_intervals() -> None:
    budget = 12.0 * len(RATES)
    found = simulate(RATES, budget)
    assert 0.9 <= found.requests / budget <= 1.05
    uniform = HOUR * len(RATES) / found.requests / 2
    best = sum(map(math.sqrt, RATES)) ** 2 / (len(RATES) * sum(RATES))  # of uniform, where all rates are known
    assert found.delay < 1.06 * best * uniform


def test_intervals_follow_the_square_root_of_the_rate() -> None:
    schedule = simulate([160.0, 40.0, 10.0], 20).scheduler
    first, second, third = (schedule.interval(n, 3 * DAY) for n in range(3))
    assert second / first == pytest.approx(2, rel=0.25)
    assert third / second == pytest.approx(2, rel=0.3)


def test_feeds_that_fire_rules_are_seen_earlier() -> None:
    """Hits come earlier than all entries, and entries hardly later than without."""
    shares = [0.3 if n % 5 == 0 else 0.01 for n in range(20)]
    rates = [40.0] * 20
    weighted, plain = simulate(rates, 240, hits=shares), simulate(rates, 240, hits=shares, use_hits=False)
    assert weighted.hit_delay < 0.92 * weighted.delay
    assert weighted.delay < 1.1 * plain.delay


def test_a_burst_shortens_the_interval_and_passes() -> None:
    feed = Source(1)
    schedule = Scheduler([feed, Source(2)], 8)
    now = 0.0
    for _ in range(200):
        now += 900
        schedule.observe(feed, now, [now - 60] * (int(now) % 3600 == 0))
    quiet = schedule.next_delay(feed, now)
    for _ in range(4):
        now += 300
        schedule.observe(feed, now, [now - 60] * 3)
    assert schedule.next_delay(feed, now) < 0.6 * quiet
    for _ in range(24):
        now += 900
        schedule.observe(feed, now, [])
    assert schedule.next_delay(feed, now) > 0.8 * quiet


def test_floor_ceiling_window_and_max_age_bound_every_interval() -> None:
    busy, idle, small, fresh = Source(1), Source(2), Source(3, window=4), Source(4, max_age=5000)
    schedule = Scheduler([busy, idle, small, fresh], 4)
    now = 10 * DAY
    schedule.observe(busy, now, [now - n for n in range(2, 1900)])
    schedule.observe(idle, now, [now - 9 * DAY, now - 8 * DAY])
    schedule.observe(small, now, [now - n * 600 for n in range(1, 20)])
    schedule.observe(fresh, now, [])
    assert 114 <= schedule.next_delay(busy, now) <= 126
    assert 3420 <= schedule.next_delay(idle, now) <= 3780
    assert schedule.next_delay(small, now) <= 0.5 * 4 * 600 * 1.2
    assert schedule.next_delay(fresh, now) >= 4750


def test_E05_jitter_is_five_percent_and_not_aligned() -> None:
    feed = Source(7, every=600)
    schedule = Scheduler([feed], 100)
    waits = []
    for n in range(400):
        schedule.observe(feed, n * 600.0, [])
        waits.append(schedule.next_delay(feed, n * 600.0))
    assert 570 <= min(waits) < 580
    assert 620 < max(waits) <= 630
    assert 597 < sum(waits) / len(waits) < 603
    assert len({round(wait, 3) for wait in waits}) > 350


def test_E05_no_minute_has_twice_the_mean_rate_of_requests() -> None:
    feeds = [Source(n) for n in range(200)]
    schedule = Scheduler(feeds, 2400)
    dice = random.Random(2)
    queue = [(dice.random() * 300, n) for n in range(200)]
    heapify(queue)
    minutes = [0] * 500
    while queue[0][0] < 30_000:
        now, n = queue[0]
        minutes[int(now // 60)] += 1
        schedule.observe(feeds[n], now, [])
        heapreplace(queue, (now + schedule.next_delay(feeds[n], now), n))
    settled = minutes[120:]
    assert max(settled) < 2 * sum(settled) / len(settled)


def test_every_fixes_an_interval_but_not_below_the_floor() -> None:
    schedule = Scheduler([Source(1, every=900), Source(2, every=5)], 1)
    assert (schedule.interval(1, 0), schedule.interval(2, 0)) == (900, 120)


def test_a_persons_weight_counts() -> None:
    heavy, light = Source(1, weight=4.0), Source(2)
    schedule = Scheduler([heavy, light], 4)
    for feed in (heavy, light):
        schedule.observe(feed, DAY, [n * 4000.0 for n in range(20)])
    assert schedule.interval(1, DAY) == pytest.approx(schedule.interval(2, DAY) / 2, rel=0.05)


@pytest.mark.parametrize("late", [120.0, 300.0])
def test_late_decides_the_budget_and_the_plan_says_what_it_costs(late: float) -> None:
    found = simulate(RATES, 1e6, late=late)
    plan = found.scheduler.plan(3 * DAY)
    assert found.delay == pytest.approx(late, rel=0.2)
    assert plan.requests_per_hour == pytest.approx(found.requests, rel=0.15)
    assert not plan.braked


def test_the_brake_wins_over_the_wish() -> None:
    found = simulate(RATES, 100, late=70.0)
    plan: Plan = found.scheduler.plan(3 * DAY)
    assert plan.braked
    assert plan.requests_per_hour <= 101
    assert plan.late > 70


def test_expected_silence_is_an_alarm() -> None:
    feed = Source(1)
    schedule = Scheduler([feed], 10)
    schedule.observe(feed, 0.0, [-n * HOUR for n in range(1, 30)])
    assert schedule.silence(1, 5 * HOUR) == ""
    assert "entries were to be expected" in schedule.silence(1, 9 * HOUR)
    schedule.observe(feed, 9 * HOUR, [8 * HOUR])
    assert schedule.silence(1, 9 * HOUR + 60) == ""
    assert math.exp(-7) < 0.001


def test_what_was_learnt_survives_a_restart() -> None:
    feed = Source(1)
    one = Scheduler([feed], 10)
    one.observe(feed, DAY, [n * 900.0 for n in range(50)], 3)
    other = Scheduler([], 10)
    other.add(feed, json.loads(json.dumps(one.memory(1))))
    assert other.rate(1) == pytest.approx(one.rate(1))
    assert other.next_delay(feed, DAY) == one.next_delay(feed, DAY)


def test_feeds_come_and_go() -> None:
    schedule = Scheduler([], 10)
    schedule.add(Source(1))
    assert schedule.next_delay(Source(1), 0.0) > 0
    schedule.remove(1)
    with pytest.raises(KeyError):
        schedule.interval(1, 0.0)
    assert schedule.plan(0.0).requests_per_hour == 0


@pytest.mark.parametrize("times", [[], [5e9] * 30, [-62_000_000_000.0, 1.0], [DAY] * 40])
def test_senseless_dates_and_clocks_do_no_harm(times: list[float]) -> None:
    """Dates of the future, of year 1, all the same; a clock that goes back."""
    feed = Source(1)
    schedule = Scheduler([feed], 10)
    for now in (DAY, DAY + 60, 0.0, 400 * DAY):
        schedule.observe(feed, now, times)
        assert 100 < schedule.next_delay(feed, now) < 4000
