"""The checks of docs/fetching.md on validators, freshness and waiting; over a restart between any two polls."""

from __future__ import annotations

import socket
import threading
import time
from email.utils import formatdate

import pytest

from tests.fetch.loopback import NOW, Poller, Reply, Request, Server, ok, rss

DAY = 86400.0
WHEN = "Wed, 21 Oct 2026 07:28:00 GMT"


def asked(request: Request) -> tuple[str | None, str | None]:
    """The validators that a request carried."""
    return request["If-None-Match"], request["If-Modified-Since"]


# --- validators


def test_V01_first_fetch_is_one_plain_get(server: Server) -> None:
    server.answer(ok("a"))
    Poller(server.url("/f.xml?b=2&a=%7E1"))()
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/f.xml?b=2&a=%7E1")
    for name in ("If-None-Match", "If-Modified-Since", "Range", "Referer", "Cookie"):
        assert name not in request


def test_V02_both_validators_return_byte_for_byte(server: Server) -> None:
    server.answer(ok("a", ETag='"ab\xe9c--gzip"', Last_Modified=WHEN))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(server.requests[1]) == ('"ab\xe9c--gzip"', WHEN)


def test_V03_weak_etag_returns_verbatim(server: Server) -> None:
    server.answer(ok("a", ETag='W/"5-x"'))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(server.requests[1]) == ('W/"5-x"', None)


def test_V04_etag_without_quotes_returns_verbatim(server: Server) -> None:
    server.answer(ok("a", ETag="5d8c72a5edda8"))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(server.requests[1])[0] == "5d8c72a5edda8"


@pytest.mark.parametrize(
    "odd",
    ["Mon, 21 Oct 2026 07:28:00 GMT", "Wednesday, 21-Oct-26 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 +0000", "soon"],
)
def test_V05_odd_last_modified_is_copied(server: Server, odd: str) -> None:
    server.answer(ok("a", Last_Modified=odd))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(server.requests[1]) == (None, odd)


def test_V06_a_200_replaces_both_validators(server: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified=WHEN), ok("a", "b", ETag='"2"'), ok("a", "b", "c"), Reply(304))
    poll = Poller(server.url())
    for _ in range(4):
        poll()
    assert asked(server.requests[2]) == ('"2"', None)
    assert asked(server.requests[3]) == (None, None)


def test_V07_same_body_with_new_validators(server: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified="x"), ok("a", ETag='"2"', Last_Modified=WHEN))
    poll = Poller(server.url())
    poll()
    assert poll().kind == "unchanged"
    poll()
    assert asked(server.requests[2]) == ('"2"', WHEN)


def test_V08_a_304_without_validators_keeps_them(server: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified=WHEN), Reply(304))
    poll = Poller(server.url())
    poll(), poll(), poll()
    assert asked(server.requests[2]) == ('"1"', WHEN)


def test_V09_a_304_with_the_same_etag_renews_last_modified(server: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified="old"), Reply(304, {"ETag": '"1"', "Last-Modified": WHEN}))
    poll = Poller(server.url())
    poll(), poll(), poll()
    assert asked(server.requests[2]) == ('"1"', WHEN)


def test_V10_a_304_with_another_etag_is_not_adopted(server: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified="old"), Reply(304, {"ETag": '"2"', "Last-Modified": WHEN}))
    poll = Poller(server.url())
    poll(), poll(), poll()
    assert asked(server.requests[2]) == ('"1"', "old")


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_V11_validators_of_errors_are_not_stored(server: Server, status: int) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(status, {"ETag": '"bad"', "Last-Modified": WHEN}, b"no"))
    poll = Poller(server.url())
    poll(), poll(), poll()
    assert asked(server.requests[2]) == ('"1"', None)


@pytest.mark.parametrize("body", [rss("a", "b")[:-120], "<html><body>صيانة</body></html>".encode(), b""])
def test_V12_what_cannot_be_read_leaves_no_validators(server: Server, body: bytes) -> None:
    server.answer(ok(ETag='"1"', Last_Modified=WHEN, body=body))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(server.requests[1]) == (None, None)


