"""One round of a feed: what is read, asked and recorded, and what one feed may cost the others."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable

import pytest

from monitor.watch import log, reading
from monitor.watch.daemon import Daemon
from tests.journey.outlet import Outlet, Raw
from tests.watch.hall import SETTINGS, Folders, item, poll, show

PLAIN = "قال مصدر محلي إن الأعمال مستمرة في الموقع منذ الصباح، وإن الطرق المؤدية إليه مفتوحة أمام السيارات. " * 4
DRONE = "أسقط الدفاع الجوي طائرة مسيّرة فوق الوادي."


def manbar(outlet: Outlet, more: str = "") -> str:
    return f"  manbar:\n    url: {outlet.feed}\n{more}"


def page(title: str, text: str) -> Raw:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return Raw(f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
               .encode())  # fmt: skip


def stored(daemon: Daemon) -> list[tuple[str, str]]:
    """Every article's slug and where its text came from, the first one first."""
    return [(line.url.rsplit("/", 1)[1], line.text_from) for line in reversed(daemon.store.articles())]


def test_a_word_that_only_the_feed_said_is_not_lost(folders: Folders, outlet: Outlet) -> None:
    """The feed's headline fires, the page has another one: the feed's words stand in front of the page's text."""
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "إسقاط طائرة مسيّرة", "تفاصيل"))
    outlet.raw["/a"] = page("حادث في الوادي", PLAIN)

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        (hit,) = daemon.store.hits()
        assert (hit.text_from, hit.matches[0].surface) == ("page", "طائرة مسيّرة")
        article = daemon.store.article(hit.article)
        assert article is not None
        assert article.text[hit.matches[0].start : hit.matches[0].end] == "طائرة مسيّرة"
        assert "الطرق المؤدية" in article.text

    folders.run(work)


def test_a_stub_before_a_paywall_does_not_replace_the_feeds_own_text(folders: Folders, outlet: Outlet) -> None:
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "تقرير", "", PLAIN + DRONE))
    outlet.raw["/a"] = page("تقرير", "اشترك لتقرأ هذا التقرير وغيره من التقارير.")

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        (hit,) = daemon.store.hits()
        assert hit.text_from == "feed"

    folders.run(work)


def test_a_line_that_stands_under_every_article_of_an_outlet_fires_no_rule_for_long(
    folders: Folders, outlet: Outlet
) -> None:
    folders.feeds(manbar(outlet, "    text: page\n"))
    show(outlet, *(item(f"n{n}", outlet.url, f"خبر {n}", "") for n in range(5)))
    box = "كتاب الشهر في سلسلة المدينة: حكاية أول طائرة مسيّرة صنعها هاو في مرأب بيته"
    for n in range(5):
        outlet.raw[f"/n{n}"] = page(f"خبر {n}", f"{PLAIN} {n}\n{PLAIN} {n + 5}\n{box}")

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert [source for _, source in stored(daemon)] == ["page"] * 5
        assert len(list(daemon.store.hits())) == 2

    folders.run(work)


def test_an_unmarked_title_of_another_story_on_the_page_fires_no_rule(folders: Folders, outlet: Outlet) -> None:
    """Nothing on the page tells it from the text; the outlet's feed does, whose own entry fires."""
    folders.feeds(manbar(outlet, "    text: page\n"))
    other = "إسقاط طائرة مسيّرة فوق وادي الرمال"
    show(outlet, item("a", outlet.url, "افتتاح جسر جديد", ""), item("b", outlet.url, other, ""))
    outlet.raw["/a"] = page("افتتاح جسر جديد", f"{PLAIN}\n{other}\n{PLAIN} وافتتح الجسر أمس.")
    outlet.raw["/b"] = page(other, PLAIN)

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert [source for _, source in stored(daemon)] == ["page"] * 2
        assert [hit.title for hit in daemon.store.hits()] == [other]

    folders.run(work)


def test_pages_that_add_nothing_are_asked_for_three_times_only(folders: Folders, outlet: Outlet) -> None:
    """`text: auto` learns that the feed carries everything; after a restart it still knows."""
    folders.feeds(manbar(outlet))
    texts = {f"n{n}": f"{PLAIN} {n}" for n in range(8)}
    show(outlet, *(item(slug, outlet.url, f"خبر {slug}", "", text) for slug, text in texts.items()))
    for slug, text in texts.items():
        outlet.raw[f"/{slug}"] = page(f"خبر {slug}", text)

    async def first(daemon: Daemon) -> None:
        await poll(daemon)
        assert [source for _, source in stored(daemon)] == ["page"] * 3 + ["feed"] * 5

    folders.run(first)
    show(outlet, item("n9", outlet.url, "خبر لاحق", "", PLAIN + "خاتمة"))

    async def second(daemon: Daemon) -> None:
        await poll(daemon)
        assert stored(daemon)[-1] == ("n9", "feed")

    folders.run(second)
    assert sum(outlet.asked[f"/{slug}"] for slug in texts) == 3


