"""When a page's article was published. The site's clock is never the date; none is better than wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import chain, islice, takewhile
from typing import Any
from urllib.parse import urlsplit

from monitor.extract.dates import MONTHS, WEEKDAYS, Stamp, fold, parse, zone_of
from monitor.extract.measure import LONG
from monitor.extract.metadata import DATES, WEAK_DATES, Metadata
from monitor.extract.phrases import DATE_WORDS
from monitor.extract.tree import BLOCKS, words_of

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD, SAME = timedelta(days=1), timedelta(hours=14)  # 14 h: the farthest a local clock is from UTC
NEAR_BOX = 400  # characters of the headline's own box
NEAR_BLOCKS, NEAR_CHARS = 14, 900  # how far behind the headline a date may stand
_URL = re.compile(
    r"(?<!\d)(20[0-2]\d)([/_-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(20[0-2]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|\d{8,}|$)"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_CALENDAR = {word for name in (*MONTHS, *WEEKDAYS) for word in name.split("_")}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "dt"))
_DATED = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)
_UPDATED = re.compile(r"تحديث|updated?|modified|edited|تعديل|(?<!\w)(?:عدل|حدث)ت?(?!\w)")
_PUBLISHED = re.compile(r"(?<!\w)(?:(?:ال)?نشرت?|اضيفت?)(?!\w)|published|posted")
_ELSEWHERE = re.compile(
    r"relat|popular|most|sidebar|(?<!elementor-)widget|footer|comment|latest|clock|today|ticker|weather|top-?bar"
    r"|(?:^|\s|site-|page-|main-)header-?(?:date|top)|current",
    re.I,
)
_CITIES = {
    "Asia": "sa Riyadh ae Dubai qa Qatar kw Kuwait bh Bahrain om Muscat ye Aden iq Baghdad jo Amman lb Beirut"
    " sy Damascus ps Gaza ir Tehran",
    "Africa": "eg Cairo sd Khartoum ly Tripoli tn Tunis dz Algiers ma Casablanca mr Nouakchott",
}
ZONES = {  # of a country's own domains: where a stamp names no zone
    country: f"{continent}/{city}"
    for continent, pairs in _CITIES.items()
    for country, city in zip(pairs.split()[::2], pairs.split()[1::2], strict=True)
}


def published(title: Any, about: Metadata, url: str, zone_name: str, now: float) -> tuple[datetime | None, str]:
    """The date with how it was found: json-ld, meta, time, text, update (nothing but when it was last
    changed), url; or (None, "").

    It keeps the outlet's own offset, so that the day is the one that the page shows. A date after `now` is `now`.
    """
    zone = zone_of(zone_name or _country_zone(url))
    shown = cache(lambda: list(_shown(title, zone, now)))  # most pages' metadata need no more
    claims = [
        *(("json-ld", stamp) for text in about.published if (stamp := _read(text, zone, now))),
        *(("meta", stamp) for name in DATES if (stamp := _read(about.meta.get(name, ""), zone, now))),
        *(("time", stamp) for text in about.marked if (stamp := _read(text, zone, now))),
        *(("weak", stamp) for name in WEAK_DATES if (stamp := _read(about.meta.get(name, ""), zone, now))),
    ]
    day = _url_day(url, now)
    found = _choose(claims, shown, day)
    if found is None:
        return None, ""
    source, stamp = found
    when = _local(stamp, shown)
    here = datetime.fromtimestamp(now, UTC)
    return min(when, here.astimezone(when.tzinfo)), "meta" if source == "weak" else source


def _choose(
    claims: list[tuple[str, Stamp]], shown: Callable[[], list[tuple[str, Stamp]]], day: datetime | None
) -> tuple[str, Stamp] | None:
    """The first claim that the address and the page don't contradict; what the page shows; the address's own day."""
    sources: list[Callable[[], list[tuple[str, Stamp]]]] = [lambda: claims, shown]
    for source, stamp in chain.from_iterable(found() for found in sources):
        fits = day is not None and abs(_instant(stamp) - day) <= timedelta(days=2)
        if fits or (day is None and (source != "weak" or not shown() or any(_agree(stamp, s) for _, s in shown()))):
            return source, stamp
    return ("url", Stamp(day, timed=False, zoned=False)) if day is not None else None


def _agree(one: Stamp, other: Stamp) -> bool:
    return abs(_instant(one) - _instant(other)) <= timedelta(days=1.6)


def _instant(stamp: Stamp) -> datetime:
    return stamp.when.astimezone(UTC)


def _local(stamp: Stamp, shown: Callable[[], list[tuple[str, Stamp]]]) -> datetime:
    """An exact instant in UTC, moved to the offset in which the page shows it."""
    if not (stamp.timed and stamp.zoned and stamp.when.utcoffset() == timedelta(0)):
        return stamp.when
    for _, other in shown():
        if other.timed and not other.zoned:
            ahead = other.when.replace(tzinfo=UTC) - stamp.when
            quarters = round(ahead / timedelta(minutes=15))
            if abs(ahead) <= SAME and abs(ahead - quarters * timedelta(minutes=15)) < timedelta(minutes=3):
                return stamp.when.astimezone(timezone(quarters * timedelta(minutes=15)))
    return stamp.when


def _read(text: str, zone: tzinfo, now: float) -> Stamp | None:
    stamp = parse(text, zone) if text else None
    return stamp if stamp and EARLIEST <= _instant(stamp) <= datetime.fromtimestamp(now, UTC) + AHEAD else None


def _country_zone(url: str) -> str:
    return ZONES.get((urlsplit(url).hostname or "").rsplit(".", 1)[-1], "")


def _url_day(url: str, now: float) -> datetime | None:
    """The day in an address such as /2020/06/03/ or /202003171044893040-x/."""
    found = _URL.search(urlsplit(url).path)
    parts = [part for part in found.groups() if part and part.isdigit()] if found else []
    stamp = parse("-".join(parts)) if parts else None
    return stamp.when if stamp and stamp.when <= datetime.fromtimestamp(now, UTC) + AHEAD else None


def _shown(title: Any, zone: tzinfo, now: float) -> Iterator[tuple[str, Stamp]]:
    """Dates that the page shows around its headline, those not called an update first."""
    found = list(_around(title)) if title is not None else []
    late: list[tuple[str, Stamp]] = []
    for source, text in found:
        folded = fold(text)
        updated = _UPDATED.search(folded)
        first = _read(_first_told(folded), zone, now) if updated else None
        stamp = first or _read(text, zone, now)
        if stamp and updated and not first:
            late.append(("update", stamp))
        elif stamp:
            yield source, stamp
    yield from late


def _first_told(folded: str) -> str:
    """Of a text that tells an update too, what it says of the publication."""
    label = _PUBLISHED.search(folded)
    return _UPDATED.split(folded[label.start() :], maxsplit=1)[0] if label else ""


def _around(title: Any) -> Iterator[tuple[str, str]]:
    """Texts that may be dates: in the headline's own box, then behind it, the machine-readable ones first. Behind the
    first long paragraph, which may be a standfirst, only what is named a date or says nothing else counts; behind the
    second only the former.
    """
    box, above = _box(title), set(title.iterancestors())
    pieces = list(_pieces(box, above)) if box is not None else []
    blocks = chars = longs = 0
    for element in _following(title):
        text, before = (element.text or "").strip(), longs
        blocks += bool(text) and element.tag in BLOCKS
        chars += len(text) if len(text) >= LONG or longs else 0
        longs += len(text) >= LONG
        if blocks > NEAR_BLOCKS or chars > NEAR_CHARS:
            break
        found = _piece(element)
        if found and (not before or _tells_a_date(element, found, before, above)) and not _elsewhere(element, above):
            pieces += found
    yield from (piece for piece in pieces if piece[0] == "time")
    yield from (piece for piece in pieces if piece[0] == "text")
    yield from _ahead(title)


def _ahead(title: Any) -> Iterator[tuple[str, str]]:
    """Short texts right before the headline, which only count where nothing else is dated; farther off what is called
    the publication.
    """
    box, shown = title, words_of(title)
    while box.getparent() is not None and words_of(box.getparent()) == shown:
        box = box.getparent()
    for sibling in islice(box.itersiblings(preceding=True), 3):
        text = words_of(sibling) if sibling.tag in BLOCKS - {"header", "footer"} else ""
        if 6 <= len(text) <= 120 and not _elsewhere(sibling, set()):
            yield "text", text
    for parent in islice(title.iterancestors(), 4):
        sibling = parent.getprevious()
        text = words_of(sibling) if sibling is not None and sibling.tag in BLOCKS else ""
        if len(text) <= 120 and _PUBLISHED.search(fold(text)):
            yield "text", text


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"


def _dated(element: Any) -> bool:
    return any(_DATED.search(_names(holder)) for holder in (element, *islice(element.iterancestors(), 1)))


def _tells_a_date(element: Any, found: list[tuple[str, str]], longs: int, above: set[Any]) -> bool:
    """Whether something behind long paragraphs is meant as a date, and not as that of another story."""
    meant = element.tag == "time" or _dated(element) or (longs == 1 and _bare(element, found))
    return meant and not _on_card(element, above)


def _bare(element: Any, found: list[tuple[str, str]]) -> bool:
    """Whether an element says nothing but a date, and is no heading of a chronicle."""
    words = (word for _, text in found for word in _WORD.findall(DATE_WORDS.sub(" ", fold(text))))
    return bool(found) and element.tag not in _HEADINGS and _CALENDAR.issuperset(words)


def _elsewhere(element: Any, above: set[Any]) -> bool:
    """Whether an element, or what it lies in beside the headline, is named as a clock or as other stories."""
    near = [element, *islice((parent for parent in element.iterancestors() if parent not in above), 4)]
    return any(_ELSEWHERE.search(_names(holder)) for holder in near if holder not in above)


def _on_card(element: Any, above: set[Any]) -> bool:
    """Whether another story's headline, a link of some words, stands near an element."""
    near = islice(takewhile(lambda parent: parent not in above, element.iterancestors()), 3)
    return any(words_of(link).count(" ") >= 3 for parent in near for link in islice(parent.iter("a"), 20))


