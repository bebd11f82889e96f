"""One article's whole way, through the real command, real HTTP, a real database and a real mail server."""

from __future__ import annotations

import signal
import sqlite3
import time

from tests.journey.installation import RULES, Installation, wait_until
from tests.journey.outlet import Outlet, Raw
from tests.servers.smtp import Mailbox
from tests.servers.webhook import Answer, Webhook

DRONE = "أعلن الجيش أنه أسقط طائرة مسيّرة فوق الميناء فجر اليوم.\nوقال المتحدث إن الحطام سقط في البحر من دون إصابات."

WAYS = "وقالت البلدية إن الطرق المؤدية إلى المكان أغلقت ساعتين، ثم فتحت أمام السيارات من جديد."


def mail(mailbox: Mailbox) -> str:
    return f"mailto://127.0.0.1:{mailbox.port}?from=rasid@example.org&to=desk@example.org&mode=insecure"


def test_a_feed_goes_in_and_mail_and_webhook_come_out(
    rasid: Installation, outlet: Outlet, hook: Webhook, mailbox: Mailbox
) -> None:
    """The page is read, its rule fires, both channels are told once, everything is stored with its proof."""
    outlet.publish("drone", "حادث في الميناء", DRONE)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(desk=mail(mailbox), robot=hook.address)
    rasid.start()
    wait_until(lambda: mailbox.messages and hook.requests, what="both channels are told")
    message = mailbox.messages[0]
    body = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "حادث في الميناء" in str(message["Subject"])
    assert "مسيّرات" in body
    assert f"{outlet.url}/drone" in body
    time.sleep(1.0)
    assert rasid.stop() == 0
    assert (len(mailbox.messages), len(hook.requests)) == (1, 1)
    (hit,) = rasid.json("hits")
    assert hit["rule"] == "drones"
    assert hit["article"]["url"] == f"{outlet.url}/drone"
    assert {d["channel"]: d["state"] for d in hit["deliveries"]} == {"desk": "sent", "robot": "sent"}
    assert [m["surface"] for m in hit["matches"]] == ["طائرة مسيّرة"]


def test_a_restart_repeats_nothing_and_forgets_nothing(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """What was told stays told; what comes while Rasid is down is told after the start."""
    outlet.publish("one", "حادث أول", DRONE)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: hook.requests, what="the first alert")
    assert rasid.stop() == 0
    outlet.publish("two", "زيارة", "زار وفد دولي محطة نووية في الجنوب، وتفقد المفاعل وحوض الوقود.")
    rasid.start()
    wait_until(lambda: len(hook.requests) > 1, what="the second alert")
    time.sleep(1.0)
    assert rasid.stop() == 0
    assert [r.json["article"]["title"] for r in hook.requests] == ["حادث أول", "زيارة"]


def test_a_term_stops_the_daemon_within_ten_seconds_while_a_channel_hangs(
    rasid: Installation, outlet: Outlet, hook: Webhook
) -> None:
    """SIGTERM is obeyed although a send never ends; the delivery is sent again at the next start."""
    hook.always = Answer(manner="hang")
    outlet.publish("one", "حادث", DRONE)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: hook.requests, what="the send begins")
    began = time.monotonic()
    assert rasid.stop() == 0
    assert time.monotonic() - began < 10
    hook.always = Answer()
    rasid.start()
    wait_until(lambda: len(hook.requests) > 1, what="it is sent again")
    key = "Idempotency-Key"
    assert hook.requests[0].headers[key] == hook.requests[1].headers[key]


def test_a_second_daemon_is_refused_and_names_the_first(rasid: Installation, outlet: Outlet) -> None:
    """Exit code 75, and the pid of the one that holds the state folder."""
    rasid.feeds(manbar=outlet.feed)
    first = rasid.start()
    wait_until(lambda: "watching" in rasid.logged())
    second = rasid.verb("run")
    assert second.returncode == 75
    assert str(first.pid) in second.stderr


