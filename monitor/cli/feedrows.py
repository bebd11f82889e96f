"""How each feed is, in words, from what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from monitor.cli import Folders
from monitor.cli.show import ago, clean, iso
from monitor.cli.state import open_state
from monitor.errors import StateBroken

if TYPE_CHECKING:
    from monitor.store import FeedHealth
    from monitor.types import Feed

State = Mapping[str, Any]
_WORDS = {"error": "broken", "throttled": "asked to wait", "silent": "silent against its rhythm"}


def rows_of(folders: Folders, now: float) -> list[dict[str, Any]]:
    """One object a feed, as `feeds --json` prints it."""
    from monitor.config import load_config
    from monitor.watch.pacing import schedule

    config = load_config(folders.rules)
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
        row["per_day"] = round(pace.rate(feed.id) * 86400, 1) if feed.enabled else None
        row["interval"] = round(pace.interval(feed.id, now)) if feed.enabled else None
        rows.append(row)
    return rows


def _row(
    feed: Feed, state: State, known: FeedHealth | None, subject: tuple[str, float, str] | None, now: float
) -> dict[str, Any]:
    return {
        "id": feed.id,
        "name": feed.name,
        "url": feed.url,
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


def _state(feed: Feed, state: State, subject: tuple[str, float, str] | None, now: float) -> str:
    """The feed's state in words: what is wrong, and since when."""
    if not feed.enabled:
        return "off"
    kind, since, why = state.get("state_kind", ""), state.get("since", 0.0), str(state.get("reason", ""))
    if not kind:
        return "not yet polled"
    if kind == "fresh" and subject is not None and subject[0] in ("silent", "empty"):
        kind, since, why = subject
    words = _WORDS.get(str(kind), str(kind))
    if kind != "fresh":
        words += (f" for {ago(now - since)}" if since else "") + f": {clean(why)}"
    moved = (state.get("moved") or {}).get("to")
    return words + (f", moved to {clean(moved)}" if moved else "")


def _why(feed: Feed, state: State, floor: float, now: float) -> str:
    """Why the feed is asked next when it is."""
    if not feed.enabled or not state.get("state_kind"):
        return ""
    kind, hint = state.get("state_kind", ""), state.get("next_at", 0.0) - state.get("polled_at", 0.0)
    if state.get("wait_until", 0.0) > now:
        return "its server asked for the pause" if kind == "throttled" else "it refuses machines"
    if kind in ("error", "gone"):
        return "410" if kind == "gone" else f"failure {state.get('errors', 1)} in a row"
    if (state.get("websub") or {}).get("active_until", 0.0) > now and state["websub"].get("pushed_at"):
        return "its hub tells of news"
    if feed.every:
        return "every"
    return "its server calls it fresh so long" if hint >= 1.5 * floor else "its rhythm"
