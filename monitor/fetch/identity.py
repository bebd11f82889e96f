"""When two addresses mean the same page."""

from __future__ import annotations

from urllib.parse import urlsplit

from courlan import normalize_url


def url_key(url: str) -> str:
    """A canonical form of an address, for comparing only: without tracking parameters, fragment, scheme and `www.`.

    What can't be read is its own key.
    """
    url = url.strip()
    try:
        parts = urlsplit(str(normalize_url(url.partition("#")[0], trailing_slash=False)))
    except (ValueError, AttributeError):
        return url
    if parts.scheme not in ("http", "https"):
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query}"
