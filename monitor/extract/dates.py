"""Dates as feeds and Arabic pages write them. What is not certain is no date: none is better than wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from monitor.extract.zones import zone_ahead, zone_behind

_MONTHS = {
    1: "يناير كانون_الثاني كانون_ثاني كانون2 جانفي ينايير january jan janvier",
    2: "فبراير شباط فيفري فيبراير february feb février fevrier",
    3: "مارس اذار مارث march mar mars",
    4: "ابريل نيسان افريل april apr avril",
    5: "مايو ايار ماي may mai",
    6: "يونيو يونيه حزيران جوان june jun juin",
    7: "يوليو يوليه تموز جويليه يوليوز july jul juillet",
    8: "اغسطس اب اوت غشت اغشت august aug août aout",
    9: "سبتمبر ايلول شتنبر september sept sep septembre",
    10: "اكتوبر تشرين_الاول تشرين_اول تشرين1 october oct octobre",
    11: "نوفمبر تشرين_الثاني تشرين_ثاني تشرين2 نونبر november nov novembre",
    12: "ديسمبر كانون_الاول كانون_اول كانون1 دجنبر دسمبر december dec décembre decembre",
}
MONTHS = {name: number for number, names in _MONTHS.items() for name in names.split()}
_DAYS = (
    "الاثنين monday mon|الثلاثاء tuesday tue|الاربعاء wednesday wed|الخميس thursday thu|الجمعه friday fri"
    "|السبت saturday sat|الاحد sunday sun"
)
WEEKDAYS = {name: number for number, names in enumerate(_DAYS.split("|")) for name in names.split()}
_MARKS = dict.fromkeys((chr(n) for n in (*range(0x64B, 0x653), 0x640)), "")
_DIGITS = {chr(base + n): str(n) for base in (0x660, 0x6F0) for n in range(10)}
_LETTERS = {**dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"}
_SIGNS = {"،": ",", "\u060d": "/", "\u2212": "-", "\u2013": "-", "٫": "."}
_FOLD = str.maketrans({**_MARKS, **_DIGITS, **_LETTERS, **_SIGNS})
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_month = "|".join(sorted((name.replace("_", "[ _]") for name in MONTHS), key=len, reverse=True))
_MONTH = rf"(?<![^\W\d_])(?:{_month})(?![^\W\d_])\.?"
_PAIR = rf"(?P<m>{_MONTH})(?:\s*[/\\(\-|]\s*{_MONTH}\s*\)?)?"
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_SEP = r"[\s,./\-]*(?:من شهر|من|شهر|عام|سنه|of|de)?[\s,./\-]*"
_ISO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<mo>\d\d?)-(?P<d>\d\d?)(?!\d)"
    r"(?:[+-]\d\d:\d\d(?![\d:])|z\b)?"  # a day may have a zone too
)
_WORDS = (
    re.compile(rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?{_SEP}{_PAIR}{_SEP}{_YEAR}"),
    re.compile(rf"{_PAIR}[\s,]*(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d)[\s,]+(?:عام|سنه)?\s*{_YEAR}"),
    re.compile(rf"(?<!\d){_YEAR}[\s,./\-]*{_PAIR}[\s,./\-]*(?P<d>\d\d?)(?!\d)"),
    re.compile(rf"(?P<m>{_MONTH})\s+(?P<d>\d\d?)\s+\d\d:\d\d:\d\d\s+(?:(?:[a-z]{{3,4}}|[+-]\d{{4}})\s+)?{_YEAR}"),
    re.compile(rf"(?<!\d)(?P<d>\d\d?)[\s\-](?P<m>{_MONTH})[\s\-](?P<y>\d\d)(?=\s+\d\d?:\d\d)"),
)
_NUMERIC = (
    re.compile(r"(?<![\d/.\-])(?P<y>(?:19|20)\d\d)\s*([/.\-])\s*(?P<mo>\d\d?)\s*\2\s*(?P<d>\d\d?)(?![\d/]|[.\-]\d)"),
    re.compile(r"(?<![\d/.\-])(?P<d>\d\d?)\s*([/.\-])\s*(?P<mo>\d\d?)\s*\2\s*(?P<y>(?:19|20)\d\d)(?![\d/]|[.\-]\d)"),
)
_HALVES = {  # of the day
    "before noon": r"قبل (?:ال)?ظهر\w*",
    "morning": r"(?:ال)?صباحا?|(?:ال)?فجرا?|ضحي|بعد منتصف (?:ال)?ليل|منتصف (?:ال)?ليل|ص\b|a\.?m\b\.?",
    "noon": r"(?:ال)?ظهرا?\b",
    "afternoon": r"(?:بعد (?:ال)?|بعيد ال)ظهر\w*|(?:ال)?مساءا?|(?:ال)?عصرا?|م\b|p\.?m\b\.?",
    "night": r"(?:ال)?ليلا?\b|الليله|قبل منتصف (?:ال)?ليل",
}
_HALF = "(?:(?:من|في) )?(?:" + "|".join(_HALVES.values()) + ")"
_HALF_OF = {name: re.compile(f"(?:(?:من|في) )?(?:{pattern})") for name, pattern in _HALVES.items()}
_TIME = re.compile(
    rf"(?:(?<![^\W_])(?P<ahead>{_HALF})[\s:,]*)?(?<![\d:+])(?<!\d-)"
    r"(?:(?P<h>\d\d?)(?::|\s?(?:h|سا)\s?)(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?|الساعه\s*(?P<h2>\d\d?)(?!\s?(?:h|سا|\.)\s?\d)"
    r"|(?<!\d)(?P<h3>1[0-2]|0?[1-9])(?=\s?(?:صباحا|مساءا?|ظهرا|عصرا|فجرا|[ap]\.?m)(?!\w)))"
    rf"(?![\d:])\s*(?P<half>{_HALF})?"
)
_ANNO = re.compile(r"\s*م(?:يلادي)?ه?(?!\w)")  # behind a year
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*")
_AMMAN = re.compile("ع\u064e?م(?:\u0651\u064e?|\u064e\u0651)ان")  # two cities, told apart by their marks only
_OMAN = re.compile("ع\u064fم\u064e?ان")
REACH = 40  # characters between a date and the time that belongs to it


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date that was read: when, whether with its time of day, and whether it named its zone."""

    when: datetime
    timed: bool = True
    zoned: bool = True


