"""What the world does to a watcher of feeds, all at once: none of it keeps the good feed's news from arriving."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.journey.installation import SETTINGS, Installation, wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.webhook import Webhook

DRONE = "سقطت طائرة مسيّرة في حقل قرب القرية، ولم يصب أحد."


def rss(items: str, head: str = "<?xml version='1.0'?>") -> bytes:
    return f"{head}<rss version='2.0'><channel><title>منبر</title>{items}</channel></rss>".encode()


@contextmanager
def talker(data: bytes, *, forever: bool) -> Iterator[int]:
    """A server that says `data`, again and again where `forever`, and never closes."""
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                peer, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(peer,), daemon=True).start()

    def talk(peer: socket.socket) -> None:
        try:
            peer.sendall(data)
            while forever and not done.is_set():
                peer.sendall(b"x" * 65536)
            done.wait(60)
        except OSError:
            pass
        finally:
            peer.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    done.set()
    server.close()


def test_bad_feeds_blind_and_delay_no_other(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """Broken XML, error pages, hanging and endless servers, redirect loops, closed ports, private addresses: the good
    feed is told of within seconds, and each bad one says what is wrong with it."""
    loop = {"Location": f"{outlet.url}/loop"}
    outlet.raw["/loop"] = Raw(status=302, headers=loop)
    outlet.raw["/html"] = Raw("<html><body>خطأ في الخادم</body></html>".encode())
    outlet.raw["/torn"] = Raw(rss("<item><title>طائرة مسيّرة</title>")[:-40])
    outlet.raw["/empty"] = Raw(b"")
    outlet.raw["/private"] = Raw(status=302, headers={"Location": "http://10.0.0.1/feed"})
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    endless = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss>"
    with talker(b"", forever=False) as hanging, talker(endless, forever=True) as flood:
        rasid.feeds(
            html=f"{outlet.url}/html", torn=f"{outlet.url}/torn", empty=f"{outlet.url}/empty",
            loop=f"{outlet.url}/loop", private=f"{outlet.url}/private", closed=f"http://127.0.0.1:{port}/feed",
            hanging=f"http://127.0.0.1:{hanging}/feed", flood=f"http://127.0.0.1:{flood}/feed", good=outlet.feed,
        )  # fmt: skip
        rasid.channels(robot=hook.address)
        rasid.start()
        wait_until(lambda: "watching" in rasid.logged())
        outlet.publish("one", "خبر", DRONE)
        published = time.monotonic()
        wait_until(lambda: [r for r in hook.requests if r.json["kind"] == "alert"], what="the good feed's alert")
        assert time.monotonic() - published < 10
        wait_until(lambda: rasid.logged().count("feed:") >= 5, 30, what="the operator hears of the bad ones")
    states = {row["id"]: row["state"] for row in rasid.json("feeds")}
    assert states["good"] == "ok"
    for name in ("html", "empty", "loop", "private", "closed"):
        assert states[name].startswith("failing"), states


def test_an_entry_without_id_link_or_date_is_read(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """Title and text are enough; the same entry is not told twice."""
    outlet.raw["/bare"] = Raw(rss("<item><title>سقوط طائرة مسيّرة</title><description>في البحر</description></item>"))
    rasid.feeds(bare=f"{outlet.url}/bare")
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: hook.requests)
    time.sleep(1.5)
    assert len(hook.requests) == 1


def test_wrong_encodings_do_not_hide_a_word(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """windows-1256 labelled as UTF-8, UTF-8 labelled as ISO-8859-1, one broken byte: the hit is raised each time."""
    item = "<item><guid>{0}</guid><title>{0} سقوط طائرة مسيّرة في {1}</title></item>"
    lie = "<?xml version='1.0' encoding='{}'?>"
    body = "<rss version='2.0'><channel><title>منبر</title>{}</channel></rss>"
    outlet.raw["/a"] = Raw((lie.format("utf-8") + body.format(item.format("أ", "البحر"))).encode("windows-1256"))
    outlet.raw["/b"] = Raw((lie.format("iso-8859-1") + body.format(item.format("ب", "الجبل"))).encode())
    outlet.raw["/c"] = Raw((lie.format("utf-8") + body.format(item.format("ج", "المدينة"))).encode() + b"\xff")
    rasid.feeds(a=f"{outlet.url}/a", b=f"{outlet.url}/b", c=f"{outlet.url}/c")
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: len([r for r in hook.requests if r.json["kind"] == "alert"]) == 3, what="three alerts")
    places = {r.json["article"]["title"].split()[-1] for r in hook.requests}
    assert places == {"البحر", "الجبل", "المدينة"}


def test_private_addresses_are_refused_by_default(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """Without `allow_networks` neither the feed nor the webhook on this machine is reached."""
    rasid.write("settings.yaml", SETTINGS.split("allow_networks")[0])
    outlet.publish("one", "خبر", DRONE)
    rasid.feeds(local=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    assert not outlet.asked
    assert not hook.requests
    (row,) = rasid.json("feeds")
    assert "private" in row["reason"] or "allow_networks" in row["reason"], row["reason"]
