"""What a message shows, before any markup: the same for every service. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.alert.wording.words import (
    FOLLOWS,
    FSI,
    KIND,
    MARK,
    OUTLETS,
    PDI,
    RLM,
    SEVERITY,
    Locale,
    Piece,
    clean,
    clock,
    counted,
    isolate,
    link,
    moment,
    number,
    pieces,
    short,
)
from monitor.types import Alert, AlertKind, Finding, Item, Severity

UNTITLED = "بلا عنوان"
QUOTES = {"full": 3, "short": 1, "headline": 0}  # how many sentences a layout shows


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story: first line, title, the sentences that fired, where and when, who else, number, link."""

    head: str
    title: tuple[Piece, ...]
    quotes: tuple[tuple[Piece, ...], ...]
    source: str
    also: str
    number: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One story in a list."""

    severity: Severity
    mark: str
    title: str
    names: str
    outlet: str
    also: str
    published: str
    seen: str
    number: str
    link: str


def story(alert: Alert, item: Item, layout: str, locale: Locale, room: int = 3000) -> StoryView:
    """An alert about one story; `room` in UTF-16 units is shared by its title and sentences."""
    sentences = _sentences(item, QUOTES.get(layout, 3))
    each = max(60, room * 2 // 3 // max(1, len(sentences)))
    return StoryView(
        head=head(alert, item.findings, room=min(600, max(60, room // 4))),
        title=tuple(_title(item, min(300, max(60, room // 3)))),
        quotes=tuple(tuple(pieces(f.sentence, f.spans, each)) for f in sentences),
        source=_source(item, locale, alert, headline=layout == "headline"),
        also=_also(item, locale) if layout == "full" else "",
        number=f"رقم {shown_number(item, locale)}" if layout != "headline" else "",
        link=link(item.url),
    )


def head(alert: Alert, findings: Iterable[Finding], room: int = 600) -> str:
    """The first line: `🟠 مهم · مسيّرات شاهد`. Its first strong letter is Arabic whatever a rule's name."""
    kind = FOLLOWS if alert.reply_to and alert.kind == AlertKind.alert else KIND.get(alert.kind, "")
    word = " · ".join(w for w in (kind, SEVERITY[alert.severity]) if w)
    return f"{MARK[alert.severity]} {word} · {names(findings, room)}"


def names(findings: Iterable[Finding], room: int = 300) -> str:
    """The names of the rules that fired, each once, the highest severity first, at most `room` characters."""
    unique = dict.fromkeys(f.name or f.rule for f in sorted(findings, key=lambda f: -f.severity.rank))
    shown: list[str] = []
    for name in unique:
        one = short(name, 80)
        if shown and sum(map(len, shown)) + len(one) > room:
            break
        shown.append(isolate(one))
    rest = len(unique) - len(shown)
    return "، ".join(shown) + (f" (+{rest})" if rest else "")


def shown_number(item: Item, locale: Locale) -> str:
    """The number under which `rasid hits` knows it: that of the rule named first."""
    return number(max(item.findings, key=lambda f: f.severity.rank).hit if item.findings else item.article, locale)


def _title(item: Item, room: int) -> list[Piece]:
    """The title with what fired in it."""
    spans = [(m.start, m.end) for f in item.findings for m in f.matches if m.field == "title"]
    return pieces(item.title, spans, room) if clean(item.title[:1000]).strip() else [(UNTITLED, False)]


def _sentences(item: Item, limit: int) -> list[Finding]:
    """The findings whose sentences are shown: the highest severity first, no sentence twice, nor the title again."""
    seen: dict[str, Finding] = {}
    for finding in sorted(item.findings, key=lambda f: -f.severity.rank):
        sentence = finding.sentence
        if not sentence.strip() or sentence.strip() == item.title.strip():
            continue
        known = seen.get(sentence, finding)
        seen[sentence] = replace(known, spans=tuple(sorted({*known.spans, *finding.spans})))
    return list(seen.values())[:limit]


