"""Why was I told, or not told, of this address? The whole chain in words that a person can forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.match import Explanation, Matcher, explain
from monitor.rules import RuleSet
from monitor.store import ArticleLine, FeedHealth, StoredHit, Why
from monitor.types import Article, Feed
from monitor.watch.folder import tags_of

# control characters, and those that set a direction
_CONTROLS = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " "
)
_NEAR = 5  # rules that came near are told of up to so many,
_REASONS = 2  # each with up to so many reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known around one address."""

    why: Why
    feeds: Mapping[str, Feed]
    health: Mapping[str, FeedHealth]
    states: Mapping[str, Mapping[str, Any]]
    subjects: Mapping[str, tuple[str, float, str]]
    ruleset: RuleSet | None
    texts: Mapping[int, Article]  # the stored articles of the address
    told: Mapping[int, Sequence[StoredHit]]  # by story: the hits that made an alert
    zone: ZoneInfo

    def time(self, moment: datetime | float | None) -> str:
        """A time for people."""
        if not moment:
            return "at an unknown time"
        if isinstance(moment, int | float):
            moment = datetime.fromtimestamp(moment, self.zone)
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


def chain(known: Known, rule: str = "") -> list[str]:
    """The steps from "not watched" to "delivered at", one sentence each; `rule` asks about one rule only."""
    steps = list(_seen(known))
    for line in known.why.articles:
        steps += _read(known, line)
        hits = [hit for hit in known.why.hits if hit.article == line.id and rule in ("", hit.rule)]
        for hit in hits:
            steps += _hit(known, hit)
        steps += _missed(known, line, rule, {hit.rule for hit in known.why.hits if hit.article == line.id})
        others = [other for other in known.why.stories.get(line.story, ()) if other.id != line.id]
        if others:
            copies = ", ".join(f"{other.feed} ({known.time(other.first_seen)})" for other in others)
            steps.append(f"The same story was also seen at: {copies}.")
    return steps


def _seen(known: Known) -> Iterator[str]:
    for mark in known.why.marks:
        kept = "" if mark.article is not None else "; it was not read: the feed showed it as old or as known already"
        yield f"The feed {mark.feed} showed this address first {known.time(mark.first_seen)}{kept}."
    if not known.why.marks:
        yield from _never_seen(known)


def _never_seen(known: Known) -> Iterator[str]:
    """Nothing is stored: is its outlet watched at all, and how is its feed?"""
    host = _site(known.why.url)
    near = [feed for feed in known.feeds.values() if _site(feed.url) == host]
    if not near:
        yield f"Not watched: no feed of {host or 'this address'} is in feeds.yaml, and no watched feed has shown it."
    for feed in near:
        yield _feed_step(known, feed)


def _feed_step(known: Known, feed: Feed) -> str:
    if not feed.enabled:
        return f"The feed {feed.id} of this site is switched off (enabled: false)."
    health = known.health.get(feed.id)
    if health is None or not health.last_poll:
        return f"The feed {feed.id} of this site has not been polled yet."
    state, since, note = known.subjects.get(f"feed:{feed.id}", ("ok", 0.0, ""))
    if state not in ("ok", ""):
        return f"The feed {feed.id} of this site is {state} since {known.time(since)}: {note or health.last_reason}."
    if health.failing:
        what = (
            f"The feed {feed.id} of this site could not be read when it was asked last, {known.time(health.last_poll)}"
        )
        return f"{what}: {health.last_reason}. It is asked next {known.time(health.next_at)}."
    asked = f"was asked last {known.time(health.last_poll)} ({health.last_reason or health.last_kind})"
    return f"The feed {feed.id} {asked} and has not shown this address; it is asked next {known.time(health.next_at)}."


def _quoted(text: str) -> str:
    """Text of an article on one line and in an isolate, so that it does not turn the sentence around it."""
    return f"\u2068«{' '.join(text.translate(_CONTROLS).split())}»\u2069"


