"""The chain for one address, from "not watched" to "delivered at", in words that can be forwarded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor import alert
from monitor.fetch import Outcome
from monitor.match import Matcher
from monitor.rules import load_rules
from monitor.store import Poll, Store, Unseen
from monitor.types import Article, Channel, DeliveryState, Entry, Feed
from monitor.watch.recording import Ending, Read, Scene, record
from monitor.watch.why import Known, chain

NOW = 1_795_000_000.0
URL = "https://outlet.example/news/1"
FEED = Feed(id="outlet", url="https://outlet.example/rss", name="منبر")
TEXT = "أسقط الجيش طائرة مسيّرة قرب الحدود فجر اليوم، وقال المتحدث إن الحطام نقل إلى القاعدة لفحصه."


def known(store: Store, rules_dir: Path, url: str = URL, feeds: dict[str, Feed] | None = None) -> Known:
    stored = store.why(url)
    copies = [line for lines in stored.stories.values() for line in lines]
    told = {
        line.story: [h for one in copies for h in store.why(one.url).hits if h.deliveries] for line in stored.articles
    }
    return Known(
        why=stored, feeds={FEED.id: FEED} if feeds is None else feeds, health=store.feed_health(),
        states=store.feed_states(), subjects=store.subjects(), ruleset=load_rules(rules_dir), zone=ZoneInfo("UTC"),
        texts={line.id: a for line in stored.articles if (a := store.article(line.id))}, told=told,
    )  # fmt: skip


def publish(store: Store, rules_dir: Path, url: str, title: str, text: str, now: float = NOW) -> None:
    """An entry goes the whole way into the store, for one channel."""
    article = Article(
        url=url, title=title, text=text, feed=FEED.id, first_seen=datetime.fromtimestamp(now, UTC), text_from="feed"
    )
    hits = tuple(Matcher(load_rules(rules_dir)).match(title, text, FEED.id))
    unseen = Unseen(entry=Entry(key=url, id=url, url=url, title=title, summary=text), kind="new")
    channel = Channel(id="desk", url="console://")
    scene = Scene(
        feed=FEED,
        feeds={FEED.id: FEED},
        channels={"desk": channel},
        policies={"desk": alert.Policy(zone=ZoneInfo("UTC"))},
    )
    outcome = Outcome(kind="new", next_at=now + 300, reason="one new entry")
    poll = Poll(kind=outcome.kind, status=200, new=1, reason=outcome.reason)
    ending = Ending(state={"url": FEED.url}, next_at=now + 300, poll=poll)
    record(store, scene, [Read(unseen=unseen, article=article, hits=hits)], ending, {}, now)


def test_an_address_of_no_watched_outlet(store: Store, rules_dir: Path) -> None:
    (step,) = chain(known(store, rules_dir, feeds={}))
    assert step.startswith("Not watched")


def test_an_outlet_whose_feed_was_not_asked_yet_or_is_off(store: Store, rules_dir: Path) -> None:
    assert "has not been polled yet" in chain(known(store, rules_dir))[0]
    off = {FEED.id: replace(FEED, enabled=False)}
    assert "switched off" in chain(known(store, rules_dir, feeds=off))[0]


def test_a_blocked_feed_says_since_when_and_why(store: Store, rules_dir: Path) -> None:
    store.save_feed_state(FEED.id, {"url": FEED.url}, NOW + 60, Poll(kind="blocked", reason="challenge"), now=NOW)
    store.changed("feed:outlet", "ok", now=NOW - 10)
    store.changed("feed:outlet", "blocked", now=NOW, note="the server asks for a browser")
    (step,) = chain(known(store, rules_dir))
    assert "is blocked since 2026-11-18" in step
    assert "asks for a browser" in step


def test_an_address_that_the_feed_never_showed(store: Store, rules_dir: Path) -> None:
    store.save_feed_state(FEED.id, {"url": FEED.url}, NOW + 60, Poll(kind="unchanged", reason="not modified"), now=NOW)
    (step,) = chain(known(store, rules_dir))
    assert "has not shown this address" in step


def test_an_article_that_was_told_of_names_words_decision_and_delivery(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "حادث", TEXT)
    delivery = store.claim("desk", "", NOW + 1)
    assert delivery is not None
    store.settle(delivery.id, DeliveryState.sent, now=NOW + 2)
    steps = "\n".join(chain(known(store, rules_dir)))
    for part in (
        "only the feed's own text was read",
        "fired (high) on \u2068«طائرة مسيّرة»\u2069",
        "desk: alert",
        "Delivered to desk",
    ):
        assert part in steps


def test_a_copy_names_the_message_that_told_of_its_story(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "حادث", TEXT)
    publish(store, rules_dir, "https://outlet.example/news/2", "الجيش يعلن", TEXT, NOW + 60)
    steps = "\n".join(chain(known(store, rules_dir, "https://outlet.example/news/2")))
    assert "desk: joined" in steps
    assert f"\u2068«حادث»\u2069, {URL}" in steps


@pytest.mark.parametrize("rule", ["", "drones"])
def test_an_article_without_hits_says_what_was_missing(store: Store, rules_dir: Path, rule: str) -> None:
    publish(store, rules_dir, URL, "طقس", "تتوقع الأرصاد أمطارا غزيرة على الساحل خلال اليومين المقبلين.")
    steps = chain(known(store, rules_dir), rule)
    assert any(("No rule fired" in step) if not rule else ("The rule drones did not fire" in step) for step in steps)


def test_a_rule_written_later_is_named_and_no_other_word_contradicts_it(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "خبر", "انتشرت السفن في البحر")
    (rules_dir / "later.yaml").write_text("rasid: 1\nrules:\n  ships:\n    match: السفن\n", "utf-8")
    steps = chain(known(store, rules_dir))
    assert steps[-1].startswith("The rule ships would fire today")


@pytest.mark.parametrize(
    ("text", "near"), [("هبطت طائرة قديمة، ثم وصلت مسيّرة.", True), ("طائرة ورقية فوق الشاطئ.", False)]
)
def test_a_rule_is_named_as_near_where_all_its_parts_are_there(
    store: Store, rules_dir: Path, text: str, near: bool
) -> None:
    """One word of two is no reason to name a rule: every article would name most of them."""
    publish(store, rules_dir, URL, "خبر", text)
    steps = chain(known(store, rules_dir))
    assert any("not as neighbours in this order" in step for step in steps) is near
    assert any("none came near" in step for step in steps) is not near


def test_a_feed_that_failed_once_says_so(store: Store, rules_dir: Path) -> None:
    store.save_feed_state(FEED.id, {"url": FEED.url}, NOW + 60, Poll(kind="error", reason="refused (403)"), now=NOW)
    (step,) = chain(known(store, rules_dir))
    assert "could not be read when it was asked last, 2026-11-18 11:06: refused (403)" in step
