"""Nouns as JSON and back, exactly: what is stored today must be read by every later version."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.types import Alert, AlertKind, Dropped, Finding, Item, Match, Severity

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def dumps(value: Any) -> str:
    """JSON that every database takes: Arabic as it is, but escaped where a lone surrogate has crept in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if not _UNSTORABLE.search(text) else json.dumps(value, separators=(",", ":"))


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which databases refuse; every other character keeps its offset."""
    return _UNSTORABLE.sub("\ufffd", text)


def hash64(*parts: str) -> int:
    """A signed 64-bit hash that is the same in every process."""
    data = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)


def epoch(moment: datetime | None) -> float | None:
    """Seconds since 1970; a naive datetime is taken as UTC."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def moment(seconds: float) -> datetime:
    """The aware datetime of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def date(seconds: float | None) -> datetime | None:
    """`moment` of a date that may not be known."""
    return None if seconds is None else moment(seconds)


def encode_alert(alert: Alert) -> str:
    """An alert as JSON."""
    return dumps(_plain(alert))


def _plain(value: Any) -> Any:
    if isinstance(value, Match):
        return [value.term, value.surface, value.field, value.start, value.end]
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def decode_alert(text: str) -> Alert:
    """The alert that `encode_alert` was given; what another version wrote and this one doesn't know is left out."""
    data = json.loads(text)
    return Alert(
        **_known(Alert, data)
        | {
            "kind": AlertKind(data["kind"]),
            "severity": Severity(data["severity"]),
            "created": datetime.fromisoformat(data["created"]),
            "items": tuple(_item(i) for i in data["items"]),
            "lines": tuple(data["lines"]),
        }
    )


def _known(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = {f.name for f in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


def _item(data: Mapping[str, Any]) -> Item:
    published = data["published"]
    return Item(
        **_known(Item, data)
        | {
            "published": published and datetime.fromisoformat(published),
            "first_seen": datetime.fromisoformat(data["first_seen"]),
            "findings": tuple(_finding(f) for f in data["findings"]),
            "outlets": tuple(data["outlets"]),
            "worst": Severity(data.get("worst", "low")),
        }
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(
        **_known(Finding, data)
        | {
            "severity": Severity(data["severity"]),
            "spans": read_spans(data["spans"]),
            "matches": decode_matches(data["matches"]),
        }
    )


def encode_matches(matches: tuple[Match, ...]) -> list[list[Any]]:
    """Matches as rows: term, surface, field, start, end."""
    return [_plain(m) for m in matches]


def decode_matches(rows: list[list[Any]]) -> tuple[Match, ...]:
    """The matches that `encode_matches` was given."""
    return tuple(Match(*row) for row in rows)


def read_spans(rows: list[list[int]]) -> tuple[tuple[int, int], ...]:
    """Spans, which JSON turned into lists."""
    return tuple((start, end) for start, end in rows)


def encode_dropped(dropped: tuple[Dropped, ...]) -> bytes | None:
    """The dropped pieces of an article, compressed; None where there are none."""
    return zlib.compress(dumps([[d.text, d.reason] for d in dropped]).encode()) if dropped else None


def decode_dropped(data: bytes | None) -> tuple[Dropped, ...]:
    """The pieces that `encode_dropped` was given."""
    rows = json.loads(zlib.decompress(data)) if data else ()
    return tuple(Dropped(text=text, reason=reason) for text, reason in rows)
