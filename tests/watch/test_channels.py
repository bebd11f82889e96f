"""Channels that fail, move, come and go: what waits, what dies, and what the operator hears of it, once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.errors import StateBusy
from monitor.types import DeliveryState
from tests.journey.outlet import Outlet, Raw
from tests.servers.smtp import Mailbox
from tests.servers.telegram import FakeTelegram, error
from tests.servers.webhook import Answer, Webhook
from tests.watch.desk import RULES, Clock, Desk, kinds, told
from tests.watch.hall import Folders, poll

DRONE = "شوهدت مسيّرة"
TOKEN = "7012345678:AAExampleExampleExampleExample_Token"
HOUR = 3600.0


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.fixture
def desk(folders: Folders, outlet: Outlet) -> Desk:
    return Desk(folders, outlet, Clock("2026-11-21 12:00"))


@pytest.fixture
def good() -> Iterator[Webhook]:
    with Webhook() as found:
        yield found


def two(desk: Desk, hook: Webhook, good: Webhook) -> None:
    desk.channels(desk=f'url: "{hook.address}"', good=f'url: "{good.address}"')


def test_a_channel_that_is_down_is_told_of_once_and_once_when_it_is_back(
    desk: Desk, hook: Webhook, good: Webhook
) -> None:
    """X24: after three failures in a row, on the others; then everything arrives in order."""
    two(desk, hook, good)
    hook.always = Answer(status=503)

    async def work() -> None:
        async with desk.open() as daemon:
            for n in range(3):
                await desk.news(f"n{n}", DRONE)
            await desk.send()
            assert told(good, "operator") == []
            for _ in range(6):
                await desk.after(900)
            assert told(good, "operator") == ["القناة desk متوقفة"]
            assert not daemon.courier.dead(["desk", "good"])
            assert daemon.courier.dead(["desk"])
            hook.always = Answer()
            await desk.after(900)
            await desk.after(60)

    run(work())
    assert [title[:2] for title in told(hook)] == ["n0", "n1", "n2"]
    assert kinds(hook) == ["alert"] * 3, "a channel is told nothing about itself"
    assert told(good, "operator") == ["القناة desk متوقفة", "القناة desk تعمل من جديد"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 307])
def test_a_broken_channel_rests_and_is_probed_every_half_hour(
    desk: Desk, hook: Webhook, good: Webhook, status: int
) -> None:
    """Its rows wait; another address in channels.yaml is tried at once."""
    two(desk, hook, good)
    hook.always = Answer(status=status, headers={"Location": "http://10.0.0.1/"})

    async def work() -> None:
        async with desk.open() as daemon:
            for n in range(3):
                await desk.news(f"n{n}", DRONE)
            await desk.send()
            await desk.after(1799)
            assert len(hook.requests) == 1
            await desk.after(2)
            assert len(hook.requests) == 2
            assert told(good, "operator") == ["القناة desk متوقفة"]
            hook.always = Answer()
            desk.channels(desk=f'url: "{hook.address}/new"', good=f'url: "{good.address}"')
            await daemon.reload()
            await desk.send()
            assert [title[:2] for title in told(hook)] == ["n0", "n1", "n2"]
            assert not daemon.store.suspensions()

    run(work())


def test_dead_letters_are_reported_in_one_message(desk: Desk, hook: Webhook, good: Webhook) -> None:
    """A refused text is dead at once and the next one goes; after 72 hours what waits behind a dead channel is too."""
    two(desk, hook, good)
    hook.script.append(Answer(status=413))

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.news("n0", DRONE)
            await desk.news("n1", DRONE)
            await desk.send()
            assert told(hook) == ["n1 في المطار"]
            assert told(good, "operator") == ["القناة desk: رسائل لم تصل (1)"]
            hook.always = Answer(status=503)
            for n in range(2, 7):
                await desk.news(f"n{n}", DRONE)
            await desk.after(71 * HOUR)
            assert daemon.store.dead_letters() == {"desk": 1}
        async with desk.open() as daemon:
            await desk.after(2 * HOUR)
            await desk.after(5)
            assert daemon.store.dead_letters() == {"desk": 6}
            assert {d.kind for d in daemon.store.deliveries(state=DeliveryState.pending)} == {"digest"}
            assert daemon.store.retry(channel="desk", now=desk.clock()) == 6
            hook.always = Answer()
            await desk.send()
            assert daemon.store.dead_letters() == {}

    run(work())
    reports = [head for head in told(good, "operator") if "لم تصل" in head]
    assert reports == ["القناة desk: رسائل لم تصل (1)", "القناة desk: رسائل لم تصل (5)"]
    assert "413" in good.requests[2].json["lines"][0]
    assert len(told(hook)) == 7


def test_the_only_channel_hears_of_its_own_dead_letters(desk: Desk, hook: Webhook) -> None:
    """There is nobody else; and a report that is refused as well is not reported again."""
    desk.channels(desk=f'url: "{hook.address}"')
    hook.always = Answer(status=422)

    async def work() -> None:
        async with desk.open():
            await desk.news("n0", DRONE)
            for _ in range(5):
                await desk.after(60)

    run(work())
    assert [r.json["kind"] for r in hook.requests] == ["alert", "operator"]


def test_a_channel_that_is_gone_keeps_its_rows_and_a_new_one_gets_no_history(
    desk: Desk, hook: Webhook, good: Webhook
) -> None:
    """X41: rows are parked by the channel's id; when it is back under that id they go out."""
    two(desk, hook, good)
    hook.always = Answer(status=503)

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.news("n0", DRONE)
            await desk.send()
            desk.channels(renamed=f'url: "{hook.address}"', good=f'url: "{good.address}"')
            hook.always = Answer()
            await daemon.reload()
            await desk.after(HOUR)
            await desk.news("n1", DRONE)
            await desk.send()
            assert told(hook) == ["n1 في المطار"]
            two(desk, hook, good)
            await daemon.reload()
            await desk.send()
            assert told(hook) == ["n1 في المطار", "n0 في الميناء"]

    run(work())


