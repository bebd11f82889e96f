"""A lane's patience: when it tries again, when it gives up, how fast it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from monitor.alert import Bucket, SendResult, after, backlog, operator, take, urgent
from monitor.alert.lane import PROBE
from monitor.types import Alert, AlertKind, Delivery, DeliveryState, Severity

NOW = 1_795_291_200.0
HOUR = 3600.0


@dataclass(frozen=True)
class Retry:
    base: float = 5.0
    max: float = 900.0
    give_up: float = 72 * HOUR


ALERT = Alert(id="a", channel="desk", kind=AlertKind.alert, severity=Severity.high, created=datetime.now(UTC))


def delivery(attempts: int = 0, age: float = 0.0, due: float = 0.0) -> Delivery:
    return Delivery(
        id=1, alert=ALERT, channel="desk", recipient="", state=DeliveryState.sending, attempts=attempts,
        created=NOW - age, due=due,
    )  # fmt: skip


def result(kind: str, **more: object) -> SendResult:
    return SendResult(kind=kind, detail="HTTP 500", **more)  # type: ignore[arg-type]


def test_sent() -> None:
    settled = after(result("sent"), delivery(2), NOW, Retry(), 0.5)
    assert (settled.state, settled.attempts, settled.tell) == (DeliveryState.sent, 3, "")


@pytest.mark.parametrize("attempts", [0, 1, 5, 30, 10_000])
def test_full_jitter_between_base_and_a_ceiling_that_doubles(attempts: int) -> None:
    waits = [after(result("passing"), delivery(attempts), NOW, Retry(), r).next_at - NOW for r in (0.0, 0.5, 0.999)]
    ceiling = min(900.0, 5.0 * 2.0 ** min(attempts + 1, 60))
    assert waits[0] == 5.0
    assert waits == sorted(waits)
    assert ceiling * 0.99 < waits[2] <= ceiling


def test_a_passing_failure_waits_as_long_as_the_server_says() -> None:
    assert after(result("passing", retry_after=1000.0), delivery(), NOW, Retry(), 0.0).next_at == NOW + 1000


def test_an_ambiguous_answer_is_tried_again_and_said_to_be() -> None:
    settled = after(result("ambiguous"), delivery(), NOW, Retry(), 0.0)
    assert settled.state == DeliveryState.pending
    assert "same id" in settled.reason


def test_throttled_is_no_attempt_and_pauses_the_whole_bot() -> None:
    settled = after(result("throttled", retry_after=35.0), delivery(4), NOW, Retry(), 0.5)
    assert settled.attempts == 4
    assert settled.next_at == settled.pause_until
    assert settled.pause_until == NOW + 35 + 0.5 * 4.5
    assert settled.tell == ""


def test_a_long_throttle_is_told() -> None:
    assert "12.2 h" in after(result("throttled", retry_after=43838.0), delivery(), NOW, Retry(), 0.0).tell
    assert after(result("throttled"), delivery(), NOW, Retry(), 0.0).next_at > NOW


def test_a_server_that_is_down_is_asked_again_within_the_hour() -> None:
    """A 503 that asks for a month would keep a whole lane waiting, with nobody told."""
    settled = after(result("passing", retry_after=30 * 86400.0), delivery(), NOW, Retry(), 0.0)
    assert settled.next_at == NOW + 3600
    assert after(result("passing", retry_after=120.0), delivery(), NOW, Retry(), 0.0).next_at == NOW + 120


def test_content_is_dead_at_once_and_told() -> None:
    settled = after(result("content"), delivery(4), NOW, Retry(), 0.0)
    assert (settled.state, settled.attempts) == (DeliveryState.dead, 5)
    assert settled.tell


@pytest.mark.parametrize("scope", ["channel", "recipient"])
def test_broken_suspends_and_is_asked_again_half_an_hour_later(scope: str) -> None:
    settled = after(result("broken", scope=scope), delivery(4), NOW, Retry(), 0.0)
    assert settled.attempts == 5
    assert (settled.state, settled.suspend, settled.next_at) == (DeliveryState.pending, scope, NOW + PROBE)
    assert settled.tell


@pytest.mark.parametrize("kind", ["passing", "ambiguous", "throttled", "broken"])
def test_dead_after_three_days(kind: str) -> None:
    assert after(result(kind), delivery(50, age=71 * HOUR), NOW, Retry(), 0.0).state == DeliveryState.pending
    settled = after(result(kind), delivery(50, age=73 * HOUR), NOW, Retry(), 0.0)
    assert settled.state == DeliveryState.dead
    assert "73 h" in settled.reason
    assert settled.tell


def test_held_time_does_not_count_suspended_time_does() -> None:
    held = delivery(age=100 * HOUR, due=NOW - 30 * HOUR)
    assert after(result("passing"), held, NOW, Retry(), 0.0).state == DeliveryState.pending


def test_a_moved_chat_is_told_once_sent() -> None:
    assert "-100777" in after(result("sent", moved_to="-100777"), delivery(), NOW, Retry(), 0.0).tell


def test_critical_and_operator_messages_go_out_at_any_hour() -> None:
    critical = replace(ALERT, severity=Severity.critical)
    words = operator("desk", "rules", "قواعد", [], NOW)
    assert [urgent(replace(delivery(), alert=a)) for a in (ALERT, critical, words)] == [False, True, True]


def test_a_backlog_becomes_a_summary_where_the_channel_has_a_limit() -> None:
    """Not the critical ones, nor digests; and never for e-mail, which has no limit."""
    kinds = [ALERT] * 4 + [replace(ALERT, severity=Severity.critical), replace(ALERT, kind=AlertKind.digest)]
    rows = [replace(delivery(), id=n, alert=a) for n, a in enumerate(kinds)]
    assert [d.id for d in backlog(rows, (3, 60.0), NOW)[0]] == [0, 1, 2, 3]
    assert backlog(rows, (4, 60.0), NOW) == ([], "backlog")
    assert backlog(rows, None, NOW) == ([], "backlog")
    later = [replace(rows[0], next_at=NOW + 1), *rows[1:]]
    assert backlog(later, (3, 60.0), NOW) == ([], "backlog")


def test_what_quiet_hours_held_becomes_one_summary() -> None:
    """Not a lone one, nor what came after them."""
    held = [replace(delivery(age=9 * HOUR, due=NOW - 1), id=n) for n in range(3)]
    rows = [*held, replace(delivery(), id=9)]
    assert [d.id for d in backlog(rows, None, NOW)[0]] == [0, 1, 2]
    assert backlog(rows, None, NOW)[1] == "quiet"
    assert backlog([held[0], rows[3]], None, NOW)[0] == []


def test_a_bucket_never_gives_more_than_its_limit() -> None:
    """Over any minute at most 20, once the first burst is over; and all that is due."""
    bucket, taken, now = Bucket(), [], NOW
    while now < NOW + 600:
        bucket, wait = take(bucket, (20, 60.0), now)
        if wait == 0:
            taken.append(now)
        now += max(wait, 0.001)
    assert len([t for t in taken if t < NOW + 0.5]) == 20
    assert 20 + 190 <= len(taken) <= 20 + 201


def test_a_clock_that_steps_back_neither_fills_nor_empties() -> None:
    bucket = Bucket()
    for _ in range(20):
        bucket, _ = take(bucket, (20, 60.0), NOW)
    bucket, wait = take(bucket, (20, 60.0), NOW - 3600)
    assert 0 < wait <= 3.0 + 1e-6
    assert take(bucket, (20, 60.0), NOW - 3600 + 3.1)[1] == 0.0
    assert take(Bucket(), None, NOW) == (Bucket(), 0.0)
