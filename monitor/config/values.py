"""What a scalar of the three files means: durations, rates, times of the day, networks, zones.

Each function takes the scalar's text and raises ValueError with words for the person who typed it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from monitor.config.suggest import did_you_mean
from monitor.types import Digest, Quiet

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_NAMES = {name: name[0] for name in ["s", "sec", "second", "m", "min", "minute", "h", "hour", "d", "day"]}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) *([smhdw])")
_RATE = re.compile(r"(\d+) *(?:/|per) *([a-z]+)")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = 100 * 365 * 86400.0


def duration(text: str) -> float:
    """Seconds: 3m, 120s, 48h, 90d, 2w, 0.2s; a bare 0 needs no unit."""
    found = _DURATION.fullmatch(text.strip().lower())
    if text.strip() == "0":
        return 0.0
    if found is None:
        raise ValueError(f"`{text}` is no duration: a number and s, m, h, d or w, as in 90s, 3m, 48h")
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > _LONG:
        raise ValueError(f"`{text}` is longer than a hundred years")
    return seconds


def positive(text: str) -> float:
    """A duration above nothing."""
    seconds = duration(text)
    if seconds <= 0:
        raise ValueError("must be more than 0")
    return seconds


def rate(text: str) -> tuple[int, float]:
    """So many in so many seconds: 20/min, 6000/h."""
    found = _RATE.fullmatch(text.strip().lower())
    if found is None or found[2] not in _NAMES or int(found[1]) == 0:
        raise ValueError(f"`{text}` is no rate: a number, a slash and s, min, h or day, as in 20/min")
    return int(found[1]), _UNITS[_NAMES[found[2]]]


def number(text: str) -> float:
    """A number above 0, at most 1000."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1000:
        raise ValueError(f"`{text}` is no number between 0 and 1000")
    return value


def truth(text: str) -> bool:
    """yes or no, in YAML's spellings."""
    word = text.strip().lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise ValueError(f"`{text}` is neither true nor false")


def timezone(text: str) -> str:
    """A name of the IANA time zone database."""
    zones = available_timezones()
    if text in zones:
        return text
    city = [zone for zone in sorted(zones) if zone.rpartition("/")[2].lower() == text.strip().lower()]
    hint = f"did you mean `{city[0]}`?" if city else did_you_mean(text, zones) or "as in Asia/Riyadh"
    raise ValueError(f"there is no time zone `{text}` ({hint})")


def network(text: str) -> str:
    """A range of addresses in CIDR notation; a single address is a range of one."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise ValueError(f"`{text}` is no network: write it as 127.0.0.0/8 or fd00::/8") from error


def digests(text: str) -> Iterator[Digest]:
    """daily 07:00 · 07:00 · sun-thu 07:00, sat 10:00"""
    for part in text.split(","):
        weekdays, clock = _days_and(
            part, "a digest is days and a time, as in `daily 07:00` or `sun-thu 07:00, sat 10:00`"
        )
        hour, minute = divmod(_minutes(clock), 60)
        if hour == 24:
            raise ValueError("the day ends at 23:59: write 00:00")
        yield Digest(hour=hour, minute=minute, weekdays=weekdays)


def quiets(text: str) -> Iterator[Quiet]:
    """23:00-06:00 · fri-sat 00:00-10:00; the span may cross midnight and belongs to the day of its beginning."""
    for part in text.split(","):
        weekdays, span = _days_and(part, "quiet hours are a span, as in `23:00-06:00` or `fri-sat 22:00-10:00`")
        begin, dash, end = re.sub("[–—]", "-", span).partition("-")
        if not dash:
            raise ValueError(f"`{part.strip()}`: quiet hours have a beginning and an end, as in 23:00-06:00")
        start, stop = _minutes(begin) % 1440, _minutes(end)
        if start == stop:
            raise ValueError(f"`{part.strip()}` begins where it ends")
        yield Quiet(start=start, end=stop, weekdays=weekdays)


def _days_and(part: str, usage: str) -> tuple[frozenset[int], str]:
    days, _, rest = part.strip().lower().replace(" - ", "-").rpartition(" ")
    if not rest:
        raise ValueError(usage)
    return _weekdays(days.strip()), rest


def _weekdays(text: str) -> frozenset[int]:
    if text in ("", "daily", "every day"):
        return frozenset()
    found: set[int] = set()
    for part in text.split():
        first, dash, last = part.partition("-")
        begin = _day(first)
        span = (_day(last) - begin) % 7 if dash else 0
        found |= {(begin + i) % 7 for i in range(span + 1)}
    return frozenset(found)


def _day(text: str) -> int:
    if text[:3] not in _DAYS or len(text) > 9:
        raise ValueError(f"`{text}` is no day of the week ({', '.join(_DAYS)} or daily)")
    return _DAYS.index(text[:3])


def _minutes(text: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (found[1] == "24" and found[2] != "00"):
        raise ValueError(f"`{text.strip()}` is no time of the day, as in 07:00")
    return int(found[1]) * 60 + int(found[2])
