"""From a hit to the message a person reads: when, how often, in how many messages; the daemon's own clock is set."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.alert import alert
from monitor.store import Store
from tests.journey.outlet import Outlet, Raw
from tests.servers.smtp import Mailbox
from tests.servers.telegram import FakeTelegram, error
from tests.servers.webhook import Answer, Webhook
from tests.watch.desk import Clock, Desk, kinds, told
from tests.watch.hall import SETTINGS, Folders, item, poll

DRONE, PLANT, FIRE, QUAKE, RAIN = "شوهدت مسيّرة", "توقف مفاعل", "اندلع حريق", "وقع زلزال", "هطل مطر"
TOKEN = "7012345678:AAExampleExampleExampleExample_Token"


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.fixture
def desk(folders: Folders, outlet: Outlet) -> Desk:
    return Desk(folders, outlet, Clock("2026-11-21 12:00"))  # a Saturday


@pytest.fixture
def other() -> Iterator[Webhook]:
    with Webhook() as found:
        yield found


def test_severity_decides_and_every_channel_gets_a_decision(desk: Desk, hook: Webhook, other: Webhook) -> None:
    """Low is stored, medium waits, high and critical alert; a channel that the rule doesn't name has a decision too."""
    text = (desk.folders.rules / "watch.yaml").read_text("utf-8")
    desk.write("watch.yaml", text.replace("    name: plant\n", "    name: plant\n    to: [two]\n"))
    desk.channels(one=f'url: "{hook.address}"', two=f'url: "{other.address}"')

    async def work() -> None:
        async with desk.open() as daemon:
            with capture_logs() as said:
                for n, words in enumerate((DRONE, PLANT, FIRE, QUAKE, RAIN)):
                    await desk.news(f"n{n}", words)
            counted = [(line["alerts"], line["channels"]) for line in said if line["event"] == "hits"]
            assert counted == [(1, 2), (1, 1), (0, None), (1, 2), (0, None)], "the log counts a message once"
            await desk.send()
            for hit in daemon.store.hits():
                assert sorted(d.channel for d in hit.decisions) == ["one", "two"]
            assert [desk.decisions(r, "one")[0] for r in ("drones", "plant", "fire", "quake", "rain")] == [
                "alert", "stored", "digest", "alert", "stored",
            ]  # fmt: skip

    run(work())
    assert (kinds(hook), kinds(other)) == (["alert"] * 2, ["alert"] * 3)


def test_quiet_hours_end_in_one_summary_and_critical_passes(desk: Desk, hook: Webhook) -> None:
    """Eight alerts of the night are one message at its end; an earthquake is told at once."""
    desk.channels(desk=f'url: "{hook.address}", quiet: "23:00-06:00", digest: "08:00"')

    async def work() -> None:
        async with desk.open():
            desk.clock.at("2026-11-21 23:10")
            for n in range(8):
                await desk.news(f"n{n}", DRONE)
            await desk.news("quake", QUAKE)
            await desk.send()
            assert kinds(hook) == ["alert"]
            desk.clock.at("2026-11-22 05:59")
            await desk.send()
            assert kinds(hook) == ["alert"]
            desk.clock.at("2026-11-22 06:00")
            await desk.send()
            await desk.after(10)

    run(work())
    assert kinds(hook) == ["alert", "summary"]
    assert len(hook.requests[1].json["stories"]) == 8


def test_what_is_late_waits_for_the_end_of_the_night_too(desk: Desk, hook: Webhook) -> None:
    """The channel was down in the evening and works again at midnight: one summary at six, critical at once."""
    desk.channels(desk=f'url: "{hook.address}", quiet: "23:00-06:00", digest: "08:00"')
    hook.always = Answer(status=503)

    async def work() -> None:
        async with desk.open() as daemon:
            desk.clock.at("2026-11-21 22:50")
            for n in range(4):
                await desk.news(f"n{n}", DRONE)
            await desk.send()
            hook.always = Answer()
            desk.clock.at("2026-11-22 00:30")
            await desk.send()
            assert kinds(hook) == []
            await desk.news("quake", QUAKE)
            await desk.send()
            assert told(hook) == ["quake في المصنع"]
            desk.clock.at("2026-11-22 06:00")
            await desk.send()
            assert not daemon.store.lanes(desk.clock())

    run(work())
    assert kinds(hook) == ["alert", "summary"]
    assert len(hook.requests[-1].json["stories"]) == 4


