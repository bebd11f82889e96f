"""Why was I told, or not told, of this address? The whole chain in words that a person can forward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.match import Explanation, Matcher, explain
from monitor.rules import RuleSet
from monitor.store import ArticleLine, FeedHealth, Sending, StoredHit, Why, addressees
from monitor.types import Article, Feed
from monitor.watch.folder import tags_of

# control characters, and those that set a direction
_CONTROLS = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " "
)
_NEAR = 5  # rules that all but fired are told of up to so many,
_NEAREST = 3  # where there is none, those of which most was found, up to so many,
_REASONS = 2  # each with up to so many reasons,
_ASKED = 3  # a rule that was asked for with more


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
    lines = sorted(known.why.articles, key=lambda line: line.id)
    for line in lines:
        fired = [hit for hit in known.why.hits if hit.article == line.id]
        asked = [hit for hit in fired if rule in ("", hit.rule)]
        steps += [*_read(known, line), *_fired(asked), *_told(known, asked), *_sent(known, asked)]
        steps += _missed(known, line, rule, {hit.rule for hit in fired})
    for copies in known.why.stories.values():
        others = [f"{one.feed} ({known.time(one.first_seen)})" for one in copies if one not in lines]
        steps += [f"The same story was also seen at: {', '.join(others)}."] if others else []
    return list(dict.fromkeys(steps))


def _seen(known: Known) -> Iterator[str]:
    for feed in dict.fromkeys(mark.feed for mark in known.why.marks):
        marks = [mark for mark in known.why.marks if mark.feed == feed]
        read = any(mark.article is not None for mark in marks)
        kept = "" if read else "; it was not read: the feed showed it as old or as known already"
        yield f"The feed {feed} showed this address first {known.time(marks[0].first_seen)}{kept}."
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
        "feed": "only the feed's own text was taken, not the page's",
        "raw": "its page could not be read as an article, its raw text was taken",
    }[line.text_from]
    article = known.texts.get(line.id)
    words = len(article.text.split()) if article else 0
    because = article.because if article else ""
    edit = " as an edit of an earlier version" if line.revises is not None else ""
    told = f"{how}{because and f': {because}'} ({words} words); {_quoted(line.title)}."
    yield f"Stored {known.time(line.first_seen)} from {line.feed}{edit}: {told}"


def _fired(hits: Sequence[StoredHit]) -> Iterator[str]:
    """What fired, and what was decided for whom; where the same holds of channels or rules, they are named together."""
    for hit in hits:
        words = ", ".join(dict.fromkeys(_quoted(match.surface) for match in hit.matches))
        yield f"The rule {hit.rule} fired ({hit.severity}) on {words}."
        if not hit.decisions:
            yield f"No channel is meant for {hit.rule}."
    decided = [(hit, _by((f"{one.kind}, {one.reason}", one.channel) for one in hit.decisions)) for hit in hits]
    alike = _by((f"For the {_channels(c)}: {what}", hit.rule) for hit, said in decided for what, c in said.items())
    for said, rules in alike.items():
        yield f"{said} ({', '.join(rules)})." if len(hits) > 1 else f"{said}."


def _by(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Of whom each thing is said."""
    found: dict[str, dict[str, None]] = {}
    for said, whom in pairs:
        found.setdefault(said, {})[whom] = None
    return {said: list(names) for said, names in found.items()}


def _channels(names: Sequence[str]) -> str:
    return f"channel{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _told(known: Known, hits: Sequence[StoredHit]) -> Iterator[str]:
    """By which messages channels were told of the stories that hits joined, each message once."""
    joined = {(hit.rule, one.channel): hit.id for hit in hits for one in hit.decisions if one.kind == "joined"}
    told = {hit.id: hit for story in {hit.story for hit in hits} for hit in known.told.get(story, ())}
    messages = _by(
        (f"{_state(known, sending)}: {_quoted(hit.title)}, {hit.url}", sending.channel)
        for number, hit in sorted(told.items())
        for sending in hit.deliveries
        if number < joined.get((hit.rule, sending.channel), 0)
    )
    yield from (f"The message about it to the {_channels(names)} {what}." for what, names in messages.items())


