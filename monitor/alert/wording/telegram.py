"""Telegram's HTML: https://core.telegram.org/bots/api#html-style. Pure."""

from __future__ import annotations

from html import escape

from monitor.alert.wording.lines import PLAIN, Markup, render
from monitor.alert.wording.words import Locale
from monitor.types import Alert

LIMIT = 4096  # UTF-16 units of a message; Telegram counts without the markup, this room with it

_HTML = Markup(
    escape=lambda text: escape(text, quote=False),
    strong=lambda text: f"<b>{text}</b>",
    fired=lambda text: f"<b>{text}</b>",
    fired_in_title=lambda text: f"<u>{text}</u>",
    linked=lambda title, link: f'<a href="{escape(link)}">{title}</a>',
)


def html(alert: Alert, layout: str, locale: Locale, limit: int = LIMIT) -> str:
    """The message for `parse_mode` HTML."""
    return render(alert, layout, locale, _HTML, limit)


def plain(alert: Alert, layout: str, locale: Locale, limit: int = LIMIT) -> str:
    """The same without markup, for when Telegram cannot parse it."""
    return render(alert, layout, locale, PLAIN, limit)