def test_a_burst_becomes_a_summary_that_settles_its_hits_even_over_a_restart(desk: Desk, hook: Webhook) -> None:
    """Three a minute: nine at once are three alerts and one summary of six. A restart makes no room for more."""
    desk.channels(desk=f'url: "{hook.address}", limit: 3/min')

    async def work() -> None:
        async with desk.open():
            for n in range(6):
                await desk.news(f"n{n}", DRONE)
            await desk.send()
        async with desk.open() as daemon:
            for n in range(6, 9):
                await desk.news(f"n{n}", DRONE)
            await desk.send()
            assert kinds(hook) == ["alert"] * 3
            await desk.after(61)
            assert kinds(hook) == ["alert"] * 3 + ["summary"]
            states = {hit.deliveries[0].state for hit in daemon.store.hits()}
            assert states == {"sent"}
            await desk.after(3600)

    run(work())
    assert kinds(hook) == ["alert"] * 3 + ["summary"]
    summary = hook.requests[-1].json
    assert len(summary["stories"]) == 6
    assert all(story["article"]["url"] and story["hits"][0]["id"] for story in summary["stories"])


def test_a_slow_limit_is_kept(desk: Desk, hook: Webhook) -> None:
    """One an hour: critical alerts wait for their turn, and the worker sleeps meanwhile."""
    desk.channels(desk=f'url: "{hook.address}", limit: 1/h')

    async def work() -> None:
        async with desk.open():
            for n in range(3):
                await desk.news(f"n{n}", QUAKE)
            await desk.send()
            assert kinds(hook) == ["alert"]
            await desk.after(3601)
            assert kinds(hook) == ["alert"] * 2
            await desk.after(3601)

    run(work())
    assert kinds(hook) == ["alert"] * 3


def test_a_backlog_above_the_limit_is_one_summary_for_each_recipient(desk: Desk, api: FakeTelegram) -> None:
    """Telegram was down for a while: one alert shows that it works, what piled up behind it is one message a chat."""
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(desk=f'url: "tgram://{TOKEN}/-1001/-1002", limit: 2/min')

    async def work() -> None:
        async with desk.open() as daemon:
            for chat in ("-1001", "-1002"):
                api.chats[chat] = error(502, "Bad Gateway")
            for n in range(5):
                await desk.news(f"n{n}", DRONE)
                await desk.after(60)
            api.chats.clear()
            await desk.after(3600)
            await desk.after(60)
            assert not daemon.store.lanes(desk.clock())
            assert {d.state for d in daemon.store.deliveries()} == {"sent"}

    run(work())
    assert sorted(m["chat_id"] for m in api.messages) == [-1002] * 2 + [-1001] * 2
    assert all("n0 " in m["text"] for m in api.messages[:2])
    assert all(f"n{n} " in m["text"] for m in api.messages[2:] for n in range(1, 5))