def test_three_pages_in_a_row_that_fail_end_the_asking_for_this_round(folders: Folders, outlet: Outlet) -> None:
    """A site that refuses its pages is not asked for all of them; the feed's text counts, and why is kept."""
    folders.feeds(manbar(outlet))
    show(outlet, *(item(f"n{n}", outlet.url, f"خبر {n}", DRONE) for n in range(6)))
    outlet.raw |= {f"/n{n}": Raw(b"no", status=403) for n in range(6)}

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        hits = list(daemon.store.hits())
        kept = [article for hit in reversed(hits) if (article := daemon.store.article(hit.article))]
        refused, given_up = "the server answered 403", "the last 3 pages could not be had"
        assert [piece.reason for article in kept for piece in article.dropped] == [refused] * 3 + [given_up] * 3

    folders.run(work)
    assert sum(outlet.asked[f"/n{n}"] for n in range(6)) == 3


def test_what_was_read_is_recorded_while_a_page_keeps_its_reader_waiting(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch goes out after its seconds (5, here 0.2), not when the slow page is there."""
    monkeypatch.setattr(reading, "BATCH_SECONDS", 0.2)
    with Hanging() as slow:
        folders.feeds(manbar(outlet))
        show(outlet, item("slow", slow.url, "آخر", DRONE), item("quick", outlet.url, "خبر", DRONE))
        outlet.raw["/quick"] = page("خبر", DRONE)

        async def work(daemon: Daemon) -> None:
            round_ = asyncio.create_task(poll(daemon))
            await until(lambda: stored(daemon) == [("quick", "page")], 15.0)
            slow.cut()
            await round_
            assert stored(daemon) == [("quick", "page"), ("slow", "feed")]

        folders.run(work)


def test_an_edit_of_an_article_is_kept_beside_the_first_version(folders: Folders, outlet: Outlet) -> None:
    """Both versions are read whole, also where the second holds no rule's word any more."""
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "خبر", "الأول"))
    outlet.raw["/a"] = page("خبر", f"{DRONE}\n{PLAIN}")

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        show(outlet, item("a", outlet.url, "خبر", "الثاني"))
        outlet.raw["/a"] = page("خبر", f"{PLAIN}\nحذفت الجملة الأولى.")
        await poll(daemon)
        versions = daemon.store.versions(next(daemon.store.hits()).article)
        assert [("مسيّرة" in v.text, "حذفت" in v.text) for v in versions] == [(True, False), (False, True)]
        assert len(list(daemon.store.hits())) == 1

    folders.run(work)


def test_feeds_that_hang_delay_no_other(folders: Folders, outlet: Outlet) -> None:
    """E06: 300 feeds on one host that never answers, and ten on others; the one behind them is read at once."""
    with Hanging() as slow:
        hanging = [f"  h{n}:\n    url: {slow.url}/{n}\n" for n in range(300)]
        hanging += [f"  o{n}:\n    url: {slow.url.replace('127.0.0.1', f'127.0.0.{n + 2}')}/\n" for n in range(10)]
        folders.feeds("".join(hanging) + manbar(outlet))
        show(outlet, item("a", outlet.url, "خبر", DRONE))

        async def work(daemon: Daemon) -> None:
            rounds = daemon.rounds
            rounds.schedule.start({**dict.fromkeys(rounds.feeds(), 0.0), "manbar": 1.0})
            await rounds.tick()
            await until(lambda: stored(daemon), 15.0)
            assert len(rounds.schedule.busy) >= 40
            assert all(slow.asked[path] <= 1 for path in slow.asked)
            await rounds.stop()

        folders.run(work)


