"""Full text over the stored articles: SQLite's FTS5, and nothing else of the store knows of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

CREATE = 'CREATE VIRTUAL TABLE search USING fts5(folded, tokenize = "unicode61 remove_diacritics 0", columnsize = 0)'
_ADD = sa.text("INSERT INTO search(rowid, folded) VALUES (:article, :folded)")
_FIND = sa.text("SELECT rowid FROM search WHERE search MATCH :query ORDER BY rowid DESC LIMIT :limit")
_REMOVE = sa.text("DELETE FROM search WHERE rowid = :article")


def add(connection: sa.Connection, article: int, folded: str) -> None:
    """Index an article's folded text."""
    connection.execute(_ADD, {"article": article, "folded": folded})


def find(connection: sa.Connection, words: Sequence[tuple[str, ...]], limit: int) -> list[int]:
    """The newest articles that have every word, in one of its forms. A form may be any text: it is quoted."""
    forms = [[_quoted(form) for form in word if any(map(str.isalnum, form))] for word in words]
    query = " AND ".join(f"({' OR '.join(word)})" for word in forms if word)
    return list(connection.scalars(_FIND, {"query": query, "limit": limit})) if query else []


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\x00", " ") + '"'


def remove(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Take articles out of the index."""
    connection.execute(_REMOVE, [{"article": n} for n in numbers])
