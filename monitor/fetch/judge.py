"""What an answer means for a feed: the new state, what to tell, when to ask again. Pure; `now` is epoch seconds.

A state is a dict that survives JSON; the docstring of `monitor.fetch.polling` names its keys.
"""

from __future__ import annotations

import hashlib
from typing import Any

from monitor.fetch.answer import Answer
from monitor.fetch.hints import challenged, fresh_for, hub_and_topic, named, outside, retry_after
from monitor.fetch.outcome import Kind, Outcome
from monitor.fetch.policy import DAY, Policy
from monitor.fetch.urls import mark

State = dict[str, Any]
Verdict = tuple[State, Outcome]

HOUR = 3600.0
REREAD = 6 * DAY  # so long a server may answer 304 before it is asked for the whole body
_PAUSE = HOUR / 4  # a 429 that doesn't say how long
_LONGEST_PASSING = 3 * HOUR  # for failures of the network and the server: a night's outage must not cost a day
_LONGEST_VALIDATOR = 2_000  # characters; it is stored, and sent with each request
_FORGET_MOVE = 5  # failures in a row after which the address that a person typed is asked again
_OWN = ("validators", "hash", "moved", "read_at", "errors", "throttles", "blocks", "ttl", "skip_hours", "wait_until")


def settled(state: State) -> State:
    """The state without what was learnt of another address, where a person has changed the feed's.

    The address is kept as a hash: it may hold a password, and the state is stored.
    """
    own = mark(state["url"])
    if state.get("for", own) == own:
        return {**state, "for": own}
    return {**{key: value for key, value in state.items() if key not in _OWN}, "for": own}


def address(state: State) -> str:
    """Where the feed is asked: where it moved for good, else what a person typed."""
    return str((state.get("moved") or {}).get("to") or state["url"])


def conditions(state: State, now: float) -> tuple[str, dict[str, str]]:
    """The mark of the only address to send them to, and conditional headers. None where the whole body is due."""
    kept = state.get("validators") or {}
    if not kept or overdue(state, now):
        return "", {}
    pairs = {"If-None-Match": kept.get("etag"), "If-Modified-Since": kept.get("last_modified")}
    return kept["url"], {name: value for name, value in pairs.items() if value}


def overdue(state: State, now: float) -> bool:
    """Whether the whole body is due to be read, whatever a server says of news."""
    return bool(state.get("full")) or not -DAY < now - state.get("read_at", 0.0) < REREAD


