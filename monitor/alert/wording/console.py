"""A terminal: right to left, what fired in colour where there are colours, else between stars. Pure."""

from __future__ import annotations

import re

from monitor.alert.wording.lines import Markup, directed, render
from monitor.alert.wording.words import FSI, PDI, Locale
from monitor.types import Alert, Severity

_COLOUR = {Severity.low: "2", Severity.medium: "34", Severity.high: "33", Severity.critical: "31"}


def _ansi(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _starred(text: str) -> str:
    return f"*{text}*"


_PIPE = Markup(fired=_starred, fired_in_title=_starred)
_TTY = Markup(
    strong=lambda text: _ansi("1", text),
    fired=lambda text: _ansi("1;33", text),
    fired_in_title=lambda text: f"\x1b[33m{text}\x1b[39m",
    mark=lambda severity, text: _ansi("1;" + _COLOUR[severity], text),
)


def text(alert: Alert, layout: str, locale: Locale, *, color: bool = False, width: int = 0) -> str:
    """The message with a rule below it. With a `width`, long lines are broken between words."""
    lines = render(alert, layout, locale, _TTY if color else _PIPE).split("\n")
    broken = [part for line in lines for part in (_wrap(line, width) if width else [line])]
    rule = "─" * min(width or 60, 60)
    return "\n".join([*map(directed, broken), rule]) + "\n"


_CODES = re.compile("\x1b\\[[0-9;]*m|[\u200e\u200f\u2066-\u2069\u064b-\u0652\u0670]")


def _wrap(line: str, width: int) -> list[str]:
    """Breaks a line between words; an isolate that a break falls into is closed there and opened again."""
    if line.startswith(("http://", "https://")):
        return [line]
    lines, now = [""], 0
    depth = 0
    for word in line.split(" "):
        size = len(_CODES.sub("", word))
        if now and now + size + 1 > width:
            lines[-1] += PDI * depth
            lines.append(FSI * depth)
            now = 0
        lines[-1] += (" " if now else "") + word
        now += size + (1 if now else 0)
        depth = max(0, depth + word.count(FSI) - word.count(PDI))
    return lines
