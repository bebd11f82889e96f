"""The settings of a whole installation, with their defaults. Durations are seconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import monitor.config.values as values
from monitor.config.feeds import web_address
from monitor.config.fields import Fields, choice
from monitor.config.secrets import references

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
    keep = file.within("keep", "`keep`")
    given: dict[str, Any] = {
        "poll": _filled(file.within("poll", "`poll`"), Poll(), _POLL),
        "retry": _filled(file.within("retry", "`retry`"), Retry(), _RETRY),
        "locale": _filled(file.within("locale", "`locale`"), Locale(), _LOCALE),
        "allow_networks": file.many("allow_networks", lambda text: [values.network(text)]),
        "operator": file.many("operator", lambda text: [text.strip()]),
        "keep_articles": keep.one("articles", values.positive, Settings().keep_articles),
    }
    keep.done()
    settings = _filled(file, Settings(**given), _SETTINGS)
    _judge(settings, file)
    return settings


_POLL: dict[str, Callable[[str], Any]] = {
    "late": values.positive,
    "at_most": values.rate,
    "floor": values.positive,
    "ceiling": values.positive,
    "hint_cap": values.duration,
    "retry_cap": values.duration,
    "spacing": values.duration,
    "spread": values.duration,
    "first": choice("catchup", "silent", "all"),
}
_RETRY: dict[str, Callable[[str], Any]] = dict.fromkeys(("base", "max", "give_up"), values.positive)
_LOCALE: dict[str, Callable[[str], Any]] = {"timezone": values.timezone, "digits": choice("latn", "arab")}


def _secret_address(text: str) -> str:
    return text.strip() if references(text) else web_address(text)


def _database(text: str) -> str:
    if text != "sqlite" and not references(text) and not re.match(r"(sqlite|postgresql)(\+\w+)?://", text):
        raise ValueError("this is no database: sqlite, or an address as in postgresql+psycopg://…")
    return text


def _contact(text: str) -> str:
    if not re.fullmatch(r"[!-~]+(@|://)[!-~]+", text.strip()):
        raise ValueError(f"`{text}` is no mail address and no page, as in desk@example.org")
    return text.strip()


def _host_port(text: str) -> str:
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"`{text}` is no host and port, as in 127.0.0.1:9464")
    return text.strip()


_SETTINGS: dict[str, Callable[[str], Any]] = {
    "alert_age": values.positive,
    "heartbeat": _secret_address,
    "database": _database,
    "telegram_api": web_address,
    "contact": _contact,
    "websub": web_address,
    "websub_listen": _host_port,
    "metrics": _host_port,
}


def _filled(fields: Fields, default: T, parsers: Mapping[str, Callable[[str], Any]]) -> T:
    """`default` with what the mapping says instead."""
    given = {key: fields.one(key, parse, getattr(default, key)) for key, parse in parsers.items()}
    fields.done()
    return replace(default, **given)  # type: ignore[type-var]


def _judge(settings: Settings, file: Fields) -> None:
    if settings.poll.floor > settings.poll.ceiling:
        file.error(file.place_of("poll"), "`floor` is above `ceiling`", "a feed is asked between floor and ceiling")
    if settings.retry.base > settings.retry.max:
        file.error(file.place_of("retry"), "`base` is above `max`", "the wait between two tries grows from base to max")
