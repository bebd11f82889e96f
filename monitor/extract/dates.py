"""Dates as feeds and Arabic pages write them. What is not certain is no date: none is better than wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

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
# Names of zones as news of this region means them: AST is Arabia's time, not the Atlantic's. In hours from UTC.
_ZONE_HOURS = {
    0: "z gmt utc غرينتش جرينتش غرينيتش جرينيتش العالمي wet",
    1: "west bst cet",
    2: "cest eet",
    3: "eest ast ksa مكه السعوديه الرياض الدوحه بغداد msk موسكو trt",
    3.5: "irst طهران",
    4: "gst الامارات ابوظبي دبي",
    -4: "edt",
    -5: "est cdt",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "pst",
}
ZONES = {name: hours for hours, names in _ZONE_HOURS.items() for name in names.split()}
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
_SEP = r"[\s,./\-]*(?:من|عام|سنه|of|de)?[\s,./\-]*"
_ISO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<mo>\d\d?)-(?P<d>\d\d?)"
    r"(?:[t\s]+(?P<h>\d\d?):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?\s*(?P<z>z|[+-]\d\d:?\d\d)?(?![\d:])"
    r"(?!\s*(?:[صم]|[ap]\.?m)\b))?(?![\d])"
)
_WORDS = (
    re.compile(rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?{_SEP}{_PAIR}{_SEP}{_YEAR}"),
    re.compile(rf"{_PAIR}[\s,]*(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d)[\s,]+(?:عام|سنه)?\s*{_YEAR}"),
    re.compile(rf"(?<!\d){_YEAR}[\s,./\-]*{_PAIR}[\s,./\-]*(?P<d>\d\d?)(?!\d)"),
    re.compile(rf"(?P<m>{_MONTH})\s+(?P<d>\d\d?)\s+\d\d:\d\d:\d\d\s+(?:[a-z]{{3,4}}\s+)?{_YEAR}"),
    re.compile(rf"(?<!\d)(?P<d>\d\d?)[\s\-](?P<m>{_MONTH})[\s\-](?P<y>\d\d)(?=\s+\d\d?:\d\d)"),
)
_NUMERIC = (
    re.compile(r"(?<![\d/.\-])(?P<y>(?:19|20)\d\d)\s*([/.\-])\s*(?P<mo>\d\d?)\s*\2\s*(?P<d>\d\d?)(?![\d/]|[.\-]\d)"),
    re.compile(r"(?<![\d/.\-])(?P<d>\d\d?)\s*([/.\-])\s*(?P<mo>\d\d?)\s*\2\s*(?P<y>(?:19|20)\d\d)(?![\d/]|[.\-]\d)"),
)
_HALF = r"صباحا|مساء|ظهرا|عصرا|ليلا|فجرا|ص\b|م\b|[ap]\.?m\b\.?"
_TIME = re.compile(
    rf"(?<![\d:])(?P<h>\d\d?):(?P<mi>\d\d)(?::(?P<s>\d\d)(?:\.\d+)?)?(?![\d:])\s*(?P<half>{_HALF})?"
    rf"|(?:الساعه\s*)(?P<h2>\d\d?)(?![\d:])\s*(?P<half2>{_HALF})?"
)
_ZONE = re.compile(
    r"^[\s,)(\-|]*(?:ب?توقيت\s+)?(?:(?:(?:gmt|utc|غرينتش|جرينتش)\s*|(?=[+-]\d\d:?\d\d))"
    r"(?P<sign>[+-])\s*(?P<zh>\d\d?)(?::?(?P<zm>\d\d))?(?!\d)|(?P<name>[a-z]{1,4}\b|[ء-ي]+))"
)
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*")
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
    folded = fold(text[:2000])
    found = min(_dates(folded), key=lambda m: m.start(), default=None)
    day = _day(found, folded) if found else None
    if found is None or day is None:
        return None
    if found.re is _ISO and found["h"]:
        return _timed(day, int(found["h"]), int(found["mi"]), int(found["s"] or 0), _offset(found["z"] or ""), zone)
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


def _with_time(day: datetime, folded: str, found: re.Match[str], zone: tzinfo) -> Stamp | None:
    """The time of day stands behind the date, or right before it."""
    behind = folded[found.end() : found.end() + REACH]
    before = folded[max(0, found.start() - REACH) : found.start()]
    time = _TIME.search(found[0]) or _TIME.search(behind) or next(reversed(list(_TIME.finditer(before))), None)
    hour = _hour(time) if time else None
    if time is None or hour is None:
        return Stamp(day, timed=False, zoned=False)
    rest = time.string[time.end() :]
    return _timed(day, hour, int(time["mi"] or 0), int(time["s"] or 0), _offset(rest), zone)


def _hour(time: re.Match[str]) -> int | None:
    hour, half = int(time["h"] or time["h2"]), (time["half"] or time["half2"] or "").replace(".", "")
    if half and hour <= 12:
        afternoon = (
            half in ("م", "مساء", "عصرا", "pm")
            or (half == "ظهرا" and hour != 11)
            or (half == "ليلا" and 6 <= hour < 12)
        )
        hour = hour % 12 + (12 if afternoon else 0)
    return hour if hour < 24 else None


def _offset(rest: str) -> timezone | None:
    """The zone named right behind a time."""
    found = _ZONE.match(rest)
    if not found:
        return None
    if found["sign"]:
        minutes = int(found["zh"]) * 60 + int(found["zm"] or 0)
        return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes)) if minutes < 16 * 60 else None
    hours = ZONES.get(found["name"].split()[0].removeprefix("ب"))
    return None if hours is None else timezone(timedelta(hours=hours))


def _timed(day: datetime, hour: int, minute: int, second: int, offset: timezone | None, zone: tzinfo) -> Stamp | None:
    try:
        local = day.replace(hour=hour, minute=minute, second=min(second, 59), tzinfo=offset or zone)
    except ValueError:
        return Stamp(day, timed=False, zoned=False)
    return Stamp(local, zoned=offset is not None)
