"""Links as feeds and pages write them."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from monitor.extract.plain import clean_line


def address(link: str, base: str) -> str:
    """A link made whole, or nothing where it does not lead to the web."""
    try:
        whole = urljoin(base, clean_line(link).replace(" ", "%20"))
        return whole if web_address(whole) else ""
    except ValueError:
        return ""


def web_address(link: str) -> bool:
    """Whether a link is a whole http(s) address, of a length that servers take."""
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(link) <= 4096
    except ValueError:
        return False