def test_a_recipient_who_was_taken_off_gets_nothing_more(desk: Desk) -> None:
    """X31: of three addresses one is refused: the others get it once. One taken off gets nothing that still waited."""
    with Mailbox() as box:
        box.on_rcpt = {"b@example.org": "550 unknown", "c@example.org": "451 later"}
        url = f"mailto://127.0.0.1:{box.port}?from=rasid@example.org&to="
        desk.channels(desk=f'url: "{url}a@example.org,b@example.org,c@example.org"')

        async def work() -> None:
            async with desk.open() as daemon:
                await desk.news("n0", DRONE)
                await desk.send()
                desk.channels(desk=f'url: "{url}a@example.org,b@example.org"')
                box.on_rcpt = {}
                await daemon.reload()
                await desk.after(HOUR)
                states = {d.recipient[0]: d.state for d in daemon.store.deliveries() if d.kind == "alert"}
                assert states == {"a": DeliveryState.sent, "b": DeliveryState.dead, "c": DeliveryState.pending}

        run(work())
    alerts = [m for m in box.messages if "لم تصل" not in str(m["Subject"])]
    assert [m["To"] for m in alerts] == ["a@example.org"]


def test_one_blocked_chat_is_its_own_matter(desk: Desk, api: FakeTelegram, good: Webhook) -> None:
    """Its lane rests; the other chat goes on, and the operator hears once, not with every message."""
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(desk=f'url: "tgram://{TOKEN}/-1001/-1002"', good=f'url: "{good.address}"')
    api.chats["-1002"] = error(403, "Forbidden: bot was blocked by the user")

    async def work() -> None:
        async with desk.open():
            for n in range(3):
                await desk.news(f"n{n}", DRONE)
                await desk.after(60)
            assert told(good, "operator") == ["القناة desk (-1002) متوقفة"]
            api.chats.clear()
            await desk.after(1800)
            await desk.after(60)

    run(work())
    assert [m["chat_id"] for m in api.messages] == [-1001] * 3 + [-1002] * 3
    assert told(good, "operator")[1:] == ["القناة desk (-1002) تعمل من جديد"]


def test_a_chat_that_moved_gets_everything_in_its_new_place(desk: Desk, api: FakeTelegram, good: Webhook) -> None:
    """X35: the operator is told once to write the new number down."""
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(desk=f'url: "tgram://{TOKEN}/-1001"', good=f'url: "{good.address}"')
    api.chats["-1001"] = error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100999)

    async def work() -> None:
        for n in range(2):
            async with desk.open():
                await desk.news(f"n{n}", DRONE)
                await desk.news(f"m{n}", DRONE)
                await desk.send()

    run(work())
    assert [m["chat_id"] for m in api.messages] == [-100999] * 5, "four alerts and the word about it"
    notes = [r.json for r in good.requests if r.json["kind"] == "operator"]
    assert len(notes) == 1
    assert "-100999" in notes[0]["lines"][0]