def test_V13_validators_survive_a_restart(server: Server) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(304))
    poll = Poller(server.url())  # writes its state out and reads it back
    poll()
    assert poll().kind == "unchanged"
    assert server.connections == 2


def test_V14_validators_belong_to_an_address(server: Server, other: Server) -> None:
    server.answer(ok("a", ETag='"1"', Last_Modified=WHEN), Reply(302, {"Location": other.url("/b")}))
    other.answer(ok("a"))
    poll = Poller(server.url())
    poll(), poll()
    assert asked(other.requests[0]) == (None, None)
    poll.state["url"] = server.url("/elsewhere.xml")
    poll()
    assert (server.requests[2].path, *asked(server.requests[2])) == ("/elsewhere.xml", None, None)


def test_V15_the_same_etag_with_another_body_is_read(server: Server) -> None:
    server.answer(ok("a", ETag='"1"'), ok("a", "b", ETag='"1"'))
    poll = Poller(server.url())
    poll()
    assert [entry.id for entry in poll().entries] == ["b"]


def test_V16_a_new_entry_with_an_old_date_is_found(server: Server) -> None:
    def dated(*pairs: tuple[str, float]) -> Reply:
        items = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>خبر</title><pubDate>{formatdate(at)}</pubDate></item>"
            for guid, at in pairs
        )
        return ok(body=f"<rss version='2.0'><channel><title>ص</title>{items}</channel></rss>".encode())

    server.answer(dated(("a", NOW)), dated(("b", NOW), ("c", NOW - DAY), ("a", NOW)))
    poll = Poller(server.url())
    poll()
    assert [entry.id for entry in poll().entries] == ["b", "c"]


def test_V17_an_eternal_304_is_asked_for_the_body_within_eight_days(server: Server) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(304))
    poll = Poller(server.url())
    poll()
    start = poll.now
    while poll.now < start + 8 * DAY - 3 * 3600:
        poll(wait=3 * 3600)
    assert None in [asked(request)[0] for request in server.requests[1:]]
    assert len([1 for request in server.requests[1:] if asked(request)[0] is None]) < 20


# --- how long an answer stays fresh


def wait_after(server: Server, reply: Reply, **settings: float) -> float:
    """How long a first poll with this answer makes the next one wait."""
    server.answer(reply)
    poll = Poller(server.url(), **settings)
    return poll.wait_after(poll())


def test_F01_max_age_delays_the_next_poll(server: Server) -> None:
    assert wait_after(server, ok("a", Cache_Control="max-age=900")) == 900


def test_F02_age_is_subtracted(server: Server) -> None:
    assert wait_after(server, ok("a", Cache_Control="max-age=900", Age="800")) == 100


def test_F03_max_age_of_a_304_counts(server: Server) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(304, {"Cache-Control": "max-age=1200"}))
    poll = Poller(server.url())
    poll()
    assert poll.wait_after(poll()) == 1200


@pytest.mark.parametrize(
    "value", ["MAX-AGE=900", 'public, max-age="900", foo="max-age=7"', "no-transform,Max-Age=900 , x=1"]
)
def test_F04_directives_are_read_as_the_standard_says(server: Server, value: str) -> None:
    assert wait_after(server, ok("a", Cache_Control=value)) == 900


def test_F05_s_maxage_is_not_for_this_client(server: Server) -> None:
    assert wait_after(server, ok("a", Cache_Control="s-maxage=3000")) == 60
    assert wait_after(server, ok("a", Cache_Control="s-maxage=3000, max-age=600")) == 600


@pytest.mark.parametrize("headers", [{"Cache_Control": "no-cache, no-store, max-age=0"}, {"Expires": "0"}])
def test_F06_nothing_makes_it_poll_below_the_floor(server: Server, headers: dict[str, str]) -> None:
    assert wait_after(server, ok("a", **headers)) == 60


def test_F07_expires_counts_only_without_max_age(server: Server) -> None:
    dates = {"Date": formatdate(NOW - DAY, usegmt=True), "Expires": formatdate(NOW - DAY + 1800, usegmt=True)}
    assert wait_after(server, ok("a", **dates)) == 1800
    assert wait_after(server, ok("a", Cache_Control="max-age=300", **dates)) == 300