def _following(title: Any) -> Iterator[Any]:
    """Elements behind the headline in the document's order; at most a few hundred."""
    for element in title.xpath("following::*[position() < 300]"):
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript"):
            yield element


def _box(title: Any) -> Any:
    """The smallest holder of the headline that holds other text too, if it is small."""
    for holder in list(title.iterancestors())[:4]:
        text = words_of(holder)
        if len(text) > NEAR_BOX or holder.tag in ("body", "html"):
            return None
        if re.search(r"\d{4}|[\u0660-\u0669]{4}", text.replace(words_of(title), "")):
            return holder
    return None


def _pieces(box: Any, above: set[Any]) -> Iterator[tuple[str, str]]:
    for element in box.iter():
        if (
            isinstance(element.tag, str)
            and element.tag not in ("h1", "script", "style")
            and not _elsewhere(element, above)
        ):
            yield from _piece(element)


def _piece(element: Any) -> list[tuple[str, str]]:
    """What an element may say of the date: its datetime attribute, its own short text."""
    machine = element.get("datetime") or (
        element.get("content") if "date" in (element.get("itemprop") or "").lower() else ""
    )
    if machine:
        names = (element.get("class") or "").split()  # themes call the only date they show "entry-date updated"
        updated = "modified" in (element.get("itemprop") or "").lower() or "updated" in names
        updated = updated and not {"published", "entry-date"} & set(names)
        return [("time", machine + (" updated" if updated else ""))]
    own = " ".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    whole = words_of(element) if own and len(element) and len(element) < 6 else own
    text = whole if len(whole) <= 120 else own
    return (
        [("time" if element.tag == "time" else "text", text)]
        if 6 <= len(text) <= 120 and re.search(r"\d", text)
        else []
    )
