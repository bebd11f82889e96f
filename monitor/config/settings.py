"""The settings of a whole installation, with their defaults. Durations are seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How often feeds are asked, and what may delay it."""

    late: float = 3 * MINUTE  # how late, on average, an entry may be seen
    at_most: tuple[int, float] = (6000, HOUR)  # requests for feeds in so many seconds
    floor: float = 120.0
    ceiling: float = HOUR
    hint_cap: float = HOUR  # how long max-age and ttl may delay
    retry_cap: float = 7 * DAY  # how long Retry-After may
    spacing: float = 1.0  # between two requests to one host:port; 0 for hosts in allow_networks
    spread: float = 5 * MINUTE  # overdue feeds after a start are spread over this
    first: Literal["catchup", "silent", "all"] = "catchup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How a delivery that failed in passing is tried again."""

    base: float = 5.0
    max: float = 15 * MINUTE
    give_up: float = 72 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How times and numbers are written for people."""

    timezone: str = "Asia/Riyadh"
    digits: Literal["latn", "arab"] = "latn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`settings.yaml`, every key filled. `keep_articles` is the file's `keep: {articles: …}`."""

    poll: Poll = field(default_factory=Poll)
    retry: Retry = field(default_factory=Retry)
    locale: Locale = field(default_factory=Locale)
    allow_networks: tuple[str, ...] = ()  # in CIDR notation
    alert_age: float = 48 * HOUR  # older entries are stored, not alerted
    keep_articles: float = 90 * DAY  # articles without hits
    operator: tuple[str, ...] = ()  # channels that hear of feeds, rules and disk; none: all
    heartbeat: str = ""  # address asked after a healthy cycle, may hold a reference to a secret
    database: str = "sqlite"  # or an SQLAlchemy address, may hold a reference to a secret
    telegram_api: str = "https://api.telegram.org"
    websub: str = ""  # public address under which hubs reach this machine; empty: off
    metrics: str = ""  # host:port of the Prometheus page; empty: off
