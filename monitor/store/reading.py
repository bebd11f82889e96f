"""What the verbs, the digests and the hall's decisions ask for. Nothing here writes."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

import monitor.store.batch as batch
import monitor.store.search as search
import monitor.store.seen as seen
import monitor.store.sqlite as sqlite
from monitor.errors import StateBroken
from monitor.store.base import Base
from monitor.store.codec import date, decode_dropped, decode_matches, moment, read_spans
from monitor.store.records import (
    ArticleLine,
    Counts,
    DeliveryLine,
    Due,
    Evidence,
    FeedHealth,
    Mark,
    Sending,
    StoredHit,
    Unseen,
    Waiting,
    Why,
)
from monitor.store.tables import (
    WAITS,
    alerts,
    articles,
    decisions,
    deliveries,
    evidence,
    feeds,
    hits,
    rule_versions,
    stories,
)
from monitor.store.tables import seen as marks
from monitor.types import Article, Decision, DecisionKind, DeliveryState, Entry, Finding, Item, Severity

OPENING = 600  # characters of an article's text in a message
PAGE = 200  # hits read at a time
_named = (rule_versions.c.rule == hits.c.rule) & (rule_versions.c.version == hits.c.rule_version)
_head = [
    articles.c[c] for c in ("id", "story", "feed", "url", "title", "published", "first_seen", "text_from", "revises")
]
_whole = (
    sa.select(hits, rule_versions.c.name, *(c.label(f"a_{c.name}") for c in _head))
    .join(articles, articles.c.id == hits.c.article)
    .join(rule_versions, _named, isouter=True)
)


class Reading(Base):
    """Questions, each answered from one snapshot."""

    def feed_states(self) -> dict[str, dict[str, Any]]:
        """Every feed's polling state as it was saved last."""
        with self.read() as connection:
            return dict(connection.execute(sa.select(feeds.c.feed, feeds.c.state)).tuples().all())

    def first_polled(self) -> frozenset[str]:
        """The feeds whose first poll is behind them. After a recovery none: what they show then is not news."""
        with self.read() as connection:
            return frozenset(connection.scalars(sa.select(feeds.c.feed).where(feeds.c.first_polled)))

    def feed_health(self) -> dict[str, FeedHealth]:
        """Every feed's counters."""
        columns = [c for c in feeds.c if c.name not in ("state", "first_polled")]
        with self.read() as connection:
            return {r.feed: FeedHealth(**r._mapping) for r in connection.execute(sa.select(*columns))}

    def unseen(self, feed: str, entries: Sequence[Entry], now: float) -> list[Unseen]:
        """The entries that are not known in this form, in the order given, each once."""
        with self.read() as connection:
            return seen.unseen(connection, feed, entries, self.url_key, now)

    def hits(
        self,
        *,
        rule: str = "",
        feed: str = "",
        since: float = 0.0,
        until: float = 0.0,
        severity: Severity | None = None,
        limit: int = 0,
    ) -> Iterator[StoredHit]:
        """Hits, newest first; `severity` is the lowest that counts, a `limit` of 0 is none."""
        conditions = [hits.c.at >= since]
        conditions += [hits.c.rule == rule] if rule else []
        conditions += [articles.c.feed == feed] if feed else []
        conditions += [hits.c.at < until] if until else []
        conditions += [hits.c.severity >= severity.rank] if severity else []
        left, last = limit or -1, 0
        while left:
            query = _whole.where(*conditions, *([hits.c.id < last] if last else []))
            page = self._hits(query.order_by(hits.c.id.desc()).limit(min(PAGE, left) if left > 0 else PAGE))
            yield from page
            if not page:
                return
            left, last = left - len(page), page[-1].id

    def hit_times(self, rule: str, since: float) -> list[float]:
        """When a rule fired since then, oldest first; from the index alone, however many they are."""
        query = sa.select(hits.c.at).where(hits.c.rule == rule, hits.c.at >= since).order_by(hits.c.at)
        with self.read() as connection:
            return list(connection.scalars(query))

    def hit(self, number: int) -> StoredHit | None:
        """One hit with everything that belongs to it."""
        return next(iter(self._hits(_whole.where(hits.c.id == number))), None)

    def _hits(self, query: sa.Select[Any]) -> list[StoredHit]:
        with self.read() as connection:
            rows = connection.execute(query).all()
            decided, sent = _outcomes(connection, [row.id for row in rows])
        return [_stored_hit(row, decided[row.id], sent[row.id]) for row in rows]

    def article(self, number: int) -> Article | None:
        """An article as it was stored."""
        with self.read() as connection:
            row = connection.execute(sa.select(articles).where(articles.c.id == number)).one_or_none()
        return None if row is None else _article(row)

    def versions(self, number: int) -> list[Article]:
        """All versions of an article as they were stored, the first one first."""
        first = sa.select(sa.func.coalesce(articles.c.revises, articles.c.id)).where(articles.c.id == number)
        mine = (articles.c.id == first.scalar_subquery()) | (articles.c.revises == first.scalar_subquery())
        with self.read() as connection:
            return [
                _article(row) for row in connection.execute(sa.select(articles).where(mine).order_by(articles.c.id))
            ]

    def articles(
        self, *, url: str = "", feed: str = "", since: float = 0.0, story: int = 0, limit: int = 0
    ) -> list[ArticleLine]:
        """Articles' heads, newest first."""
        query = sa.select(*_head).where(articles.c.first_seen >= since).order_by(articles.c.id.desc())
        query = query.where(articles.c.url_key == seen.address_key(url, self.url_key)) if url else query
        query = query.where(articles.c.feed == feed) if feed else query
        query = query.where(articles.c.story == story) if story else query
        with self.read() as connection:
            return [_line(row) for row in connection.execute(query.limit(limit) if limit else query)]

    def evidence(self, article: int) -> Evidence | None:
        """The page as it was. Raises StateBroken where it is not what its hash says."""
        with self.read() as connection:
            row = connection.execute(sa.select(evidence).where(evidence.c.article == article)).one_or_none()
        if row is None:
            return None
        data = zlib.decompress(row.data)
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise StateBroken("the page kept for this article was altered", subject=str(article))
        return Evidence(**{**row._mapping, "data": data})

    def deliveries(
        self, *, state: DeliveryState | None = None, channel: str = "", limit: int = 0
    ) -> list[DeliveryLine]:
        """Deliveries, newest first."""
        query = sa.select(deliveries, alerts.c.headline, alerts.c.kind).join(alerts, alerts.c.id == deliveries.c.alert)
        query = query.where(deliveries.c.state == state.value) if state else query
        query = query.where(deliveries.c.channel == channel) if channel else query
        query = query.order_by(deliveries.c.id.desc())
        with self.read() as connection:
            return [_delivery_line(row) for row in connection.execute(query.limit(limit) if limit else query)]

    def due(self, channel: str) -> list[Due]:
        """The hits that wait for this channel's digest or the end of its quiet hours, oldest first.

        Each comes as an item with one finding; `Batch.add_alert` settles those that are in the message.
        """
        opening = sa.func.substr(articles.c.text, 1, OPENING).label("text")
        query = _whole.add_columns(opening, decisions.c.kind, decisions.c.reason, decisions.c.until)
        query = query.join(decisions, decisions.c.hit == hits.c.id).where(decisions.c.channel == channel, WAITS)
        with self.read() as connection:
            rows = connection.execute(query.order_by(hits.c.id)).all()
            outlets = {story: batch.outlets(connection, story) for story in {row.a_story for row in rows}}
            listed = {row.a_story for row in rows if row.kind == DecisionKind.digest.value}
            worst = _worst(connection, channel, listed)
        return [
            Due(
                kind=r.kind, at=r.at, until=r.until, reason=r.reason, edited=r.a_revises is not None,
                item=_item(r, outlets[r.a_story], worst.get(r.a_story, Severity.low)),
            )
            for r in rows
        ]  # fmt: skip

    def summaries_due(self, now: float) -> frozenset[str]:
        """The channels with held hits whose time has come."""
        c = decisions.c
        query = sa.select(c.channel).distinct().where(WAITS, c.kind == DecisionKind.held.value, c.until <= now)
        with self.read() as connection:
            return frozenset(connection.scalars(query))

    def waiting(self) -> dict[str, Waiting]:
        """By channel, what waits for its digest or the end of its quiet hours or of a burst."""
        c, kinds = decisions.c, (DecisionKind.held.value, DecisionKind.digest.value)
        story = [sa.func.count(sa.distinct(sa.case((c.kind == kind, articles.c.story)))) for kind in kinds]
        until = sa.func.min(sa.case((c.kind == kinds[0], c.until)))
        query = sa.select(c.channel, *story, until).join(hits, hits.c.id == c.hit).join(articles).where(WAITS)
        with self.read() as connection:
            rows = connection.execute(query.group_by(c.channel)).tuples()
            return {name: Waiting(held=held, digest=digest, held_until=at or 0.0) for name, held, digest, at in rows}

    def why(self, url: str) -> Why:
        """All that is stored about an address; empty where nothing is."""
        key = seen.address_key(url, self.url_key)
        with self.read() as connection:
            shown = connection.execute(sa.select(marks).where(marks.c.url_key == key).order_by(marks.c.first_seen))
            found = [Mark(feed=r.feed, first_seen=r.first_seen, title=r.title, article=r.article) for r in shown if key]
        lines = self.articles(url=url)
        lines += [line for number in {m.article for m in found} for line in self._line(number, lines)]
        fired = self._hits(_whole.where(hits.c.article.in_([a.id for a in lines])).order_by(hits.c.id))
        others = {a.story: tuple(self.articles(story=a.story)) for a in lines}
        return Why(url=url, marks=tuple(found), articles=tuple(lines), hits=tuple(fired), stories=others)

    def _line(self, number: int | None, known: Iterable[ArticleLine]) -> list[ArticleLine]:
        if number is None or number in {line.id for line in known}:
            return []
        with self.read() as connection:
            return [_line(row) for row in connection.execute(sa.select(*_head).where(articles.c.id == number))]

    def counts(self, since: float) -> Counts:
        """The figures of `status`."""
        with self.read() as connection:

            def number(query: sa.Select[Any]) -> int:
                return int(connection.scalar(query) or 0)

            def many(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
                return number(sa.select(sa.func.count()).select_from(table).where(*conditions))

            def by_channel(*states: str) -> dict[str, int]:
                query = sa.select(deliveries.c.channel, sa.func.count()).where(deliveries.c.state.in_(states))
                return dict(connection.execute(query.group_by(deliveries.c.channel)).tuples().all())

            return Counts(
                articles=many(articles),
                articles_since=many(articles, articles.c.first_seen >= since),
                hits=many(hits),
                hits_since=many(hits, hits.c.at >= since),
                stories=many(stories),
                waiting=by_channel("pending", "sending"),
                dead=by_channel("dead"),
                last_hit=float(connection.scalar(sa.select(sa.func.max(hits.c.at))) or 0.0),
                database_bytes=self.folder.database.stat().st_size,
            )

    def search(self, words: Sequence[tuple[str, ...]], limit: int = 50) -> list[ArticleLine]:
        """Articles that have all the words, each in one of the folded forms given; newest first. Any text is valid."""
        with self.read() as connection:
            found = search.find(connection, words, limit)
            query = sa.select(*_head).where(articles.c.id.in_(found)).order_by(articles.c.id.desc())
            return [_line(row) for row in connection.execute(query)]


def _outcomes(
    connection: sa.Connection, numbers: Collection[int]
) -> tuple[dict[int, list[Decision]], dict[int, list[Sending]]]:
    """What was decided about hits, and how the messages that told of them fared."""
    decided: dict[int, list[Decision]] = defaultdict(list)
    sent: dict[int, list[Sending]] = defaultdict(list)
    query = sa.select(decisions).where(decisions.c.hit.in_(numbers)).order_by(decisions.c.hit, decisions.c.channel)
    for row in connection.execute(query):
        decided[row.hit].append(Decision(row.channel, DecisionKind(row.kind), row.reason, row.until))
    query = sa.select(decisions.c.hit, deliveries).join(deliveries, deliveries.c.alert == decisions.c.alert)
    for row in connection.execute(query.where(decisions.c.hit.in_(numbers)).order_by(deliveries.c.id)):
        sent[row.hit].append(
            Sending(
                channel=row.channel,
                state=row.state,
                attempts=row.attempts,
                at=row.settled_at if row.state == "sent" else 0.0,
                recipient=row.recipient,
                error=row.last_error,
                alert=row.alert,
            )
        )
    return decided, sent


def _stored_hit(row: Any, decided: list[Decision], sent: list[Sending]) -> StoredHit:
    return StoredHit(
        id=row.id,
        rule=row.rule,
        name=row.name or row.rule,
        version=row.rule_version,
        severity=list(Severity)[row.severity],
        at=row.at,
        sentence=row.sentence,
        spans=read_spans(row.spans),
        matches=decode_matches(row.matches),
        decisions=tuple(decided),
        deliveries=tuple(sent),
        story=row.a_story,
        article=row.article,
        url=row.a_url,
        title=row.a_title,
        feed=row.a_feed,
        published=date(row.a_published),
        first_seen=moment(row.a_first_seen),
        text_from=row.a_text_from,
    )


def _worst(connection: sa.Connection, channel: str, of: Collection[int]) -> dict[int, Severity]:
    """The highest severity of each story's hits, those left out that are nothing to this channel."""
    query = sa.select(articles.c.story, sa.func.max(hits.c.severity)).select_from(hits).join(articles).join(decisions)
    query = query.where(sqlite.among(articles.c.story, of), decisions.c.channel == channel)
    query = query.where(decisions.c.kind != DecisionKind.stored.value).group_by(articles.c.story)
    return {story: list(Severity)[rank] for story, rank in connection.execute(query)}


def _item(row: Any, outlets: tuple[str, ...], worst: Severity) -> Item:
    finding = Finding(
        hit=row.id,
        rule=row.rule,
        name=row.name or row.rule,
        severity=list(Severity)[row.severity],
        sentence=row.sentence,
        spans=read_spans(row.spans),
        matches=decode_matches(row.matches),
    )
    return Item(
        article=row.article,
        url=row.a_url,
        title=row.a_title,
        outlet=row.a_feed,
        feed=row.a_feed,
        published=date(row.a_published),
        first_seen=moment(row.a_first_seen),
        findings=(finding,),
        story=row.a_story,
        outlets=outlets,
        text_from=row.a_text_from,
        text=row.text,
        worst=worst,
    )


def _line(row: Any) -> ArticleLine:
    dates = {"published": date(row.published), "first_seen": moment(row.first_seen)}
    return ArticleLine(**{**row._mapping, **dates})


def _article(row: Any) -> Article:
    names = ("url", "title", "text", "feed", "published_from", "author", "language", "text_from")
    return Article(
        **{name: row._mapping[name] for name in names},
        published=date(row.published),
        first_seen=moment(row.first_seen),
        dropped=decode_dropped(row.dropped),
    )


def _delivery_line(row: Any) -> DeliveryLine:
    return DeliveryLine(
        id=row.id,
        alert=row.alert,
        channel=row.channel,
        recipient=row.recipient,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created=row.created,
        next_at=row.next_at,
        sent_at=row.settled_at if row.state == "sent" else 0.0,
        last_error=row.last_error,
        headline=row.headline,
        kind=row.kind,
        folded_into=row.folded_into,
    )
