"""Arabic words, dates and digits of the messages; hostile text made fit to be shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from monitor.emphasis import emphasised
from monitor.types import AlertKind, Severity

FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"

MARK = {Severity.low: "⚪", Severity.medium: "🔵", Severity.high: "🟠", Severity.critical: "🔴"}
SEVERITY = {
    Severity.low: "للحفظ",
    Severity.medium: "للعلم",
    Severity.high: "مهم",
    Severity.critical: "عاجل",
}
FOLLOWS = "متابعة"
KIND = {AlertKind.update: "تحديث", AlertKind.test: "رسالة تجريبية"}

# A noun after a number: one, two, 3 to 10, 11 to 99, hundreds.
OUTLETS = ("مصدر واحد", "مصدران", "مصادر", "مصدرًا", "مصدر")
STORIES = ("خبر واحد", "خبران", "أخبار", "خبرًا", "خبر")
FEEDS = ("مصدر واحد يعمل", "مصدران يعملان", "مصادر تعمل", "مصدرًا تعمل", "مصدر تعمل")

_DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_MONTHS = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip
_LEVANT_ZONES = {
    "Asia/Damascus", "Asia/Beirut", "Asia/Baghdad", "Asia/Amman", "Asia/Gaza", "Asia/Hebron", "Asia/Jerusalem",
}  # fmt: skip
_ARAB_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

# What no message shows: controls, bidi controls, lone surrogates, and characters that only hide others. The two joiners
# stay, Persian needs them.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"[\s\u00a0]+")
_STACKED = re.compile(r"([\u0300-\u036f\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u06df-\u06e4\u20d0-\u20ff]{4})"
                      r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u06df-\u06e4\u20d0-\u20ff]+")  # fmt: skip
_SENTENCE_END = re.compile(r"[.!؟?؛…](?=\s|$)[»\"”')\]]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How times and numbers are shown."""

    timezone: str = "Asia/Riyadh"
    digits: Literal["latn", "arab"] = "latn"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def number(value: int, locale: Locale) -> str:
    """The number in the locale's digits."""
    return _digits(str(value), locale)


def _digits(text: str, locale: Locale) -> str:
    return text.translate(_ARAB_DIGITS) if locale.digits == "arab" else text


def counted(value: int, forms: Sequence[str], locale: Locale) -> str:
    """A number with its noun, as Arabic counts: `خبران`، `5 أخبار`، `11 خبرًا`، `100 خبر`."""
    if value in (1, 2):
        return forms[value - 1]
    rest = value % 100
    form = forms[2] if 3 <= rest <= 10 else forms[3] if rest > 10 else forms[4]
    return f"{number(value, locale)} {form}"


def clock(when: datetime, locale: Locale) -> str:
    """`14:05`, in the locale's zone."""
    return _digits(f"{when.astimezone(locale.zone):%H:%M}", locale)


def day(when: datetime, locale: Locale, today: datetime | None = None) -> str:
    """`السبت 21 نوفمبر`, with the year where it isn't that of `today`."""
    local = when.astimezone(locale.zone)
    months = _LEVANT if locale.timezone in _LEVANT_ZONES else _MONTHS
    year = "" if today is not None and today.astimezone(locale.zone).year == local.year else f" {local.year}"
    return _digits(f"{_DAYS[local.weekday()]} {local.day} {months[local.month - 1]}{year}", locale)


def moment(when: datetime, locale: Locale, today: datetime | None = None) -> str:
    """`السبت 21 نوفمبر، 14:05`."""
    return f"{day(when, locale, today)}، {clock(when, locale)}"


def clean(text: str) -> str:
    """Text of a feed without what hides, reorders or breaks; one line, spaces single, marks at most four deep."""
    return _STACKED.sub(r"\1", _SPACE.sub(" ", _UNFIT.sub("", text)))


def isolate(text: str) -> str:
    """The cleaned text in an isolate: it cannot turn the line around it."""
    return f"{FSI}{clean(text).strip()}{PDI}"


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(1 for c in text if c > "\uffff")


def cut(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units: cut after a sentence if one ends in the second half, else after a word."""
    if units(text) <= limit:
        return text
    head = text[: max(0, limit - 2)]
    while units(head) > limit - 2:
        head = head[: len(head) - max(1, (units(head) - limit + 2) // 2)]
    ends = [m.end() for m in _SENTENCE_END.finditer(head) if m.end() > len(head) // 2]
    if ends:
        head = head[: ends[-1]]
    elif " " in head[len(head) // 2 :]:
        head = head[: head.rindex(" ")]
    return head.rstrip() + " …"


_URL_SIGNS = "!#$%&()*+,-./:;=?@[]_~"


def short(text: str, limit: int) -> str:
    """The cleaned text, trimmed and cut; of a huge text only the beginning is looked at."""
    return cut(clean(text[: limit * 4]).strip(), limit)


Piece = tuple[str, bool]  # text, and whether it is a term that fired


def pieces(sentence: str, spans: Sequence[tuple[int, int]], limit: int) -> list[Piece]:
    """The sentence, cleaned, as runs of plain and fired text, at most `limit` UTF-16 units; what is cut lies away from
    the first term that fired."""
    spans = emphasised(sentence, spans)
    first = spans[0][0] if spans else 0
    start = 0
    if units(sentence) > limit and first > limit // 2:
        start = max(sentence.rfind(" ", 0, max(0, first - limit // 4)), 0)
    out: list[Piece] = [("… ", False)] if start else []
    room = limit - 4
    for begin, end, fired in _runs(spans, start, len(sentence)):
        text = clean(sentence[begin : min(end, begin + 4 * room + 4)])
        if units(text) > room:
            out.append((cut(text, max(2, room)), fired))
            break
        out.append((text, fired))
        room -= units(text)
    return [p for p in out if p[0]]


def _runs(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int, bool]]:
    """The whole of [start, end) as runs in and outside of the spans."""
    runs, at = [], start
    for begin, stop in spans:
        if begin > at:
            runs.append((at, begin, False))
        runs.append((begin, stop, True))
        at = stop
    return [*runs, (at, end, False)] if at < end else runs


def link_room(link: str) -> int:
    """The UTF-16 units that a link takes in HTML, where an & is five."""
    return units(escape(link))


def link(url: str) -> str:
    """The address as it may be shown and clicked: http or https, with no space, quote, control or bidi character in it;
    "" where it is none of that, or longer than 2,000 characters in HTML. Letters of any script stay readable."""
    url = "".join(c if c.isalnum() or c in _URL_SIGNS else quote(c) for c in _UNFIT.sub("", url.strip()))
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and link_room(url) <= 2000
    except ValueError:
        return ""
    return url if good else ""
