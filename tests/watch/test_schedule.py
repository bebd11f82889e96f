"""When feeds are due, in monotonic time."""

from __future__ import annotations

from monitor.watch.schedule import Schedule


def test_the_longest_due_comes_first_and_no_feed_twice() -> None:
    """A feed that is being read is not due; there is a bound on how many are read at a time."""
    schedule = Schedule(due={"a": 5.0, "b": 3.0, "c": 9.0})
    assert schedule.take(6.0, most=1) == ["b"]
    assert schedule.take(6.0, most=1) == []
    assert schedule.take(6.0, most=2) == ["a"]


def test_a_feed_is_due_again_after_its_wait() -> None:
    """The wait counts from the end of the poll; a negative one is none."""
    schedule = Schedule(due={"a": 0.0})
    schedule.take(0.0, most=1)
    schedule.done("a", 10.0, 60.0)
    assert schedule.take(69.0, most=1) == []
    assert schedule.take(70.0, most=1) == ["a"]
    schedule.done("a", 80.0, -5.0)
    assert schedule.take(80.0, most=1) == ["a"]


def test_a_feed_that_was_removed_while_it_was_read_does_not_come_back() -> None:
    """`done` gives no time to a feed that is no longer watched."""
    schedule = Schedule(due={"a": 0.0})
    schedule.take(0.0, most=1)
    schedule.keep_only(set())
    schedule.done("a", 1.0, 0.0)
    assert schedule.take(99.0, most=1) == []


def test_what_is_waited_for_is_the_next_feed_not_being_read() -> None:
    schedule = Schedule(due={"a": 5.0, "b": 7.0})
    assert schedule.next_due() == (5.0, "a")
    schedule.take(5.0, most=1)
    assert schedule.next_due() == (7.0, "b")
