"""Secrets that a feed's address refers to stay out of what is kept and told of it, also where its server echoes them.

A state's `configured` is the address as its owner wrote it, `url` the same with each `${NAME}` filled in. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, unquote

from monitor.fetch.judge import State, Verdict

_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_SHORT = 4  # hiding shorter ones would blot out plain words
_ADDRESSES = ("moved", "hub", "topic")


def hushed(before: State, verdict: Verdict) -> Verdict:
    """The verdict without the secrets of the state that was asked with: addresses go, words lose them."""
    hidden = set(_spellings(before))
    if not hidden:
        return verdict
    state, outcome = verdict
    state = {key: value for key, value in state.items() if key not in _ADDRESSES or not _holds(str(value), hidden)}
    words: State = {key: _without(state[key], hidden) for key in ("reason", "title") if key in state}
    reason, title = _without(outcome.reason, hidden), _without(outcome.title, hidden)
    moved_to = "" if _holds(outcome.moved_to, hidden) else outcome.moved_to
    return {**state, **words}, replace(outcome, reason=reason, title=title, moved_to=moved_to)


def _spellings(state: State) -> Iterator[str]:
    """What was filled in, as it is and as it may stand in an address."""
    written = _REFERENCE.split(str(state.get("configured") or state["url"]))
    found = re.fullmatch("(.+)".join(map(re.escape, written)), state["url"], re.DOTALL)
    for secret in map(unquote, found.groups() if found else ()):
        if len(secret) >= _SHORT:
            yield from (secret, quote(secret), quote(secret, safe=""))


def _holds(address: str, hidden: Iterable[str]) -> bool:
    return any(secret in address or secret in unquote(address) for secret in hidden)


def _without(text: str, hidden: Iterable[str]) -> str:
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text