def test_a_broken_file_keeps_the_last_good_rules_live(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """The operator hears once where the mistake is; the old rules go on firing; a mended file goes live."""
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: "watching" in rasid.logged())
    rasid.write("watch.yaml", RULES.replace("severity: high", "severity: hihg"))
    wait_until(lambda: "refused" in rasid.logged(), what="the mistake is reported")
    outlet.publish("one", "حادث", DRONE)
    wait_until(lambda: len(hook.requests) >= 2, what="operator and alert")
    kinds = [r.json["kind"] for r in hook.requests]
    assert kinds == ["operator", "alert"]
    assert "watch.yaml:5:" in hook.requests[0].body.decode()
    rasid.write("watch.yaml", RULES)
    wait_until(lambda: len(hook.requests) >= 3, what="the all-clear")
    assert [r.json["kind"] for r in hook.requests] == ["operator", "alert", "operator"]


def test_a_start_on_broken_rules_uses_the_last_good_version_or_exits_78(rasid: Installation, outlet: Outlet) -> None:
    """With no earlier version there is nothing to watch: every mistake is printed with its line, exit code 78."""
    rasid.feeds(manbar=outlet.feed)
    rasid.write("watch.yaml", RULES.replace("any:", "anny:"))
    refused = rasid.verb("run", "--once")
    assert refused.returncode == 78
    assert refused.stderr.count("watch.yaml:") == 2
    rasid.write("watch.yaml", RULES)
    assert rasid.verb("run", "--once").returncode == 0
    rasid.write("watch.yaml", RULES.replace("any:", "anny:"))
    assert rasid.verb("run", "--once").returncode == 0


def test_hangup_reloads_the_folder(rasid: Installation, outlet: Outlet) -> None:
    """SIGHUP reads the rules again without a stop."""
    rasid.feeds(manbar=outlet.feed)
    daemon = rasid.start()
    wait_until(lambda: "watching" in rasid.logged())
    for _ in range(50):
        daemon.send_signal(signal.SIGHUP)
    wait_until(lambda: "rules live" in rasid.logged())
    assert rasid.stop() == 0


def test_a_channel_that_is_down_gets_everything_in_order_when_it_is_back(
    rasid: Installation, outlet: Outlet, hook: Webhook
) -> None:
    """Refused with 503 for a while: nothing is lost, nothing doubled, the order is that of detection."""
    hook.always = Answer(status=503)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    events = ("انفجار في المصنع", "حريق في السوق", "غرق مركب صيد", "زلزال في الجبل")
    for n, event in enumerate(events):
        outlet.publish(f"p{n}", event, f"{event}: سقطت طائرة مسيّرة رقم {n} قرب الموقع بحسب شهود. {WAYS}")
        wait_until(lambda n=n: rasid.logged().count("hits 1") > n, what="read")  # type: ignore[misc]
    refused = len(hook.requests)
    hook.always = Answer()
    wait_until(lambda: len([r for r in hook.requests[refused:] if r.json["kind"] == "alert"]) >= 4, what="all alerts")
    titles = [r.json["article"]["title"] for r in hook.requests[refused:] if r.json["kind"] == "alert"]
    assert titles == list(events)


def test_run_once_reads_what_is_due_and_ends(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """For cron: one round, deliveries waited for, exit 0; the database is whole."""
    outlet.publish("one", "حادث", DRONE)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    assert len(hook.requests) == 1
    with sqlite3.connect(rasid.state / "rasid.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_page_that_cannot_be_read_does_not_lose_the_entry(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """The page answers 403: title and summary are matched, and the alert says where its text came from."""
    outlet.publish("one", "إسقاط طائرة مسيّرة فوق الميناء", "تفاصيل لاحقا.")
    outlet.raw["/one"] = Raw(b"<html>forbidden</html>", status=403)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    assert rasid.verb("run", "--once").returncode == 0
    assert hook.requests[0].json["article"]["text_from"] == "feed"
