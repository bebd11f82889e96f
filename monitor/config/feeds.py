"""`feeds.yaml`: the addresses that are polled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import monitor.config.values as values
from monitor.config.fields import Fields, choice
from monitor.config.secrets import inline_secrets
from monitor.types import Feed

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def read_feeds(file: Fields) -> Mapping[str, Feed]:
    """The feeds of a file by their ids; a feed that can't be read is a problem and left out."""
    found: dict[str, Feed] = {}
    seen: dict[str, str] = {}  # url -> id
    for name, fields in file.within("feeds", "feeds").each("a feed"):
        feed = _feed(name, fields)
        if feed is None:
            continue
        if feed.url in seen:
            fields.warn(fields.place_of("url"), f"`{name}` has the address of `{seen[feed.url]}`", "it is polled twice")
        seen.setdefault(feed.url, name)
        found[name] = feed
    file.done()
    return found


def valid_id(name: str, fields: Fields) -> bool:
    """Whether `name` may be an id; a problem where it may not."""
    if _ID.fullmatch(name):
        return True
    fields.error(fields.place, f"`{name}` is no id", "ids have Latin letters, digits, _ and -")
    return False


def _feed(name: str, fields: Fields) -> Feed | None:
    given: dict[str, Any] = {
        "url": fields.one("url", web_address, ""),
        "name": fields.one("name", str.strip, name),
        "tags": frozenset(fields.many("tags", _tags)),
        "enabled": fields.one("enabled", values.truth, True),
        "language": fields.one("language", _language, "ar"),
        "country": fields.one("country", _country, ""),
        "timezone": fields.one("timezone", values.timezone, ""),
        "every": fields.one("every", _every, None),
        "text": fields.one("text", choice("auto", "feed", "page"), "auto"),
        "kind": fields.one("kind", choice("feed", "sitemap", "page", "telegram"), "feed"),
        "select": fields.one("select", str.strip, ""),
        "proxy": fields.one("proxy", _proxy, ""),
        "weight": fields.one("weight", values.number, 1.0),
    }
    fields.done()
    if fields.node("url") is None:
        fields.error(fields.place, f"feed `{name}` has no `url`")
    _warn(fields, given)
    return Feed(id=name, **given) if valid_id(name, fields) and given["url"] else None


def _warn(fields: Fields, given: Mapping[str, Any]) -> None:
    if given["select"] and given["kind"] != "page":
        fields.warn(fields.place_of("select"), "`select` is only for `kind: page`")
    for key in ("url", "proxy"):
        if inline_secrets(given[key]):
            fields.warn(fields.place_of(key), f"`{key}` holds a password", "a secret is always a reference: ${NAME}")


def web_address(text: str) -> str:
    """An http or https address with a host."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname
    except ValueError as error:
        raise ValueError(f"`{text}` is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or " " in text.strip():
        raise ValueError(f"`{text}` is no address of the web, as in https://example.org/feed")
    return text.strip()


def _tags(text: str) -> list[str]:
    return [tag for tag in re.split(r"[\s,،]+", text) if tag]


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", text):
        raise ValueError(f"`{text}` is no language code, as in ar or en")
    return text.lower()


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValueError(f"`{text}` is no country code of two letters, as in SA")
    return text.upper()


def _every(text: str) -> float | None:
    return None if text.strip() == "auto" else values.positive(text)


def _proxy(text: str) -> str:
    if not re.match(r"(https?|socks5h?)://[^/\s]|\$\{", text):
        raise ValueError("this is no proxy, as in http://proxy.example:3128")
    return text.strip()