def test_a_feed_with_a_new_address_begins_anew(folders: Folders, outlet: Outlet) -> None:
    """It is asked at once, without the old validators; what it holds is stored in silence, what comes then is news."""
    folders.settings(SETTINGS.replace("first: all", "first: silent"))
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "خبر", DRONE))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        with Outlet() as other:
            show(other, item("b", other.url, "آخر", DRONE), item("c", other.url, "ثالث", DRONE))
            folders.feeds(manbar(other))
            daemon.rounds.schedule.start({"manbar": daemon.mono() + 1000})
            await daemon.reload()
            assert daemon.rounds.schedule.next_due()[0] <= daemon.mono()  # type: ignore[index]
            await poll(daemon)
            assert other.asked.keys() == {"/feed"}
            assert not [d for hit in daemon.store.hits() for d in hit.decisions if d.kind == "alert"]
            show(other, item("d", other.url, "جديد", "سقطت طائرة مسيّرة في البحر قرب الشاطئ فجر الخميس"))
            await poll(daemon)
            assert [d.kind for d in next(daemon.store.hits()).decisions] == ["alert"]

    folders.run(work)


def test_a_feed_at_a_new_address_that_shows_known_entries_goes_on(folders: Folders, outlet: Outlet) -> None:
    """The same feed elsewhere: its new entry is news, although the address is new."""
    folders.settings(SETTINGS.replace("first: all", "first: silent"))
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "خبر", PLAIN))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        with Outlet() as other:
            show(other, item("a", other.url, "خبر", PLAIN), item("b", other.url, "آخر", DRONE))
            folders.feeds(manbar(other))
            await daemon.reload()
            await poll(daemon)
        assert [d.kind for hit in daemon.store.hits() for d in hit.decisions] == ["alert"]

    folders.run(work)


def test_a_clock_that_is_set_during_a_poll_changes_no_wait(folders: Folders, outlet: Outlet) -> None:
    """E08: a day forward or back in mid-poll neither delays the feed by a day nor asks it at once."""
    folders.feeds(manbar(outlet, "    every: 60s\n"))
    show(outlet, item("a", outlet.url, "خبر", PLAIN))
    for step in (86_400.0, -86_400.0):
        base = [0.0]

        async def work(base: list[float] = base, step: float = step) -> None:
            async with folders.hall(clock=lambda: time.time() + base[0]) as daemon:
                asking = asyncio.create_task(poll(daemon))
                await asyncio.sleep(0)
                base[0] = step
                assert 50 < await asking < 70

        asyncio.run(work())


def test_a_change_of_the_settings_is_live_at_once(folders: Folders, outlet: Outlet) -> None:
    """The dial, the brake and the networks that may be reached; what was learnt of the feeds stays."""
    folders.settings("rasid: 1\n")
    folders.feeds(manbar(outlet))
    show(outlet, *(item(f"n{n}", outlet.url, f"خبر {n}", PLAIN) for n in range(5)))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert daemon.rounds.states["manbar"]["state_kind"] == "error"
        before = daemon.rounds.pace.interval("manbar", daemon.clock())
        folders.settings()
        await daemon.reload()
        await poll(daemon)
        assert daemon.rounds.states["manbar"]["state_kind"] == "fresh"
        assert daemon.rounds.pace.interval("manbar", daemon.clock()) < before

    folders.run(work)


def test_a_feed_that_had_entries_and_has_none_is_told_of(folders: Folders, outlet: Outlet) -> None:
    """Silence is never success: once after an hour without entries, once when it is back; a restart repeats nothing."""
    folders.feeds(manbar(outlet))
    hours = [0.0]

    def at(hour: float, *items: str) -> list[str]:
        hours[0] = hour
        show(outlet, *items)
        return asyncio.run(states())

    async def states() -> list[str]:
        async with folders.hall(clock=lambda: time.time() + 3600 * hours[0]) as daemon:
            await poll(daemon)
            await poll(daemon)
            return [d.headline for d in daemon.store.deliveries() if d.kind == "operator"]

    assert at(0, item("a", outlet.url, "خبر", PLAIN)) == []
    assert at(1) == []
    assert len(at(2.5)) == 1
    assert len(at(3)) == 1
    assert len(at(4, item("b", outlet.url, "آخر", PLAIN))) == 2