def test_a_backlog_of_many_stories_is_told_in_several_messages(desk: Desk, api: FakeTelegram) -> None:
    """Sixty stories don't fit into one message: none is left out, and the lane goes on behind them."""
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(desk=f'url: "tgram://{TOKEN}/-1001", limit: 20/min')

    async def work() -> None:
        async with desk.open() as daemon:
            api.chats["-1001"] = error(502, "Bad Gateway")
            for minute in range(3):
                for n in range(20):
                    desk.publish(f"m{minute}n{n}", DRONE)
                await poll(daemon)
                await desk.after(60)
            api.chats.clear()
            await desk.after(3600)
            await desk.after(60)
            await desk.news("last", DRONE)
            await desk.send()
            assert {d.state for d in daemon.store.deliveries()} == {"sent"}

    run(work())
    texts = [m["text"] for m in api.messages]
    assert 3 <= len(texts) <= 6
    for slug in [f"m{minute}n{n}" for minute in range(3) for n in range(20)]:
        assert sum(f"{slug} " in text for text in texts) == 1
    assert "last " in texts[-1]


def test_digests_come_at_their_hour_of_their_days_in_their_zone(desk: Desk, hook: Webhook) -> None:
    """Sunday to Thursday at seven in Cairo, which is eight in Riyadh; an empty one says so, with the feeds' health."""
    desk.channels(desk=f'url: "{hook.address}", timezone: Africa/Cairo, digest: "Sun-Thu 07:00"')

    async def work() -> None:
        async with desk.open():
            await desk.news("f1", FIRE)
            await desk.news("f2", FIRE)
            desk.clock.at("2026-11-22 07:59")
            await desk.send()
            assert kinds(hook) == []
            desk.clock.at("2026-11-22 08:00")
            await desk.send()
            await desk.after(5)
            assert kinds(hook) == ["digest"]
        async with desk.open():
            desk.clock.at("2026-11-23 08:01")
            await desk.send()
            desk.clock.at("2026-11-27 12:00")  # Friday: that of Thursday, and one only
            await desk.send()
            desk.clock.at("2026-11-28 12:00")
            await desk.send()

    run(work())
    first, second, third = hook.requests
    assert len(first.json["stories"]) == 2
    assert "لا شيء" in second.json["headline"]
    assert "مصدر" in second.json["headline"]
    assert (third.json["kind"], len(hook.requests)) == ("digest", 3)


def test_a_copy_with_a_new_rule_is_a_reply_also_after_a_restart(desk: Desk, api: FakeTelegram) -> None:
    """In Telegram it answers the first message of that chat, in mail it names its Message-ID; an edit is an update."""
    with Mailbox() as box:
        desk.settings(f"telegram_api: {api.url}")
        desk.channels(
            chats=f'url: "tgram://{TOKEN}/-1001/-1002"',
            mail=f'url: "mailto://127.0.0.1:{box.port}?from=rasid@example.org&to=a@example.org,b@example.org"',
        )

        async def work() -> None:
            async with desk.open():
                await desk.news("n1", DRONE, "الميناء")
                await desk.send()
            async with desk.open() as daemon:
                await desk.news("n1", f"{DRONE} ثم {PLANT}", "الميناء")  # the article now says more
                await desk.send()
                await desk.news("n1", f"{DRONE} ثم {PLANT} أيضا", "الميناء")  # a word more, no new rule
                await desk.send()
                assert desk.decisions("plant", "mail") == ["alert", "joined"]
                assert len(list(daemon.store.hits(rule="drones"))) == 3

        run(work())
        assert len(api.messages) == 4
        first = {m["chat_id"]: n + 1 for n, m in enumerate(api.messages[:2])}
        for message in api.messages[2:]:
            assert message["reply_parameters"]["message_id"] == first[message["chat_id"]]
            assert "تحديث" in message["text"]
        assert len(box.messages) == 4
        assert sorted(to for some in box.recipients for to in some) == ["a@example.org"] * 2 + ["b@example.org"] * 2
        assert {m["In-Reply-To"] for m in box.messages[2:]} == {box.messages[0]["Message-ID"]}