def fingerprint(body: bytes) -> str:
    """Tells one body from another."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def failed(state: State, now: float, reason: str, policy: Policy, answer: Answer | None = None) -> Verdict:
    """No answer, or none that helps: each failure in a row doubles the wait, up to three hours or a day."""
    errors = state.get("errors", 0) + 1
    passing = answer is None or answer.status >= 500 or answer.status == 200
    wait = _doubled(2 * policy.floor, errors - 1, _LONGEST_PASSING if passing else DAY)
    if answer is not None:
        wait = max(wait, min(policy.retry_cap, retry_after(answer.headers, now)))
    changes: State = {"errors": errors}
    if errors >= _FORGET_MOVE:
        changes["moved"] = None
    return _told({**state, **changes}, now, "error", now + wait, reason, answer)


def refused(state: State, now: float, answer: Answer, policy: Policy) -> Verdict:
    """Every status that brings no document: 410, challenges, pauses asked for, errors."""
    asked = retry_after(answer.headers, now)
    if answer.status == 410:
        return _told(state, now, "gone", now + 7 * DAY, "the server says the feed is gone for good (410)", answer)
    if answer.status == 403 or challenged(answer.status, answer.headers, answer.body):
        return blocked(state, now, answer, policy)
    if answer.status == 429 or (answer.status == 503 and asked):
        return _throttled(state, now, answer, policy, asked)
    return failed(state, now, f"the server answered {named(answer.status)}", policy, answer)


def blocked(state: State, now: float, answer: Answer, policy: Policy) -> Verdict:
    """A page meant to keep machines out: an hour's wait, doubling to a day. A person may ask sooner.

    Only Retry-After, where it comes, binds a person too.
    """
    blocks = state.get("blocks", 0) + 1
    asked = min(policy.retry_cap, retry_after(answer.headers, now))
    wait = max(_doubled(HOUR, blocks - 1, DAY), asked)
    reason = f"the site refuses machines ({answer.status}): try another feed of it, its news sitemap, or ask its owner"
    return _told(
        {**state, "blocks": blocks},
        now,
        "blocked",
        now + wait,
        reason,
        answer,
        wait_until=now + asked if asked else None,
    )


def _throttled(state: State, now: float, answer: Answer, policy: Policy, asked: float) -> Verdict:
    throttles = state.get("throttles", 0) + 1
    wait = asked or _doubled(_PAUSE, throttles - 1, DAY)
    wait = max(policy.floor, min(policy.retry_cap, max(wait, fresh_for(answer.headers, now))))
    reason = f"the server asked for a pause ({answer.status})"
    return _told({**state, "throttles": throttles}, now, "throttled", now + wait, reason, answer, wait_until=now + wait)


def unchanged(state: State, now: float, answer: Answer, policy: Policy) -> Verdict:
    """304. Its validators count only where its ETag names the body that was read."""
    kept = dict(state.get("validators") or {})
    etag, modified = _validator(answer, "etag"), _validator(answer, "last-modified")
    if etag and modified and _same(etag, kept.get("etag", "")):
        kept["last_modified"] = modified
    state = _cleared({**state, "validators": kept or None, **_moved(state, answer)})
    return _told(state, now, "unchanged", next_time(state, now, answer, policy), "nothing new (304)", answer)


def read(state: State, now: float, answer: Answer, policy: Policy, *, keep: bool, reason: str) -> Verdict:
    """A 200 whose body was read, or is the last one again. `keep` is false for a damaged one: it is asked for again."""
    etag, modified = _validator(answer, "etag"), _validator(answer, "last-modified")
    kept = {"url": mark(answer.url), "etag": etag, "last_modified": modified}
    changes = {
        "validators": kept if keep and (etag or modified) else None,
        "hash": fingerprint(answer.body) if keep else None,
        "read_at": now,
        "full": None,
    }
    hub, topic = hub_and_topic(answer.headers)
    if hub:
        changes.update(hub=hub, topic=topic or answer.url)
    state = _cleared({**state, **changes, **_moved(state, answer)})
    kind: Kind = "unchanged" if reason else "new"
    return _told(state, now, kind, next_time(state, now, answer, policy), reason or "read", answer)


def _validator(answer: Answer, name: str) -> str:
    """As it came; none where it is so long that its server would refuse it in a request."""
    value = answer.headers.get(name, "")
    return value if len(value) <= _LONGEST_VALIDATOR else ""


def next_time(state: State, now: float, answer: Answer, policy: Policy) -> float:
    """The earliest next poll after a success: the floor, what caching headers and `ttl` ask for, skipHours."""
    asked = max(fresh_for(answer.headers, now), state.get("ttl") or 0.0)
    return outside(now + max(policy.floor, min(policy.hint_cap, asked)), state.get("skip_hours") or ())


def _cleared(state: State) -> State:
    """A success ends every backoff."""
    return {**state, "errors": 0, "throttles": 0, "blocks": 0, "wait_until": None}


def _moved(state: State, answer: Answer) -> State:
    """Where permanent redirects led, up to the first temporary one; encryption is never given up for good."""
    asked = [url for url, _ in answer.trail] + [answer.url]
    steps = next((n for n, (_, status) in enumerate(answer.trail) if status not in (301, 308)), len(answer.trail))
    if not steps or (asked[0].startswith("https:") and not asked[steps].startswith("https:")):
        return {}
    return {"moved": {"to": asked[steps]}}


def _told(
    state: State,
    now: float,
    kind: Kind,
    next_at: float,
    reason: str,
    answer: Answer | None,
    *,
    wait_until: float | None = None,
) -> Verdict:
    """Writes what everybody wants to see of a feed, and says the same as an outcome."""
    condition = "fresh" if kind in ("new", "unchanged") else kind
    status, wire = (answer.status, answer.wire) if answer else (0, 0)
    state = {
        **state,
        "polled_at": now,
        "next_at": next_at,
        "status": status,
        "reason": reason,
        "state_kind": condition,
        "since": state.get("since", now) if state.get("state_kind") == condition else now,
        "wait_until": wait_until,
        "polls": state.get("polls", 0) + 1,
        "bytes": state.get("bytes", 0) + wire,
        "private": (answer.private or None) if answer else state.get("private"),
    }
    if condition == "fresh":
        state["ok_at"] = now
    outcome = Outcome(
        kind=kind,
        next_at=next_at,
        reason=reason,
        status=status,
        bytes=wire,
        moved_to=(state.get("moved") or {}).get("to", ""),
        title=state.get("title", ""),
    )
    return {key: value for key, value in state.items() if value is not None}, outcome


def _doubled(first: float, times: int, most: float) -> float:
    return min(most, first * 2.0 ** min(times, 60))


def _same(one: str, other: str) -> bool:
    """Weak comparison of entity tags."""
    return one.removeprefix("W/") == other.removeprefix("W/")
