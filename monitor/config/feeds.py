"""`feeds.yaml`: the addresses that are polled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.config.fields import Fields
from monitor.config.secrets import inline_secrets
from monitor.config.tables import FEED, ID
from monitor.types import Feed


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
    if re.fullmatch(ID, name):
        return True
    fields.error(fields.place, f"`{name}` is no id", "ids have Latin letters, digits, _ and -")
    return False


def _feed(name: str, fields: Fields) -> Feed | None:
    given = fields.read(FEED, {**_DEFAULTS, "name": name})
    fields.done()
    if fields.node("url") is None and fields.readable:
        fields.error(fields.place, f"feed `{name}` has no `url`", "write `url:` and its address below it")
    _warn(fields, given)
    given["tags"] = frozenset(given["tags"])
    return Feed(id=name, **given) if valid_id(name, fields) and given["url"] else None


_DEFAULTS = {
    "url": "", "enabled": True, "language": "ar", "country": "", "timezone": "", "every": None, "text": "auto",
    "kind": "feed", "select": "", "proxy": "", "weight": 1.0,
}  # fmt: skip


def _warn(fields: Fields, given: Mapping[str, Any]) -> None:
    if given["select"] and given["kind"] != "page":
        fields.warn(fields.place_of("select"), "`select` is only for `kind: page`")
    if given["kind"] == "page" and not given["select"]:
        hint = "write `select:` with a CSS selector of its links, as `h2 a`"
        fields.warn(fields.place_of("kind"), "without `select` every link of the page is taken for news", hint)
    for key in ("url", "proxy"):
        if inline_secrets(given[key]):
            fields.warn(fields.place_of(key), f"`{key}` holds a password", "a secret is always a reference: ${NAME}")
