"""Bounds of the pure modules, at the values where they begin to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from monitor.fetch import Policy
from monitor.fetch.freshness import Scheduler
from monitor.fetch.hints import challenged, hub_and_topic
from monitor.fetch.stamps import learn, offset
from monitor.types import Entry
from tests.fetch.loopback import NOW, Poller, Server, ok

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("ahead", "corrected"),
    [(3 * HOUR, 3 * HOUR), (3.5 * HOUR, 3.5 * HOUR), (2 * HOUR - 600, 2 * HOUR), (1200, 1800), (600, 0), (-60, 0)],
)
def test_a_zone_is_a_number_of_half_hours(ahead: float, corrected: float) -> None:
    """Iran writes +3:30; a post dated ten minutes ahead is a clock that is fast."""
    assert offset([-ahead] * 20) == corrected


def test_a_first_reading_teaches_nothing_of_zones_however_it_is_ordered() -> None:
    """What it held already is no new entry when it is read again."""
    old = [
        Entry(key=str(hours), published=datetime.fromtimestamp(NOW - hours * HOUR, UTC)) for hours in (1, 9, 5, 2, 7, 3)
    ]
    state = learn({}, old, NOW)
    assert learn(state, old, NOW + 600)["lags"] == []


def test_a_page_in_place_of_the_feed_costs_hours_not_a_day(server: Server) -> None:
    """R09: a night's outage of a site that answers 200 with an error page."""
    server.answer(ok(body=b"<html><body>down for maintenance</body></html>", Content_Type="text/html"))
    poll = Poller(server.url())
    assert max(poll.wait_after(poll()) for _ in range(12)) == 3 * HOUR


@pytest.mark.parametrize("status", [200, 202, 401, 403, 405, 406, 429, 503])
def test_a_challenge_may_come_with_many_statuses(status: int) -> None:
    body = b"<html><script src='/cdn-cgi/challenge-platform/x.js'></script></html>"
    assert challenged(status, {}, body)
    assert not challenged(404, {}, body)
    assert not challenged(304, {"x-datadome": "1"}, b"")


def test_the_relation_of_a_link_may_be_several_words() -> None:
    header = '<https://a.example/>; title="hub"; rel="preload hub", <https://b.example/>; REL=SELF; rel=hub'
    assert hub_and_topic({"link": header}) == ("https://a.example/", "https://b.example/")


@dataclass
class Source:
    id: int
    window: int = 20


def test_too_many_requests_yesterday_stretch_the_intervals_of_today() -> None:
    """The controller remembers a day, not the last half hour."""

    def asked(requests: int) -> float:
        feeds = [Source(n) for n in range(10)]
        schedule = Scheduler(feeds, 60)
        for half_hour in range(24):
            now = half_hour * HOUR / 2
            for n in range(requests if half_hour < 20 else 30):
                schedule.observe(feeds[n % 10], now + n, [])
            schedule.interval(0, now + HOUR / 2)
        return schedule.interval(0, 12 * HOUR)

    assert asked(90) > 1.3 * asked(30)


def test_a_silence_is_odd_from_one_in_a_thousand_on() -> None:
    feed = Source(1)
    schedule = Scheduler([feed], 60)
    schedule.observe(feed, 0.0, [])
    for n in range(1, 400):
        schedule.observe(feed, n * HOUR / 2, [n * HOUR / 2])
    end = 399 * HOUR / 2
    assert schedule.rate(1) * HOUR == pytest.approx(2, rel=0.05)
    assert not schedule.silence(1, end + 3.2 * HOUR)
    assert schedule.silence(1, end + 3.8 * HOUR)


def test_no_entry_falls_out_of_a_short_feed() -> None:
    """It is asked before half of what it holds has changed, whatever the budget."""
    feed = Source(1, window=10)
    schedule = Scheduler([feed], 0.1, ceiling=24 * HOUR)
    for n in range(1, 600):
        schedule.observe(feed, n * 600.0, [n * 600.0])
    assert 0.94 * 3000 < schedule.next_delay(feed, 360_000.0) < 1.06 * 3000


def test_the_contact_of_the_user_agent_may_be_written_in_any_script() -> None:
    """HTTP's headers hold no Arabic letters, nor line breaks; a contact with them failed every request."""
    agent = Policy(contact="https://n.example/راصد\r\nX: (y)").user_agent
    assert agent.endswith("(+https://n.example/%D8%B1%D8%A7%D8%B5%D8%AF%0D%0AX:%20%28y%29)")
    assert "(+mailto:desk@n.example?a=b)" in Policy(contact="mailto:desk@n.example?a=b").user_agent
