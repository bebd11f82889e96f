"""A process that dies again and again: what it does next time, and what is held against an entry."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.fetch import PageBytes
from monitor.watch.daemon import Daemon
from monitor.watch.recording import Read
from monitor.watch.rounds import Rounds
from tests.journey.outlet import Outlet
from tests.watch.hall import Folders, item, poll, show

CRASHED = {"feed:manbar": (1, 0.0)}


def test_after_a_crash_each_article_is_recorded_by_itself(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short its lives are, the process gets on."""
    folders.feeds(f"  manbar: {{url: {outlet.feed}, text: feed}}\n")
    show(outlet, *(item(f"n{n}", outlet.url, f"خبر {n}", f"نص الخبر {n} عن حادث في المدينة {n}.") for n in range(4)))
    sizes, record = [], Rounds._record

    async def counted(self: Rounds, scene: Any, reads: list[Read], ending: Any) -> None:
        sizes.append(len(reads))
        await record(self, scene, reads, ending)

    monkeypatch.setattr(Rounds, "_record", counted)

    async def work(daemon: Daemon) -> None:
        daemon.rounds.tools.care.crashes = dict(CRASHED)
        await poll(daemon)
        assert sizes == [1, 1, 1, 1, 0]
        assert not daemon.rounds.tools.care.crashes

    folders.run(work)


def test_waiting_for_a_page_is_not_held_against_its_entry(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is killed while a page is fetched leaves no mark of the entry behind."""
    folders.feeds(f"  manbar: {{url: {outlet.feed}, text: page}}\n")
    show(outlet, item("a", outlet.url, "خبر", "نص قصير"))
    marks: list[str] = []

    async def work(daemon: Daemon) -> None:
        care = daemon.rounds.tools.care
        care.crashes = dict(CRASHED)
        fetch = type(daemon.rounds.tools.client).page

        async def page(self: Any, *args: Any, **kwargs: Any) -> PageBytes:
            marks.extend(mark.read_text() for mark in daemon.store.folder.work.glob("*"))
            return await fetch(self, *args, **kwargs)

        monkeypatch.setattr(type(daemon.rounds.tools.client), "page", page)
        await poll(daemon)

    folders.run(work)
    assert not [mark for mark in marks if mark.startswith("entry:")]
    assert outlet.asked["/a"]
