"""An article that was read becomes rows: its story, its hits, a decision for each channel, the alerts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor import alert, story
from monitor.alert import Bucket, Case, Judgement, Load
from monitor.alert.decide import Arrival
from monitor.arabic import fold
from monitor.fetch import PageBytes
from monitor.match import sentence_of
from monitor.store import Batch, Poll, Store, Told, Unseen
from monitor.types import Alert, Article, Channel, Feed, Finding, Hit, Item
from monitor.watch.addressing import recipients

_OPENING = 600  # characters of an article that travel with an alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One entry as it was read: its article, what fired on it, and the page where one was fetched."""

    unseen: Unseen
    article: Article
    hits: tuple[Hit, ...] = ()
    page: PageBytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What holds for all decisions of a batch."""

    feed: Feed
    feeds: Mapping[str, Feed]  # all, for the names of outlets
    channels: Mapping[str, Channel]
    policies: Mapping[str, alert.Policy]  # by channel: its zone, the silences
    arrival: Arrival = "live"
    because: str = ""  # why, where the arrival alone does not say it


@dataclass(slots=True)
class Recorded:
    """What a batch brought."""

    articles: int = 0
    hits: int = 0
    alerts: list[Alert] = field(default_factory=list)
    loads: dict[str, Load] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The feed's polling state, which goes into its poll's last batch and never before."""

    state: Mapping[str, Any]
    next_at: float
    poll: Poll


def record(
    store: Store, scene: Scene, reads: Sequence[Read], ending: Ending | None, loads: Mapping[str, Load], now: float
) -> Recorded:
    """Everything that follows from `reads`, in one transaction. `loads` are the channels' token buckets.

    Raises StateBusy; then nothing was written and the batch can be recorded again.
    """
    done = Recorded(loads=dict(loads))
    with store.batch(now) as batch:
        still = {
            unseen.entry.key: unseen for unseen in batch.still_unseen(scene.feed.id, [r.unseen.entry for r in reads])
        }
        for read in reads:
            if read.unseen.entry.key in still:
                _record_one(batch, scene, read, done, now)
        if ending is not None:
            batch.save_feed_state(scene.feed.id, ending.state, ending.next_at, ending.poll)
    return done


def _record_one(batch: Batch, scene: Scene, read: Read, done: Recorded, now: float) -> None:
    if read.unseen.kind.startswith("known"):
        batch.mark_seen(scene.feed.id, read.unseen.entry, read.unseen.article)
        return
    fired_before = batch.rules_hit(read.unseen.article) if read.unseen.article is not None else frozenset()
    number, story_id = _store_article(batch, read)
    done.articles += 1
    if not read.hits:
        return
    if read.page is not None:
        batch.add_evidence(number, read.page.data, read.page.url, read.page.fetched_at)
    judged = _judge(batch, scene, read, done, now, story_id, fired_before)
    findings = _store_hits(batch, read, number, judged)
    done.hits += len(findings)
    for channel_id, verdict in judged.items():
        if verdict.judgement.message is not None:
            chosen = tuple(findings[hit.rule.id] for hit in verdict.judgement.alerting)
            item = _item(batch, scene, read, number, story_id, chosen)
            made = alert.alert(channel_id, item, now, kind=verdict.judgement.message, reply_to=verdict.first_alert)
            batch.add_alert(made, recipients(scene.channels[channel_id]))
            done.alerts.append(made)


def _store_article(batch: Batch, read: Read) -> tuple[int, int]:
    """Stores the article in the story it belongs to; returns the numbers of both."""
    article, revises = read.article, read.unseen.article
    fingerprint = story.fingerprint(article.title, article.text)
    number = batch.add_article(
        article,
        entry=read.unseen.entry,
        sample=fingerprint.sample,
        folded=fold(f"{article.title}\n{article.text}"),
        story=_same_story(batch, article, fingerprint) if revises is None else None,
        revises=revises,
    )
    return number, batch.story_of(number)