def _state(known: Known, sending: Sending) -> str:
    return f"was sent {known.time(sending.at)}" if sending.state == "sent" else f"is {sending.state}"


def _sent(known: Known, hits: Sequence[StoredHit]) -> Iterator[str]:
    """How the messages about an article fared, each once, however many rules it names."""
    sendings = list(dict.fromkeys(sending for hit in hits for sending in hit.deliveries))
    named = list(zip(sendings, addressees(sendings), strict=True))
    done = _by((known.time(one.at), to) for one, to in named if one.state == "sent")
    yield from (f"Delivered to {', '.join(all_)} {when}." for when, all_ in done.items())
    for one, to in named:
        if one.state != "sent":
            trouble = f": {one.error}" if one.error else ""
            tries = f"after {one.attempts} tries" if one.attempts > 1 else "after one try"
            tries = tries if one.attempts else "and was not tried yet"
            yield f"Its delivery to {to} is {one.state} {tries}{trouble}."


def _missed(known: Known, line: ArticleLine, rule: str, fired: set[str]) -> Iterator[str]:
    """Which rules all but fired, or else came nearest, and what they missed; the one that is asked for in any case."""
    article, ruleset = known.texts.get(line.id), known.ruleset
    if article is None or ruleset is None:
        return
    matcher = Matcher(ruleset, tags_of(known.feeds))
    answers = {
        one.id: explain(one, article.title, article.text, feed=article.feed, rules=ruleset.rules, matcher=matcher)
        for one in ruleset.rules.values()
        if one.id not in fired and rule in ("", one.id)
    }
    roots = {name: answer.parts[0] for name, answer in answers.items() if not answer.holds}
    for name, answer in answers.items():
        if answer.holds:
            yield f"The rule {name} would fire today; it, or its feed, was changed after the article was judged."
    close = {name: list(dict.fromkeys(_close(root)))[:_REASONS] for name, root in roots.items()}
    missing = {name: reasons for name, reasons in close.items() if reasons}
    if rule and not missing:
        missing = {name: root.reasons()[:_ASKED] for name, root in roots.items()}
    elif not (fired or missing or len(roots) < len(answers)):
        missing = _nearest(roots)
        yield f"No rule fired{_SOME if missing else _NOTHING}"
    for name, reasons in list(missing.items())[:_NEAR]:
        yield f"The rule {name} did not fire: {'; '.join(reasons)}."


_SOME = ". These came nearest:"
_NOTHING = ": of none was any part found where it is asked for."


def _nearest(roots: Mapping[str, Explanation]) -> dict[str, list[str]]:
    """The rules of which most was found, by what was; what came less than half as near as the first is left out."""
    nearest = sorted((name for name in roots if roots[name].near > 0), key=lambda name: -roots[name].near)[:_NEAREST]
    return {
        name: _core(roots[name]).reasons()[:1] for name in nearest if 2 * roots[name].near >= roots[nearest[0]].near
    }


def _core(part: Explanation) -> Explanation:
    """The innermost part of which something stands there whole, by way of what came nearest."""
    items = [below for below in part.parts if below.kind not in ("if", "unless", "not")]
    nearest = max(items, key=lambda below: below.near, default=None)
    if nearest is None or not nearest.near or part.dropped or any(below.holds for below in items):
        return part
    return _core(nearest)


def _close(part: Explanation) -> Iterator[str]:
    """What all but held: its parts are all there, or it was there and an `unless`, `if` or `not` took it out."""
    if part.holds:
        yield "its sources leave out this feed"
        return
    failing = [below for below in part.parts if not below.holds]
    if part.dropped:
        yield from part.reasons()
    elif not failing and any(below.found for below in part.parts):
        yield f"{part.part}: {part.words}"
    elif failing and all(below.part.startswith("not ") for below in failing):
        yield from (f"{below.part}: {below.words}" for below in failing)
    else:
        for below in sorted(failing, key=lambda below: -below.near):
            yield from _close(below)
