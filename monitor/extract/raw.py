"""The cheapest reading of a page."""

from __future__ import annotations

from monitor.extract.decoding import decode
from monitor.extract.plain import from_markup


def raw_text(data: bytes, content_type: str = "") -> str:
    """All that a page says, menus included: tags, scripts and styles off. Linear in its size, never raises."""
    return from_markup(decode(data, content_type))


def opening(text: str, characters: int = 600) -> str:
    """The beginning of an article's text, cut at a paragraph's or a word's end."""
    if len(text) <= characters:
        return text
    cut = text[: characters + 1]
    border = max(cut.rfind("\n"), cut.rfind(". ") + 1)
    return cut[:border].rstrip() if border > characters // 2 else cut.rsplit(" ", 1)[0] + " …"
