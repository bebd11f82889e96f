"""Channels in all kinds of trouble, through the real daemon: each answer of the table, and nobody waits for another."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack

from tests.journey.installation import SETTINGS, Installation, wait_until
from tests.journey.outlet import Outlet
from tests.servers.smtp import Mailbox, Raw
from tests.servers.telegram import FakeTelegram, Reply, error
from tests.servers.webhook import Answer, Webhook

TOKEN = "7012345678:AAExampleExampleExampleExample_Token"
EVENTS = ["انفجار", "حريق", "زلزال", "فيضان", "انهيار", "تصادم", "غرق", "سقوط", "اصطدام", "عاصفة"]
ITEM = re.compile(r"حادث (\d+) ")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def mail(port: int) -> str:
    return f"mailto://127.0.0.1:{port}?from=rasid@example.org&to=desk@example.org"


def publish(outlet: Outlet, number: int) -> None:
    event = EVENTS[number % len(EVENTS)]
    outlet.publish(
        f"p{number}", f"حادث {number} {event}", f"{event} {number}: قال شاهد {event} إن طائرة مسيّرة حلقت {number} مرات."
    )


def alerts(hook: Webhook) -> list[tuple[int, str]]:
    """What a webhook took: number and id."""
    taken = [r for r in hook.requests if r.answered == 204 and r.json["kind"] == "alert"]
    return [(int(ITEM.findall(r.json["article"]["title"] + " ")[0]), r.headers["Idempotency-Key"]) for r in taken]


def numbers(texts: list[str]) -> list[int]:
    return [int(n) for text in texts for n in ITEM.findall(text)[:1]]


def notes(hook: Webhook) -> list[str]:
    return [r.json["headline"] for r in hook.requests if r.json["kind"] == "operator"]


def test_every_answer_of_the_table_through_the_daemon(
    rasid: Installation, outlet: Outlet, hook: Webhook, api: FakeTelegram
) -> None:
    """X24 to X28, X32, X34, X37: nothing is lost or out of order, doubles only where an answer was lost, one word of
    what was down and one when it is back, what was refused is listed as dead and goes out on request."""
    port = free_port()  # nobody answers there for a while
    with Webhook() as robot, Webhook() as table:
        rasid.write("settings.yaml", f"{SETTINGS}telegram_api: {api.url}\noperator:\n  - robot\n")
        rasid.channels(robot=robot.address, table=table.address, chat=f"tgram://{TOKEN}/-1001", mail=mail(port))
        rasid.feeds(manbar=outlet.feed)
        later, forbidden = Answer(status=429, headers={"Retry-After": "1"}), Answer(status=422)
        table.script.extend([Answer(status=500), Answer(), later, Answer(manner="cut"), Answer(manner="huge")])
        table.script.extend([Answer(manner="trickle"), forbidden, Answer(status=503)])
        api.script.extend([error(502, "Bad Gateway"), error(429, "Too Many Requests", retry_after=1), Reply()])
        api.script.extend([Reply(cut=True), error(400, "Bad Request: can't parse entities"), Reply()])
        api.script.extend([error(400, "Bad Request: message is too long"), Reply(), Reply(body=b"<html>")])
        api.script.append(Reply(body={"ok": False, "error_code": 500, "description": "Internal"}))
        rasid.start()
        for number in range(6):
            publish(outlet, number)
            wait_until(lambda n=number: len(alerts(robot)) > n, what="the good channel")  # type: ignore[misc]
        wait_until(lambda: "القناة mail متوقفة" in notes(robot), what="the operator hears of the mail")
        with Mailbox(port=port, cut_after_data=1) as box:
            box.on_data.extend(["250 taken", "250 taken", "451 later", "250 taken", "554 refused"])
            wait_until(lambda: len(box.messages) >= 6, what="mail")  # one is doubled, one refused
            wait_until(lambda: not table.script and len({n for n, _ in alerts(table)}) >= 5, what="the webhook")
            wait_until(lambda: len(set(numbers([m["text"] for m in api.messages]))) == 6, what="Telegram")
            wait_until(lambda: len([n for n in notes(robot) if "لم تصل" in n]) == 2, what="two dead letters")
            mails = [(int(ITEM.findall(f"{m['Subject']} ")[0]), str(m["Message-ID"])) for m in box.messages]
            dead = rasid.json("deliveries", "--dead")
            rasid.verb("deliveries", "--dead", "--retry")
            wait_until(lambda: len({n for n, _ in alerts(table)}) == 6, what="what was dead goes out")
            wait_until(lambda: len(box.messages) >= 7, what="what was dead goes out by mail")
        assert rasid.stop() == 0
        arrived = [n for n, _ in alerts(table)]
    assert [n for n, _ in alerts(robot)] == list(range(6))
    assert list(dict.fromkeys(n for n, _ in mails)) == [0, 1, 3, 4, 5], "in order, the refused one left out"
    assert len(mails) - len(set(mails)) == 1, "the cut one came twice under one Message-ID"
    assert len(arrived) - 6 == 1, "one answer was cut"
    assert arrived[-1] not in arrived[:-1], "the one that was refused came at the end"
    assert {line["channel"] for line in dead} == {"table", "mail"}
    chat = numbers([m["text"] for m in api.messages])
    assert list(dict.fromkeys(chat)) == list(range(6))
    assert len(chat) - 6 <= 3, "a cut answer and two that were none of Telegram's"
    states = [note for note in notes(robot) if "mail" in note and "لم تصل" not in note]
    assert states == ["القناة mail متوقفة", "القناة mail تعمل من جديد"]


def test_eight_dead_channels_delay_the_good_one_by_less_than_two_seconds(
    rasid: Installation, outlet: Outlet, hook: Webhook
) -> None:
    """X39, X29: hanging webhooks, closed ports, tarpits of mail servers. The daemon still stops in time, and a rule is
    silenced meanwhile."""
    with ExitStack() as stack:
        hanging = [stack.enter_context(Webhook(Answer(manner="hang"))).address for _ in range(4)]
        tarpits = [mail(stack.enter_context(Raw([b"220 slow" * 99], drip=0.5)).port) for _ in range(2)]
        closed = [f"json://127.0.0.1:{free_port()}/x", mail(free_port())]
        dead = {f"dead{n}": url for n, url in enumerate([*hanging, *tarpits, *closed])}
        rasid.write("settings.yaml", SETTINGS + "operator:\n  - good\n")
        rasid.channels(good=hook.address)
        rasid.feeds(manbar=outlet.feed)
        rasid.start()
        alone = [latency(outlet, hook, number) for number in range(2)]
        rasid.channels(good=hook.address, **dead)
        wait_until(lambda: "channels 9" in rasid.logged(), what="the dead ones are live")
        among = [latency(outlet, hook, number) for number in range(2, 5)]
        assert max(among) - min(alone) < 2.0, f"alone {alone}, among eight dead channels {among}"
        assert rasid.verb("silence", "drones", "--for", "6h", "--only", "طائرة مسيّرة").returncode == 0
        publish(outlet, 5)
        wait_until(lambda: "hits 1 · alerts 0" in rasid.logged(), what="the silenced hit")
        began = time.monotonic()
        assert rasid.stop() == 0
        assert time.monotonic() - began < 10
    assert len(alerts(hook)) == 5
    newest = rasid.json("hits")[0]
    assert {d["decision"] for d in newest["decisions"]} == {"stored"}


def latency(outlet: Outlet, hook: Webhook, number: int) -> float:
    """Seconds from an article's publication to its alert."""
    publish(outlet, number)
    began = time.monotonic()
    wait_until(lambda: len(alerts(hook)) > number, what=f"alert {number}")
    return time.monotonic() - began
