from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.fetch.client import Client
from monitor.fetch.outcome import Outcome
from monitor.fetch.policy import Policy

State = dict[str, Any]


def poll_once(state: State, now: float, settings: Mapping[str, Any] | None = None) -> tuple[State, Outcome]:
    """One poll alone; see docs/fetching.md. `settings` (or `state["settings"]`) are the fields of Policy."""
    raise NotImplementedError


async def poll(state: State, now: float, client: Client, policy: Policy | None = None) -> tuple[State, Outcome]:
    """One poll for a daemon; `outcome.entries` are all entries of a changed body."""
    raise NotImplementedError


def earliest(state: State, now: float, delay: float) -> float:
    """When the feed is asked next: `delay` seconds from now, no sooner than its server allows, in none of its skipHours."""
    raise NotImplementedError


def check_now(state: State, now: float) -> str:
    """Why a person who asks for a feed now must wait; empty where it may be polled."""
    raise NotImplementedError


def spread(due: Mapping[str, float], now: float, over: float) -> dict[str, float]:
    """First times after a start: nothing before its stored time, what is overdue at random places in the next `over` seconds."""
    raise NotImplementedError
