"""Alerts made of what the store knows: which hits one message names, in which order, under which lasting id. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from monitor.alert.wording.causes import arabic
from monitor.alert.wording.words import FEEDS, STORIES, Locale, counted, link, link_room, moment, number
from monitor.types import Alert, AlertKind, Finding, Item, Match, Severity

# Characters that a message of a list may hold: Telegram's are 4096 less a head and a foot, Gmail hides what follows
# after 102 KB of HTML, and most services left to apprise take 2000. A story costs its link and at most 130 for all else
# where the room is tight.
_ROOM = {"tgram": 3700, "mailto": 36_000, "mailtos": 36_000, "json": 10**6, "jsons": 10**6, "console": 10**6}
_STORY = 130
_WHY = {"quiet": "في ساعات الهدوء", "limit": "معًا، فوق حد القناة", "backlog": "تأخر إرسالها"}

Round = Literal["first", "restored"]  # of a new installation, or after a restore
_ROUNDS: dict[Round, tuple[str, str, str, str]] = {  # its name, and what is said of one story, of two, of more
    "first": ("أول جولة", "وهو سابق على بدء الرصد", "وهما سابقان على بدء الرصد", "وهي سابقة على بدء الرصد"),
    "restored": (
        "أول جولة بعد الاستعادة", "وربما سبق التنبيه إليه", "وربما سبق التنبيه إليهما", "وربما سبق التنبيه إليها",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the feeds are, for a digest's closing line."""

    healthy: int
    feeds: int


def alert(channel: str, item: Item, now: float, *, kind: AlertKind = AlertKind.alert, reply_to: str = "") -> Alert:
    """One message about one story; `kind` update for an edited article, `reply_to` the story's first alert."""
    return Alert(
        id=_id(now, channel, kind, *(f.hit for f in item.findings)),
        channel=channel,
        kind=kind,
        severity=severity_of([item]),
        created=_date(now),
        items=(item,),
        reply_to=reply_to,
    )


def digest(
    channel: str,
    items: Sequence[Item],
    now: float,
    *,
    since: float,
    health: Health,
    locale: Locale,
    url: str = "",
    catchup: Round | None = None,
) -> list[Alert]:
    """The messages of a digest: items of one story joined, by severity, then outlets.

    Never empty: with no items one message says so. A channel whose messages are short (by its `url`) gets several.
    `catchup`: it tells what the feeds hold in a first round.
    """
    stories = merged(items)
    many = counted(len(stories), STORIES, locale)
    if catchup:
        round_, old = _ROUNDS[catchup][0], _ROUNDS[catchup][min(len(stories), 3)]
        headline = f"{round_}: {many} مما في المصادر الآن، {old}" if stories else f"{round_}: لا شيء"
    else:
        start = moment(_date(since), locale, _date(now))
        headline = f"موجز: {many} منذ {start}" if stories else f"موجز: لا شيء منذ {start}"
    state = _health(health, locale)
    if not stories:
        headline = f"{headline}؛ {state}"
    return _parts(channel, AlertKind.digest, stories, now, headline, (state,) if stories else (), url, locale)


def gather(
    channel: str,
    items: Sequence[Item],
    now: float,
    *,
    why: Literal["quiet", "limit", "backlog"],
    locale: Locale,
    url: str = "",
    lone: AlertKind = AlertKind.alert,
) -> list[Alert]:
    """The summary of held hits: each story with title, link and short id. One held story is told as a message of the
    kind `lone`.

    `why`: held by quiet hours or a limit, or left over while the channel was down (`lane.backlog`).
    """
    stories = merged(items)
    if len(stories) == 1:
        return [alert(channel, stories[0], now, kind=lone)]
    many = counted(len(stories), STORIES, locale)
    headline = f"خلاصة: {many} {_WHY[why]}"
    return _parts(channel, AlertKind.summary, stories, now, headline, (), url, locale) if stories else []


def kind_of(edited: Iterable[bool]) -> AlertKind:
    """What a message about one story is: an update where all it tells of are edits of what was seen before."""
    return AlertKind.update if all(edited) else AlertKind.alert


def operator(channel: str, subject: str, headline: str, lines: Sequence[str], now: float) -> Alert:
    """A word about Rasid itself; causes in `lines` are told in Arabic.

    `subject` (feed:x, channel:y, rules) and `now` make its id.
    """
    return Alert(
        id=_id(now, channel, AlertKind.operator, subject),
        channel=channel,
        kind=AlertKind.operator,
        severity=Severity.high,
        created=_date(now),
        headline=headline,
        lines=tuple(map(arabic, lines)),
    )