def test_a_throttled_bot_rests_in_all_its_chats_and_others_go_on(desk: Desk, api: FakeTelegram) -> None:
    """X32, X33: 35 s for every chat of that token, in order, no attempt counted; more than an hour is told."""
    other = TOKEN.replace("701", "801")
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(
        one=f'url: "tgram://{TOKEN}/-1"', two=f'url: "tgram://{TOKEN}/-2"', three=f'url: "tgram://{other}/-3"'
    )
    api.chats["-1"] = error(429, "Too Many Requests", retry_after=35)

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.news("n0", DRONE)
            await desk.send()
            api.chats.clear()
            await desk.news("n1", DRONE)
            sent = len(api.posts)
            await desk.after(34)
            assert {p["chat_id"] for p in api.posts[sent:]} <= {-3}
            await desk.after(7)
            assert [m["chat_id"] for m in api.messages].count(-1) == 2
            assert all(d.attempts <= 1 for d in daemon.store.deliveries())
            api.chats["-1"] = error(429, "Too Many Requests", retry_after=43838)
            await desk.news("n2", DRONE)
            await desk.send()

    run(work())
    for chat in (-1, -2, -3):
        texts = [m["text"] for m in api.messages if m["chat_id"] == chat]
        assert [n for text in texts for n in re.findall(r"n\d(?= في)", text)][:2] == ["n0", "n1"]
    assert any("القناة one متوقفة" in m["text"] for m in api.messages if m["chat_id"] == -3)


def test_a_throttled_bot_rests_in_all_its_chats_over_a_restart(desk: Desk, api: FakeTelegram) -> None:
    """Also in a chat that nothing waited for when the bot was told to wait."""
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(one=f'url: "tgram://{TOKEN}/-1"')
    api.chats["-1"] = error(429, "Too Many Requests", retry_after=600)

    async def work() -> None:
        async with desk.open():
            await desk.news("n0", DRONE)
            await desk.send()
        api.chats.clear()
        desk.channels(one=f'url: "tgram://{TOKEN}/-1"', two=f'url: "tgram://{TOKEN}/-2"')
        before = len(api.posts)
        async with desk.open():
            await desk.news("n1", DRONE)
            await desk.after(590)
            assert len(api.posts) == before
            await desk.after(20)
            assert {m["chat_id"] for m in api.messages} == {-1, -2}

    run(work())