def _site(url: str) -> str:
    """The last two labels of the host, or three where the last but one is short, as in `com.sa`."""
    labels = (urlsplit(url if "://" in url else f"//{url}").hostname or "").removeprefix("www.").split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:])


def _read(known: Known, line: ArticleLine) -> Iterator[str]:
    how = {
        "page": "its page was read",
        "feed": "only the feed's own text was read, not the page",
        "raw": "its page could not be read as an article, its raw text was taken",
    }[line.text_from]
    words = len(known.texts[line.id].text.split()) if line.id in known.texts else 0
    edit = " as an edit of an earlier version" if line.revises is not None else ""
    title = _quoted(line.title)
    yield f"Stored {known.time(line.first_seen)} from {line.feed}{edit}: {how} ({words} words); {title}."


def _hit(known: Known, hit: StoredHit) -> Iterator[str]:
    words = ", ".join(dict.fromkeys(_quoted(match.surface) for match in hit.matches))
    yield f"The rule {hit.rule} fired ({hit.severity}) on {words}."
    if not hit.decisions:
        yield f"No channel is meant for {hit.rule}."
    for decision in hit.decisions:
        yield f"For the channel {decision.channel}: {decision.kind}, {decision.reason}."
        if decision.kind == "joined":
            yield from _told(known, hit, decision.channel)
    for sending in hit.deliveries:
        if sending.state == "sent":
            yield f"Delivered to {sending.channel} {known.time(sending.at)}."
        else:
            trouble = f": {sending.error}" if sending.error else ""
            tries = f"after {sending.attempts} tries" if sending.attempts > 1 else "after one try"
            tries = tries if sending.attempts else "and was not tried yet"
            yield f"Its delivery to {sending.channel} is {sending.state} {tries}{trouble}."


def _told(known: Known, hit: StoredHit, channel: str) -> Iterator[str]:
    """By which message the channel was told of the story that a hit joined."""
    for other in known.told.get(hit.story, ()):
        for sending in other.deliveries:
            if sending.channel == channel and other.rule == hit.rule:
                when = f"was sent {known.time(sending.at)}" if sending.state == "sent" else f"is {sending.state}"
                yield f"The message about it {when}: {_quoted(other.title)}, {other.url}."
                return


def _missed(known: Known, line: ArticleLine, rule: str, fired: set[str]) -> Iterator[str]:
    """Which rules came near, and what they missed."""
    article, ruleset = known.texts.get(line.id), known.ruleset
    if article is None or ruleset is None:
        return
    matcher = Matcher(ruleset, tags_of(known.feeds))
    told = 0
    for one in ruleset.rules.values():
        if one.id in fired or rule not in ("", one.id):
            continue
        answer = explain(one, article.title, article.text, feed=article.feed, rules=ruleset.rules, matcher=matcher)
        if answer.holds:
            told += 1
            yield f"The rule {one.id} would fire today; it, or its feed, was changed after the article was judged."
            continue
        reasons = list(islice(dict.fromkeys(_close(answer)), _REASONS)) or (
            answer.reasons()[1:4] or answer.reasons() if rule else []
        )
        if reasons and told < _NEAR:
            told += 1
            yield f"The rule {one.id} did not fire: {'; '.join(reasons)}."
    if not fired and not told and not rule:
        yield "No rule fired, and none came near: its text holds none of their words in their places."


def _close(answer: Explanation) -> Iterator[str]:
    """What all but held: its parts are all there, or it was there and an `unless`, `if` or `not` took it out."""
    if answer.holds:
        return
    failing = [part for part in answer.parts if not part.holds]
    if answer.dropped:
        yield from answer.reasons()
    elif not failing and any(part.found for part in answer.parts):
        yield f"{answer.part}: {answer.words}"
    elif failing and all(part.part.startswith("not ") for part in failing):
        yield from (f"{part.part}: {part.words}" for part in failing)
    else:
        for part in sorted(failing, key=lambda part: -part.near):
            yield from _close(part)