def probe(channel: str, now: float) -> Alert:
    """The real-looking alert of `rasid channels test`, marked as a test."""
    sentence = "وقال مصدر عسكري إن الدفاعات الجوية أسقطت ثلاث مسيّرات فجر اليوم قرب الميناء من دون وقوع إصابات."
    start = sentence.index("مسيّرات")
    found = Match("مسيّرة", "مسيّرات", "text", start, start + len("مسيّرات"))
    finding = Finding(
        hit=0,
        rule="test",
        name="مسيّرات",
        severity=Severity.high,
        sentence=sentence,
        spans=((found.start, found.end),),
        matches=(found,),
    )
    item = Item(
        article=0,
        url="https://example.org/rasid/test",
        title="الدفاعات الجوية تسقط ثلاث مسيّرات قرب الميناء",
        outlet="وكالة الأمثلة",
        published=_date(now - 240),
        first_seen=_date(now),
        findings=(finding,),
        outlets=("وكالة الأمثلة", "جريدة التجربة"),
        text=sentence,
    )
    return replace(alert(channel, item, now), kind=AlertKind.test, id=_id(now, channel, AlertKind.test))


def merged(items: Sequence[Item]) -> list[Item]:
    """One item a story, sorted for reading: severity first, then the number of outlets, then the newest."""
    stories: dict[object, Item] = {}
    for item in sorted(items, key=lambda i: i.first_seen):
        key = item.story or f"article {item.article}"
        stories[key] = _joined(stories[key], item) if key in stories else item
    return sorted(
        stories.values(), key=lambda i: (-i.severity.rank, -len(i.outlets), -i.first_seen.timestamp(), i.article)
    )


def _joined(first: Item, other: Item) -> Item:
    """The first article of a story, with what fired on a copy and who else has it."""
    rules = {f.rule: f for f in first.findings}
    new = tuple(f for f in other.findings if f.rule not in rules or f.severity > rules[f.rule].severity)
    kept = tuple(f for f in first.findings if f.rule not in {n.rule for n in new})
    outlets = dict.fromkeys((*(first.outlets or (first.outlet,)), *(other.outlets or (other.outlet,))))
    return replace(first, findings=kept + new, outlets=tuple(outlets), worst=max(first.worst, other.worst))


def severity_of(items: Sequence[Item]) -> Severity:
    """The highest severity of the items; low where there are none."""
    return max((i.severity for i in items), default=Severity.low)


def _parts(
    channel: str,
    kind: AlertKind,
    stories: Sequence[Item],
    now: float,
    headline: str,
    lines: tuple[str, ...],
    url: str,
    locale: Locale,
) -> list[Alert]:
    """A list in as few messages as the service's length allows; `lines` close the last."""
    parts = _packed(stories, url.partition(":")[0].lower())
    alerts = []
    for n, some in enumerate(parts):
        place = f" ({number(n + 1, locale)} من {number(len(parts), locale)})" if len(parts) > 1 else ""
        alerts.append(
            Alert(
                id=_id(now, channel, kind, n, *(f.hit for i in some for f in i.findings)),
                channel=channel,
                kind=kind,
                severity=severity_of(some),
                created=_date(now),
                items=some,
                headline=headline + place,
                lines=lines if n == len(parts) - 1 else (),
            )
        )
    return alerts


def _packed(stories: Sequence[Item], service: str) -> list[tuple[Item, ...]]:
    """The stories in order, as many in each part as fit the service's room; at least one part."""
    left = room = _ROOM.get(service, 1700)
    size = link_room if service == "tgram" else len
    parts: list[list[Item]] = [[]]
    for item in stories:
        cost = _STORY + size(link(item.url))
        if parts[-1] and cost > left:
            parts.append([])
            left = room
        parts[-1].append(item)
        left -= cost
    return [tuple(part) for part in parts]


def _health(health: Health, locale: Locale) -> str:
    """`61 مصدرًا تعمل جيدًا من 74`."""
    rest = f" من {number(health.feeds, locale)}" if health.feeds != health.healthy else ""
    return f"{counted(health.healthy, FEEDS, locale)} جيدًا{rest}" if health.healthy else f"لا مصدر يعمل{rest}"


def _id(now: float, *parts: object) -> str:
    """The alert's id; the time is in it so that a state begun anew doesn't use an old message's id again."""
    return hashlib.sha256("\x1f".join(map(str, (repr(now), *parts))).encode()).hexdigest()[:24]


def _date(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)
