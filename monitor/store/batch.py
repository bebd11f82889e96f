"""What happens in one transaction: a batch of articles with everything that follows from them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

import monitor.store.outbox as outbox
import monitor.store.search as search
import monitor.store.seen as seen
import monitor.store.sqlite as sqlite
from monitor.store.codec import clean, encode_alert, encode_dropped, encode_matches, epoch, moment
from monitor.store.records import Candidate, Poll, Told, Unseen
from monitor.store.tables import (
    alerts,
    articles,
    decisions,
    deliveries,
    evidence,
    feeds,
    hits,
    meta,
    rule_versions,
    samples,
    stories,
    subjects,
    told,
)
from monitor.types import Alert, AlertKind, Article, Decision, DecisionKind, Entry, Hit

TELLS = {AlertKind.alert, AlertKind.update, AlertKind.digest, AlertKind.summary}
FIRST = ("alert", "update")  # what a later message may reply to
WAITS = {DecisionKind.digest, DecisionKind.held}
MOST_CANDIDATES = 20
_COUNTERS = sa.select(*(c for c in feeds.c if c.name != "state")).where(feeds.c.feed == sa.bindparam("one"))
_other = articles.alias()
_BEGAN = sa.func.min(sa.func.coalesce(_other.c.published, _other.c.first_seen))


class Batch:
    """One transaction; reads in it see its writes. Leaving it normally commits, an error undoes all."""

    def __init__(self, connection: sa.Connection, url_key: Callable[[str], str], now: float) -> None:
        self.connection = connection
        self.now = now
        self._url_key = url_key

    def still_unseen(self, feed: str, entries: Sequence[Entry]) -> list[Unseen]:
        """`Store.unseen` again, inside the transaction."""
        return seen.unseen(self.connection, feed, entries, self._url_key, self.now)

    def mark_seen(self, feed: str, entry: Entry, article: int | None = None) -> None:
        """Remember the entry by id, link, title and text. `article` is None for one that was not stored."""
        seen.mark(self.connection, feed, entry, self._url_key, self.now, article)

    def add_article(
        self,
        article: Article,
        *,
        entry: Entry | None = None,
        sample: Sequence[int] = (),
        folded: str = "",
        story: int | None = None,
        revises: int | None = None,
    ) -> int:
        """Store an article and return its number; `entry` is marked seen by its feed in the same breath.

        `sample` is its story fingerprint, `folded` its text for the search. It joins `story`, or that of the
        article it `revises`, or begins a new one. An article without `first_seen` was seen now.
        """
        if revises is not None:
            revises = self._first_version(revises)
            story = self.story_of(revises) if revises is not None else story
        row = self._article_row(article) | {"story": self._story(story), "revises": revises}
        number = self._insert(articles, row)
        if entry is not None:
            self.mark_seen(article.feed, entry, revises or number)
        if folded:
            search.add(self.connection, number, clean(folded))
        if sample:
            rows = [{"hash": h, "article": number, "first_seen": row["first_seen"]} for h in set(sample)]
            self.connection.execute(sa.insert(samples), rows)
        return number

    def _article_row(self, article: Article) -> dict[str, Any]:
        return {
            "feed": article.feed,
            "url": clean(article.url),
            "url_key": seen.address_key(article.url, self._url_key),
            "title": clean(article.title),
            "text": clean(article.text),
            "published": epoch(article.published),
            "published_from": article.published_from,
            "first_seen": self.now if article.first_seen is None else epoch(article.first_seen),
            "author": clean(article.author),
            "language": article.language,
            "text_from": article.text_from,
            "dropped": encode_dropped(article.dropped),
        }

    def _first_version(self, article: int) -> int | None:
        """The version stored first; None where the article was forgotten meanwhile."""
        first = sa.func.coalesce(articles.c.revises, articles.c.id)
        found: int | None = self.connection.scalar(sa.select(first).where(articles.c.id == article))
        return found

    def _story(self, story: int | None) -> int:
        if story is None:
            return self._insert(stories, {"first_seen": self.now, "last_seen": self.now})
        self.connection.execute(sa.update(stories).where(stories.c.id == story).values(last_seen=self.now))
        return story

    def similar(self, sample: Sequence[int], since: float, at_least: int = 3) -> list[Candidate]:
        """At most 20 articles first seen since then that share `at_least` hashes of the sample, most shared first."""
        shared = sa.func.count().label("shared")
        query = sa.select(samples.c.article, shared).where(sqlite.among(samples.c.hash, sample))
        query = query.where(samples.c.first_seen >= since).group_by(samples.c.article).having(shared >= at_least)
        best = query.order_by(shared.desc(), samples.c.article).limit(MOST_CANDIDATES).subquery()
        began = sa.select(_BEGAN).where(_other.c.story == articles.c.story).scalar_subquery().label("began")
        found = sa.select(articles, began).join(best, best.c.article == articles.c.id)
        rows = self.connection.execute(found.order_by(best.c.shared.desc(), articles.c.id))
        return [
            Candidate(
                article=row.id,
                story=row.story,
                title=row.title,
                text=row.text,
                published=moment(row.began),
                first_seen=moment(row.first_seen),
            )
            for row in rows
        ]

    def story_of(self, article: int) -> int:
        """The story an article belongs to."""
        return self._one(sa.select(articles.c.story).where(articles.c.id == article))

    def outlets(self, story: int) -> tuple[str, ...]:
        """The feeds that have the story, the first publisher first."""
        return outlets(self.connection, story)

    def rules_hit(self, article: int) -> frozenset[str]:
        """The rules that fired on the article or on any version of it."""
        first = self._first_version(article)
        if first is None:
            return frozenset()
        query = sa.select(hits.c.rule).join(articles).where((articles.c.id == first) | (articles.c.revises == first))
        return frozenset(self.connection.scalars(query))

    def told(self, channel: str, story: int) -> Told:
        """What the channel has been told of the story, and what of it waits for its digest."""
        query = sa.select(told.c.rule, told.c.alert, alerts.c.kind).join(alerts).order_by(told.c.at, alerts.c.created)
        rows = self.connection.execute(query.where(told.c.channel == channel, told.c.story == story)).all()
        waits = sa.select(hits.c.rule).join(decisions).join(articles, articles.c.id == hits.c.article)
        waits = waits.where(decisions.c.channel == channel, decisions.c.waits, articles.c.story == story)
        return Told(
            rules=frozenset(r.rule for r in rows if r.kind != "digest"),
            listed=frozenset(r.rule for r in rows if r.kind == "digest").union(self.connection.scalars(waits)),
            first_alert=next((r.alert for r in rows if r.kind in FIRST), ""),
        )

    def add_hit(
        self,
        article: int,
        hit: Hit,
        decided: Iterable[Decision] = (),
        *,
        sentence: str = "",
        spans: Sequence[tuple[int, int]] = (),
    ) -> int:
        """Store a hit with its proof and what becomes of it; returns its number. A rule fires once on an article."""
        there = sa.select(hits.c.id).where(hits.c.article == article, hits.c.rule == hit.rule.id)
        number = self.connection.scalar(there)
        if number is None:
            number = self._add_hit(article, hit, sentence, spans)
        self._decide(number, decided)
        return number

    def _add_hit(self, article: int, hit: Hit, sentence: str, spans: Sequence[tuple[int, int]]) -> int:
        rule = hit.rule
        version = {
            "rule": rule.id, "version": rule.version, "name": rule.name, "source": rule.source, "first_used": self.now,
        }  # fmt: skip
        self.connection.execute(sqlite.add_new(rule_versions), version)
        row = {
            "article": article, "rule": rule.id, "rule_version": rule.version, "severity": hit.severity.rank,
            "sentence": clean(sentence), "spans": [list(s) for s in spans], "matches": encode_matches(hit.matches),
            "at": self.now,
        }  # fmt: skip
        return self._insert(hits, row)

    def _decide(self, hit: int, decided: Iterable[Decision]) -> None:
        """What becomes of a hit, by channel. A decision made stays."""
        rows = [
            {
                "hit": hit, "channel": d.channel, "kind": d.kind.value, "reason": clean(d.reason), "until": d.until,
                "at": self.now, "waits": d.kind in WAITS,
            }
            for d in decided
        ]  # fmt: skip
        if rows:
            self.connection.execute(sqlite.add_new(decisions), rows)

    def silence(self, channel: str, hit: int, reason: str) -> None:
        """A hit that waited for a digest or summary is stored instead: its rule was silenced meanwhile."""
        mine = sa.update(decisions).where(decisions.c.hit == hit, decisions.c.channel == channel, decisions.c.waits)
        self.connection.execute(mine.values(kind="stored", reason=clean(reason), waits=False))

    def add_alert(
        self, alert: Alert, recipients: Sequence[str] = ("",), *, settles: Collection[int] | None = None
    ) -> list[int]:
        """Store an alert and a delivery for each recipient; returns the deliveries' numbers.

        The channel now counts as told of its rules. The digest and held decisions of the hits in it (or of the hits
        that it `settles`) no longer wait. An alert id that is stored already is not added again.
        """
        row = {
            "id": alert.id, "channel": alert.channel, "kind": alert.kind.value, "reply_to": alert.reply_to,
            "created": epoch(alert.created), "headline": clean(_headline(alert)), "payload": encode_alert(alert),
        }  # fmt: skip
        if not self.connection.execute(sqlite.add_new(alerts), row).rowcount:
            return []
        self._tell(alert, settles)
        return [self._add_delivery(alert, recipient) for recipient in dict.fromkeys(recipients)]

    def _add_delivery(self, alert: Alert, recipient: str) -> int:
        row = {"alert": alert.id, "channel": alert.channel, "recipient": recipient}
        return self._insert(deliveries, row | {"state": "pending", "created": self.now})

    def _tell(self, alert: Alert, settles: Collection[int] | None) -> None:
        findings = [(item, finding) for item in alert.items for finding in item.findings]
        if alert.kind in TELLS:
            rows = [
                {"channel": alert.channel, "story": i.story, "rule": f.rule, "alert": alert.id, "at": self.now}
                for i, f in findings
                if i.story
            ]
            for row in rows:
                self._told_now(row, alert.kind)
        if alert.kind in (AlertKind.alert, AlertKind.update):
            self._settle_listed(alert)
        for hit in settles if settles is not None else {f.hit for _, f in findings}:
            mine = sa.update(decisions).where(decisions.c.hit == hit, decisions.c.channel == alert.channel)
            self.connection.execute(mine.where(decisions.c.alert.is_(None)).values(alert=alert.id, waits=False))

    def _settle_listed(self, alert: Alert) -> None:
        """What a message of its own names now need not stand in the digest or summary to come."""
        for item in alert.items:
            mine = sa.select(hits.c.id).join(articles).where(articles.c.story == item.story)
            mine = mine.where(hits.c.rule.in_([finding.rule for finding in item.findings]))
            waiting = sa.update(decisions).where(decisions.c.channel == alert.channel, decisions.c.waits)
            self.connection.execute(waiting.where(decisions.c.hit.in_(mine)).values(alert=alert.id, waits=False))

    def _told_now(self, row: dict[str, Any], kind: AlertKind) -> None:
        """What a digest named first is told when a message of its own names it, not the other way round."""
        new = self.connection.execute(sqlite.add_new(told), row).rowcount
        if not new and kind is not AlertKind.digest:
            digests = sa.select(alerts.c.id).where(alerts.c.id == told.c.alert, alerts.c.kind == "digest").exists()
            key = [told.c[name] == row[name] for name in ("channel", "story", "rule")]
            self.connection.execute(sa.update(told).where(*key, digests).values(alert=row["alert"], at=row["at"]))

    def fold(self, numbers: Collection[int], into: Alert, recipient: str = "") -> int:
        """One summary in place of pending deliveries of a lane: they settle when it does. Returns its number.

        Another lane's summary may name the very same, and be the same alert.
        """
        made = self.add_alert(into, [recipient], settles=())
        number = made[0] if made else self._add_delivery(into, recipient)
        outbox.fold(self.connection, numbers, number)
        return number

    def add_evidence(self, article: int, data: bytes, url: str, fetched_at: float) -> None:
        """Keep the page's bytes for an article that was hit; once an article."""
        row = {
            "article": article, "url": clean(url), "fetched_at": fetched_at,
            "sha256": hashlib.sha256(data).hexdigest(), "data": zlib.compress(data),
        }  # fmt: skip
        self.connection.execute(sqlite.add_new(evidence), row)

    def save_feed_state(self, feed: str, state: Mapping[str, Any], next_at: float, poll: Poll | None = None) -> None:
        """The feed's polling state (JSON) and its counters: with the last batch, never before."""
        row = {"feed": feed, "state": dict(state), "next_at": next_at}
        if poll is not None:
            before = self.connection.execute(_COUNTERS, {"one": feed}).one_or_none()
            row |= _counted(before._mapping if before else {}, poll, self.now)
        sqlite.put(self.connection, feeds, row)

    def changed(self, subject: str, state: str, note: str = "") -> bool:
        """Note a subject's state; True where it is another than before. A subject that begins as "ok" didn't change."""
        before = self.connection.scalar(sa.select(subjects.c.state).where(subjects.c.subject == subject))
        if before == state:
            return False
        sqlite.put(
            self.connection, subjects, {"subject": subject, "state": state, "since": self.now, "note": clean(note)}
        )
        return before is not None or state != "ok"

    def set_meta(self, key: str, value: str) -> None:
        """A named value of the installation, such as the time of a channel's last digest."""
        sqlite.put(self.connection, meta, {"key": key, "value": value})

    def meta(self, key: str) -> str:
        """A value set by `set_meta`, or ""."""
        return self.connection.scalar(sa.select(meta.c.value).where(meta.c.key == key)) or ""

    def _insert(self, table: sa.Table, row: dict[str, Any]) -> int:
        key = self.connection.execute(sa.insert(table), row).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _one(self, query: sa.Select[Any]) -> int:
        return int(self.connection.execute(query).scalar_one())


