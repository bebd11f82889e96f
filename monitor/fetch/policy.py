"""What a user's settings mean for fetching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import quote

from monitor import __version__
from monitor.addresses import Network, networks

DAY = 86400.0
PRODUCT = "Rasid"  # the name that a site's robots.txt may speak to
ABOUT = "https://github.com/rasid-news/rasid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Bounds and manners of all requests; durations are seconds, sizes bytes. Defaults are the shipped settings."""

    floor: float = 120.0  # no feed is asked more often
    hint_cap: float = 3600.0  # how long max-age, Expires and ttl may delay
    retry_cap: float = 7 * DAY  # how long Retry-After may
    timeout: float = 30.0  # one poll in all: connecting, redirects, body
    page_timeout: float = 20.0
    spacing: float = 1.0  # between two requests to one host:port
    allow_networks: tuple[str, ...] = ()  # private networks that may be reached, as 127.0.0.0/8
    own_pace: tuple[str, ...] = ()  # hosts (RSSHub and the like) whose Retry-After is meant for one feed
    gate_allowed: bool = False  # spacing and one-in-flight also for hosts in allow_networks
    wire_limit: int = 5_000_000
    plain_limit: int = 10_000_000
    connections: int = 64  # requests in flight over all hosts
    contact: str = ABOUT  # an address or URL where a site's owner reaches whoever runs this

    @property
    def user_agent(self) -> str:
        """Who asks: product, version, and where to complain."""
        return f"{PRODUCT}/{__version__} (+{quote(self.contact, safe='!#$%&*+,-./:;=?@_~')})"

    def networks(self) -> tuple[Network, ...]:
        """`allow_networks`, read; raises ValueError for a network that is none."""
        return networks(self.allow_networks)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """A policy of plain values, as they stand in a state; raises ValueError for an unknown name."""
        known = {field.name for field in fields(cls)}
        if strange := sorted(set(settings) - known):
            raise ValueError(f"unknown setting: {', '.join(strange)} (known: {', '.join(sorted(known))})")
        values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in settings.items()}
        return cls(**values)