def test_an_edited_title_is_no_news(desk: Desk, hook: Webhook) -> None:
    """X51: a corrected headline alerts nobody, a term that appears does, marked as an update."""
    desk.channels(desk=f'url: "{hook.address}"')

    async def work() -> None:
        async with desk.open():
            await desk.news("n1", DRONE, "الميناء")
            await desk.news("n1", DRONE, "الميناء الشرقي")
            await desk.send()
            assert kinds(hook) == ["alert"]
            await desk.news("n2", "لا جديد", "المطار")
            await desk.news("n2", DRONE, "المطار")
            await desk.send()

    run(work())
    assert kinds(hook) == ["alert", "update"]


def test_a_silence_holds_until_it_ends_and_may_name_one_word(desk: Desk, hook: Webhook) -> None:
    """Set beside the running daemon, as the command does it; the hit is stored with its reason."""
    desk.channels(desk=f'url: "{hook.address}"')

    async def work() -> None:
        async with desk.open() as daemon:
            with Store.open(desk.folders.state, now=desk.clock(), beside=True) as beside:
                beside.silence("drones", desk.clock() + 3600, now=desk.clock())
                beside.silence("quake", desk.clock() + 3600, now=desk.clock(), only="بركان")
            await desk.news("n1", DRONE)
            await desk.news("n2", QUAKE)
            await desk.send()
            assert told(hook) == ["n2 في المطار"]
            [hit] = daemon.store.hits(rule="drones")
            assert "silenced" in hit.decisions[0].reason
            await desk.after(3600)
            await desk.news("n3", DRONE)
            await desk.send()

    run(work())
    assert told(hook) == ["n2 في المطار", "n3 في الجسر"]


def test_what_waits_for_a_summary_or_digest_is_silenced_too(desk: Desk, hook: Webhook) -> None:
    """A rule silenced in the night stands neither in the morning's summary nor in the digest; its hits are stored."""
    desk.channels(desk=f'url: "{hook.address}", quiet: "23:00-06:00", digest: "08:00"')

    async def work() -> None:
        async with desk.open() as daemon:
            desk.clock.at("2026-11-21 23:10")
            for name, words in (("n1", DRONE), ("n2", DRONE), ("n3", PLANT), ("n4", PLANT), ("f1", FIRE)):
                await desk.news(name, words)
            with Store.open(desk.folders.state, now=desk.clock(), beside=True) as beside:
                for rule in ("drones", "fire"):
                    beside.silence(rule, desk.clock() + 20 * 3600, now=desk.clock())
            desk.clock.at("2026-11-22 06:00")
            await desk.send()
            desk.clock.at("2026-11-22 08:00")
            await desk.send()
            assert desk.decisions("drones", "desk") == ["stored", "stored"]
            assert desk.decisions("fire", "desk") == ["stored"]
            [hit] = daemon.store.hits(rule="fire")
            assert "silenced" in hit.decisions[0].reason

    run(work())
    assert kinds(hook) == ["summary", "digest"]
    assert len(hook.requests[0].json["stories"]) == 2
    assert "لا شيء" in hook.requests[1].json["headline"]


def test_a_lone_held_alert_of_a_known_story_is_a_reply(desk: Desk, hook: Webhook) -> None:
    """The night's one new rule of a story told in the evening answers that message; that of an edit is an update."""
    desk.channels(desk=f'url: "{hook.address}", quiet: "23:00-06:00", digest: "08:00"')

    async def work() -> None:
        async with desk.open():
            await desk.news("n1", DRONE, "الميناء")
            await desk.send()
            desk.clock.at("2026-11-21 23:30")
            await desk.news("n1", f"{DRONE} ثم {PLANT}", "الميناء")
            desk.clock.at("2026-11-22 06:01")
            await desk.send()

    run(work())
    assert kinds(hook) == ["alert", "update"]
    assert hook.requests[1].json["reply_to"] == hook.requests[0].json["id"]


