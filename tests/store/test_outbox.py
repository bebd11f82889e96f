"""The delivery promise, as far as the database keeps it: order, lanes, holding, suspension, nothing forgotten."""

from __future__ import annotations

import math
import sqlite3
from types import SimpleNamespace

import pytest

from monitor.store import Store
from monitor.types import AlertKind, Delivery, DeliveryState

SENT, DEAD, PENDING = DeliveryState.sent, DeliveryState.dead, DeliveryState.pending


@pytest.fixture
def fill(store: Store, make: SimpleNamespace):
    def fill(
        *ids: str, channel: str = "c1", recipients: tuple[str, ...] = ("",), hold: float | None = None
    ) -> list[int]:
        with store.batch(make.now) as batch:
            numbers = [n for i in ids for n in batch.add_alert(make.alert(i, channel), recipients)]
        if hold is not None:
            store.hold(numbers, hold)
        return numbers

    return fill


def claim(store: Store, now: float, channel: str = "c1", recipient: str = "") -> Delivery:
    found = store.claim(channel, recipient, now)
    assert found is not None
    return found


def test_order_in_a_lane_is_order_of_detection(store: Store, make: SimpleNamespace, fill) -> None:
    """One at a time: the next is claimed when the one before is settled."""
    fill("a", "b", "c")
    for expected in "abc":
        taken = claim(store, make.now)
        assert (taken.alert.id, taken.state) == (expected, DeliveryState.sending)
        assert store.claim("c1", "", make.now) is None, "one is under way"
        store.settle(taken.id, SENT, now=make.now)
    assert store.claim("c1", "", make.now) is None
    assert store.lanes(make.now) == []


