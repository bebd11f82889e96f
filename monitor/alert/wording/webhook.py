"""The webhook's JSON, for other programs. Documented in docs/webhook.md; fields are only ever added. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.types import Alert, Finding, Item


def payload(alert: Alert) -> dict[str, Any]:
    """Everything an alert holds. Texts stand as they were found, unescaped; offsets are code points of the original.

    A message about one story has its `article`, `hits`, `story` and `outlets` at the top as well as in `stories`.
    """
    stories = [_story(item) for item in alert.items]
    return {
        "rasid": 1,
        "id": alert.id,
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "channel": alert.channel,
        "created": _stamp(alert.created),
        "reply_to": alert.reply_to or None,
        "headline": alert.headline,
        "lines": list(alert.lines),
        **(stories[0] if len(stories) == 1 else {}),
        "stories": stories,
    }


def _story(item: Item) -> dict[str, Any]:
    return {
        "story": item.story or None,
        "outlets": list(item.outlets or (item.outlet,)),
        "article": {
            "id": item.article,
            "url": item.url,
            "title": item.title,
            "feed": item.feed,
            "outlet": item.outlet,
            "published": _stamp(item.published),
            "first_seen": _stamp(item.first_seen),
            "text_from": item.text_from,
            "text": item.text,
        },
        "hits": [_hit(finding) for finding in item.findings],
    }


def _hit(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.hit,
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "sentence": finding.sentence,
        "spans": [list(span) for span in finding.spans],
        "matches": [
            {"term": m.term, "surface": m.surface, "field": m.field, "start": m.start, "end": m.end}
            for m in finding.matches
        ],
    }


def _stamp(when: datetime | None) -> str | None:
    """RFC 3339 in UTC, or null."""
    return None if when is None else when.isoformat().replace("+00:00", "Z")
