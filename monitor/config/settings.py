"""The settings of a whole installation, with their defaults. Durations are seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from monitor.config.fields import Fields
from monitor.config.tables import GROUPS, KEEP, LISTS, SETTINGS, Key

T = TypeVar("T")

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
    contact: str = ""  # a mail address or page, told to every site in the User-Agent; empty: the project's page
    websub: str = ""  # public address under which hubs reach this machine; empty: off
    websub_listen: str = "127.0.0.1:9465"  # host:port where they are heard, mostly behind a proxy that has the address
    metrics: str = ""  # host:port of the Prometheus page; empty: off


def read_settings(file: Fields) -> Settings:
    """The settings of a file; what can't be read keeps its default and is a problem."""
    default = Settings()
    groups = {name: file.within(name, f"`{name}`") for name in GROUPS}
    given: dict[str, Any] = {name: _filled(groups[name], getattr(default, name), GROUPS[name][0]) for name in _TREES}
    given["keep_articles"] = groups["keep"].read(KEEP, {"articles": default.keep_articles})["articles"]
    groups["keep"].done()
    given |= file.read(LISTS, {})
    settings = _filled(file, replace(default, **given), SETTINGS)
    _judge(settings, file)
    return settings


_TREES = ("poll", "retry", "locale")


def _filled(fields: Fields, default: T, table: Mapping[str, Key]) -> T:
    """`default` with what the mapping says instead."""
    given = fields.read(table, {key: getattr(default, key) for key in table})
    fields.done()
    return replace(default, **given)  # type: ignore[type-var]


def _judge(settings: Settings, file: Fields) -> None:
    if settings.poll.floor > settings.poll.ceiling:
        file.error(file.place_of("poll"), "`floor` is above `ceiling`", "a feed is asked between floor and ceiling")
    if settings.retry.base > settings.retry.max:
        file.error(file.place_of("retry"), "`base` is above `max`", "the wait between two tries grows from base to max")
