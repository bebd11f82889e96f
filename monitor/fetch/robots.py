"""What a site's robots.txt permits (RFC 9309). It is read for article pages; a feed's address was typed by a person."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from monitor.fetch.policy import PRODUCT

HOUR = 3600.0
_SIZE = 512_000  # RFC 9309 asks for at least 500 KiB
_LONGEST_DELAY = 60.0  # a Crawl-delay of a day would be a ban, which is spelled Disallow


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's rules, and until when they hold (seconds of the clock that they were read by)."""

    rules: Protego | None
    until: float
    trouble: str = ""  # why they could not be read

    def refusal(self, url: str) -> str:
        """Why the page must not be asked for; empty where it may."""
        if self.trouble:
            return f"the site's robots.txt could not be read ({self.trouble}), so its pages are left alone for now"
        if self.rules and not self.rules.can_fetch(url, PRODUCT):
            return "the site's robots.txt does not permit it"
        return ""

    @property
    def delay(self) -> float:
        """Least seconds between two requests."""
        return min(_LONGEST_DELAY, (self.rules and self.rules.crawl_delay(PRODUCT)) or 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return tuple(self.rules.sitemaps)[:50] if self.rules else ()


def read_robots(status: int, body: bytes, now: float, trouble: str = "") -> Robots:
    """The rules of an answer; status 0 is no answer. No file permits all, a broken server nothing for ten minutes."""
    if status == 200:
        return Robots(Protego.parse(body[:_SIZE].decode("utf-8-sig", "replace")), now + 24 * HOUR)
    if 400 <= status < 500 and status != 429:
        return Robots(None, now + 24 * HOUR)
    return Robots(None, now + HOUR / 6, trouble=trouble or f"the server answered {status}")
