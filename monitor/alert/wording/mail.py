"""E-mail: a subject, a text part and an HTML part that Gmail and Outlook show from right to left. Pure.

Mail programs drop style sheets, scripts and `dir` on the page itself, so the templates hold tables with inline styles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.alert.wording.lines import PLAIN, render
from monitor.alert.wording.view import about_rasid, closing, head, list_head, overview, row, story
from monitor.alert.wording.words import FSI, PDI, SEVERITY, Locale, cut, isolate, short
from monitor.types import Alert, AlertKind, Severity

if TYPE_CHECKING:
    import jinja2

SUBJECT = 190  # characters; apprise and some servers refuse subjects over 200

COLOUR = {
    Severity.low: "#868e96",
    Severity.medium: "#1971c2",
    Severity.high: "#e8590c",
    Severity.critical: "#c92a2a",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What an e-mail says."""

    subject: str
    text: str
    html: str


def mail(alert: Alert, layout: str, locale: Locale) -> Mail:
    """The e-mail of an alert."""
    return Mail(subject=subject(alert), text=render(alert, layout, locale, PLAIN), html=_html(alert, layout, locale))


def subject(alert: Alert) -> str:
    """One line of at most 190 characters without controls: `🟠 مهم · title`, or the list's headline."""
    if alert.kind == AlertKind.operator:
        line = about_rasid(alert)[0]
    elif alert.kind in (AlertKind.digest, AlertKind.summary) or not alert.items:
        line = list_head(alert)
    else:
        first = head(alert, alert.items[0].findings, 60).partition(FSI)[0].rstrip(" ·")
        line = f"{first} · {isolate(short(alert.items[0].title, 140))}"
    return cut(clean_line(line), SUBJECT)


def clean_line(line: str) -> str:
    """No control characters; the isolates stay."""
    return "".join(c for c in line if c.isprintable() or c in FSI + PDI)


def _html(alert: Alert, layout: str, locale: Locale) -> str:
    if alert.kind == AlertKind.operator:
        first, rest = about_rasid(alert)
        return _templates().get_template("operator.html").render(head=first, lines=rest, preview=first)
    if alert.kind in (AlertKind.digest, AlertKind.summary) or not alert.items:
        return _list(alert, layout, locale)
    item = alert.items[0]
    return (
        _templates()
        .get_template("alert.html")
        .render(
            view=story(alert, item, layout, locale),
            colour=COLOUR[alert.severity],
            preview=isolate(short(item.findings[0].sentence if item.findings else item.title, 140)),
        )
    )


def _list(alert: Alert, layout: str, locale: Locale) -> str:
    """A table, one group a severity."""
    groups: dict[Severity, list[object]] = {}
    for item in alert.items:
        line = row(item, alert, locale, 140)
        groups.setdefault(line.severity, []).append(line)
    return (
        _templates()
        .get_template("list.html")
        .render(
            head=list_head(alert),
            groups=[(SEVERITY[s], COLOUR[s], rows) for s, rows in groups.items()],
            overview=overview(alert, locale),
            lines=closing(alert),
            preview=isolate(short(alert.items[0].title, 140)) if alert.items else list_head(alert),
            wide=layout != "headline",
        )
    )


@cache
def _templates() -> jinja2.Environment:
    import jinja2  # five megabytes that a daemon without mail does not need

    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    env = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    env.filters["isolate"] = isolate
    return env
