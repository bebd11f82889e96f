"""A fresh installation, a feed added later, and the floods that must not happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.journey.installation import SETTINGS, Installation, wait_until
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook

HEADS = ("نبأ", "عاجل", "خبر", "تقرير", "متابعة")
PLACES = ("الميناء", "المطار", "الجسر", "السوق", "المصنع", "الملعب")


def fill(outlet: Outlet) -> None:
    for n, place in enumerate(PLACES):
        outlet.publish(
            f"p{n}", f"خبر من {place}", f"سقطت طائرة مسيّرة قرب {place} في الساعة {n + 1} فجرا، بحسب مصدر محلي."
        )


def kinds(hook: Webhook) -> list[str]:
    return [request.json["kind"] for request in hook.requests]


def test_a_fresh_installation_sends_one_catch_up_digest(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """What the feeds hold at the start is told in one message, marked as old; what comes then is an alert.

    A feed that cannot be read is counted nowhere as well.
    """
    rasid.write("settings.yaml", SETTINGS.replace("first: all", "first: catchup"))
    fill(outlet)
    rasid.feeds(manbar=outlet.feed, lost=f"{outlet.url}/nowhere")
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: "digest" in kinds(hook), what="the digest")
    (digest,) = (request.json for request in hook.requests if request.json["kind"] == "digest")
    assert len(digest["stories"]) == len(PLACES)
    assert any("مصدر واحد يعمل جيدًا من 2" in line for line in digest["lines"])
    outlet.publish("new", "خبر عاجل", "أسقط الدفاع الجوي طائرة مسيّرة فوق الوادي قبل قليل.")
    wait_until(lambda: "alert" in kinds(hook), what="the alert")
    time.sleep(1)
    assert [kind for kind in kinds(hook) if kind != "operator"] == ["digest", "alert"]
    assert rasid.json("status")[0]["feeds"] == {"ok": 1, "failing": 1}
    begins, done, watching = map(rasid.logged().index, ("the first round begins", "first round done", "watching"))
    assert begins < done < watching
    assert "feeds tried 2 · read 1 · blocked 0 · failed 1" in rasid.logged()


def test_without_a_feed_rasid_says_so_and_the_first_round_waits_for_one(
    rasid: Installation, outlet: Outlet, hook: Webhook
) -> None:
    rasid.write("settings.yaml", SETTINGS.replace("first: all", "first: catchup"))
    fill(outlet)
    rasid.feeds()
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: "no feed is watched" in rasid.logged(), what="the warning")
    rasid.feeds(manbar=outlet.feed)
    wait_until(lambda: hook.requests, what="the digest")
    assert (kinds(hook), len(hook.requests[0].json["stories"])) == (["digest"], len(PLACES))


def test_a_feed_added_later_begins_in_silence(rasid: Installation, outlet: Outlet, hook: Webhook) -> None:
    """No page of its old entries is fetched, nobody is told of them; its next entry is news."""
    rasid.write("settings.yaml", SETTINGS.replace("first: all", "first: catchup"))
    rasid.channels(robot=hook.address)
    with Outlet() as first:
        rasid.feeds(first=first.feed)
        rasid.start()
        wait_until(lambda: hook.requests, what="the catch-up digest, which has nothing")
        fill(outlet)
        rasid.feeds(first=first.feed, added=outlet.feed)
        wait_until(lambda: len(rasid.json("hits")) == len(PLACES), what="its entries are stored")
        outlet.publish("new", "خبر عاجل", "أسقط الدفاع الجوي طائرة مسيّرة فوق الوادي قبل قليل.")
        wait_until(lambda: "alert" in kinds(hook), what="the alert")
    assert not [path for path in outlet.asked if path.startswith("/p")]
    assert kinds(hook) == ["digest", "alert"]


def renamed(outlet: Outlet) -> None:
    """Every id changes, links stay."""
    for piece in outlet.pieces:
        piece.guid += "-new"


def moved(outlet: Outlet) -> None:
    """Every link changes, ids stay."""
    for piece in outlet.pieces:
        piece.slug = f"archive-{piece.slug}"


def rebuilt(outlet: Outlet) -> None:
    """Ids and links change, the texts stay."""
    renamed(outlet)
    moved(outlet)


def emptied(outlet: Outlet) -> None:
    """Empty for a while, then all back again."""
    pieces, outlet.pieces = outlet.pieces, []
    time.sleep(1.5)
    outlet.pieces = pieces


def flapping(outlet: Outlet) -> None:
    """Two servers that know different halves answer in turn."""
    pieces = outlet.pieces
    for n in range(6):
        outlet.pieces = pieces[:3] if n % 2 else pieces[3:]
        time.sleep(0.5)
    outlet.pieces = pieces


def turned(outlet: Outlet) -> None:
    """The order is reversed."""
    outlet.pieces = outlet.pieces[::-1]


def dated(outlet: Outlet) -> None:
    """A year-old article turns up that was never seen."""
    year_ago = datetime.now(UTC) - timedelta(days=365)
    outlet.publish("old", "خبر قديم", "سقطت طائرة مسيّرة قديمة في المرفأ الشرقي صباح ذلك اليوم.", year_ago)


@pytest.mark.parametrize("change", [renamed, moved, rebuilt, emptied, flapping, turned, dated])
def test_no_flood(rasid: Installation, outlet: Outlet, hook: Webhook, change: Callable[[Outlet], None]) -> None:
    """X47 to X50, X53, X54, X56: six articles were told of once; whatever the feed does then, nobody is told again."""
    fill(outlet)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    rasid.start()
    wait_until(lambda: kinds(hook).count("alert") == len(PLACES), what="six alerts")
    change(outlet)
    asked = outlet.asked["/feed"]
    wait_until(lambda: outlet.asked["/feed"] > asked + 3, what="the changed feed is read")
    time.sleep(1)
    assert kinds(hook) == ["alert"] * len(PLACES)


def test_twenty_outlets_with_one_agency_story_make_one_alert(rasid: Installation, hook: Webhook) -> None:
    """X52: one message; twenty hits are stored, nineteen of them joined."""
    story = (
        "أعلنت وزارة الدفاع أن وحداتها أسقطت طائرة مسيّرة مجهولة فوق الساحل الشمالي فجر اليوم، وأن فرق الهندسة نقلت "
        "حطامها إلى قاعدة قريبة لفحصه. وقال المتحدث باسم الوزارة إن التحقيق بدأ لمعرفة الجهة التي أطلقتها."
    )
    outlets = [Outlet() for _ in range(20)]
    try:
        for n, one in enumerate(outlets):
            one.__enter__().publish("story", f"{HEADS[n % 5]}: الساحل الشمالي", story)
        rasid.feeds(**{f"o{n}": one.feed for n, one in enumerate(outlets)})
        rasid.channels(robot=hook.address)
        rasid.start()
        wait_until(lambda: hook.requests, what="the alert")
        wait_until(lambda: len(rasid.json("hits", "--limit", "0")) == 20, 40, what="twenty hits")
        time.sleep(1)
    finally:
        for one in outlets:
            one.__exit__(None, None, None)
    assert kinds(hook) == ["alert"]
    decisions = [d["decision"] for hit in rasid.json("hits") for d in hit["decisions"]]
    assert sorted(decisions) == ["alert"] + ["joined"] * 19