def _same_story(batch: Batch, article: Article, fingerprint: story.Fingerprint) -> int | None:
    """The story that the article is a copy of, if one is stored."""
    seen = _stamp(article.first_seen)
    shared = story.enough_in_common(len(fingerprint.sample))
    for candidate in batch.similar(fingerprint.sample, seen - story.window_seconds(fingerprint.words), shared):
        if story.compare(candidate, article).verdict == "copy":
            return candidate.story
    return None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one channel makes of an article's hits."""

    judgement: Judgement
    first_alert: str  # of the story in this channel


def _judge(
    batch: Batch, scene: Scene, read: Read, done: Recorded, now: float, story_id: int, fired: frozenset[str]
) -> dict[str, _Verdict]:
    verdicts = {}
    for channel in scene.channels.values():
        told = batch.told(channel.id, story_id)
        case = _case(scene, read, told, fired)
        load = done.loads.get(channel.id) or load_of(batch.meta(_load_key(channel)))
        judgement = alert.judge(read.hits, channel, case, scene.policies[channel.id], load, now)
        if judgement.load != load:
            batch.set_meta(_load_key(channel), json.dumps(asdict(judgement.load)))
        done.loads[channel.id] = judgement.load
        verdicts[channel.id] = _Verdict(judgement, told.first_alert)
    return verdicts


def _load_key(channel: Channel) -> str:
    return f"load:{channel.id}"


def load_of(kept: str) -> Load:
    """A channel's load as it was kept: a restart in a burst doesn't make room for another."""
    found = json.loads(kept) if kept else {}
    return Load(bucket=Bucket(**found["bucket"]), held_until=found["held_until"]) if found else Load()


def _case(scene: Scene, read: Read, told: Told, fired: frozenset[str]) -> Case:
    arrival: Arrival = "edit" if scene.arrival == "live" and read.unseen.kind == "edited" else scene.arrival
    published = _stamp(read.article.published or read.article.first_seen)
    return Case(
        published=published, arrival=arrival, because=scene.because, told=told.rules, listed=told.listed, fired=fired
    )


def _store_hits(batch: Batch, read: Read, number: int, judged: Mapping[str, _Verdict]) -> dict[str, Finding]:
    """Each hit with the decisions of all channels; returns what messages need of it, by rule."""
    findings = {}
    for hit in read.hits:
        decisions = [
            decision
            for verdict in judged.values()
            for one, decision in zip(read.hits, verdict.judgement.decisions, strict=True)
            if one is hit
        ]
        sentence, spans = shown(read.article, hit)
        hit_id = batch.add_hit(number, hit, decisions, sentence=sentence, spans=spans)
        findings[hit.rule.id] = Finding(
            hit=hit_id, rule=hit.rule.id, name=hit.rule.name, severity=hit.severity,
            sentence=sentence, spans=spans, matches=hit.matches,
        )  # fmt: skip
    return findings


def shown(article: Article, hit: Hit) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence of a hit that proves it best, one of the text before one of the title, and its words in it."""
    ordered = sorted(hit.matches, key=lambda match: match.field == "title")
    if not ordered:
        return "", ()
    first = ordered[0]
    text = article.title if first.field == "title" else article.text
    return sentence_of(text, [m for m in hit.matches if m.field == first.field])


def _item(batch: Batch, scene: Scene, read: Read, number: int, story_id: int, findings: tuple[Finding, ...]) -> Item:
    article = read.article
    return Item(
        article=number,
        url=article.url,
        title=article.title,
        outlet=name_of(scene.feeds, article.feed),
        feed=article.feed,
        published=article.published,
        first_seen=article.first_seen or datetime.now(UTC),
        findings=findings,
        story=story_id,
        outlets=tuple(name_of(scene.feeds, feed) for feed in batch.outlets(story_id)),
        text_from=article.text_from,
        text=article.text[:_OPENING],
    )


def name_of(feeds: Mapping[str, Feed], feed: str) -> str:
    """The outlet's name as people know it; the id of a feed that is no longer watched."""
    return (feeds[feed].name or feed) if feed in feeds else feed


def _stamp(moment: datetime | None) -> float:
    assert moment is not None, "a reader gives every article its first_seen"
    return moment.timestamp()
