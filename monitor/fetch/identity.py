"""When two addresses mean the same page."""

from __future__ import annotations

from urllib.parse import urlsplit

from courlan import normalize_url


def url_key(url: str) -> str:
    """A canonical form of an address, for comparing only: without tracking parameters, fragment, scheme and `www.`.

    A fragment that is a script's path (`#/news/5`, `#!/news/5`) stays. What can't be read is its own key.
    """
    url = url.strip()
    bare, _, fragment = url.partition("#")
    try:
        parts = urlsplit(str(normalize_url(bare, trailing_slash=False)))
    except (ValueError, AttributeError):
        return url
    if parts.scheme not in ("http", "https"):
        return url
    # courlan drops what has no value, as in `story.php?81234`
    valueless = [part for part in urlsplit(bare).query.split("&") if part and "=" not in part]
    query = "&".join([*filter(None, [parts.query]), *valueless])
    route = f"#{fragment}" if fragment.startswith(("/", "!")) else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{'?' if query else ''}{query}{route}"
