"""How each feed is, in words, from what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from monitor.cli import Folders
from monitor.cli.show import ago, clean, iso
from monitor.cli.state import config_of, open_state
from monitor.errors import StateBroken

if TYPE_CHECKING:
    from monitor.store import FeedHealth
    from monitor.types import Feed

State = Mapping[str, Any]
Subject = tuple[str, float, str]  # what the operator was told of a feed: state, since when, why
_WORDS = {"": "not yet polled", "error": "failing", "throttled": "asked to wait"}
_ODD = ("silent", "empty")  # it answers, but what it brings is odd


def state_of(state: State, subject: Subject | None) -> str:
    """How a feed is, in a word: what its last poll brought, or what is odd about what it brings."""
    kind = str(state.get("state_kind", ""))
    if kind == "fresh":
        return subject[0] if subject is not None and subject[0] in _ODD else "ok"
    return _WORDS.get(kind, kind)


def rows_of(folders: Folders, now: float) -> list[dict[str, Any]]:
    """One object a feed, as `feeds --json` prints it."""
    from monitor.watch.pacing import schedule

    config = config_of(folders)
    try:
        with open_state(folders) as store:
            states, health, subjects = store.feed_states(), store.feed_health(), store.subjects()
    except StateBroken:
        states, health, subjects = {}, {}, {}
    enabled = [feed for feed in config.feeds.values() if feed.enabled]
    pace = schedule(enabled, states, config.settings)
    rows = []
    for feed in config.feeds.values():
        row = _row(feed, states.get(feed.id, {}), health.get(feed.id), subjects.get(f"feed:{feed.id}"), now)
        row["next_why"] = _why(feed, states.get(feed.id, {}), config.settings.poll.floor, now)
        polled = feed.enabled and feed.id in states
        row["per_day"] = round(pace.rate(feed.id) * 86400, 1) if polled else None
        row["interval"] = round(pace.interval(feed.id, now)) if feed.enabled else None
        rows.append(row)
    return rows


def _row(feed: Feed, state: State, known: FeedHealth | None, subject: Subject | None, now: float) -> dict[str, Any]:
    return {
        "id": feed.id,
        "name": feed.name,
        "url": feed.url,
        "tags": sorted(feed.tags),
        "country": feed.country,
        "moved_to": (state.get("moved") or {}).get("to"),
        "enabled": feed.enabled,
        "state": _state(feed, state, subject, now),
        "last_new": iso(known.last_new) if known else None,
        "next_at": iso(known.next_at) if known and feed.enabled else None,
        "reason": known.last_reason if known else "",
        "status": known.last_status if known else 0,
        "not_modified": state.get("not_modified", 0),
        "same": state.get("same", 0),
        "changed": state.get("changed", 0),
        "errors": known.errors if known else 0,
        "bytes": known.bytes if known else 0,
    }


def _state(feed: Feed, state: State, subject: Subject | None, now: float) -> str:
    """The feed's state in words: what is wrong, and since when."""
    if not feed.enabled:
        return "off"
    words = state_of(state, subject)
    since, why = state.get("since", 0.0), str(state.get("reason", ""))
    if subject is not None and words in _ODD:
        _, since, why = subject
    if words not in ("ok", "not yet polled"):
        words += (f" for {ago(now - since)}" if since else "") + f": {clean(why)}"
    moved = (state.get("moved") or {}).get("to")
    return words + (f", moved to {clean(moved)}" if moved else "")


def _why(feed: Feed, state: State, floor: float, now: float) -> str:
    """Why the feed is asked next when it is."""
    if not feed.enabled or not state.get("state_kind"):
        return ""
    kind, hint = state.get("state_kind", ""), state.get("next_at", 0.0) - state.get("polled_at", 0.0)
    if state.get("wait_until", 0.0) > now:
        return "its server asked for the pause"
    if kind in ("blocked", "gone"):
        return "410" if kind == "gone" else "it refuses machines"
    if kind == "error":
        return f"failure {state.get('errors', 1)} in a row"
    if (state.get("websub") or {}).get("active_until", 0.0) > now and state["websub"].get("pushed_at"):
        return "its hub tells of news"
    if feed.every:
        return "every"
    return "its server calls it fresh so long" if hint >= 1.5 * floor else "its rhythm"
