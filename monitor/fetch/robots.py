"""What a site's robots.txt permits (RFC 9309). It is read for article pages; a feed's address was typed by a person.

`read_robots` and `Robots.refusal` take up to a second for a file of the largest size that must be read: threads run
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from monitor.fetch.policy import PRODUCT

HOUR = 3600.0
_SIZE = 512_000  # bytes; RFC 9309 asks for at least 500 KiB, and Google reads no more
_LONGEST_DELAY = 60.0  # a Crawl-delay of a day would be a ban, which is spelled Disallow
_AGENT = re.compile(r"(?i)user[\s-]?agent\s*:?(.*)")
_WHOLE_SITE = re.compile(r"(?i)site-?map|host")  # stands in no group, and ends none
_RULE = re.compile(r"(?i).*:|allow|di|crawl|request|visit")  # Protego takes known ones without their colon too
_OTHER = "other"
_rules = lru_cache(maxsize=8)(Protego.parse)  # parsed, they take up to forty times the memory of their text


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's rules, and until when they hold (seconds of the clock that they were read by)."""

    text: str  # as far as it concerns us
    until: float
    delay: float = 0.0  # least seconds between two requests
    trouble: str = ""  # why they could not be read

    def refusal(self, url: str) -> str:
        """Why the page must not be asked for; empty where it may."""
        if self.trouble:
            return f"the site's robots.txt could not be read ({self.trouble}), so its pages are left alone for now"
        return "" if _rules(self.text).can_fetch(url, PRODUCT) else "the site's robots.txt does not permit it"

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return tuple(_rules(self.text).sitemaps)[:50]


def read_robots(status: int, body: bytes, now: float, trouble: str = "") -> Robots:
    """The rules of an answer; status 0 is no answer. No file permits all, a broken server nothing for ten minutes."""
    if status == 200:
        text = _ours(body[:_SIZE].decode("utf-8-sig", "replace"))
        return Robots(text, now + 24 * HOUR, min(_LONGEST_DELAY, _rules(text).crawl_delay(PRODUCT) or 0.0))
    if 400 <= status < 500 and status != 429:
        return Robots("", now + 24 * HOUR)
    return Robots("", now + HOUR / 6, trouble=trouble or f"the server answered {status}")


def _ours(text: str) -> str:
    """The file without other crawlers' names and rules.

    Protego keeps a group's rules once for each of its names: ten thousand of each would take all memory.
    """
    kept: list[str] = []
    ours = naming = False  # whether the group is ours, and its names are still being listed
    for line in (line.partition("#")[0].strip() for line in text.splitlines()):
        if agent := _AGENT.match(line):
            name = _name(agent[1].strip().lower())
            ours, naming = name != _OTHER or (ours and naming), True
            if kept[-1:] != [f"user-agent: {name}"]:
                kept.append(f"user-agent: {name}")
        elif _WHOLE_SITE.match(line):
            kept.append(line)
        elif _RULE.match(line):
            naming = False
            if ours:
                kept.append(line)
    return "\n".join(kept)


def _name(agent: str) -> str:
    """A crawler's name as far as it matters: ours, everybody's, or another's."""
    name = agent.replace("*", "")
    return (name or "*") if agent and PRODUCT.lower().startswith(name) else _OTHER
