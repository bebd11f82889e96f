"""The rules for the whole daemon (E01 to E16) that this room keeps."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeVar

import pytest

from monitor.errors import FetchError
from monitor.fetch import Client, Policy, check_now, earliest, poll, spread
from monitor.fetch.robots import read_robots
from monitor.fetch.stamps import corrected, learn, offset
from monitor.types import Entry
from tests.fetch.loopback import LOOPBACK, NOW, Poller, Reply, Server, ok

T = TypeVar("T")
PAGE = "<html><body><p>نص الخبر</p></body></html>".encode()


def run(work: Callable[[Client], Awaitable[T]], **settings: object) -> T:
    """Does some work with a client that may reach loopback."""

    async def inside() -> T:
        values = {
            "allow_networks": tuple(LOOPBACK),
            "timeout": 2.0,
            "page_timeout": 2.0,
            "spacing": 0.2,
            "gate_allowed": True,
        }
        async with Client(Policy(**{**values, **settings})) as client:  # type: ignore[arg-type]
            return await work(client)

    return asyncio.run(inside())


def test_E01_one_request_in_flight_and_spacing(server: Server) -> None:
    """Feeds, pages and robots.txt wait in one line."""
    times: list[float] = []

    def handler(request: object) -> Reply:
        times.append(time.monotonic())
        time.sleep(0.05)
        return ok("a")

    server.handler = handler

    async def work(client: Client) -> None:
        feeds = [poll({"url": server.url(f"/{n}")}, NOW, client) for n in range(3)]
        await asyncio.gather(*feeds, client.page(server.url("/page"), now=NOW))

    run(work)
    assert (server.most_in_flight, len(times)) == (1, 5)
    assert min(b - a for a, b in pairwise(times)) >= 0.2


def test_E02_a_pause_holds_for_the_whole_host(server: Server, other: Server) -> None:
    server.answer(Reply(429, {"Retry-After": "3000"}))
    other.answer(ok("a"))

    async def work(client: Client) -> list[str]:
        outcomes = [
            (await poll({"url": url}, NOW, client))[1] for url in (server.url("/1"), server.url("/2"), other.url())
        ]
        assert outcomes[0].next_at == NOW + 3000
        assert outcomes[1].next_at == pytest.approx(NOW + 3000, abs=1)
        with pytest.raises(FetchError, match="left alone"):
            await client.page(server.url("/page"), now=NOW)
        return [outcome.kind for outcome in outcomes]

    assert run(work) == ["throttled", "throttled", "new"]
    assert len(server.requests) == 1


def test_E02_those_who_wait_in_line_hear_of_a_pause(server: Server) -> None:
    """Feeds and pages that were queued when the host asked for it: none of them asks, and none has failed."""
    server.handler = lambda r: Reply(429, {"Retry-After": "3000"})

    async def work(client: Client) -> list[str]:
        feeds = [poll({"url": server.url(f"/{n}")}, NOW, client) for n in range(3)]
        page = client.page(server.url("/page"), now=NOW)
        *polls, refused = await asyncio.gather(*feeds, page, return_exceptions=True)
        assert "left alone" in str(refused)
        with pytest.raises(FetchError, match="left alone"):  # robots.txt was not read, which is not its fault
            await client.page(server.url("/page"), now=NOW)
        return [outcome.kind for _, outcome in polls]

    assert run(work) == ["throttled"] * 3
    assert len(server.requests) == 1


@pytest.mark.parametrize("settings", [{"gate_allowed": False}, {"own_pace": ("127.0.0.1",)}])
def test_E02_hosts_with_their_own_pace_pause_one_feed_only(server: Server, settings: dict[str, object]) -> None:
    server.handler = lambda r: Reply(429, {"Retry-After": "3000"}) if r.path == "/1" else ok("a")

    async def work(client: Client) -> list[str]:
        return [(await poll({"url": server.url(path)}, NOW, client))[1].kind for path in ("/1", "/2", "/1")]

    assert run(work, **settings) == ["throttled", "new", "throttled"]


def test_E03_a_restart_keeps_times_and_spreads_what_is_overdue() -> None:
    due = {"later": NOW + 500, "never": 0.0, **{str(n): NOW - n for n in range(60)}, "wrong clock": NOW + 3e8}
    first = spread(due, NOW, 300, random.Random(1))
    assert first["later"] == NOW + 500
    overdue = sorted(at for feed, at in first.items() if feed != "later")
    assert NOW <= overdue[0] <= overdue[-1] <= NOW + 300
    assert max(b - a for a, b in pairwise(overdue)) < 2 * 300 / len(overdue)


def test_E06_a_slow_feed_delays_no_other(server: Server, other: Server) -> None:
    server.answer(Reply(act=lambda connection: time.sleep(1.5)))
    other.answer(ok("a"))

    async def work(client: Client) -> float:
        slow = asyncio.create_task(poll({"url": server.url()}, NOW, client))
        await asyncio.sleep(0.05)
        start = time.monotonic()
        await poll({"url": other.url()}, NOW, client)
        took = time.monotonic() - start
        await slow
        return took

    assert run(work, timeout=1.0) < 0.6


def test_E07_check_now_obeys_retry_after_and_a_minute(server: Server) -> None:
    server.answer(ok("a", Cache_Control="max-age=3000"), Reply(429, {"Retry-After": "3000"}))
    a_poll = Poller(server.url())
    a_poll()
    assert "once a minute" in check_now(a_poll.state, NOW + 30)
    assert check_now(a_poll.state, NOW + 61) == ""
    a_poll(wait=100)
    assert "left alone" in check_now(a_poll.state, a_poll.now + 2000)
    assert check_now(a_poll.state, a_poll.now + 3001) == ""


@pytest.mark.parametrize(("asked", "wait"), [({}, 60), ({"Retry-After": "3000"}, 3000)])
def test_a_person_may_ask_a_site_that_refused_once_its_owner_has_mended_it(
    server: Server, asked: dict[str, str], wait: float
) -> None:
    """The daemon waits an hour; a person is bound by what the server asked for, and by once a minute."""
    server.answer(Reply(403, asked))
    a_poll = Poller(server.url())
    assert a_poll.wait_after(a_poll()) == 3600
    assert check_now(a_poll.state, a_poll.now + wait - 1)
    assert check_now(a_poll.state, a_poll.now + wait + 1) == ""


def test_E08_a_clock_that_jumps_back_makes_no_wait_of_a_day(server: Server) -> None:
    """What was stored by a clock a year ahead is overdue after a start; validators of the future are not trusted."""
    server.answer(ok("a", ETag='"1"'), Reply(304))
    a_poll = Poller(server.url())
    a_poll.now += 365 * 86400
    a_poll()
    assert spread({"f": a_poll.state["next_at"]}, NOW, 60)["f"] <= NOW + 60
    a_poll.now = NOW
    a_poll(wait=0)
    assert "If-None-Match" not in server.requests[1]


def test_E10_connections_are_reused(server: Server) -> None:
    server.answer(ok("a"), Reply(304), Reply(404), Reply(302, {"Location": "/x"}), ok("b"))

    async def work(client: Client) -> None:
        for _ in range(4):
            await poll({"url": server.url()}, NOW, client)

    run(work, spacing=0.0)
    assert (len(server.requests), server.connections) == (5, 1)


def test_E12_json_feed_and_its_end(server: Server) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "ص", "items": [{"id": "1", "content_text": "نص"}]}
    server.answer(ok(body=json.dumps(feed).encode()), ok(body=json.dumps({**feed, "expired": True}).encode()))
    a_poll = Poller(server.url())
    assert len(a_poll().entries) == 1
    outcome = a_poll()
    assert (outcome.kind, outcome.next_at - a_poll.now) == ("gone", 7 * 86400)


def test_E13_robots_txt_is_read_once_for_pages_and_not_for_feeds(server: Server) -> None:
    rules = b"User-agent: *\nDisallow: /private/\nAllow: /private/news*$\nCrawl-delay: 0.3\n"
    server.handler = lambda r: (
        Reply(200, {}, rules) if r.path == "/robots.txt" else Reply(200, {"Content-Type": "text/html"}, PAGE)
    )

    async def work(client: Client) -> float:
        await poll({"url": server.url("/private/feed.xml")}, NOW, client)
        assert [r.path for r in server.requests] == ["/private/feed.xml"]
        with pytest.raises(FetchError, match=r"robots\.txt"):
            await client.page(server.url("/private/a"), now=NOW)
        start = time.monotonic()
        assert (await client.page(server.url("/open"), now=NOW)).data == PAGE
        await client.page(server.url("/private/news1"), now=NOW)
        return time.monotonic() - start

    assert run(work, spacing=0.0) >= 0.3
    assert [r.path for r in server.requests].count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "permits"), [(404, True), (403, True), (429, False), (503, False), (0, False)])
def test_E13_a_missing_robots_txt_permits_and_a_broken_one_does_not(status: int, permits: bool) -> None:
    assert (read_robots(status, b"", 0.0).refusal("https://x.example/") == "") is permits


def test_E13_a_hostile_robots_txt_costs_nothing() -> None:
    rules = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 2000 + b"b\nCrawl-delay: 1e300\n" + b"Disallow: /x\n" * 30_000
    start = time.monotonic()
    robots = read_robots(200, rules, 0.0)
    assert robots.refusal("https://x.example/" + "a" * 5000) == ""
    assert robots.delay == 60.0
    assert time.monotonic() - start < 2


def test_E15_dates_of_a_wrong_zone_are_learnt_and_put_right() -> None:
    """A site that writes UTC+3 as GMT: its new entries lie 3 h ahead; those of the first reading teach nothing."""

    def at(seconds: float) -> Entry:
        return Entry(key=str(seconds), published=datetime.fromtimestamp(seconds, UTC))

    state = learn({}, [at(NOW - 1000)], NOW)
    assert state["lags"] == []
    for n in range(8):
        seen = NOW + n * 600 + 120
        state = json.loads(json.dumps(learn(state, [at(NOW + n * 600 + 3 * 3600)], seen)))
    assert offset(state["lags"]) == 3 * 3600
    (entry,) = corrected((at(NOW + 3 * 3600),), offset(state["lags"]))
    assert entry.published == datetime.fromtimestamp(NOW, UTC)
    assert offset([60] * 48 + [-7200] * 2) == 0


def test_E16_counts_and_reasons_are_in_the_state(server: Server) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(304), ok("a"), Reply(404))
    a_poll = Poller(server.url())
    for _ in range(4):
        a_poll()
    state = a_poll.state
    assert (state["polls"], state["changed"], state["not_modified"], state["same"]) == (4, 1, 1, 1)
    assert (state["status"], state["state_kind"], state["since"]) == (404, "error", a_poll.now)
    assert "no such page" in state["reason"]
    assert state["bytes"] > 0
    assert state["next_at"] > a_poll.now


def test_the_next_time_obeys_the_server_and_the_schedule(server: Server) -> None:
    server.answer(ok("a", Cache_Control="max-age=900"))
    a_poll = Poller(server.url())
    a_poll()
    assert earliest(a_poll.state, NOW, 300) == NOW + 900
    assert earliest(a_poll.state, NOW, 2000) == NOW + 2000


def test_an_address_that_moved_and_fails_is_given_up(server: Server) -> None:
    """After five failures the address that a person typed is asked again."""
    server.handler = lambda r: ok("a") if r.path == "/b" else Reply(301, {"Location": "/b"})
    a_poll = Poller(server.url("/a"))
    a_poll()
    server.answer(Reply(404))
    for _ in range(6):
        a_poll()
    assert [r.path for r in server.requests[2:]] == ["/b"] * 5 + ["/a"]


def test_a_page_that_is_no_page_is_told_in_words(server: Server) -> None:
    async def work(client: Client) -> list[str]:
        said = []
        for path in ("/404", "/refused", "/challenge", "/big"):
            try:
                await client.page(server.url(path), now=NOW)
            except FetchError as error:
                said.append(str(error))
        return said

    answers = {
        "/robots.txt": Reply(404),
        "/404": Reply(404),
        "/refused": Reply(403, {"Content-Type": "text/html"}, "<html>ممنوع الوصول</html>".encode()),
        "/challenge": Reply(403, {"cf-mitigated": "challenge"}, b"x"),
        "/big": Reply(200, {"Content-Length": "99999999"}),
    }
    server.handler = lambda request: answers[request.path]
    missing, refused, challenge, big = run(work, spacing=0.0)
    assert "404" in missing
    assert refused == "the server answered 403"
    assert "challenge" in challenge
    assert "larger than 5 MB" in big


def test_redirects_share_one_deadline(server: Server) -> None:
    def slowly(request: object) -> Reply:
        time.sleep(0.15)
        return Reply(302, {"Location": f"/{random.random()}"})

    server.handler = slowly

    async def work(client: Client) -> None:
        with pytest.raises(FetchError):
            await client.get(server.url(), {}, deadline=0.35)

    start = time.monotonic()
    run(work, spacing=0.0)
    assert time.monotonic() - start < 0.7


def test_arabic_in_a_redirect_is_understood(server: Server) -> None:
    """Many servers send the letters of Location as bare UTF-8."""
    location = "/خبر/جديد".encode().decode("latin-1")
    server.handler = lambda r: Reply(302, {"Location": location}) if r.path == "/feed.xml" else ok("a")
    assert Poller(server.url())().kind == "new"
    assert server.requests[1].path.startswith("/%D8%AE%D8%A8%D8%B1/")
