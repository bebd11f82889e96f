"""Channels that are dead, come, go and are renamed; the heartbeat's address (X39, X40, X41, X76)."""

from __future__ import annotations

import socket
import time

from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet
from tests.servers.webhook import Answer, Webhook


def dead_address() -> str:
    """A webhook at a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"json://127.0.0.1:{closed.getsockname()[1]}/hook"


def test_x39_x40_dead_channels_delay_no_other_and_end_in_dead_letters(
    rasid: Rasid, outlet: Outlet, hook: Webhook
) -> None:
    """Eight dead channels and a good one: it is told in 2 s; after `give_up` their rows are dead letters, listed."""
    rasid.settle(give_up="3s", max="1s")
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(good=hook.address, **{f"dead{n}": dead_address() for n in range(8)})
    rasid.start()
    wait_until(lambda: outlet.asked["/feed"])
    titles = publish(outlet, 1)
    published = time.monotonic()
    wait_until(lambda: told(hook) == titles)
    assert time.monotonic() - published < 15, "2 s on a machine with nothing else to do"
    wait_until(lambda: len(rasid.json("deliveries", "--dead")) >= 8, 30, "dead letters")
    assert {row["channel"] for row in rasid.json("deliveries", "--dead")} == {f"dead{n}" for n in range(8)}
    assert rasid.stop() == 0
    assert len([r for r in hook.requests if r.json["kind"] == "operator"]) <= 16, "once per change of state"


def test_x41_a_channel_goes_comes_back_and_another_is_added_while_rows_wait(
    rasid: Rasid, outlet: Outlet, hook: Webhook
) -> None:
    """Its rows wait while it is gone and are sent when it is back under its id; a new channel gets no history."""
    rasid.feeds(manbar=outlet.feed)
    hook.always = Answer(status=503)
    rasid.channels(robot=hook.address)
    rasid.start()
    titles = publish(outlet, 1)
    wait_until(lambda: hook.requests, what="a try that fails")
    with Webhook() as added:
        rasid.channels(other=added.address)
        wait_until(lambda: "channels 1" in rasid.logged() and rasid.logged().count("rules live") >= 1)
        time.sleep(1)
        hook.always = Answer()
        before = len(hook.requests)
        time.sleep(1.5)
        assert len(hook.requests) == before, "a channel that is not there is sent nothing"
        titles_later = publish(outlet, 2)
        wait_until(lambda: told(added) == titles_later)
        rasid.channels(other=added.address, robot=hook.address)
        wait_until(lambda: titles[0] in told(hook), what="its row was kept")
        publish(outlet, 3)
        wait_until(lambda: len(told(added)) == 2 and len(told(hook)) == 2)
        assert titles[0] not in told(added)
        assert titles_later[0] not in told(hook)
    assert rasid.stop() == 0


def test_x51_an_edited_entry(rasid: Rasid, outlet: Outlet, hook: Webhook) -> None:
    """Another letter in the title is no message; a word that only now fires a rule is one."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    outlet.publish("a", "خبر عن الميناء", "وصلت سفينة كبيرة إلى الميناء صباح اليوم وعلى متنها شحنة من القمح.")
    titles = publish(outlet, 1)
    rasid.start()
    wait_until(lambda: told(hook) == titles)
    wait_until(lambda: outlet.asked["/a"])
    outlet.pieces[0].title += "!"
    asked = outlet.asked["/feed"]
    wait_until(lambda: outlet.asked["/feed"] > asked + 2)
    time.sleep(0.5)
    assert len(hook.requests) == 1
    outlet.pieces[1].text = "وصلت سفينة كبيرة إلى الميناء، ثم سقطت طائرة مسيّرة قربها وأصابت مخزن القمح."
    wait_until(lambda: len(hook.requests) == 2, what="a term that newly appears")
    assert hook.requests[1].json["article"]["url"].endswith("/a")
    time.sleep(1)
    assert len(hook.requests) == 2
    assert rasid.stop() == 0
