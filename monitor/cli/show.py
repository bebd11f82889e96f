"""How verbs print: one JSON object a line, aligned tables, times in the reader's zone, Arabic isolated from Latin."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from monitor.emphasis import emphasised

FSI, PDI = "\u2068", "\u2069"  # first strong isolate: the text's own direction, whatever stands around it
_CONTROLS = dict.fromkeys(
    [*range(0x20), 0x7F, *range(0x80, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def clean(text: str) -> str:
    """Text of a feed for a terminal: one line, without controls and direction marks."""
    return " ".join(text.split()).translate(_CONTROLS)


def isolated(text: str) -> str:
    """Text of a feed in an isolate, so that it does not turn what stands around it."""
    return f"{FSI}{clean(text)}{PDI}"


_NAMED = re.compile(f"(?<!{FSI})(`[^`]*`|«[^»]*»)")


def named(text: str) -> str:
    """A sentence in which what stands in `backticks` or «quotes» is isolated where it is Arabic."""
    return _NAMED.sub(lambda found: f"{FSI}{found[0]}{PDI}" if any(map(_arabic, found[0])) else found[0], text)


def _arabic(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def width(text: str) -> int:
    """How many cells a terminal gives to `text`."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, cells: int) -> str:
    """The text's beginning, by words, with an ellipsis where something was left out."""
    if width(text) <= cells:
        return text
    head = ""
    for char in text:
        if width(head + char) >= cells:
            break
        head += char
    return (head.rsplit(" ", 1)[0] if " " in head[cells // 2 :] else head).rstrip(" ،,:.") + "…"


def marked(sentence: str, spans: Iterable[tuple[int, int]]) -> str:
    """A sentence in an isolate, what fired in it marked."""
    at, parts = 0, []
    for start, end in emphasised(sentence, spans):
        parts += [_clean_inside(sentence[at:start]), _strong(_clean_inside(sentence[start:end]))]
        at = end
    return f"{FSI}{''.join(parts)}{_clean_inside(sentence[at:])}{PDI}"


def _clean_inside(text: str) -> str:
    """`clean` for a part of a sentence: a space at either end stays."""
    core = clean(text)
    before = " " if text[:1].isspace() and core else ""
    return f"{before}{core}{' ' if text[-1:].isspace() else ''}"


def _strong(text: str) -> str:
    """Bold where the terminal shows it, else between stars."""
    context = click.get_current_context(silent=True)
    if sys.stdout.isatty() and not (context and context.color is False):
        return click.style(text, bold=True)
    return f"*{text}*"


def table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> None:
    """Columns wide enough for their content, on a terminal as wide as it is."""
    texts = [[clean(str(cell)) for cell in row] for row in rows]
    widths = [max([width(head), *(width(row[n]) for row in texts)]) for n, head in enumerate(heads)]
    if sys.stdout.isatty():
        widths = _fitting(widths, shutil.get_terminal_size().columns - 2 * len(heads) + 2)
    for row in [list(heads), *texts]:
        short = [cut(cell, w) for cell, w in zip(row, widths, strict=True)]
        cells = [f"{FSI}{cell}{PDI}" if any(ord(c) > 0x590 for c in cell) else cell for cell in short]
        padded = [cell + " " * (w - width(cell)) for cell, w in zip(cells, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


_NARROW = 14  # no column is made narrower: then lines are broken by the terminal


def _fitting(widths: list[int], room: int) -> list[int]:
    """The widths, the widest made narrower until all fit."""
    while sum(widths) > room and max(widths) > _NARROW:
        widest = widths.index(max(widths))
        widths = [*widths[:widest], widths[widest] - 1, *widths[widest + 1 :]]
    return widths


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number with its noun: 1 rule, 2 rules; `nouns` where the plural isn't made with -s."""
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"


def json_lines(objects: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line."""
    for item in objects:
        click.echo(json.dumps(item, ensure_ascii=False, default=str))


def iso(moment: datetime | float | None) -> str | None:
    """A time for machines: ISO 8601 in UTC; None where there is none."""
    if moment is None or moment == 0:
        return None
    if isinstance(moment, int | float):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def local(moment: datetime | float | None, zone: str) -> str:
    """A time for people, in their zone; a dash where there is none."""
    if moment is None or moment == 0:
        return "-"
    if isinstance(moment, int | float):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def ago(seconds: float) -> str:
    """A span for people: 40 s, 12 min, 5 h, 3 d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
