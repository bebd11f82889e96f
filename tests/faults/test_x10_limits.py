"""Limits of the machine and large inputs (X10, X45, X46)."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from monitor.watch.roomsettings import at_once
from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Webhook


@pytest.fixture
def outlets() -> Iterator[list[Outlet]]:
    """Twenty-five outlets, each at a port of its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(Outlet()) for _ in range(25)]


@pytest.mark.parametrize("each", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_x10_five_hundred_feeds_with_64_file_descriptors(
    rasid: Rasid, outlets: list[Outlet], hook: Webhook, each: int
) -> None:
    """(75 in the quick suite) Fewer are read at once, none fails for want of a descriptor, pages and channels work."""
    for n, outlet in enumerate(outlets):
        for path in range(each - 1):
            item = f"<item><guid>{n}-{path}</guid><title>خبر عادي {n} {path}</title></item>"
            outlet.raw[f"/feed/{path}"] = Raw(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    urls = {f"f{n}x{path}": f"{outlet.url}/feed/{path}" for n, outlet in enumerate(outlets) for path in range(each - 1)}
    rasid.feeds(**urls, **{f"news{n}": outlet.feed for n, outlet in enumerate(outlets)})
    rasid.settle(floor="5s", ceiling="10s", late="5s")
    rasid.channels(robot=hook.address)
    titles = [title for n, outlet in enumerate(outlets[:3]) for title in publish(outlet, n)]
    daemon = rasid.launch("sh", "-c", 'ulimit -n 64; exec "$@"', "sh")
    wait_until(
        lambda: all(sum(outlet.asked[p] > 0 for p in outlet.asked) >= each for outlet in outlets), 90, "all are read"
    )
    wait_until(lambda: sorted(told(hook)) == sorted(titles), 30)
    assert len(list(Path(f"/proc/{daemon.pid}/fd").iterdir())) < 64
    wait_until(lambda: {row["state"] for row in rasid.json("feeds")} == {"ok"}, 30, "all that were asked are read")
    assert rasid.stop() == 0
    assert "Too many open files" not in rasid.logged()
    assert "unforeseen" not in rasid.logged()


def test_x10_how_many_are_read_at_a_time_follows_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, most in ((20, 4), (64, 6), (1024, 64)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: (limit, limit))
        assert at_once() == most


@pytest.mark.soak
def test_x46_the_first_fetch_of_ten_thousand_items(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """The newest 2,000 are stored by the feed's own text, no page is asked for; one digest tells."""
    rasid.settle(first="catchup")
    items = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>سقوط طائرة مسيّرة رقم {n}</title>"
        f"<link>{outlet.url}/p{n}</link></item>"
        for n in range(10_000)
    )
    outlet.raw["/feed"] = Raw(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    began = time.monotonic()
    rasid.start()
    wait_until(lambda: hook.requests, 120, "the digest")
    print(f"2,000 items in {time.monotonic() - began:.0f} s")
    time.sleep(1)
    assert rasid.stop() == 0
    assert {r.json["kind"] for r in hook.requests} <= {"digest", "operator"}
    assert [r.json["kind"] for r in hook.requests].count("digest") == 1
    assert not [path for path in outlet.asked if path.startswith("/p")], "a first poll so long asks for no page"
    with sqlite3.connect(rasid.state / "rasid.db") as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (2000,)