def test_a_passing_failure_blocks_its_lane_alone(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a", "b", recipients=("x", "y"))
    taken = claim(store, make.now, recipient="x")
    store.settle(taken.id, PENDING, now=make.now, next_at=make.now + 30, error="451 later")
    assert store.claim("c1", "x", make.now + 29) is None
    assert claim(store, make.now, recipient="y").alert.id == "a"
    again = claim(store, make.now + 30, recipient="x")
    assert (again.id, again.attempts, again.last_error) == (taken.id, 1, "451 later")
    assert again.alert == taken.alert


def test_a_lasting_failure_is_put_aside(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a", "b")
    store.settle(claim(store, make.now).id, DEAD, now=make.now, error="554 refused")
    assert claim(store, make.now).alert.id == "b"
    [dead] = store.deliveries(state=DEAD)
    assert (dead.alert, dead.last_error, dead.attempts) == ("a", "554 refused", 1)
    assert store.counts(0).dead == {"c1": 1}


def test_a_dead_delivery_can_be_sent_again(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a", "b")
    store.settle(claim(store, make.now).id, DEAD, now=make.now)
    later = make.now + 90_000
    assert store.retry(channel="other", now=later) == 0
    assert store.retry(now=later) == 1
    again = claim(store, later)
    assert (again.alert.id, again.attempts, again.due) == ("a", 0, later)


def test_critical_messages_pass_what_is_held(store: Store, make: SimpleNamespace, fill) -> None:
    """Held rows aren't due; when their time comes they go first again. Held time doesn't count for giving up."""
    fill("held", hold=make.now + 100)
    fill("critical")
    assert store.lanes(make.now)[0].due_at == 0.0
    taken = claim(store, make.now)
    assert (taken.alert.id, taken.due) == ("critical", make.now)
    store.settle(taken.id, SENT, now=make.now)
    assert store.claim("c1", "", make.now + 99) is None
    assert store.lanes(make.now)[0].due_at == make.now + 100
    fill("later")
    taken = claim(store, make.now + 100)
    assert (taken.alert.id, taken.due) == ("held", make.now + 100)


def test_lanes_tell_when_to_come_again(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a", "b", recipients=("x", "y"))
    fill("z", channel="c2")
    taken = claim(store, make.now, recipient="x")
    until = make.now + 70
    store.settle(taken.id, PENDING, now=make.now, next_at=make.now + 50, error="401", suspend_until=until)
    claim(store, make.now, channel="c2")
    found = {(lane.channel, lane.recipient): (lane.due_at, lane.waiting) for lane in store.lanes(make.now)}
    assert found == {("c1", "x"): (make.now + 70, 2), ("c1", "y"): (make.now + 70, 2), ("c2", ""): (math.inf, 1)}


def test_a_suspended_channel_keeps_its_rows(store: Store, make: SimpleNamespace, fill) -> None:
    """One delivery probes it when the time has come; the others wait until it works."""
    fill("a", "b", recipients=("x", "y"))
    taken = claim(store, make.now, recipient="x")
    store.settle(taken.id, PENDING, now=make.now, error="401", suspend_until=make.now + 1800)
    assert store.claim("c1", "y", make.now + 1799) is None
    probe = claim(store, make.now + 1800, recipient="y")
    assert store.claim("c1", "x", make.now + 1800) is None, "one probe is enough"
    store.settle(probe.id, PENDING, now=make.now + 1800, error="401 still", suspend_until=make.now + 3600)
    off = store.suspensions()["c1"]
    assert (off.since, off.until, off.reason) == (make.now, make.now + 3600, "401 still")
    store.settle(probe.id, SENT, now=make.now + 3600)
    assert "c1" not in store.suspensions(), "what was sent ended the suspension"
    assert claim(store, make.now + 3600, recipient="x").alert.id == "a"
    assert store.counts(0).waiting == {"c1": 3}


def test_another_address_is_tried_at_once(store: Store, make: SimpleNamespace, fill) -> None:
    """Neither the suspension nor the wait of a failure counts any more, only a pause that the service asked for."""
    fill("a", recipients=("x", "y", "z"))
    for recipient, error in (("x", "500"), ("z", "asked to wait 35 s")):
        taken = claim(store, make.now, recipient=recipient)
        store.settle(taken.id, PENDING, now=make.now, next_at=make.now + 900, error=error)
    broken = claim(store, make.now, recipient="y")
    store.settle(broken.id, PENDING, now=make.now, next_at=make.now + 900, error="401", suspend_until=make.now + 1800)
    store.hurry("c1")
    assert store.suspensions() == {}
    assert claim(store, make.now, recipient="x").alert.id == "a"
    assert store.claim("c1", "z", make.now) is None


def test_quiet_hours_hold_what_was_due(store: Store, make: SimpleNamespace, fill) -> None:
    """It is due when they end, and its days are counted from there."""
    [one, _] = fill("a", "b")
    store.hold([one], make.now + 3600)
    assert claim(store, make.now).alert.id == "b"
    assert [d.due for d in store.pending("c1")] == [make.now + 3600]


def test_what_waited_too_long_dies_with_what_it_stands_for(store: Store, make: SimpleNamespace, fill) -> None:
    """Each dead message counts once, and the newest can be named with its reason."""
    old = fill("a", "b")
    with store.batch(make.now + 500) as batch:
        batch.fold(old, make.alert("sum", kind=AlertKind.summary))
        batch.add_alert(make.alert("op", kind=AlertKind.operator, headline="عن راصد", items=()))
        batch.add_alert(make.alert("late"))
    assert store.expire("c1", make.now, "given up", now=make.now + 501) == 0
    assert store.expire("c1", make.now + 1, "given up", now=make.now + 501) == 1, "a summary is as old as its oldest"
    assert [line.state for line in store.deliveries(state=DEAD)] == [DEAD] * 3
    assert store.dead_letters() == {"c1": 1}
    assert store.died("c1", 5) == [("عنوان", "given up")]
    assert store.expire("c1", make.now + 501, "given up", now=make.now + 502, recipient="other") == 0
    assert store.expire("c1", make.now + 501, "given up", now=make.now + 502) == 2
    assert store.dead_letters() == {"c1": 2}, "words to the operator are not reported to the operator"


def test_two_recipients_may_get_the_same_summary(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a", recipients=("x", "y"))
    for recipient in "xy":
        with store.batch(make.now) as batch:
            batch.fold([d.id for d in store.pending("c1", recipient)], make.alert("sum"), recipient)
        assert claim(store, make.now, recipient=recipient).alert.id == "sum"


def test_a_pause_that_was_asked_for_is_no_attempt(store: Store, make: SimpleNamespace, fill) -> None:
    fill("a")
    store.settle(claim(store, make.now).id, PENDING, now=make.now, next_at=make.now + 35, attempt=False)
    assert claim(store, make.now + 35).attempts == 0


def test_a_pause_outlives_a_restart_but_no_clock_that_is_years_off(store: Store, make: SimpleNamespace, fill) -> None:
    for key, channel, until in (("bot", "c1", 35), ("over", "c2", -1), ("ahead", "c3", 315_360_000)):
        fill(channel, channel=channel)
        taken = claim(store, make.now, channel=channel)
        store.settle(taken.id, PENDING, now=make.now, pause=(key, make.now + until))
    assert store.pauses(make.now) == {"bot": make.now + 35}


def test_what_was_being_sent_goes_out_again(store: Store, make: SimpleNamespace, fill) -> None:
    """With the same alert id, and at once, so that readers can fold the duplicate."""
    fill("a", "b", recipients=("x", "y"))
    before = claim(store, make.now, recipient="x")
    assert store.requeue_sending(make.now + 9) == 1
    again = claim(store, make.now + 9, recipient="x")
    assert (again.id, again.alert.id, again.attempts) == (before.id, before.alert.id, 0)


def test_a_reply_knows_the_message_it_answers(store: Store, make: SimpleNamespace, fill) -> None:
    """The service's id of the first message, to the same recipient."""
    fill("a", recipients=("x", "y"))
    for who in "xy":
        store.settle(claim(store, make.now, recipient=who).id, SENT, now=make.now, remote_id=f"msg-{who}")
    with store.batch(make.now) as batch:
        batch.add_alert(make.alert("b", reply_to="a"), ["x", "y", "new"])
    assert [claim(store, make.now, recipient=who).reply_ref for who in ("x", "y", "new")] == ["msg-x", "msg-y", ""]


def test_a_summary_settles_what_was_folded_into_it(store: Store, make: SimpleNamespace, fill) -> None:
    """A burst becomes one message; its deliveries count as sent when that is sent."""
    one, two, three = fill("a", "b", "c")
    with store.batch(make.now) as batch:
        summary = batch.fold([one, two], make.alert("s", kind=AlertKind.summary), "")
    assert [d.alert.id for d in store.pending("c1")] == ["c", "s"]
    store.settle(claim(store, make.now).id, SENT, now=make.now)
    taken = claim(store, make.now)
    assert taken.id == summary
    store.settle(summary, PENDING, now=make.now, next_at=make.now)
    assert {d.id: d.state for d in store.deliveries()}[one] == PENDING
    store.settle(claim(store, make.now).id, SENT, now=make.now)
    lines = {d.id: (d.state, d.folded_into) for d in store.deliveries()}
    assert lines == {one: (SENT, summary), two: (SENT, summary), three: (SENT, None), summary: (SENT, None)}
    assert store.claim("c1", "", make.now) is None


def test_a_summary_may_have_several_parts(store: Store, make: SimpleNamespace, fill) -> None:
    """The first stands for all that piled up; each part is a delivery of its own."""
    piled = fill("a", "b")
    with store.batch(make.now + 60) as batch:
        batch.fold(piled, make.alert("s1", kind=AlertKind.summary))
        batch.fold([], make.alert("s2", kind=AlertKind.summary))
    assert [(d.alert.id, d.created) for d in store.pending("c1")] == [("s1", make.now), ("s2", make.now + 60)]


def test_a_lane_may_be_longer_than_a_statement(store: Store, make: SimpleNamespace, fill) -> None:
    """SQLite takes 32,766 values in a statement, here 50; a week's outage may leave more in a lane."""
    numbers = fill(*map(str, range(60)))
    for engine in (store._writer, store._reader):
        with engine.connect() as connection:
            connection.connection.driver_connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 50)
    store.hold(numbers, make.now + 1)
    with store.batch(make.now + 1) as batch:
        summary = batch.fold(numbers[:-1], make.alert("s", kind=AlertKind.summary))
        assert batch.similar(range(60), 0.0) == []
    assert [d.id for d in store.pending("c1")] == [numbers[-1], summary]
    assert store.expire("c1", make.now + 2, "given up", now=make.now + 2) == 2
    assert len(store.deliveries(state=DEAD)) == 61


def test_the_clock_was_set(store: Store, make: SimpleNamespace, fill) -> None:
    """What waits goes on waiting as long as it had to, not for years."""
    fill("a")
    store.settle(claim(store, make.now).id, PENDING, now=make.now, next_at=make.now + 30)
    store.save_feed_state("f1", {}, make.now + 60, now=make.now)
    store.shift(-make.now, 0.0)
    assert store.claim("c1", "", 29) is None
    assert claim(store, 30).alert.id == "a"
    assert store.feed_health()["f1"].next_at == 60


def test_the_clock_was_set_right_after_a_start_in_1970(store: Store, make: SimpleNamespace, fill) -> None:
    """What was stored while it was right is not pushed away by as many years."""
    fill("a", hold=make.now + 3600)
    store.shift(make.now, make.now + 60)
    assert claim(store, make.now + 3600).alert.id == "a"


def test_the_clock_was_set_right_after_a_start_ten_years_ahead(store: Store, make: SimpleNamespace, fill) -> None:
    """What was stored while it was right has not waited for ten years, and is not given up."""
    fill("a")
    store.shift(-315_360_000, make.now + 60)
    assert store.expire("c1", make.now - 259_200, "given up", now=make.now + 60) == 0


def test_the_clock_was_set_while_a_summary_was_gathered(store: Store, make: SimpleNamespace) -> None:
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article())
        batch.add_hit(article, make.hit(), [make.decision("held", until=make.now + 60)])
    store.shift(-1e9, make.now - 1e9)
    assert store.summaries_due(make.now - 1e9 + 59) == frozenset()
    assert store.summaries_due(make.now - 1e9 + 60) == {"c1"}


def test_a_removed_channel_keeps_its_rows(store: Store, make: SimpleNamespace, fill) -> None:
    """X41: nobody claims them; when the channel is back they go out in order."""
    fill("a", channel="gone")
    assert claim(store, make.now + 10_000, channel="gone").alert.id == "a"