@pytest.mark.parametrize("age", [str(10 * 365 * 86400), str(2**63), "9" * 40, "9" * 5000])
def test_F08_absurd_max_age_is_capped(server: Server, age: str) -> None:
    assert wait_after(server, ok("a", Cache_Control=f"max-age={age}")) == 3600


@pytest.mark.parametrize("age", ["-900", "soon", "", "9e3", "٩٠٠", "1.5h"])
def test_F09_garbage_max_age_is_ignored(server: Server, age: str) -> None:
    assert wait_after(server, ok("a", Cache_Control=f"max-age={age}".encode().decode("latin-1"))) == 60


def test_F10_ttl_is_a_lower_bound(server: Server) -> None:
    assert wait_after(server, ok("a", head="<ttl>30</ttl>")) == 1800
    assert wait_after(server, ok("a", head="<ttl>100000</ttl>")) == 3600
    server.answer(ok("a", head="<ttl>30</ttl>", ETag='"1"'), Reply(304))
    poll = Poller(server.url())
    poll()
    assert poll.wait_after(poll()) == 1800


def test_F11_update_period_does_not_pin_the_interval(server: Server) -> None:
    head = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"
    assert wait_after(server, ok("a", head=head)) == 60


def test_F12_skip_hours_are_kept(server: Server) -> None:
    hour = int(NOW // 3600) % 24
    skipped = "".join(f"<hour>{(hour + n) % 24}</hour>" for n in range(3))
    server.answer(ok("a", head=f"<skipHours>{skipped}</skipHours>", ETag='"1"'), Reply(304))
    poll = Poller(server.url())
    assert poll().next_at == (NOW // 3600 + 3) * 3600
    poll(wait=0)
    assert poll.state["next_at"] == (NOW // 3600 + 3) * 3600
    assert wait_after(
        server, ok("a", head="<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>")
    )


# --- servers that ask for a pause, and those that fail


def test_R01_retry_after_in_seconds(server: Server) -> None:
    server.answer(Reply(429, {"Retry-After": "7200"}))
    poll = Poller(server.url())
    outcome = poll()
    assert (outcome.kind, poll.wait_after(outcome)) == ("throttled", 7200)


def test_R02_retry_after_as_a_date(server: Server) -> None:
    server.answer(Reply(429, {"Retry-After": formatdate(NOW + 5000, usegmt=True)}))
    poll = Poller(server.url())
    assert poll.wait_after(poll()) == 5000


def test_R03_a_date_is_read_against_the_servers_clock(server: Server) -> None:
    skewed = {
        "Date": formatdate(NOW - 9 * DAY, usegmt=True),
        "Retry-After": formatdate(NOW - 9 * DAY + 5000, usegmt=True),
    }
    server.answer(Reply(429, skewed))
    poll = Poller(server.url())
    assert poll.wait_after(poll()) == 5000


def test_R04_a_503_with_retry_after_is_obeyed(server: Server) -> None:
    server.answer(Reply(503, {"Retry-After": "7200"}))
    poll = Poller(server.url())
    outcome = poll()
    assert (outcome.kind, poll.wait_after(outcome)) == ("throttled", 7200)


def test_R05_a_429_without_retry_after_waits_longer_each_time(server: Server) -> None:
    server.answer(Reply(429))
    poll = Poller(server.url())
    waits = [poll.wait_after(poll()) for _ in range(4)]
    assert waits[0] >= 900
    assert waits == sorted(set(waits))


def test_R06_days_are_obeyed_and_months_capped(server: Server) -> None:
    server.answer(Reply(429, {"Retry-After": str(2 * 86400)}), Reply(429, {"Retry-After": str(30 * 86400)}))
    poll = Poller(server.url())
    assert poll.wait_after(poll()) == 2 * DAY
    assert poll.wait_after(poll()) == 7 * DAY


@pytest.mark.parametrize("value", ["0", "-5", "soon", "", formatdate(NOW - 500, usegmt=True)])
def test_R07_senseless_retry_after_is_none(server: Server, value: str) -> None:
    server.answer(Reply(429, {"Retry-After": value}))
    poll = Poller(server.url())
    assert poll.wait_after(poll()) == 900


def test_R08_the_longer_of_retry_after_and_max_age_counts(server: Server) -> None:
    server.answer(Reply(429, {"Retry-After": "60", "Cache-Control": f"max-age={2 * 86400}"}))
    poll = Poller(server.url())
    assert poll.wait_after(poll()) == 2 * DAY


@pytest.mark.parametrize("failure", ["500", "404", "hang", "refused"])
def test_R09_failures_back_off_and_never_stop(server: Server, failure: str) -> None:
    reply = (
        Reply(act=lambda connection: time.sleep(0.3))
        if failure == "hang"
        else Reply(int(failure) if failure.isdigit() else 500)
    )
    server.answer(reply)
    if failure == "refused":
        server.close()
    poll = Poller(server.url(), timeout=0.1)
    outcomes = [poll() for _ in range(4)]
    waits = [poll.wait_after(outcomes[-1])]
    assert {outcome.kind for outcome in outcomes} == {"error"}
    poll.state["errors"] = 500
    waits.append(poll.wait_after(poll()))
    assert 60 < waits[0] < waits[1] <= DAY


def test_R10_a_success_clears_the_backoff(server: Server) -> None:
    server.answer(Reply(500), Reply(500), Reply(500), ok("a"), Reply(500))
    poll = Poller(server.url())
    first = poll.wait_after(poll())
    poll(), poll()
    assert poll.wait_after(poll()) == 60
    assert poll.state["errors"] == 0
    assert poll.wait_after(poll()) == first


def test_R11_gone_is_asked_once_a_week(server: Server) -> None:
    server.answer(Reply(410))
    poll = Poller(server.url())
    for _ in range(3):
        outcome = poll()
        assert (outcome.kind, poll.wait_after(outcome) >= 7 * DAY) == ("gone", True)


@pytest.mark.parametrize("status", [403, 404, 500, 503, 429])
def test_R12_one_poll_is_one_request(server: Server, status: int) -> None:
    server.answer(ok("a", ETag='"1"'), Reply(status))
    poll = Poller(server.url())
    poll(), poll()
    assert len(server.requests) == 2


CHALLENGE = {"cf-mitigated": "challenge", "Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("status", "headers"), [(403, CHALLENGE), (503, CHALLENGE), (403, {"Content-Type": "text/plain"})]
)
def test_R13_a_challenge_is_reported_as_blocked(server: Server, status: int, headers: dict[str, str]) -> None:
    """A bare 403 too: whoever asks again soon will not be let in."""
    server.answer(Reply(status, headers, b"<html>?</html>"))
    poll = Poller(server.url())
    outcome = poll()
    assert (outcome.kind, poll.wait_after(outcome)) == ("blocked", 3600)
    assert poll.wait_after(poll()) == 7200


def test_R14_a_challenge_page_with_200_is_no_feed(server: Server) -> None:
    page = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"
    server.answer(ok("a"), ok(body=page, Content_Type="text/html"))
    poll = Poller(server.url())
    poll()
    assert poll().kind == "blocked"
    server.answer(ok(body=b"<html><body>news</body></html>", Content_Type="text/html"))
    assert poll().kind == "error"


def test_times_out_in_connecting_too() -> None:
    """R09, B06: a host that never completes a connection ends at the total deadline."""
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    fillers = []
    for _ in range(3):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
        fillers.append(filler)
    poll = Poller(f"http://127.0.0.1:{full.getsockname()[1]}/", timeout=0.3)
    start = time.monotonic()
    assert poll().kind == "error"
    assert time.monotonic() - start < 1.5


def test_a_server_that_speaks_no_tls_is_told_in_words() -> None:
    """An `https://` address of a plain server: the reason is words, not a library's code."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(4096)

        threading.Thread(target=answer, daemon=True).start()
        assert Poller(f"https://127.0.0.1:{plain.getsockname()[1]}/")().reason.endswith(
            ("no secure connection: wrong version number", "no secure connection: record layer failure")
        )