def outlets(connection: sa.Connection, story: int) -> tuple[str, ...]:
    """See `Batch.outlets`."""
    first = sa.func.min(sa.func.coalesce(articles.c.published, articles.c.first_seen))
    query = sa.select(articles.c.feed).where(articles.c.story == story).group_by(articles.c.feed)
    return tuple(connection.scalars(query.order_by(first, sa.func.min(articles.c.id))))


def _headline(alert: Alert) -> str:
    return alert.headline or next((item.title for item in alert.items), "") or next(iter(alert.lines), "")


def _counted(before: Mapping[Any, Any], poll: Poll, now: float) -> dict[str, Any]:
    """A feed's counters after one more poll."""
    ok = poll.kind in ("new", "unchanged")
    add = {
        "polls": 1, "unchanged": poll.kind == "unchanged", "with_news": poll.new > 0, "errors": not ok,
        "entries": poll.new, "bytes": poll.bytes,
    }  # fmt: skip
    row: dict[str, Any] = {name: before.get(name, 0) + int(more) for name, more in add.items()}
    row |= {"last_poll": now, "last_kind": poll.kind, "last_status": poll.status, "last_reason": clean(poll.reason)}
    row["failing"] = 0 if ok else before.get("failing", 0) + 1
    if ok:
        row |= {"last_ok": now, "first_polled": True}
    if poll.new:
        row["last_new"] = now
    return row
