"""Dates of outlets that write local time as GMT: learnt from how far in the future their new entries lie. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.types import Entry

_KEPT = 50  # lags of so many new entries
_ENOUGH = 5
_HALF_HOUR = 1800.0


def learn(state: dict[str, Any], entries: Sequence[Entry], now: float) -> dict[str, Any]:
    """The state with the lags (fetched less published) of the entries that are dated after all seen before.

    A first reading teaches nothing: its entries have been waiting for an unknown time.
    """
    stamps = [entry.published.timestamp() for entry in entries if entry.published]
    if not stamps:
        return state
    newest = state.get("newest")
    lags = [int(now - stamp) for stamp in stamps if newest is not None and stamp > newest]
    kept = [*state.get("lags", []), *lags][-_KEPT:]
    return {**state, "newest": max(stamps) if newest is None else max(newest, *stamps), "lags": kept}


def offset(lags: Iterable[float]) -> float:
    """Seconds to subtract from the feed's dates: full half hours, 0 where a tenth or less lies 15 minutes ahead."""
    ordered = sorted(lags)
    if len(ordered) < _ENOUGH:
        return 0.0
    tenth = ordered[len(ordered) // 10]
    return math.ceil(-tenth / _HALF_HOUR - 0.4) * _HALF_HOUR if tenth < -_HALF_HOUR / 2 else 0.0


def corrected(entries: tuple[Entry, ...], seconds: float) -> tuple[Entry, ...]:
    """The entries with their dates put right."""
    if not seconds:
        return entries
    back = timedelta(seconds=seconds)
    return tuple(replace(e, published=e.published - back) if e.published else e for e in entries)
