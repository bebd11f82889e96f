"""A feed's polling state, as the hall keeps it between polls and over restarts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.fetch import Outcome
from monitor.store import Unseen
from monitor.types import Feed

State = dict[str, Any]
TRAITS = ("kind", "select", "timezone", "proxy")  # none of them is stored: a proxy's address may hold a secret


def begun(feed: Feed, states: Mapping[str, State]) -> State | None:
    """The feed's state; None where there is none of its present address: a new one is begun anew."""
    state = states.get(feed.id)
    return state if state and state.get("configured", feed.url) == feed.url else None


def traits(feed: Feed) -> State:
    """What a poll must know of the feed beside its state."""
    return {name: getattr(feed, name) for name in TRAITS}


def kept(feed: Feed, state: State, outcome: Outcome, now: float) -> State:
    """What of a state is stored, with a note of how many entries the feed holds, or since when it, that had some, has
    none. Its address is the one in feeds.yaml, with no secret filled in.
    """
    state = {key: value for key, value in state.items() if key not in TRAITS} | {"url": feed.url}
    if outcome.entries:
        state |= {"window": len(outcome.entries), "empty": 0.0}
    elif outcome.kind == "unchanged" and outcome.status == 200 and "empty" in outcome.reason and state.get("window"):
        state["empty"] = state.get("empty") or now
    return state


def mostly_new(news: Sequence[Unseen], outcome: Outcome) -> bool:
    """Whether hardly an entry of a new address was seen at the old one: then it is another feed."""
    return 5 * sum(unseen.kind == "new" for unseen in news) > 4 * len({entry.key for entry in outcome.entries})
