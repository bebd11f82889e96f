"""What a scalar of the three files means."""

from __future__ import annotations

import pytest

from monitor.config import values
from monitor.types import Digest, Quiet


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3m", 180), ("120s", 120), ("48h", 172800), ("90d", 7776000), ("0.2s", 0.2), ("1.5h", 5400), ("0", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert values.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "3", "m", "3 months", "-3m", "3m 20s", "٣ساعات", "9999999d", "nan", "1e9s"])
def test_what_is_no_duration_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        values.duration(text)


@pytest.mark.parametrize(
    ("text", "rate"), [("20/min", (20, 60)), ("6000/h", (6000, 3600)), ("1/s", (1, 1)), ("5 per day", (5, 86400))]
)
def test_rates(text: str, rate: tuple[int, float]) -> None:
    assert values.rate(text) == rate


@pytest.mark.parametrize("text", ["20", "0/min", "20/fortnight", "/min", "-1/s", "20//min"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        values.rate(text)


def test_a_digest_is_days_and_times() -> None:
    assert list(values.digests("daily 07:00")) == [Digest(hour=7, minute=0)]
    assert list(values.digests("7:05")) == [Digest(hour=7, minute=5)]
    week = frozenset({6, 0, 1, 2, 3})
    expected = [Digest(hour=7, minute=0, weekdays=week), Digest(hour=10, minute=0, weekdays=frozenset({5}))]
    assert list(values.digests("Sun-Thu 07:00, saturday 10:00")) == expected


@pytest.mark.parametrize("text", ["daily", "07", "25:00", "24:00", "fry 07:00", "07:60", "7am", "", "sun–thu"])
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"digest|time|day"):
        list(values.digests(text))


def test_quiet_hours_may_cross_midnight_and_name_days() -> None:
    assert list(values.quiets("23:00-06:00")) == [Quiet(start=1380, end=360)]
    assert list(values.quiets("fri-sat 22:00 - 10:30")) == [Quiet(start=1320, end=630, weekdays=frozenset({4, 5}))]
    assert list(values.quiets("sat-sun 00:00-24:00")) == [Quiet(start=0, end=1440, weekdays=frozenset({5, 6}))]


@pytest.mark.parametrize("text", ["23:00", "23:00-23:00", "23-06", "night", "mon 23:00-", "weekend 23:00-06:00"])
def test_what_is_no_quiet_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"quiet|begins|time|day"):
        list(values.quiets(text))


def test_a_time_zone_that_is_not_there_is_guessed() -> None:
    assert values.timezone("Asia/Riyadh") == "Asia/Riyadh"
    with pytest.raises(ValueError, match="Asia/Riyadh"):
        values.timezone("riyadh")
    with pytest.raises(ValueError, match="Asia/Riyadh"):
        values.timezone("Asia/Riyad")


def test_networks_in_cidr_notation() -> None:
    assert values.network("127.0.0.1/8") == "127.0.0.0/8"
    assert values.network("::1") == "::1/128"
    with pytest.raises(ValueError, match="no network"):
        values.network("localhost")