def test_a_restart_asks_nothing_early_and_forgets_nothing_learnt(folders: Folders, outlet: Outlet) -> None:
    """E03: stored times hold, a pause that a server asked for holds for a feed that was off meanwhile, and so does what
    was learnt of each feed's rhythm and hits.
    """
    text = manbar(outlet, "    every: 50s\n") + f"  busy:\n    url: {outlet.url}/busy\n"
    folders.feeds(text)
    outlet.raw["/busy"] = Raw(status=429, headers={"Retry-After": "172800"})
    show(outlet, *(item(f"n{n}", outlet.url, f"خبر {n}", f"{PLAIN} {n}") for n in range(3)))
    memory = {}

    async def first(daemon: Daemon) -> None:
        await poll(daemon)
        await poll(daemon, "busy")
        show(outlet, item("hit", outlet.url, "حادث", DRONE))
        await poll(daemon)
        memory.update(daemon.rounds.pace.memory("manbar"))
        assert (memory["judged"], memory["hits"]) == pytest.approx((4, 1), rel=0.01)

    async def second(daemon: Daemon) -> None:
        assert daemon.rounds.pace.memory("manbar") == memory
        due = {feed: at - daemon.mono() for feed, at in daemon.rounds.schedule.due.items()}
        assert 40 < due["manbar"] < 60
        assert due["busy"] > 172_000
        folders.feeds(text + "    enabled: false\n")
        await daemon.reload()
        folders.feeds(text)
        await daemon.reload()
        assert daemon.rounds.schedule.due["busy"] - daemon.mono() > 172_000

    folders.run(first)
    folders.run(second)
    assert outlet.asked["/busy"] == 1


def test_a_silence_against_its_rhythm_is_told_and_the_whole_feed_asked_for_once(
    folders: Folders, outlet: Outlet
) -> None:
    """A server that says "unchanged" for ever is asked without validators, once."""
    folders.feeds(manbar(outlet))
    show(outlet, item("a", outlet.url, "خبر", PLAIN))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        now = daemon.clock()
        busy = {"entries": 200.0, "seconds": 86_400.0, "news_at": now - 6 * 3600, "polled_at": now - 60, "polls": 50}
        daemon.rounds.pace.add(daemon.rounds.feeds()["manbar"], busy)
        for _ in range(4):
            await poll(daemon)
        state = daemon.rounds.states["manbar"]
        assert (state["not_modified"], state["same"]) == (3, 1)
        (told,) = [d for d in daemon.store.deliveries() if d.kind == "operator"]
        assert "صامت" in told.headline

    folders.run(work)


def test_a_feed_is_never_asked_without_the_proxy_it_was_given(folders: Folders, outlet: Outlet) -> None:
    """A proxy whose secret is missing is an error that says so; the address is not asked another way."""
    folders.feeds(manbar(outlet, "    proxy: ${NO_SUCH_PROXY}\n"))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert "NO_SUCH_PROXY" in daemon.rounds.states["manbar"]["reason"]
        assert not outlet.asked

    folders.run(work)


def test_a_feed_whose_host_is_a_secret_gets_its_pages(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`allow_networks` permits them: the answer came from such an address, whatever stands in feeds.yaml."""
    monkeypatch.setenv("DESK", outlet.url.removeprefix("http://"))
    folders.feeds("  manbar: {url: 'http://${DESK}/feed', text: page}\n")
    show(outlet, item("a", outlet.url, "خبر", "تفاصيل"))
    outlet.raw["/a"] = page("خبر", PLAIN)

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert stored(daemon) == [("a", "page")]

    folders.run(work)


def test_a_feeds_address_may_refer_to_secrets_and_is_kept_without_them(
    folders: Folders, outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check` asks for it: a password or a key typed into `url:` is a reference."""
    monkeypatch.setenv("FEED_PASSWORD", "hush-hush")
    address = outlet.feed.replace("//", "//desk:${FEED_PASSWORD}@") + "?key=${FEED_PASSWORD}"
    folders.feeds(f"  manbar:\n    url: {address}\n")
    show(outlet, item("a", outlet.url, "خبر", PLAIN))
    outlet.raw["/feed?key=hush-hush"] = outlet.raw.get("/feed", Raw(b""))

    async def work(daemon: Daemon) -> None:
        await poll(daemon)
        assert "/feed?key=hush-hush" in outlet.asked
        state = daemon.rounds.states["manbar"]
        assert (state["url"], state["state_kind"]) == (address, "fresh")
        assert "hush" not in repr(state)
        assert "hush-hush" in log.REDACTOR.secrets

    folders.run(work)


class Hanging:
    """A server on all loopback addresses that takes every request and never answers."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("0.0.0.0", 0), backlog=200)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked: dict[str, int] = {}
        self._open: list[socket.socket] = []

    def __enter__(self) -> Hanging:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self.cut()

    def cut(self) -> None:
        """Ends every connection."""
        for one in self._open:
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
                head = connection.recv(4000).decode("latin-1")
            except OSError:
                return
            key = " ".join(head.split()[1:5])
            self.asked[key] = self.asked.get(key, 0) + 1
            if "robots.txt" in key:
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                connection.close()
            else:
                self._open.append(connection)


async def until(true: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.02)
