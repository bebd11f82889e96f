"""A message as lines, whatever the markup: Telegram's, a terminal's, none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.alert.wording.view import Row, about_rasid, closing, list_head, overview, row, story
from monitor.alert.wording.words import FSI, PDI, RLM, Locale, Piece, isolate, units
from monitor.types import Alert, AlertKind, Severity


def _as_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How a service writes emphasis. `escape` is applied to all text, the others to escaped text."""

    escape: Callable[[str], str] = _as_is
    strong: Callable[[str], str] = _as_is  # a title
    fired: Callable[[str], str] = _as_is  # a term in a sentence
    fired_in_title: Callable[[str], str] = _as_is
    linked: Callable[[str, str], str] | None = None  # a list's title that is a link; None: the address below it
    mark: Callable[[Severity, str], str] = lambda severity, text: text


PLAIN = Markup()


def render(alert: Alert, layout: str, locale: Locale, markup: Markup, limit: int = 1_000_000) -> str:
    """The whole message, at most `limit` UTF-16 units with its markup; lines are separated by line breaks.

    Texts are shortened before markup is put around them, so that no tag is ever cut.
    """
    for room in (3000, 1500, 800, 400, 200, 100, 60, 30, 10):
        text = "\n".join(map(directed, _lines(alert, layout, locale, markup, room)))
        if units(text) <= limit:
            return text
    return _fewer_lines(alert, layout, locale, markup, limit)


def directed(line: str) -> str:
    """The line from right to left, whatever letter it begins with: what stands in isolates gives it no direction. A
    link runs from left to right."""
    return line if not line or line.startswith((RLM, "http://", "https://")) else RLM + line


def _lines(alert: Alert, layout: str, locale: Locale, markup: Markup, room: int) -> list[str]:
    if alert.kind == AlertKind.operator:
        return _operator(alert, markup, room)
    if alert.kind in (AlertKind.digest, AlertKind.summary) or not alert.items:
        return _list(alert, layout, locale, markup, room)
    return _story(alert, layout, locale, markup, room)


def _story(alert: Alert, layout: str, locale: Locale, markup: Markup, room: int) -> list[str]:
    """First line, title, what fired, where and when, number; the link alone on the last line."""
    view = story(alert, alert.items[0], layout, locale, room)
    lines = [markup.mark(alert.severity, markup.escape(view.head))]
    lines.append(markup.strong(_run(view.title, markup, markup.fired_in_title)))
    if view.quotes:
        lines += ["", *(f"«{_run(quote, markup, markup.fired)}»" for quote in view.quotes), ""]
    lines += [markup.escape(line) for line in (view.source, view.also, view.number, view.link) if line]
    return lines


def _run(run: Sequence[Piece], markup: Markup, fired: Callable[[str], str]) -> str:
    """Text of a feed in its isolate, with what fired marked."""
    parts = [fired(markup.escape(text)) if hot else markup.escape(text) for text, hot in run]
    return FSI + "".join(parts).strip() + PDI


def _list(alert: Alert, layout: str, locale: Locale, markup: Markup, room: int) -> list[str]:
    lines = [markup.strong(markup.escape(list_head(alert)))]
    lines += [*map(markup.escape, overview(alert, locale) if room >= 100 else ()), ""]
    for item in alert.items:
        lines += _row(row(item, alert, locale, min(room, 160)), layout, markup, tight=room < 100)
    return [*lines, *([""] if alert.lines and alert.items else []), *map(markup.escape, closing(alert))]


def _row(row: Row, layout: str, markup: Markup, *, tight: bool) -> list[str]:
    """`🟠 title — rules · outlet +5 · 14:05 · رقم 123`, its title a link where the service knows links."""
    title = markup.escape(isolate(row.title))
    if markup.linked and row.link:
        title = markup.linked(title, row.link)
    by = " ".join(w for w in (row.outlet, row.also) if w) if not tight else ""
    time = row.published or row.seen
    names = row.names if layout == "full" and not tight else ""
    parts = [p for p in (names, by, *((time,) if layout != "headline" else ()), f"رقم {row.number}") if p]
    line = f"{row.mark} {title} — {markup.escape(' · '.join(parts))}"
    return [line] if markup.linked or not row.link else [line, markup.escape(row.link)]


def _operator(alert: Alert, markup: Markup, room: int) -> list[str]:
    first, rest = about_rasid(alert, max(room, 30))
    return [markup.strong(markup.escape(first)), *map(markup.escape, rest)]


def _fewer_lines(alert: Alert, layout: str, locale: Locale, markup: Markup, limit: int) -> str:
    """The last resort for a limit that even short texts don't keep: whole lines from the top, as many as fit."""
    kept: list[str] = []
    for line in map(directed, _lines(alert, "headline", locale, markup, 10)):
        if units("\n".join([*kept, line])) > limit - 4:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)
