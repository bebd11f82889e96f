"""The chain for one address, from "not watched" to "delivered at", in words that can be forwarded."""

from __future__ import annotations

from collections.abc import Sequence
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
from monitor.types import Article, Channel, DeliveryState, Dropped, Entry, Feed
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


def publish(
    store: Store, rules_dir: Path, url: str, title: str, text: str, now: float = NOW, *,
    channels: Sequence[Channel] = (Channel(id="desk", url="console://"),), edit: bool = False,
    dropped: tuple[Dropped, ...] = (),
) -> None:  # fmt: skip
    """An entry goes the whole way into the store."""
    article = Article(
        url=url, title=title, text=text, feed=FEED.id, first_seen=datetime.fromtimestamp(now, UTC), text_from="feed",
        dropped=dropped,
    )  # fmt: skip
    hits = tuple(Matcher(load_rules(rules_dir)).match(title, text, FEED.id))
    entry = Entry(key=url, id=url, url=url, title=title, summary=text)
    unseen = store.unseen(FEED.id, [entry], now)[0] if edit else Unseen(entry=entry, kind="new")
    scene = Scene(
        feed=FEED,
        feeds={FEED.id: FEED},
        channels={channel.id: channel for channel in channels},
        policies={channel.id: alert.Policy(zone=ZoneInfo("UTC")) for channel in channels},
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
        "only the feed's own text was taken",
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


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "No rule fired: of none was any part found where it is asked for."),
        ("drones", "The rule drones did not fire: phrase \u2068«طائرة مسيّرة»\u2069: missing"),
    ],
)
def test_an_article_without_hits_says_what_was_missing(store: Store, rules_dir: Path, rule: str, told: str) -> None:
    publish(store, rules_dir, URL, "طقس", "تتوقع الأرصاد أمطارا غزيرة على الساحل خلال اليومين المقبلين.")
    assert chain(known(store, rules_dir), rule)[-1].startswith(told)


def test_a_rule_written_later_is_named_and_no_other_word_contradicts_it(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "خبر", "انتشرت السفن في البحر")
    (rules_dir / "later.yaml").write_text("rasid: 1\nrules:\n  ships:\n    match: السفن\n", "utf-8")
    steps = chain(known(store, rules_dir))
    assert steps[-1].startswith("The rule ships would fire today")


@pytest.mark.parametrize(
    ("text", "near"), [("هبطت طائرة قديمة، ثم وصلت مسيّرة.", True), ("طائرة ورقية فوق الشاطئ.", False)]
)
@pytest.mark.parametrize("fired", [True, False])
def test_a_rule_is_named_as_near_where_all_its_parts_are_there(
    store: Store, rules_dir: Path, text: str, near: bool, fired: bool
) -> None:
    """One word of two names a rule only where nothing came nearer: else every article would name most of them."""
    if fired:
        (rules_dir / "other.yaml").write_text("rasid: 1\nrules:\n  other:\n    match: خبر\n", "utf-8")
    publish(store, rules_dir, URL, "خبر", text)
    steps = chain(known(store, rules_dir))
    assert any("not as neighbours" in step for step in steps) is near
    some = any("found \u2068«طائرة»\u2069, missing \u2068«مسيّرة»\u2069" in step for step in steps)
    assert some is ("No rule fired. These came nearest:" in steps) is not (near or fired)


def test_a_word_that_stands_too_seldom_is_named_as_found(store: Store, rules_dir: Path) -> None:
    rule = "rasid: 1\nrules:\n  cholera:\n    match:\n      word: كوليرا\n      times: 2\n"
    (rules_dir / "other.yaml").write_text(rule, "utf-8")
    publish(store, rules_dir, URL, "خبر", "تفشي الكوليرا")
    assert "found only \u2068«الكوليرا»\u2069 in the text, but 2 times are asked" in chain(known(store, rules_dir))[-1]


def test_a_feed_that_a_rule_leaves_out_is_the_reason(store: Store, rules_dir: Path) -> None:
    rule = "rasid: 1\nrules:\n  other:\n    match: خبر\n    sources:\n      not:\n        - outlet\n"
    (rules_dir / "other.yaml").write_text(rule, "utf-8")
    publish(store, rules_dir, URL, "خبر", "لا شيء")
    assert chain(known(store, rules_dir))[-1] == "The rule other did not fire: its sources leave out this feed."


def test_several_rules_of_one_message_tell_of_it_once(store: Store, rules_dir: Path) -> None:
    """Its delivery, what channels were decided alike, and the message that a copy joined; recipients are named."""
    (rules_dir / "other.yaml").write_text("rasid: 1\nrules:\n  army:\n    severity: high\n    match: الجيش\n", "utf-8")
    mail = Channel(id="mail", url="mailto://mx.example?from=a@a.example&to=day@a.example,night@a.example")
    desks = (Channel(id="desk", url="console://"), Channel(id="hall", url="console://"), mail)
    other = "https://outlet.example/news/2"
    publish(store, rules_dir, URL, "حادث", TEXT, channels=desks)
    publish(store, rules_dir, other, "الجيش يعلن", TEXT, NOW + 60, channels=desks)
    for lane in store.lanes(NOW + 61):
        delivery = store.claim(lane.channel, lane.recipient, NOW + 61)
        assert delivery is not None
        store.settle(delivery.id, DeliveryState.sent, now=NOW + 61)
    first, copy = ("\n".join(chain(known(store, rules_dir, url))) for url in (URL, other))
    alike = "For the channels desk, hall, mail: alert, severity high is told at once (army, drones)."
    assert (first.count("For the"), first.count("Delivered")) == (1, 1)
    assert alike in first
    assert "Delivered to desk, hall, mail (day@a.example), mail (night@a.example) 2026-11-18" in first
    assert (copy.count("For the"), copy.count("The message about it to the channels desk, hall, mail was sent")) == (
        1,
        1,
    )


def test_an_edited_article_is_told_in_order_and_is_no_other_of_its_story(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "حادث", "لا شيء")
    publish(store, rules_dir, URL, "حادث كبير", TEXT, NOW + 60, edit=True)
    steps = chain(known(store, rules_dir))
    assert [step.partition(" ")[0] for step in steps[:3]] == ["The", "Stored", "No"]
    assert sum("showed this address first" in step for step in steps) == 1
    assert not any("also seen at" in step for step in steps)


def test_a_feed_that_failed_once_says_so(store: Store, rules_dir: Path) -> None:
    store.save_feed_state(FEED.id, {"url": FEED.url}, NOW + 60, Poll(kind="error", reason="refused (403)"), now=NOW)
    (step,) = chain(known(store, rules_dir))
    assert "could not be read when it was asked last, 2026-11-18 11:06: refused (403)" in step


def test_a_page_that_could_not_be_had_is_told_with_its_cause(store: Store, rules_dir: Path) -> None:
    publish(store, rules_dir, URL, "حادث", TEXT, dropped=(Dropped(text="", reason="the server answered 403"),))
    assert (
        "only the feed's own text was taken, not the page's: the server answered 403 ("
        in chain(known(store, rules_dir))[1]
    )
