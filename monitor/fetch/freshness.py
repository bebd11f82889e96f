"""When which feed is worth asking. Pure: it reads no clock and throws no dice; `now` is epoch seconds.

The mean delay of an entry is sum(lam T / 2) / sum(lam) for feeds with rate lam and interval T. For a given number of
requests it is least where T = c / sqrt(lam) (Sia, Cho and Cho, TKDE 2007), not where feeds are asked in proportion to
their rate. Rates are learnt as they come (gamma-Poisson, ten days' memory), bursts in 40 minutes, and feeds whose
entries fire rules more often are worth more. `c` is solved for the budget with floor and ceiling in place; a slow
controller corrects what bursts and the servers' wishes make of it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

HOUR, DAY = 3600.0, 86400.0
_MEMORY = 10 * DAY  # of rates
_BURST = 40 * 60.0  # of bursts
_PRIOR = 0.5  # entries that a feed is thought to have shown before the first, at the median rate
_BURST_PRIOR = 1.5
_CALM, _WILD = 0.3, 10.0  # bounds of the burst ratio
_TYPICAL = 20 / DAY  # rate of a feed of which nothing is known
_SHARE = 3 * DAY  # memory of hits: what people watch for comes in waves
_JUDGED = 50.0  # entries after which a feed's own share of hits counts more than the usual share
_RENEWED = HOUR / 2  # how often `c` is solved anew
_JITTER = 0.05
_STEP = 300.0  # of the burst's decay inside an interval
_WINDOW = 20  # entries that a feed holds, where nobody knows
_ODD = 0.001  # a silence less likely than this is an alarm


_Trait = tuple[float, float, float, float]  # of a feed: rate, root of value and rate, bounds of its interval


class Polled(Protocol):
    """A feed as the schedule needs it.

    It may also have `window` (entries it holds), `max_age` (seconds for which HTTP calls it fresh), `weight` (a
    person's, 1 by default) and `every` (an interval that a person fixed).
    """

    @property
    def id(self) -> Any:
        """Its name in the schedule."""


@dataclass(slots=True)
class Pace:
    """What was learnt of one feed."""

    entries: float = 0.0  # decayed count, and the seconds it was counted over
    seconds: float = 0.0
    seen: float = 0.0  # entries of the last 40 minutes, and how many were expected
    expected: float = 0.0
    hits: float = 0.0  # entries that fired a rule, of so many; both decay over three days
    judged: float = 0.0
    polled_at: float | None = None
    news_at: float | None = None
    polls: int = 0

    def rate(self, usual: float) -> float:
        """Entries a second, of which a feed unknown shows `usual`."""
        return (self.entries + _PRIOR) / (self.seconds + _PRIOR / usual)

    @property
    def burst(self) -> float:
        """How much faster than usual entries come at the moment."""
        return min(_WILD, max(_CALM, (_BURST_PRIOR + self.seen) / (_BURST_PRIOR + self.expected)))

    def first(self, now: float, times: Sequence[float]) -> None:
        """A first reading shows the past: it tells the rate, and nothing of a burst."""
        past = [time for time in times if time < now]
        if len(past) >= 2:
            self.entries, self.seconds = len(past) - 1.0, max(now - min(past), HOUR / 2)

    def grow(self, elapsed: float, lam: float, count: int) -> None:
        """Counts `count` new entries in `elapsed` seconds, in which lam * elapsed were expected."""
        slow, fast, share = (math.exp(-elapsed / memory) for memory in (_MEMORY, _BURST, _SHARE))
        self.entries = self.entries * slow + count
        self.seconds = self.seconds * slow + elapsed
        self.seen = self.seen * fast + count
        self.expected = self.expected * fast + lam * elapsed
        self.hits *= share
        self.judged *= share


@dataclass(frozen=True, slots=True)
class Plan:
    """What the present intervals cost and give."""

    requests_per_hour: float
    late: float  # seconds that an entry is late on average
    braked: bool  # the wish for less lateness asks for more requests than allowed


class Scheduler:
    """Intervals of many feeds under one budget of requests.

    `budget_per_hour` is the number of requests; with `late`, seconds that an entry may be late on average, it is only
    their upper bound. After each poll that was answered: `observe`, then `next_delay`.
    """

    def __init__(
        self,
        feeds: Iterable[Polled] = (),
        budget_per_hour: float = 6000.0,
        *,
        late: float | None = None,
        floor: float = 120.0,
        ceiling: float = HOUR,
        use_hits: bool = True,
    ) -> None:
        self._budget, self._late = budget_per_hour / HOUR, late
        self._floor, self._ceiling, self._use_hits = floor, max(floor, ceiling), use_hits
        self._feeds: dict[Hashable, Polled] = {}
        self._paces: dict[Hashable, Pace] = {}
        self._usual_rate, self._usual_share = _TYPICAL, 0.02
        self._c = 0.0  # the controller's factor is in it
        self._solved_at: float | None = None
        self._control = 1.0
        self._sent = 0.0  # requests since the last solution
        self._used = self._meant = 0.0  # requests as they would be without the controller, and as planned; over a day
        self._allowed = self._budget
        for feed in feeds:
            self.add(feed)

    def add(self, feed: Polled, memory: Mapping[str, Any] | None = None) -> None:
        """Takes in a feed, or its new traits; `memory` is what `memory` gave before a restart."""
        self._feeds[feed.id] = feed
        if memory is not None or feed.id not in self._paces:
            self._paces[feed.id] = Pace(**{k: v for k, v in (memory or {}).items() if k in Pace.__slots__})
        self._solved_at = None

    def remove(self, feed_id: Hashable) -> None:
        """Forgets a feed."""
        self._feeds.pop(feed_id, None)
        self._paces.pop(feed_id, None)
        self._solved_at = None

    def memory(self, feed_id: Hashable) -> dict[str, Any]:
        """What was learnt of a feed, as plain values to be kept over a restart."""
        return asdict(self._paces[feed_id])

    def observe(self, feed: Polled, now: float, new_entry_times: Sequence[float], hits: int = 0) -> None:
        """A poll was answered and showed entries of these dates for the first time, so many of which fired a rule."""
        pace, count = self._paces[feed.id], len(new_entry_times)
        if pace.polled_at is None:
            pace.first(now, new_entry_times)
        else:
            pace.grow(max(0.0, now - pace.polled_at), pace.rate(self._usual_rate), count)
        pace.hits += hits
        pace.judged += count
        pace.polled_at = now
        pace.polls += 1
        pace.news_at = now if count else pace.news_at
        self._sent += 1

    def rate(self, feed_id: Hashable) -> float:
        """Entries a second, as learnt."""
        return self._paces[feed_id].rate(self._usual_rate)

    def interval(self, feed_id: Hashable, now: float) -> float:
        """Seconds between two polls of this feed in quiet times."""
        self._renew(now)
        lam = self.rate(feed_id)
        return _within(self._c / self._root(feed_id, lam), *self._bounds(self._feeds[feed_id], lam))

    def next_delay(self, feed: Polled, now: float) -> float:
        """Seconds until this feed should be asked again, jittered by 5 %."""
        self._renew(now)
        pace, lam = self._paces[feed.id], self.rate(feed.id)
        wait = _reach(self._c / self._root(feed.id, lam), pace.burst, self._ceiling)
        wait = _within(wait, *self._bounds(feed, lam * max(pace.burst, 1.0)))
        jitter = 1.0 + _JITTER * _chance(f"{feed.id}:{pace.polls}")
        return max(wait, float(getattr(feed, "max_age", 0.0))) * jitter

    def plan(self, now: float) -> Plan:
        """What the present intervals cost and give, bursts left out."""
        self._renew(now)
        requests, late = self._outcome(self._c, self._traits())
        return Plan(requests * HOUR, late, self._late is not None and late > 1.02 * max(self._late, self._floor / 2))

    def silence(self, feed_id: Hashable, now: float) -> str:
        """Why a feed's silence is an alarm, in words: its own rhythm makes it less likely than one in a thousand."""
        pace = self._paces[feed_id]
        if pace.news_at is None or pace.entries < 5:
            return ""
        quiet = now - pace.news_at
        expected = pace.rate(self._usual_rate) * quiet
        if math.exp(-expected) >= _ODD:
            return ""
        return f"nothing new for {quiet / HOUR:.1f} h, where {expected:.0f} entries were to be expected"

    def _root(self, feed_id: Hashable, lam: float) -> float:
        return math.sqrt(self._value(feed_id) * lam)

    def _value(self, feed_id: Hashable) -> float:
        """What an entry of this feed is worth against the others': more where rules fire on more of them."""
        weight = float(getattr(self._feeds[feed_id], "weight", 1.0))
        if not self._use_hits:
            return weight
        pace, usual = self._paces[feed_id], self._usual_share
        share = (pace.hits + usual * _JUDGED) / (pace.judged + _JUDGED)
        return weight * (0.5 + 0.5 * min(10.0, share / usual))

    def _bounds(self, feed: Polled, lam: float) -> tuple[float, float]:
        """The shortest and the longest interval: what a person fixed, or floor and ceiling, and soon enough that no
        entry falls out of the feed unseen.
        """
        if every := getattr(feed, "every", None):
            return (fixed := max(self._floor, float(every))), fixed
        window = int(getattr(feed, "window", 0) or _WINDOW)
        return self._floor, min(self._ceiling, max(self._floor, 0.5 * window / lam))

    def _renew(self, now: float) -> None:
        """Solves `c` anew each half hour, and when feeds come and go."""
        if self._solved_at is not None and 0 <= now - self._solved_at < _RENEWED:
            return
        rates = sorted(pace.rate(self._usual_rate) for pace in self._paces.values() if pace.polled_at is not None)
        self._usual_rate = rates[len(rates) // 2] if rates else _TYPICAL
        judged = sum(pace.judged for pace in self._paces.values())
        self._usual_share = (sum(pace.hits for pace in self._paces.values()) + 1.0) / (judged + _JUDGED)
        if self._solved_at is not None and now > self._solved_at:
            self._steer(now - self._solved_at)
        self._c = self._solved() * self._control
        self._solved_at = now

    def _solved(self) -> float:
        """The smallest `c` within the budget; with `late`, no smaller than that asks for."""
        traits = self._traits()
        c = _solve(lambda c: self._outcome(c, traits)[0], self._budget)
        if self._late is not None:
            c = max(c, _solve(lambda c: -self._outcome(c, traits)[1], -self._late))
        self._allowed = min(self._budget, self._outcome(c, traits)[0])
        return c

    def _steer(self, elapsed: float) -> None:
        """Stretches all intervals by how much more than planned was sent over a day; a day as planned is its prior."""
        kept = math.exp(-elapsed / DAY)
        self._used = self._used * kept + self._sent * self._control
        self._meant = self._meant * kept + self._allowed * elapsed
        self._sent = 0.0
        usual = self._allowed * DAY
        self._control = max(0.2, min(5.0, (self._used + usual) / (self._meant + usual)))

    def _traits(self) -> list[_Trait]:
        found = []
        for one, feed in self._feeds.items():
            lam = self.rate(one)
            found.append((lam, self._root(one, lam), *self._bounds(feed, lam)))
        return found

    def _outcome(self, c: float, traits: Sequence[_Trait]) -> tuple[float, float]:
        """Requests a second, and mean lateness in seconds, of all feeds with this `c`."""
        requests = late = entries = 0.0
        for lam, root, shortest, longest in traits:
            wait = _within(c / root, shortest, longest)
            requests += 1.0 / wait
            late += lam * wait / 2.0
            entries += lam
        return requests, late / entries if entries else 0.0


def _chance(seed: str) -> float:
    """Evenly between -1 and 1, the same for the same seed."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest()) / 2**31 - 1.0


def _within(wait: float, shortest: float, longest: float) -> float:
    return shortest if wait < shortest else longest if wait > longest else wait


def _reach(wait: float, burst: float, longest: float) -> float:
    """The interval that `wait` becomes while entries come `burst` times as fast, falling back to their usual rate."""
    done = at = 0.0
    while at < longest:
        pace = math.sqrt(1.0 + (burst - 1.0) * math.exp(-at / _BURST))
        if done + pace * _STEP >= wait:
            return at + (wait - done) / pace
        done += pace * _STEP
        at += _STEP
    return longest


def _solve(falling: Callable[[float], float], most: float) -> float:
    """The smallest `c` at which a falling function is at most this; the bounds are what `c` can mean in practice."""
    low, high = 1e-3, 1e4
    for _ in range(30):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if falling(middle) > most else (low, middle)
    return high
