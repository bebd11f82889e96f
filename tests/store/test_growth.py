"""What is done every few seconds costs the same however much is stored: counted in steps of SQLite's machine."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from monitor.store import Store
from monitor.store.tables import alerts, articles, decisions, deliveries, hits, seen, stories

FEW, MANY = 100, 5000
WORK: dict[str, Callable[[Store, SimpleNamespace], object]] = {
    "lanes": lambda store, make: store.lanes(make.now),
    "summaries due": lambda store, make: store.summaries_due(make.now),
    "digest": lambda store, make: store.due("c1"),
    "give up": lambda store, make: store.expire("c1", make.now - 9, "", now=make.now),
    "poll": lambda store, make: store.unseen("f1", [make.entry(f"new{n}") for n in range(20)], make.now),
}


def fill(store: Store, numbers: range) -> None:
    """So many articles of one feed, each with a hit whose message was sent."""
    rows: dict[sa.Table, list[dict[str, object]]] = {
        stories: [{"id": n} for n in numbers],
        articles: [{"id": n, "story": n, "url_key": n, "feed": "f1"} for n in numbers],
        seen: [{"feed": "f1", "entry_key": n, "text_key": n, "title_key": n, "url_key": n} for n in numbers],
        hits: [{"id": n, "article": n, "severity": 2, "spans": [], "matches": []} for n in numbers],
        alerts: [{"id": f"a{n}"} for n in numbers],
        decisions: [{"hit": n, "channel": "c1", "kind": "alert", "alert": f"a{n}"} for n in numbers],
        deliveries: [{"id": n, "alert": f"a{n}", "channel": "c1", "state": "sent"} for n in numbers],
    }
    with store.write() as connection:
        for table, values in rows.items():
            connection.execute(sa.insert(table), values)


def steps(store: Store, work: Callable[[], object]) -> int:
    """Hundreds of steps that the reader's one connection takes for the work."""
    counted = [0]

    def count() -> None:
        counted[0] += 1

    with store.read() as connection:
        raw = connection.connection.driver_connection
    assert raw is not None
    raw.set_progress_handler(count, 100)
    work()
    raw.set_progress_handler(None, 0)
    return counted[0]


@pytest.mark.parametrize("name", WORK)
def test_the_cost_does_not_grow(store: Store, make: SimpleNamespace, name: str) -> None:
    fill(store, range(1, FEW))
    before = steps(store, lambda: WORK[name](store, make))
    fill(store, range(FEW, MANY))
    assert steps(store, lambda: WORK[name](store, make)) <= before + 20
