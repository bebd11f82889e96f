"""The schema as it is now. What changes here needs a migration beside it, see `migrations/`.

Times are epoch seconds. Hashes are signed 64-bit numbers: small in the indexes that every poll walks through. Partial
indexes are SQLite's only: naming PostgreSQL loads its dialect, which takes 2 MB.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The words of partial indexes: SQLite uses such an index only where a query says the very same.
WAITING = sa.text("state IN ('pending', 'sending')")  # of deliveries
WAITS = sa.text("waits")  # of decisions


def _id() -> sa.Column[int]:
    """A number that is never given twice, so that order is order of arrival."""
    return sa.Column("id", Big, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, Big, sa.ForeignKey(target), **{"nullable": False, **options})


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **{"server_default": "", **options})


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False, server_default="0")


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, Big, nullable=False, server_default="0")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


feeds = sa.Table(
    "feeds",
    metadata,
    _key("feed"),
    sa.Column("state", sa.JSON, nullable=False),
    _time("next_at"),
    sa.Column("first_polled", sa.Boolean, nullable=False, server_default=sa.false()),
    _count("polls"),
    _count("unchanged"),
    _count("with_news"),
    _count("errors"),
    _count("failing"),
    _count("entries"),
    _count("bytes"),
    _time("last_poll"),
    _time("last_new"),
    _time("last_ok"),
    _text("last_kind"),
    _count("last_status"),
    _text("last_reason"),
)

stories = sa.Table("stories", metadata, _id(), _time("first_seen"), _time("last_seen"), sqlite_autoincrement=True)

articles = sa.Table(
    "articles",
    metadata,
    _id(),
    _ref("story", "stories.id", index=True),
    _ref("revises", "articles.id", nullable=True, index=True),  # the first version of an edited article
    _text("feed"),
    _text("url"),
    sa.Column("url_key", Big, nullable=False, index=True),
    _text("title"),
    _text("text"),
    sa.Column("published", sa.Double),
    _text("published_from"),
    _time("first_seen"),
    _text("author"),
    _text("language"),
    _text("text_from"),
    sa.Column("dropped", sa.LargeBinary),
    sa.Index("articles_by_time", "first_seen"),
    sa.Index("articles_by_feed", "feed", "first_seen"),
    sqlite_autoincrement=True,
)

# One row for each form in which a feed showed an entry, so that a feed flapping between two forms repeats nothing.
seen = sa.Table(
    "seen",
    metadata,
    _key("feed"),
    sa.Column("entry_key", Big, primary_key=True, autoincrement=False),
    sa.Column("text_key", Big, primary_key=True, autoincrement=False),
    sa.Column("title_key", Big, nullable=False),
    sa.Column("url_key", Big, nullable=False),
    sa.Column("published", sa.Double),
    _time("first_seen"),
    _ref("article", "articles.id", nullable=True, index=True),
    _text("title"),
    sa.Index("seen_by_url", "feed", "url_key"),
    sa.Index("seen_by_text", "feed", "text_key"),
    sa.Index("seen_by_address", "url_key"),
    sa.Index("seen_by_time", "first_seen"),
    sqlite_with_rowid=False,
)

samples = sa.Table(
    "samples",
    metadata,
    sa.Column("hash", Big, primary_key=True, autoincrement=False),
    sa.Column("article", Big, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False, index=True),
    _time("first_seen"),
    sa.Index("samples_by_time", "first_seen"),
    sqlite_with_rowid=False,
)

rule_versions = sa.Table(
    "rule_versions",
    metadata,
    _key("rule"),
    _key("version"),
    _text("name"),
    _text("source"),
    _time("first_used"),
)

rule_sets = sa.Table(
    "rule_sets", metadata, _id(), _text("version"), sa.Column("files", sa.JSON, nullable=False), _time("live_from"),
    sqlite_autoincrement=True,
)  # fmt: skip

hits = sa.Table(
    "hits",
    metadata,
    _id(),
    _ref("article", "articles.id"),
    _text("rule"),
    _text("rule_version"),
    sa.Column("severity", sa.SmallInteger, nullable=False),  # 0 low to 3 critical
    _text("sentence"),
    sa.Column("spans", sa.JSON, nullable=False),
    sa.Column("matches", sa.JSON, nullable=False),
    _time("at"),
    sa.UniqueConstraint("article", "rule"),
    sa.Index("hits_by_rule", "rule", "at"),
    sa.Index("hits_by_time", "at"),
    sqlite_autoincrement=True,
)

alerts = sa.Table(
    "alerts",
    metadata,
    _key("id"),
    _text("channel"),
    _text("kind"),
    _text("reply_to"),
    _time("created"),
    _text("headline"),
    _text("payload"),
    sa.Index("alerts_by_time", "created"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("hit", Big, sa.ForeignKey("hits.id"), primary_key=True, autoincrement=False),
    _key("channel"),
    _text("kind"),
    _text("reason"),
    _time("until"),
    _time("at"),
    sa.Column("alert", sa.Text, sa.ForeignKey("alerts.id"), nullable=True, index=True),  # the message that told of it
    sa.Column("waits", sa.Boolean, nullable=False, server_default=sa.false()),  # for a digest or the end of quiet hours
    sa.Index("decisions_waiting", "channel", "hit", sqlite_where=WAITS),
)

told = sa.Table(
    "told",
    metadata,
    _key("channel"),
    sa.Column("story", Big, sa.ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    _key("rule"),
    sa.Column("alert", sa.Text, sa.ForeignKey("alerts.id"), nullable=False),
    _time("at"),
    sa.Index("told_by_story", "story"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _id(),
    sa.Column("alert", sa.Text, sa.ForeignKey("alerts.id"), nullable=False, index=True),
    _text("channel"),
    _text("recipient"),
    _text("state"),
    _count("attempts"),
    _time("created"),
    _time("hold_until"),
    _time("next_at"),
    _time("settled_at"),
    _text("last_error"),
    _text("remote_id"),
    sa.Column("folded_into", Big, sa.ForeignKey("deliveries.id"), index=True),  # the summary that stands for it
    sa.Index("deliveries_waiting", "channel", "recipient", "id", sqlite_where=WAITING),
    sa.Index("deliveries_by_state", "state"),
    sqlite_autoincrement=True,
)

suspensions = sa.Table(
    "suspensions", metadata, _key("channel"), _time("since"), _time("until"), _text("reason")
)  # fmt: skip

silences = sa.Table(
    "silences", metadata, _id(), _text("rule"), _text("only"), _time("since"), _time("until"),
    sqlite_autoincrement=True,
)  # fmt: skip

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("article", Big, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    _text("url"),
    _time("fetched_at"),
    _text("sha256"),
    sa.Column("data", sa.LargeBinary, nullable=False),  # zlib
)

subjects = sa.Table("subjects", metadata, _key("subject"), _text("state"), _time("since"), _text("note"))
crashes = sa.Table("crashes", metadata, _key("subject"), _count("times"), _time("last"))
meta = sa.Table("meta", metadata, _key("key"), _text("value"))