def _source(item: Item, locale: Locale, alert: Alert, *, headline: bool) -> str:
    """`الجزيرة · السبت 21 نوفمبر، 14:05`; where no date is known, when it was first seen."""
    when = item.published or item.first_seen
    time = clock(when, locale) if headline else moment(when, locale, alert.created)
    seen = "" if item.published else "رُصد "
    return f"{isolate(short(item.outlet, 80))} · {seen}{time}" if item.outlet.strip() else f"{seen}{time}"


def _also(item: Item, locale: Locale) -> str:
    """`أيضًا لدى 6 مصادر، أولها سبوتنيك عربي`: the other outlets of the story, and who had it first."""
    others = [o for o in dict.fromkeys(item.outlets) if o != item.outlet]
    if not others:
        return ""
    first = item.outlets[0]
    tail = f"، والأول {isolate(short(first, 80))}" if first != item.outlet else "، وهذا أولها"
    return f"أيضًا لدى {counted(len(others), _OTHERS, locale)}{tail}"


_OTHERS = ("مصدر آخر", "مصدرين آخرين", *OUTLETS[2:])


def row(item: Item, alert: Alert, locale: Locale, title_room: int = 200) -> Row:
    """One line of a digest or summary."""
    first = (item.outlets or (item.outlet,))[0]
    more = len(dict.fromkeys(item.outlets)) - 1
    return Row(
        severity=item.severity,
        mark=MARK[item.severity],
        title=short(item.title, title_room) or UNTITLED,
        names=names(item.findings, 80),
        outlet=isolate(short(first, 40)) if first.strip() else "",
        also=f"+{number(more, locale)}" if more > 0 else "",
        published=_short(item, alert, locale) if item.published else "",
        seen=clock(item.first_seen, locale),
        number=shown_number(item, locale),
        link=link(item.url),
    )


def _short(item: Item, alert: Alert, locale: Locale) -> str:
    """The time alone for what was published on the message's day or the day before; older has its date."""
    assert item.published is not None
    recent = abs((alert.created - item.published).total_seconds()) < 24 * 3600
    return clock(item.published, locale) if recent else moment(item.published, locale, alert.created)


def about_rasid(alert: Alert, room: int = 1000) -> tuple[str, tuple[str, ...]]:
    """An operator message: its first line, which begins in Arabic, and the rest; `room` is for each line."""
    return f"⚙️ راصد · {short(alert.headline, min(room, 1000))}", closing(alert, room)


def closing(alert: Alert, room: int = 1000) -> tuple[str, ...]:
    """The lines below a message's headline or list, each in its own direction."""
    return tuple(_sided(short(line, min(room, 1000))) for line in alert.lines)


def _sided(line: str) -> str:
    """The line in an isolate, from right to left where a third of it is Arabic, whatever it begins with."""
    arabic = sum("\u0600" <= char <= "\u06ff" for char in line)
    mark = RLM if 2 * arabic > len(line) - arabic - line.count(" ") and line[:1] < "\u0600" else ""
    return f"{FSI}{mark}{clean(line).strip()}{PDI}"


def list_head(alert: Alert) -> str:
    """The first line of a digest or summary."""
    mark = "🗞" if alert.kind == AlertKind.digest else MARK[alert.severity]
    return f"{mark} {short(alert.headline, 1000) or 'موجز راصد'}"


def overview(alert: Alert, locale: Locale) -> tuple[str, ...]:
    """What a long list holds, in two lines: stories a severity, and the rules that fired most."""
    if len(alert.items) < 10:
        return ()
    severities = Counter(item.severity for item in alert.items if item.findings)
    rules = Counter(name for item in alert.items for name in {f.name or f.rule for f in item.findings})
    counts = (f"{SEVERITY[s]} {number(severities[s], locale)}" for s in reversed(Severity) if severities[s])
    most = (f"{isolate(short(name, 60))} {number(n, locale)}" for name, n in rules.most_common(6))
    return " · ".join(counts), "، ".join(most)
