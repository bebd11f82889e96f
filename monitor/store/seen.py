"""Which entries of a feed are news: ids, links and texts that were seen, whatever the feed changes about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

import monitor.store.sqlite as sqlite
from monitor.store.codec import clean, epoch, hash64
from monitor.store.records import Unseen
from monitor.store.tables import seen
from monitor.types import Entry

MOST_FORMS = 20  # a feed that puts a counter into its summaries shows an entry in ever new forms
REPEAT_SECONDS = 72 * 3600.0  # how long a short text that comes again is taken for the same item
LONG_WORDS = 25  # a text so long isn't written twice
CHURN = 5  # so many old texts under new ids and links at once are a site that moved, not events that recur


@dataclass(frozen=True, slots=True)
class Keys:
    """What an entry is recognised by. `url` is 0 where it has no link."""

    entry: int
    url: int
    title: int
    text: int


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms in which a feed has shown an entry."""

    keys: Keys
    published: float | None
    first_seen: float
    article: int | None = None


@dataclass(slots=True)
class Known:
    """The forms of a feed's entries that an entry of now could be."""

    by_entry: dict[int, list[Form]] = field(default_factory=lambda: defaultdict(list))
    by_url: dict[int, list[Form]] = field(default_factory=lambda: defaultdict(list))
    by_text: dict[int, list[Form]] = field(default_factory=lambda: defaultdict(list))

    def add(self, form: Form) -> None:
        """Know one more."""
        self.by_entry[form.keys.entry].append(form)
        self.by_url[form.keys.url].append(form)
        self.by_text[form.keys.text].append(form)


def keys_of(entry: Entry, url_key: Callable[[str], str]) -> Keys:
    """The entry's keys. An entry without a title is recognised by its text in the title's place."""
    title, text = _plain(entry.title), _plain(f"{entry.summary} {entry.content}")
    return Keys(
        entry=hash64(entry.key),
        url=address_key(entry.url, url_key),
        title=hash64(title or text),
        text=hash64(title, text),
    )


def address_key(url: str, url_key: Callable[[str], str]) -> int:
    """An address's key in the indexes, 0 for none. An address that cannot be read stands for itself."""
    if not url:
        return 0
    try:
        return hash64(url_key(url) or url)
    except ValueError:
        return hash64(url)


def _plain(text: str) -> str:
    return " ".join(text.split())


def unseen(
    connection: sa.Connection, feed: str, entries: Sequence[Entry], url_key: Callable[[str], str], now: float
) -> list[Unseen]:
    """The entries that the feed has not shown in this form, each once, in the order given."""
    keyed = [(e, keys_of(e, url_key)) for e in entries]
    known = _load(connection, feed, [k for _, k in keyed])
    repeats = sum(1 for _, k in keyed if k.entry not in known.by_entry and k.text in known.by_text)
    strangers = sum(1 for _, k in keyed if k.entry not in known.by_entry)
    churned = repeats >= CHURN and 2 * repeats >= strangers
    found = []
    for entry, keys in keyed:
        verdict = _judge(entry, keys, known, now, churned)
        if verdict is None:
            continue
        found.append(verdict)
        known.add(Form(keys, epoch(entry.published), now, verdict.article))
    return found


def _judge(entry: Entry, keys: Keys, known: Known, now: float, churned: bool) -> Unseen | None:
    forms = known.by_entry.get(keys.entry)
    if forms:
        if len(forms) >= MOST_FORMS or any(form.keys.text == keys.text for form in forms):
            return None
        article = next((form.article for form in forms if form.article is not None), None)
        return Unseen(entry=entry, kind="edited", article=article, reason="the feed shows it with another text")
    there = known.by_url.get(keys.url, []) if keys.url else []
    titles = {form.keys.title for form in there}
    for form in there:
        if form.keys.title == keys.title and (len(titles) == 1 or _same(entry, form, now)):
            return Unseen(entry=entry, kind="known-by-url", article=form.article, reason="same link and title, new id")
    for form in known.by_text.get(keys.text, ()):
        if churned or _same(entry, form, now):
            return Unseen(entry=entry, kind="known-by-text", article=form.article, reason="same text, new id and link")
    return Unseen(entry=entry, kind="new", reason="not seen before")


def _same(entry: Entry, form: Form, now: float) -> bool:
    """Whether a text that comes again is the same item. Warnings repeat their wording for new events."""
    if len(f"{entry.title} {entry.summary} {entry.content}".split()) >= LONG_WORDS:
        return True
    published = epoch(entry.published)
    if published is not None and form.published is not None:
        return abs(published - form.published) < 60
    return now - form.first_seen < REPEAT_SECONDS


def _load(connection: sa.Connection, feed: str, keys: Sequence[Keys]) -> Known:
    forms: dict[Form, None] = {}
    for column, index, wanted in (
        (seen.c.entry_key, "", {k.entry for k in keys}),
        (seen.c.url_key, "seen_by_url", {k.url for k in keys} - {0}),
        (seen.c.text_key, "seen_by_text", {k.text for k in keys}),
    ):
        query = sa.select(seen).where(seen.c.feed == feed, sqlite.among(column, wanted))
        rows = connection.execute(sqlite.by_index(query, seen, index) if index else query)
        forms |= dict.fromkeys(map(_form, rows))
    known = Known()
    for form in sorted(forms, key=lambda form: form.first_seen):
        known.add(form)
    return known


def _form(row: Any) -> Form:
    keys = Keys(entry=row.entry_key, url=row.url_key, title=row.title_key, text=row.text_key)
    return Form(keys, row.published, row.first_seen, row.article)


def mark(
    connection: sa.Connection,
    feed: str,
    entry: Entry,
    url_key: Callable[[str], str],
    now: float,
    article: int | None = None,
) -> None:
    """Remember the form in which the feed showed the entry."""
    keys = keys_of(entry, url_key)
    row = {
        "feed": feed, "entry_key": keys.entry, "text_key": keys.text, "title_key": keys.title, "url_key": keys.url,
        "published": epoch(entry.published), "first_seen": now, "article": article, "title": clean(entry.title)[:300],
    }  # fmt: skip
    connection.execute(sqlite.add_new(seen), row)