def test_a_missing_secret_parks_its_channel_until_it_is_there(
    desk: Desk, hook: Webhook, good: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator hears of it before anything is to be sent; then nothing needs a restart."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    desk.channels(desk=f'url: "json://127.0.0.1:{hook.port}/${{file:path}}"', good=f'url: "{good.address}"')

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.send()
            assert told(good, "operator") == ["القناة desk متوقفة"]
            await desk.news("n0", DRONE)
            await desk.send()
            assert daemon.store.counts(0).waiting == {"desk": 1}
            assert await asyncio.wait_for(daemon.outbox.drain(30.0), 5)  # `run --once` doesn't wait for it
            (folder / "path").write_text("geheimnis")
            await desk.after(5)

    run(work())
    assert [r.path for r in hook.requests] == ["/geheimnis"]
    assert told(good, "operator") == ["القناة desk متوقفة", "القناة desk جاهزة"]


def test_recipients_behind_references_are_stored_nowhere(
    desk: Desk, api: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a lane of its own all the same, and the log tells them apart."""
    monkeypatch.setenv("BOT", TOKEN)
    monkeypatch.setenv("FIRST", "-100555")
    monkeypatch.setenv("SECOND", "-100666")
    desk.settings(f"telegram_api: {api.url}")
    desk.channels(desk='url: "tgram://${BOT}/${FIRST}/${SECOND}"')

    async def work() -> None:
        async with desk.open() as daemon:
            await desk.news("n0", DRONE)
            with capture_logs() as said:
                await desk.send()
            assert sorted(line["to"] for line in said if line["event"] == "sent") == ["#1", "#2"]
            assert sorted(d.recipient for d in daemon.store.deliveries()) == ["#1", "#2"]

    run(work())
    assert sorted(m["chat_id"] for m in api.messages) == [-100666, -100555]
    stored = b"".join(p.read_bytes() for p in desk.folders.state.glob("rasid.db*"))
    assert b"100555" not in stored


def test_a_busy_database_after_a_send_blocks_no_lane(
    desk: Desk, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is written down as soon as the database takes it; nothing is sent twice."""
    desk.channels(desk=f'url: "{hook.address}"')
    monkeypatch.setattr("monitor.watch.outbox._BUSY_WAIT", 0.01)

    async def work() -> None:
        async with desk.open() as daemon:
            settle, busy = type(daemon.store).settle, [StateBusy("locked")] * 3

            def once(self: object, *args: Any, **kwargs: Any) -> None:
                if busy:
                    raise busy.pop()
                settle(daemon.store, *args, **kwargs)

            monkeypatch.setattr(type(daemon.store), "settle", once)
            await desk.news("n0", DRONE)
            await desk.news("n1", DRONE)
            await desk.send()

    run(work())
    assert [title[:2] for title in told(hook)] == ["n0", "n1"]


def test_many_words_to_the_operator_become_one_message(desk: Desk, hook: Webhook) -> None:
    """Forty feeds failed while the channel was down."""
    desk.channels(desk=f'url: "{hook.address}"')

    async def work() -> None:
        async with desk.open() as daemon:
            for n in range(40):
                await daemon.operator.tell(f"feed:f{n}", "broken", f"المصدر {n} لا يُقرأ", ["HTTP 500"])
            await desk.send()

    run(work())
    assert len(hook.requests) == 1
    assert len(hook.requests[0].json["lines"]) == 80


def test_named_operators_hear_it_alone(desk: Desk, hook: Webhook, good: Webhook) -> None:
    """Unless it is about the one that is named: then the others do."""
    desk.settings("operator: [good]")
    two(desk, hook, good)

    async def work() -> None:
        async with desk.open() as daemon:
            await daemon.operator.tell("feed:x", "broken", "المصدر x", [])
            await daemon.operator.tell("feed:x", "broken", "المصدر x", [])
            await desk.send()
            assert (kinds(hook), kinds(good)) == ([], ["operator"])
            good.always = Answer(status=401)
            await desk.news("n0", DRONE)
            await desk.send()
            assert told(hook, "operator") == ["القناة good متوقفة"]

    run(work())


def test_rules_that_are_no_longer_there_are_told_once(desk: Desk, hook: Webhook, good: Webhook) -> None:
    """X43: a file deleted, a rule gone from one, a rule that ended; also where Rasid was off meanwhile. What is back
    and gone again is told again, a rule with another name is no news."""
    two(desk, hook, good)
    water = RULES.replace("drones:", "dam:").replace("name: drones", "name: السد").partition("  plant:")[0]
    desk.write("water.yaml", water)
    desk.write("watch.yaml", RULES.replace("    name: fire\n", "    name: حرائق\n    expires: 2026-11-21\n"))

    def lines() -> list[list[str]]:
        return [r.json["lines"] for r in good.requests if r.json["headline"] == "توقف رصد ما يلي"]

    async def work() -> None:
        async with desk.open() as daemon:
            (desk.folders.rules / "water.yaml").unlink()
            await daemon.reload()
            await daemon.reload()
            await desk.send()
            assert lines() == [["القاعدة «السد» (dam)"]]
            desk.write("water.yaml", water.replace("السد", "سد النهضة"))
            await daemon.reload()
            desk.clock.at("2026-11-22 00:01")
            await daemon.reload()
            await desk.send()
            assert lines()[1:] == [["القاعدة «حرائق» (fire)، انتهى أجلها في 2026-11-21"]]
        desk.write("watch.yaml", RULES.partition("  fire:")[0])
        (desk.folders.rules / "water.yaml").unlink()
        desk.clock.now += 60
        async with desk.open():
            await desk.send()

    run(work())
    missing = {"quake": "quake", "rain": "rain", "dam": "سد النهضة"}
    assert sorted(lines()[2]) == [f"القاعدة «{name}» ({rule})" for rule, name in missing.items()]
    assert len([r for r in hook.requests if r.json["kind"] == "operator"]) == 3


def test_a_cause_is_told_in_arabic_with_what_helps_and_kept_in_english(
    desk: Desk, hook: Webhook, good: Webhook
) -> None:
    """For `status` and the log; the words of `rasid check` stay as they are."""
    two(desk, hook, good)
    desk.outlet.raw["/feed"] = Raw(b"closed", status=403)

    async def work() -> None:
        async with desk.open() as daemon:
            await poll(daemon)
            desk.write("watch.yaml", "rasid: 1\nrules: [")
            await daemon.reload()
            await desk.send()
            notes = {name: note for name, (_, _, note) in daemon.store.subjects().items()}
            assert notes["feed:manbar"].startswith("the site refuses machines (403)")
            assert "rasid check" not in notes["rules"]

    run(work())
    blocked, refused = (r.json["lines"] for r in good.requests)
    assert blocked == ["الموقع يرفض طلبات البرامج (403)؛ جرّب مصدرًا آخر له أو خريطة أخباره، أو راسل أصحابه"]
    assert "watch.yaml:3" in refused[0]
    assert refused[1] == "يبيّن rasid check كل خطأ وموضعه"
