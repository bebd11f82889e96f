"""The zone that a time of day names: offsets, abbreviations, «بتوقيت القاهرة». All text is folded (`dates.fold`)."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# Abbreviations as news of this region means them: AST is Arabia's time, not the Atlantic's. In hours from UTC.
_ABBREVIATIONS = {
    0: "z gmt utc wet",
    1: "west bst cet",
    2: "cest eet",
    3: "eest ast ksa msk trt idt",
    3.5: "irst",
    4: "gst",
    -4: "edt",
    -5: "est cdt",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "pst",
}
_HOURS = {name: hours for hours, names in _ABBREVIATIONS.items() for name in names.split()}
_OF_MANY = ("ist",)  # India, Israel, Ireland
_PLACES = {
    "UTC": "العالمي الدولي",
    "Asia/Riyadh": "مكه الرياض جده السعوديه المملكه_العربيه_السعوديه",
    "Asia/Qatar": "الدوحه قطر",
    "Asia/Bahrain": "المنامه البحرين",
    "Asia/Kuwait": "الكويت",
    "Asia/Dubai": "ابوظبي ابو_ظبي دبي الشارقه الامارات",
    "Asia/Muscat": "مسقط سلطنه_عمان سلطنه_oman oman",
    "Asia/Aden": "صنعاء عدن اليمن",
    "Asia/Baghdad": "بغداد اربيل العراق",
    "Asia/Beirut": "بيروت لبنان",
    "Asia/Damascus": "دمشق سوريا سوريه",
    "Asia/Amman": "amman الاردن",
    "Asia/Jerusalem": "القدس تل_ابيب اسرائيل",
    "Asia/Hebron": "فلسطين رام_الله",
    "Asia/Gaza": "غزه",
    "Africa/Cairo": "القاهره مصر",
    "Africa/Khartoum": "الخرطوم السودان",
    "Africa/Tripoli": "طرابلس ليبيا",
    "Africa/Tunis": "تونس",
    "Africa/Algiers": "الجزائر",
    "Africa/Casablanca": "الرباط الدار_البيضاء المغرب",
    "Africa/Nouakchott": "نواكشوط موريتانيا",
    "Africa/Mogadishu": "مقديشو الصومال",
    "Asia/Tehran": "طهران ايران",
    "Europe/Istanbul": "اسطنبول استانبول انقره تركيا",
    "Europe/Moscow": "موسكو",
    "Europe/Kiev": "كييف اوكرانيا",
    "Europe/Berlin": "برلين المانيا وسط_اوروبا",
    "Europe/Brussels": "بروكسل",
    "Europe/Zurich": "جنيف",
    "Europe/Paris": "باريس فرنسا",
    "Europe/London": "لندن بريطانيا",
    "America/New_York": "واشنطن نيويورك نيو_يورك الشرقي الساحل_الشرقي شرق_الولايات_المتحده شرق_امريكا شرق_اميركا",
    "Asia/Kabul": "كابول كابل افغانستان",
    "Asia/Karachi": "اسلام_اباد باكستان",
    "Asia/Shanghai": "بكين الصين",
    "Asia/Tokyo": "طوكيو اليابان",
}
PLACES = {name.replace("_", " "): zone for zone, names in _PLACES.items() for name in names.split()}
_FILLERS = frozenset("المحلي المحليه الصيفي الشتوي الرسمي مدينه لمدينه بمدينه العاصمه في خط دوله".split())  # noqa: SIM905
_GREENWICH = "[غجقكگ]ري?ن(?:ي|و|وي)?ت?ي?[شجچ]"
_GMT = rf"(?:gmt|utc|{_GREENWICH})"
_BY = r"(?:(?:ب?حسب|وفق|على)\s+)?(?:ب|ل|وفقا\s+ل)?ل?(?:ال)?توقيت\s*:?\s*"
_UTC = re.compile(rf"(?:{_GMT}|جمت|ت\s?\.?\s?غ)(?!\w)")
_BARE = rf"{_UTC.pattern}|مكه"  # zones by themselves; other places may be where a report was filed
_LEAD = r"[\s,()\[\]|/\-]*"
_PLACE = r"[^\W\d_]+(?:\s+[^\W\d_]+){0,4}"
_OFFSET = re.compile(
    rf"{_LEAD}(?P<gmt>(?:{_BY})?{_GMT}(?:/{_GMT})?)?(?P<gap>\s*)(?P<sign>[+-])(?P<then>\s*)(?P<h>\d\d?)(?::?(?P<m>\d\d))?"
    r"(?!\d|[:/.]\d)"
)
_TURNED = re.compile(rf"({_GMT}\s*)(\d\d?)\s*([+-])")  # "GMT 3+", as right-to-left editors leave it
_GOES_ON = re.compile(rf"\s*(?!{_BY}|{_GMT})[ء-ي]")
_NAMED = re.compile(
    rf"{_LEAD}(?:(?P<region>(?:africa|america|asia|europe|etc)/[a-z_]+)|{_BY}(?P<place>{_PLACE})"
    rf"|(?P<bare>{_BARE})(?!\w)|(?P<short>[a-z]{{1,4}})\b)"
)
_AHEAD = re.compile(rf"(?<!\w)(?:{_BY}(?P<place>{_PLACE})|(?P<gmt>{_GMT}))[\s:,()|\-]*$")


def zone_behind(rest: str) -> tzinfo | None:
    """The zone named right behind a time; None where none is, or the local one.

    Raises LookupError where a zone is named that isn't known.
    """
    rest = _TURNED.sub(r"\1\3\2", rest)
    found = _OFFSET.match(rest)
    if found and _is_offset(found):
        return _fixed(found)
    named = _NAMED.match(rest)
    if not named:
        return None
    if named["region"]:
        return _zone(named["region"].title())
    if named["short"]:
        return _abbreviation(named["short"])
    return _place(named["place"] or named["bare"])


def zone_ahead(before: str) -> tzinfo | None:
    """The zone named right before a time («بتوقيت القاهرة 10:00»); raises LookupError as `zone_behind` does."""
    found = _AHEAD.search(before)
    return _place(found["place"] or found["gmt"]) if found else None


def _is_offset(found: re.Match[str]) -> bool:
    """Not "GMT - 3 دقائق" or "+12 صورة"; without GMT the sign stands at its number."""
    if found["gmt"] and not (found["gap"] and found["then"]):
        return True
    return not _GOES_ON.match(found.string, found.end()) and bool(found["gmt"] or not found["then"])


def _fixed(found: re.Match[str]) -> tzinfo:
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    if minutes > 14 * 60 or minutes % 15:
        raise LookupError(found[0])
    return timezone(timedelta(minutes=-minutes if found["sign"] == "-" else minutes))


def _abbreviation(name: str) -> tzinfo | None:
    if name in _OF_MANY:
        raise LookupError(name)
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None


def _place(text: str) -> tzinfo | None:
    """The zone of the place that the words behind توقيت begin with; None for the local one."""
    place = [word for word in text.split() if word not in _FILLERS]
    for count in (3, 2, 1):
        for name in _forms(" ".join(place[:count])):
            if name in PLACES:
                return _zone(PLACES[name])
    if _UTC.match(" ".join(place)):
        return UTC
    if place and place[0] in _HOURS:
        return _abbreviation(place[0])
    if len(place) < len(text.split()):
        return None
    raise LookupError(text)


def _forms(name: str) -> tuple[str, ...]:
    """A place without what may be attached to it: للقاهرة، لبيروت، ببغداد."""
    if name.startswith("لل"):
        return name, "ال" + name[2:], name[1:]
    return (name, name[1:]) if name.startswith(("ل", "ب")) else (name,)


def _zone(key: str) -> tzinfo:
    try:
        return ZoneInfo(key)
    except (ValueError, OSError) as error:
        raise LookupError(key) from error
