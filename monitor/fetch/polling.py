"""One poll of one feed: a request as a good guest makes it, and what its answer means.

The keys of a state. The caller's: `url`, and optionally `settings`, `kind`, `select`, `timezone`, `proxy`, `full` (ask
once without validators), `configured` (the address with references in place of secrets). A poll writes

- what the next request is made of: `for` (whose state this is), `validators`, `hash`, `moved`, `read_at`
- when it may be: `next_at`, `wait_until`, `errors`, `throttles`, `blocks`, `ttl`, `skip_hours`
- the clock of its dates: `newest`, `lags`
- what its server's being private or having a hub permits: `private`, `hub`, `topic`
- for people: `polled_at`, `ok_at`, `state_kind` (fresh, error, throttled, blocked, gone), `since`, `status`, `reason`,
  `title`, `polls`, `not_modified`, `same`, `changed`, `bytes`
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import monitor.fetch.judge as judge
from monitor.errors import FetchError, NotAFeed
from monitor.extract import FeedDocument, feed
from monitor.fetch.answer import DOCUMENTS, Answer
from monitor.fetch.client import Client
from monitor.fetch.gate import HostPaused
from monitor.fetch.hints import challenged, outside
from monitor.fetch.judge import State, Verdict
from monitor.fetch.outcome import Outcome
from monitor.fetch.policy import DAY, Policy
from monitor.fetch.secrecy import hushed
from monitor.fetch.stamps import corrected, learn, offset
from monitor.fetch.urls import lent

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
_KNOWN = 5_000  # entries that a stand-alone state remembers; a document has at most 2,000
_CHECK_FLOOR = 60.0


def poll_once(state: State, now: float, settings: Mapping[str, Any] | None = None) -> tuple[State, Outcome]:
    """One poll alone, with its own connection: `({"url": …}, now) -> (state for the next poll, outcome)`.

    The state survives JSON; the next poll needs nothing else. `state["settings"]`, or the argument, which wins, sets
    any field of `Policy`: `{"floor": 60, "hint_cap": 3600, "retry_cap": 604800, "timeout": 10, "allow_networks":
    ["127.0.0.0/8", "::1/128"]}` for a server on loopback, which is refused otherwise. The outcome's entries are those
    that no earlier poll of this state has shown; `now` is epoch seconds, and `next_at` the earliest time of the next
    poll. Whether it is time is the caller's business: this asks whenever it is called, exactly once.

    Raises ValueError for a setting that is none; nothing that a server does raises.
    """
    policy = Policy.of({**state.get("settings", {}), **(settings or {})})

    async def alone() -> tuple[State, Outcome]:
        async with Client(policy) as client:
            return await poll(state, now, client)

    after, outcome = asyncio.run(alone())
    new, known = _strangers([entry.key for entry in outcome.entries], state.get("known", []), _KNOWN)
    entries = tuple(entry for entry in outcome.entries if entry.key in new)
    if outcome.kind == "new" and not entries:
        outcome = replace(outcome, kind="unchanged", reason="the document changed, but shows no new entry")
    return {**after, "known": known}, replace(outcome, entries=entries)


def _strangers(keys: Sequence[str], known: Sequence[str], most: int) -> tuple[set[str], list[str]]:
    """Which keys are not known yet, and the known ones afterwards, those of this document last so that they stay."""
    hashed = {key: hashlib.blake2b(key.encode(), digest_size=8).hexdigest() for key in keys}
    before = set(known)
    new = {key for key in keys if hashed[key] not in before}
    here = dict.fromkeys(hashed.values())
    return new, [*(old for old in known if old not in here), *here][-most:]


async def poll(state: State, now: float, client: Client) -> tuple[State, Outcome]:
    """One poll with a shared client. The entries are all of a changed body, in the document's order.

    Who keeps them decides which are new, and keeps the returned state only together with the last of them.
    """
    return hushed(state, await _asked(judge.settled(state), now, client))


async def _asked(state: State, now: float, client: Client) -> Verdict:
    url, policy = judge.address(state), client.policy
    try:
        answer = await client.get(
            lent(url, state["url"]) if state.get("moved") else url,
            {"Accept": _ACCEPT},
            deadline=policy.timeout,
            proxy=state.get("proxy", ""),
            conditional=judge.conditions(state, now),
        )
    except HostPaused as pause:
        return _waiting(state, now + pause.seconds)
    except FetchError as error:
        return judge.failed(state, now, str(error), policy)
    if answer.status == 304 and judge.overdue(state, now):
        reason = "the server says that nothing is new (304), though it was asked for the whole"
        return judge.failed(state, now, reason, policy, answer)
    state, outcome = await _meaning(state, now, answer, policy)
    if outcome.kind == "throttled":
        client.pause(answer.host, outcome.next_at - now)
    return state, outcome


def _waiting(state: State, until: float) -> Verdict:
    """A host on the way told somebody else to wait, so this feed is not asked."""
    reason = "its host asked for a pause"
    after = {**state, "next_at": until, "wait_until": until, "reason": reason}
    return after, Outcome(kind="throttled", next_at=until, reason=reason)


async def _meaning(state: State, now: float, answer: Answer, policy: Policy) -> Verdict:
    if answer.status == 304 and state.get("hash"):
        return judge.unchanged(_counted(state, "not_modified"), now, answer, policy)
    if answer.status not in DOCUMENTS:
        return judge.refused(state, now, answer, policy)
    if judge.fingerprint(answer.body) == state.get("hash"):
        same = _counted(state, "same")
        return judge.read(same, now, answer, policy, keep=True, reason="nothing new (the same bytes)")
    try:
        document = await asyncio.to_thread(_document, state, now, answer)
    except NotAFeed as error:
        state = {**state, "validators": None}  # a 304 must not hide what could not be read
        if challenged(answer.status, answer.headers, answer.body):
            return judge.blocked(state, now, answer, policy)
        return judge.failed(state, now, str(error), policy, answer)
    return _news(_counted(state, "changed"), now, answer, policy, document)


def _document(state: State, now: float, answer: Answer) -> FeedDocument:
    return feed(
        answer.body,
        content_type=answer.headers.get("content-type", ""),
        url=answer.url,
        timezone=state.get("timezone", ""),
        kind=state.get("kind", "feed"),
        select=state.get("select", ""),
        now=now,
    )


def _news(state: State, now: float, answer: Answer, policy: Policy, document: FeedDocument) -> Verdict:
    """What a document that was read brings."""
    state = learn({**state, **_particulars(document, answer)}, document.entries, now)
    reason = "" if document.entries else "the feed is empty"
    state, outcome = judge.read(state, now, answer, policy, keep=not document.damaged, reason=reason)
    if document.expired:
        outcome = replace(outcome, kind="gone", next_at=now + 7 * DAY, reason="the feed says that it has ended")
        state = {**state, "next_at": outcome.next_at, "state_kind": "gone", "reason": outcome.reason}
    return state, replace(outcome, entries=corrected(document.entries, offset(state.get("lags", ()))))


def _particulars(document: FeedDocument, answer: Answer) -> State:
    return {
        "title": document.title,
        "ttl": document.ttl,
        "skip_hours": sorted(document.skip_hours) or None,
        "hub": document.hubs[0] if document.hubs else None,
        "topic": (document.self_url or answer.url) if document.hubs else None,
    }


def _counted(state: State, what: str) -> State:
    return {**state, what: state.get(what, 0) + 1}


def earliest(state: State, now: float, delay: float) -> float:
    """When the feed is asked next: `delay` seconds from now, not before its server allows, in none of its skipHours."""
    return outside(max(now + delay, state.get("next_at", 0.0)), state.get("skip_hours") or ())


def check_now(state: State, now: float) -> str:
    """Why a person who asks for a feed now must wait, in words; empty where it may be polled."""
    if (left := state.get("wait_until", 0.0) - now) > 0:
        return f"the server asked to be left alone for {_minutes(left)} more ({state.get('reason', '')})"
    if 0 <= (gone := now - state.get("polled_at", 0.0)) < _CHECK_FLOOR:
        return f"it was asked {gone:.0f} s ago; once a minute is enough"
    return ""


def _minutes(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{max(1, round(seconds / 60))} min"


def spread(due: Mapping[str, float], now: float, over: float, dice: random.Random | None = None) -> dict[str, float]:
    """First times after a start, by feed: none before its stored time, what is overdue evenly over `over` seconds.

    A time over eight days ahead was written by a clock that was wrong, and counts as overdue.
    """
    dice = dice or random.Random()  # noqa: S311
    late = [feed for feed, at in due.items() if not now < at <= now + 8 * DAY]
    dice.shuffle(late)
    step = over / max(1, len(late))
    placed = {feed: now + (place + dice.random()) * step for place, feed in enumerate(late)}
    return {feed: placed.get(feed, at) for feed, at in due.items()}
