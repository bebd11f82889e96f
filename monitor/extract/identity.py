"""By what an entry is known again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.types import Entry

ID_LIMIT = 2_000  # characters of an id that are kept; the key is made of all
_TRACKING = re.compile(r"(?<=[?&])(?:utm_[a-z]+|fbclid|gclid|ref|traffic_source|at_[a-z_]+)=[^&#]*&?|#.*$")


def identified(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries with their keys: a hash of the id, of id and link where the id repeats in the document; without an id of
    the link, without both of title and text. An exact repeat is left out.
    """
    ids = Counter(entry.id for entry in entries)
    links = Counter(entry.url for entry in entries if not entry.id)
    keyed = [replace(entry, key=_key(entry, ids, links), id=entry.id[:ID_LIMIT]) for entry in entries]
    return tuple({entry.key: entry for entry in reversed(keyed)}.values())[::-1]


def _key(entry: Entry, ids: Counter[str], links: Counter[str]) -> str:
    link = _TRACKING.sub("", entry.url).rstrip("?&")
    if entry.id:
        return _hash(["id", entry.id] if ids[entry.id] == 1 else ["id+link", entry.id, link, _same_link(entry, ids)])
    if entry.url:
        return _hash(["link", link] if links[entry.url] == 1 else ["link+title", link, entry.title])
    return _hash(["text", entry.title, entry.content or entry.summary])


def _same_link(entry: Entry, ids: Counter[str]) -> str:
    """Where the id is the link (or there is none), only the title can tell repeats apart."""
    return entry.title if not entry.url or entry.id == entry.url else ""


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
