"""The real daemon at work under the unit's system-call filters, set by libseccomp in place of systemd."""

from __future__ import annotations

import signal

import pytest

from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import RULES, wait_until
from tests.journey.outlet import Outlet
from tests.servers.smtp import Mailbox
from tests.servers.unit import PREFIX, library
from tests.servers.webhook import Webhook


@pytest.mark.soak
@pytest.mark.skipif(library() is None, reason="no libseccomp, or no systemd-analyze, on this machine")
def test_everything_works_under_the_units_filters(
    rasid: Rasid, outlet: Outlet, hook: Webhook, mailbox: Mailbox
) -> None:
    """First start, feed, page in a reader's process, webhook, mail, a name looked up, reload, backup, restart, stop."""
    rasid.feeds(manbar=outlet.feed, other=outlet.feed.replace("127.0.0.1", "localhost"))
    rasid.channels(robot=hook.address, post=f"mailto://127.0.0.1:{mailbox.port}/?from=r@x.example&to=a@x.example")
    titles = publish(outlet, 1)
    daemon = rasid.launch(*PREFIX)
    wait_until(lambda: told(hook)[:1] == titles, 60, "a message")
    wait_until(lambda: mailbox.messages, 30, "a mail")
    assert {hit["article"]["feed"] for hit in rasid.json("hits")} == {"manbar", "other"}
    assert {article for article in outlet.asked if article.startswith("/p")}, "pages were read"
    rasid.write("watch.yaml", RULES.replace("شاهد 136", "شاهد 131"))
    daemon.send_signal(signal.SIGHUP)
    wait_until(lambda: "rules live" in rasid.logged(), 30, "reload")
    assert rasid.stop() == 0
    rasid.launch(*PREFIX, arguments=("--once",))
    assert rasid.daemon is not None
    assert rasid.daemon.wait(60) == 0, "with a backup and the nightly work"
    assert list((rasid.state / "backups").glob("rasid-*.db"))
    for word in ("unforeseen", "Operation not permitted", "its reader ended", "Traceback"):
        assert word not in rasid.logged()
