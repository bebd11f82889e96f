"""How early entries are seen: `./run bench freshness [--feeds N] [--days N] [--seed N]`.

Synthetic newsrooms publish after a rhythm of the day, with breaking news that many follow, and a fiftieth of the
entries fires a rule. Rasid's schedule and equal intervals get the same number of requests (every 300 s on average);
told are the mean delays in the second half and their ratio. The targets: at most 0.72 of equal intervals, the budget
kept within 0.9 and 1.05, hits earlier than all entries. A schedule for other simulators is
`monitor.fetch.freshness:Scheduler`.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
import time
from bisect import bisect_right
from dataclasses import dataclass

from monitor.fetch.freshness import Scheduler

HOUR, DAY = 3600.0, 86400.0
INTERVAL = 300.0


@dataclass(frozen=True)
class Newsroom:
    id: int
    times: list[float]
    hits: list[bool]
    window: int = 30


def newsrooms(count: int, days: float, seed: int) -> list[Newsroom]:
    """Rates after Zipf from 400 a day, busier by day, with bursts of about one and a half hours."""
    dice = random.Random(seed)
    bursts = [(dice.random() * days * DAY, dice.lognormvariate(0.9, 0.6)) for _ in range(int(1.5 * days))]
    found = []
    for n in range(count):
        rate = 400.0 / (n + 1) / DAY * dice.lognormvariate(0, 0.25)
        phase, share = dice.gauss(0, 1.2), min(0.3, dice.lognormvariate(math.log(0.02), 1))
        own = [burst for burst in bursts if dice.random() < 0.55]
        times, now = [], 0.0
        while now < days * DAY:
            now += dice.expovariate(8 * rate)
            if dice.random() < _level(now, phase, own) / 8:
                times.append(now)
        found.append(Newsroom(n, times, [dice.random() < share for _ in times]))
    return found


def _level(now: float, phase: float, bursts: list[tuple[float, float]]) -> float:
    hour = (now / HOUR + 3 - phase) % 24
    day = (0.25 + 1.1 * math.exp(-(((hour - 12) / 3.6) ** 2)) + 0.9 * math.exp(-(((hour - 19.5) / 2.8) ** 2))) / 0.76
    loud = sum(size * math.exp(-(now - start) / 5400) for start, size in bursts if 0 <= now - start < 6 * HOUR)
    return min(8.0, (0.4 + 0.6 * day) * (1 + loud))


def replay(rooms: list[Newsroom], days: float, schedule: Scheduler | None, interval: float) -> tuple[float, float, int]:
    """Mean delay of entries, of hits, and requests, in the second half; without a schedule at equal intervals."""
    dice = random.Random(3)
    queue = [(dice.random() * interval, room.id) for room in rooms]
    heapq.heapify(queue)
    seen = [0] * len(rooms)
    delays: list[float] = []
    hit_delays: list[float] = []
    requests = 0
    while (now := queue[0][0]) < days * DAY:
        room = rooms[queue[0][1]]
        first, seen[room.id] = seen[room.id], bisect_right(room.times, now, seen[room.id])
        new = range(first, seen[room.id])
        if now > days * DAY / 2:
            requests += 1
            delays += [now - room.times[n] for n in new]
            hit_delays += [now - room.times[n] for n in new if room.hits[n]]
        wait = interval
        if schedule:
            schedule.observe(room, now, [room.times[n] for n in new], sum(room.hits[n] for n in new))
            wait = schedule.next_delay(room, now)
        heapq.heapreplace(queue, (now + wait, room.id))
    return sum(delays) / len(delays), sum(hit_delays) / len(hit_delays), requests


def main(arguments: list[str]) -> int:
    """Prints the figures; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="freshness")
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--days", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rooms = newsrooms(options.feeds, options.days, options.seed)
    budget = HOUR / INTERVAL * len(rooms)
    start = time.process_time()
    delay, hit_delay, requests = replay(rooms, options.days, Scheduler(rooms, budget), INTERVAL)
    took = time.process_time() - start
    hours = options.days * 12
    equal, _, _ = replay(rooms, options.days, None, hours * HOUR * len(rooms) / requests)
    used, ratio = requests / hours / budget, delay / equal
    print(f"{len(rooms)} feeds, {sum(len(room.times) for room in rooms)} entries in {options.days:g} days")
    print(f"equal intervals {equal:.0f} s, rasid {delay:.0f} s, hits {hit_delay:.0f} s")
    print(f"ratio {ratio:.3f}, budget {used:.3f}")
    print(f"{1e6 * took / (2 * requests):.0f} us CPU a decision")
    return int(ratio > 0.72 or not 0.9 <= used <= 1.05 or hit_delay >= delay)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
