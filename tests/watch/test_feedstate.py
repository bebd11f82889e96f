"""When a feed's trouble is worth a word to the operator."""

from __future__ import annotations

from monitor.watch.feedstate import Pulse, judge


def run(*kinds: str) -> list[str]:
    """The states told of, in order."""
    pulse, told = Pulse(), []
    for now, kind in enumerate(kinds):
        pulse, news = judge(pulse, kind, "why", float(now))
        told += [news.state] if news else []
    return told


def test_one_error_is_no_news_three_are_and_the_recovery_too() -> None:
    assert run("new", "error", "error", "unchanged") == []
    assert run("new", "error", "error", "error", "error", "unchanged") == ["broken", "ok"]


def test_that_a_feed_can_be_read_is_no_news_but_that_it_never_could_is() -> None:
    assert run("new", "new") == []
    assert run("error", "error", "error", "new") == ["broken", "ok"]
    pulse, news = judge(Pulse(), "error", "why", 1.0)
    assert (pulse.state, news) == ("", None)


def test_a_block_and_a_410_are_told_at_once_and_once() -> None:
    assert run("new", "blocked", "blocked", "new") == ["blocked", "ok"]
    assert run("gone", "gone") == ["gone"]


def test_being_asked_to_wait_is_no_trouble() -> None:
    assert run("new", "throttled", "throttled", "throttled", "throttled") == []


def test_a_feed_that_answers_but_fell_silent_is_told_with_its_reason() -> None:
    pulse, news = judge(Pulse(state="ok"), "silent", "nothing for 9 h", 1.0)
    assert news is not None
    assert (pulse.state, news.lines) == ("silent", ("nothing for 9 h",))
