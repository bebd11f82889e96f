"""Killed at random under load: nothing that was recorded is lost, at most one message is doubled for each kill."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter

import pytest

from tests.journey.installation import Installation, wait_until
from tests.journey.outlet import Outlet
from tests.servers.webhook import Answer, Webhook

WORDS = [
    "المدينة",
    "الوزير",
    "الساحل",
    "الشركة",
    "البلدية",
    "القرية",
    "الجسر",
    "الطريق",
    "الميناء",
    "السوق",
    "المصنع",
    "المدرسة",
    "النهر",
    "الجبل",
    "الحديقة",
    "المطار",
    "القطار",
    "السفينة",
    "المزرعة",
    "الجامعة",
    "المستشفى",
    "الملعب",
    "المتحف",
    "المكتبة",
    "البرلمان",
    "السفارة",
    "الحدود",
    "الصحراء",
    "الواحة",
    "الجزيرة",
]


def text(dice: random.Random, number: int) -> str:
    """A text that shares no three words in a row with another, and fires the rule."""
    body = " ".join(dice.choice(WORDS) for _ in range(40))
    return (
        f"{body}. وقال شهود إن طائرة مسيّرة سقطت قرب الموقع {number}. {' '.join(dice.choice(WORDS) for _ in range(30))}."
    )


def titles(hook: Webhook) -> list[str]:
    return [r.json["article"]["title"] for r in hook.requests if r.json["kind"] == "alert"]


def first_seen(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def life(rasid: Installation, outlet: Outlet, good: Webhook, slow: Webhook, kills: int, seed: int) -> None:
    dice, numbers = random.Random(seed), itertools.count()
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(good=good.address, slow=slow.address)
    for _ in range(kills):
        rasid.start()
        for _ in range(dice.randint(1, 6)):
            number = next(numbers)
            outlet.publish(f"p{number}", f"خبر {number} {dice.choice(WORDS)}", text(dice, number))
            slow.script.append(
                dice.choice([Answer(), Answer(status=503), Answer(status=429, headers={"Retry-After": "1"})])
            )
            time.sleep(dice.uniform(0.0, 0.6))
        time.sleep(dice.uniform(0.0, 3.0))
        rasid.kill()
    slow.script.clear()
    rasid.start()
    wanted = {piece.title for piece in outlet.pieces}
    for hook in (good, slow):
        wait_until(lambda hook=hook: set(titles(hook)) == wanted, 90, "every item arrives")  # type: ignore[misc]
    time.sleep(1.0)
    assert rasid.stop() == 0


def judge(rasid: Installation, outlet: Outlet, good: Webhook, slow: Webhook, kills: int) -> None:
    hits = rasid.json("hits", "--limit", "0")
    assert Counter(hit["article"]["title"] for hit in hits) == Counter(piece.title for piece in outlet.pieces)
    detected = [hit["article"]["title"] for hit in sorted(hits, key=lambda hit: hit["id"])]
    for hook in (good, slow):
        refused = sum(r.answered != 204 for r in hook.requests if r.json["kind"] == "alert")
        doubled = len(titles(hook)) - refused - len(detected)
        assert doubled <= kills, f"{doubled} doubled by {kills} kills"
        assert first_seen(titles(hook)) == detected
    assert not rasid.json("deliveries", "--dead")


def test_killed_four_times_under_load(rasid: Installation, outlet: Outlet) -> None:
    """X01, short: no hit without its delivery, no more doubles than kills, the order kept."""
    with Webhook() as good, Webhook() as slow:
        life(rasid, outlet, good, slow, kills=4, seed=11)
        judge(rasid, outlet, good, slow, kills=4)


@pytest.mark.soak
def test_killed_a_hundred_times_under_load(rasid: Installation, outlet: Outlet) -> None:
    """X01: a hundred kills at random moments."""
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"\nseed {seed}")
    with Webhook() as good, Webhook() as slow:
        life(rasid, outlet, good, slow, kills=100, seed=seed)
        judge(rasid, outlet, good, slow, kills=100)
        print(f"{len(outlet.pieces)} items, {len(titles(good))} and {len(titles(slow))} messages, 100 kills")