def test_what_a_message_named_does_not_stand_in_the_digest_again(desk: Desk, hook: Webhook) -> None:
    """A rule waited for the digest; then an alert about the same story named it."""
    desk.channels(desk=f'url: "{hook.address}"')

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.news("n1", FIRE, "الميناء")
            await desk.news("n2", FIRE, "السجن")
            first, second = daemon.store.due("desk")
            with daemon.store.batch(desk.clock()) as batch:
                batch.add_alert(alert("desk", first.item, desk.clock()), settles=())
            assert daemon.store.due("desk") == [second]

    run(work())


def test_a_restored_installation_tells_in_one_digest_what_its_feeds_hold(desk: Desk, hook: Webhook) -> None:
    """Also where a feed is in backoff and is not asked; what that one held stands in the digest after it."""
    desk.folders.settings(SETTINGS.replace("first: all", "first: catchup"))
    lost, copy = f"{desk.outlet.url}/lost", desk.folders.state / "copy.db"
    feeds = f"  manbar: {{url: {desk.outlet.feed}, text: feed, every: 30m}}\n  lost: {{url: {lost}, text: feed}}\n"
    desk.folders.feeds(feeds)
    desk.channels(desk=f'url: "{hook.address}", digest: "20:00"')

    async def once() -> None:
        async with desk.folders.hall(clock=desk.clock, mono=desk.clock) as daemon:
            await daemon.once()

    def digests() -> list[tuple[str, int]]:
        told = [r.json for r in hook.requests if r.json["kind"] == "digest"]
        return [(one["headline"].partition(":")[0], len(one["stories"])) for one in told]

    desk.publish("n1", DRONE)
    desk.outlet.raw["/lost"] = desk.outlet.raw["/feed"]
    run(once())
    desk.outlet.raw["/lost"] = Raw(b"closed", status=403)
    desk.clock.at("2026-11-21 13:00")
    run(once())
    assert digests() == [("أول جولة", 1)]
    with Store.open(desk.folders.state, now=desk.clock()) as store:
        store.backup(copy)
    Store.restore(desk.folders.state, copy, now=desk.clock())
    desk.publish("n2", DRONE)
    desk.clock.at("2026-11-21 13:02")
    run(once())
    assert desk.outlet.asked["/lost"] == 2, "it is left alone"
    assert digests()[1:] == [("أول جولة بعد الاستعادة", 1)]
    late = f"<rss><channel>{item('n3', lost, 'خبر قديم', DRONE)}</channel></rss>"
    desk.outlet.raw["/lost"] = Raw(late.encode())
    desk.clock.at("2026-11-21 19:00")
    run(once())
    with Store.open(desk.folders.state, now=desk.clock()) as store:
        assert {hit.decisions[0].reason for hit in store.hits(feed="lost", since=desk.clock() - 9)} == {
            "read again after a restore, perhaps told before it: in a digest and not as news"
        }
    desk.clock.at("2026-11-21 20:00")
    run(once())
    assert digests()[2:] == [("موجز", 1)]
    assert told(hook) == []


def test_the_first_round_waits_for_no_feed_that_was_read_or_is_not_due(desk: Desk, hook: Webhook) -> None:
    """A start again in the middle of it: the feed left is asked, then there is the digest."""
    desk.folders.settings(SETTINGS.replace("first: all", "first: catchup"))
    feeds = [f"  {name}: {{url: {desk.outlet.url}/{name}, text: feed, every: 1h}}\n" for name in ("a", "b")]
    desk.folders.feeds("".join(feeds))
    desk.channels(desk=f'url: "{hook.address}"')
    desk.publish("n1", DRONE)
    desk.outlet.raw |= {"/a": desk.outlet.raw["/feed"], "/b": Raw(status=404)}

    async def work() -> None:
        async with desk.open() as daemon:
            await poll(daemon, "a")
            await daemon.rounds.save_idle()
        async with desk.open() as daemon:
            await desk.send()
            assert kinds(hook) == []
            await daemon.rounds.finish_due()
            assert desk.outlet.asked == {"/a": 1, "/b": 1}
            await desk.send()

    run(work())
    assert kinds(hook) == ["digest"]
