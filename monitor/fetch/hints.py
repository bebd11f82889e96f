"""What an answer's headers and body say about when to ask again. Pure; `now` is epoch seconds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

Headers = Mapping[str, str]  # lower-case names

HOUR = 3600.0
# Possessive, and begun only where a word begins: a header of 100 kB must cost no more than its length.
_DIRECTIVE = re.compile(r'(?<![\w-])([\w-]++)\s*+(?:=\s*+(?:"([^"]*+)"|([^\s,"]*+)))?+\s*+(?:,|$)')
# Each stands only in pages that try whether a browser asks.
_CHALLENGE = re.compile(
    rb"(?i)_cf_chl_opt|/cdn-cgi/challenge-platform/|<title>\s*(?:just a moment|attention required! \| cloudflare"
    rb"|ddos-guard|checking your browser|access denied|one moment, please|pardon our interruption)"
    rb"|_incapsula_resource|captcha-delivery\.com|sucuri_cloudproxy|perimeterx|id=.aws-waf",
)


def fresh_for(headers: Headers, now: float) -> float:
    """Seconds for which the answer says that it stays fresh: max-age, else Expires, less its Age (RFC 9111)."""
    directives = _cache_control(headers)
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
    elif "expires" in headers:
        lifetime = (_date(headers["expires"]) or 0.0) - (_date(headers.get("date", "")) or now)
    else:
        return 0.0
    return max(0.0, lifetime - _seconds(headers.get("age", "")))


def retry_after(headers: Headers, now: float) -> float:
    """Seconds that Retry-After asks for; a date is read against the server's own clock. 0 where it asks for nothing."""
    text = headers.get("retry-after", "").strip()
    if date := _date(text):
        return max(0.0, date - (_date(headers.get("date", "")) or now))
    return _seconds(text)


def _cache_control(headers: Headers) -> dict[str, str]:
    """Directives by lower-case name; of a repeated one the first."""
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(headers.get("cache-control", "")):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _seconds(text: str) -> float:
    """Delta-seconds; 0 for what is none. Absurd lengths are infinite, and capped by who asks."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return 0.0
    return float(text) if len(text) <= 12 else float("inf")


def _date(text: str) -> float | None:
    if not any(char.isalpha() for char in text):
        return None
    try:
        date = parsedate_to_datetime(text[:100])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def challenged(status: int, headers: Headers, body: bytes) -> bool:
    """Whether the answer tries to tell machines from people, or refuses machines."""
    if headers.get("cf-mitigated", "").lower() == "challenge" or "x-datadome" in headers:
        return status != 304
    if status == 403 and "html" in headers.get("content-type", "").lower():
        return True
    return status in (200, 202, 401, 403, 405, 406, 429, 503) and bool(_CHALLENGE.search(body[:20_000]))


def outside(at: float, hours: Iterable[int]) -> float:
    """The first moment from `at` on that lies in none of these hours of the day (GMT); `at` where all are listed."""
    skipped = {hour % 24 for hour in hours}
    if len(skipped) == 24:
        return at
    while int(at // HOUR) % 24 in skipped:
        at = (at // HOUR + 1) * HOUR
    return at


def hub_and_topic(headers: Headers) -> tuple[str, str]:
    """The WebSub hub and topic that a Link header names; empty where it names none."""
    found: dict[str, str] = {}
    for target, parameters in re.findall(r"<([^<>]{1,2000})>((?:\s*;[^,<]*)*)", headers.get("link", "")[:20_000]):
        rel = re.search(r'(?i);\s*rel\s*=\s*"?([^";,]+)', parameters)
        for word in rel[1].lower().split() if rel else ():
            found.setdefault(word, target)
    return found.get("hub", ""), found.get("self", "")