def zone_of(name: str) -> tzinfo:
    """The zone for stamps that carry none; UTC where the name is unknown or empty."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, LookupError):
        return UTC


def parse(text: str, zone: tzinfo = UTC) -> Stamp | None:
    """The first date in a text, or None. A date without a time of day is its midnight in UTC, so that the day stays.

    Read are ISO 8601, RFC 822, seconds since the epoch, numeric dates (the day first, where nothing speaks against it)
    and months in words: Gulf, Levant, Maghreb, English, French, pairs such as «يوليو/ تموز». Hijri and Persian years
    are not.
    """
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return Stamp(datetime.fromtimestamp(int(epoch[1][:10]), UTC))
    folded = fold(_OMAN.sub("oman", _AMMAN.sub("amman", text[:2000])))
    found = min(_dates(folded), key=lambda m: m.start(), default=None)
    day = _day(found, folded) if found else None
    if found is None or day is None:
        return None
    return _with_time(day, folded, found, zone)


def utc(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The first date in a text as UTC, or None."""
    stamp = parse(text, zone) if text else None
    return stamp.when.astimezone(UTC) if stamp else None


def fold(text: str) -> str:
    """Digits, letters and marks in the one spelling that the patterns know."""
    return _INVISIBLE.sub("", text).translate(_FOLD).lower()


def _dates(folded: str) -> Iterator[re.Match[str]]:
    for pattern in (_ISO, *_WORDS, *_NUMERIC):
        found = pattern.search(folded)
        if found:
            yield found


def _day(found: re.Match[str], folded: str) -> datetime | None:
    groups = found.groupdict()
    year, day = int(groups["y"]), int(groups["d"])
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if "m" in groups:
        return _date(year, MONTHS[groups["m"].rstrip(".").replace(" ", "_")], day)
    month = int(groups["mo"])
    either = _date(year, month, day), _date(year, day, month)
    if found.re is not _NUMERIC[1]:
        return either[0]
    if either[0] is None or either[1] is None:
        return either[0] or either[1]
    return either[1] if _month_first(found, folded, (either[0], either[1])) else either[0]


def _month_first(found: re.Match[str], folded: str, either: tuple[datetime, datetime]) -> bool:
    """Whether 7/12/2024 is July: the weekday says so, or the stamp looks American ("7/12/2024 3:45:00 PM")."""
    named = [
        WEEKDAYS[word]
        for word in re.findall(r"[^\W\d_]+", folded[max(0, found.start() - 15) : found.start()])
        if word in WEEKDAYS
    ]
    days = [day.weekday() for day in either]
    if named and days[0] != days[1] and named[-1] in days:
        return named[-1] == days[1]
    return (
        bool(re.match(r"\s+\d\d?:\d\d:\d\d\s*[ap]m", folded[found.end() :]))
        and "/" in found[0]
        and "0" not in (found["d"][0], found["mo"][0])
    )


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _with_time(day: datetime, folded: str, found: re.Match[str], zone: tzinfo) -> Stamp:
    """The date with the time of day that stands at it; without it where its zone isn't known."""
    time, rest = _time_at(folded, found)
    hour = _hour(time) if time else None
    if time is None or hour is None:
        return Stamp(day, timed=False, zoned=False)
    try:
        named = zone_behind(rest) or zone_ahead(time.string[: time.start(_hour_of(time))])
        local = day.replace(
            hour=hour, minute=int(time["mi"] or 0), second=min(int(time["s"] or 0), 59), tzinfo=named or zone
        )
    except (LookupError, ValueError):
        return Stamp(day, timed=False, zoned=False)
    return Stamp(local, zoned=named is not None)


def _time_at(folded: str, found: re.Match[str]) -> tuple[re.Match[str] | None, str]:
    """The time within a date, behind it or right before it, with the words behind that may name its zone."""
    start, end = found.span()
    anno = _ANNO.match(folded, end)
    end = anno.end() if anno else end
    behind = folded[end : end + REACH]
    if time := _TIME.search(found[0]):
        return time, folded[start + time.end() : end + REACH]
    if time := _TIME.search(behind):
        return time, folded[end + time.end() :][:REACH]
    before = folded[max(0, start - REACH) : start]
    time = next(reversed(list(_TIME.finditer(before))), None)
    return time, f"{before[time.end() :]} {behind}" if time else ""


def _hour_of(time: re.Match[str]) -> str:
    """Which part of the pattern found the hour."""
    return next(name for name in ("h", "h2", "h3") if time[name])


def _hour(time: re.Match[str]) -> int | None:
    """The hour of 24; None where the hour and its half of the day contradict each other."""
    hour, half = int(time[_hour_of(time)]), time["half"] or time["ahead"]
    if half and hour <= 12:
        name = next(name for name, pattern in _HALF_OF.items() if pattern.fullmatch(half))
        if name == "before noon":
            return hour if hour < 12 else None
        late = name == "afternoon" or (name == "noon" and hour % 12 < 5) or (name == "night" and 6 <= hour < 12)
        hour = hour if name == "noon" and not late else hour % 12 + (12 if late else 0)
    return hour if hour < 24 else None
