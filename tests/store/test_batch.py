"""One transaction a batch: articles, stories, hits, decisions, alerts and deliveries together or not at all."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest

from monitor.errors import StateBroken
from monitor.store import Poll, Store
from monitor.types import AlertKind, Article, Dropped, Severity


def one_hit(store: Store, make: SimpleNamespace, key: str = "e1", **decided: object) -> tuple[int, int]:
    """An article with a hit; returns their numbers."""
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article(key), entry=make.entry(key))
        return article, batch.add_hit(article, make.hit(), [make.decision(**decided)], sentence="جملة", spans=[(0, 3)])


def test_an_error_undoes_the_whole_batch(store: Store, make: SimpleNamespace) -> None:
    def work() -> None:
        with store.batch(make.now) as batch:
            article = batch.add_article(make.article(), entry=make.entry(), sample=[1, 2], folded="نص")
            hit = batch.add_hit(article, make.hit(), [make.decision()])
            batch.add_alert(make.alert(hits={"r1": hit}))
            batch.save_feed_state("f1", {"etag": "x"}, 5.0, Poll(kind="new", new=1))
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        work()
    counts = store.counts(0)
    assert (counts.articles, counts.hits, counts.stories, counts.waiting) == (0, 0, 0, {})
    assert store.feed_states() == {}
    assert [u.kind for u in store.unseen("f1", [make.entry()], make.now)] == ["new"]
    assert store.search([("نص",)]) == []


def test_an_article_comes_back_as_it_was(store: Store, make: SimpleNamespace) -> None:
    article = Article(
        url="https://news.example/ا?q=1", title="عنوان", text="سطر\nسطر", feed="f1", published=make.at(make.now - 0.25),
        published_from="feed", first_seen=make.at(make.now), author="كاتب", language="fa", text_from="raw",
        dropped=(Dropped(text="قائمة", reason="menu"),),
    )  # fmt: skip
    with store.batch(make.now) as batch:
        number = batch.add_article(article)
    assert store.article(number) == article
    assert store.article(number + 1) is None


def test_characters_no_database_takes_keep_their_offsets(store: Store, make: SimpleNamespace) -> None:
    """NUL and lone surrogates become U+FFFD, one for one."""
    with store.batch(make.now) as batch:
        number = batch.add_article(make.article(title="\ud800أ\x00", text="ب\udfffج"), entry=make.entry(title="\ud800"))
    stored = store.article(number)
    assert stored is not None
    assert (stored.title, stored.text) == ("\ufffdأ\ufffd", "ب\ufffdج")


def test_copies_join_a_story_and_name_its_outlets(store: Store, make: SimpleNamespace) -> None:
    """The first publisher first, whoever was polled first."""
    with store.batch(make.now) as batch:
        first = batch.add_article(make.article("a", feed="late", published=make.at(make.now - 10)), sample=[1, 2, 3, 4])
        story = batch.story_of(first)
        [found] = batch.similar([2, 3, 4, 9], make.now - 60)
        assert (found.article, found.story, found.published) == (first, story, make.at(make.now - 10))
        batch.add_article(make.article("b", feed="early", published=make.at(make.now - 90)), story=found.story)
        assert batch.outlets(story) == ("early", "late")
    assert [a.feed for a in store.articles(story=story)] == ["early", "late"]


def test_candidates_share_enough_and_are_recent(store: Store, make: SimpleNamespace) -> None:
    """Most shared first, at most 20; an article without a date counts from when it was seen."""
    with store.batch(make.now) as batch:
        old = batch.add_article(make.article("old", first_seen=make.at(make.now - 1000)), sample=range(10))
        near = [batch.add_article(make.article(f"n{i}"), sample=range(5)) for i in range(30)]
        best = batch.add_article(make.article("best"), sample=range(-3, 9))
        found = batch.similar(range(10), make.now - 500)
        assert [c.article for c in found] == [best, *near[:19]]
        assert found[0].published == found[0].first_seen == make.at(make.now)
        assert old in [c.article for c in batch.similar(range(10), make.now - 2000)]
        assert batch.similar([0, 1], 0.0) == []
        assert len(batch.similar([0, 1], 0.0, at_least=2)) == 20
        assert batch.similar([], 0.0) == []


def test_a_story_does_not_go_on_for_ever(store: Store, make: SimpleNamespace) -> None:
    """A candidate is as old as its story, however late it joined."""
    with store.batch(make.now) as batch:
        first = batch.add_article(make.article("a", published=make.at(make.now - 90)), sample=[7])
        late = make.article("b", first_seen=make.at(make.now + 40_000))
        batch.add_article(late, sample=[1, 2, 3], story=batch.story_of(first))
        [found] = batch.similar([1, 2, 3], 0.0)
        assert (found.published, found.first_seen) == (make.at(make.now - 90), make.at(make.now + 40_000))


def test_an_edit_is_a_version_of_its_article(store: Store, make: SimpleNamespace) -> None:
    """Hits keep the text they were found in; what fired on any version is known for all."""
    article, _ = one_hit(store, make)
    with store.batch(make.now + 9) as batch:
        second = batch.add_article(make.article(text="نص معدل"), entry=make.entry(summary="معدل"), revises=article)
        third = batch.add_article(make.article(text="نص آخر"), entry=make.entry(summary="آخر"), revises=second)
        assert batch.story_of(third) == batch.story_of(article)
        assert batch.rules_hit(third) == {"r1"}
        batch.add_hit(third, make.hit("r2"), [])
        assert batch.rules_hit(article) == {"r1", "r2"}
    assert [(a.id, a.revises) for a in store.articles(story=1)] == [
        (third, article),
        (second, article),
        (article, None),
    ]
    assert store.article(article).text == make.article().text  # type: ignore[union-attr]
    [edited] = store.unseen("f1", [make.entry(summary="رابع")], make.now)
    assert edited.article == article, "an edit leads to the first version"


def test_an_edit_of_a_forgotten_article_is_an_article(store: Store, make: SimpleNamespace) -> None:
    """It was pruned between the look at the feed and the batch."""
    one_hit(store, make, "other")
    with store.batch(make.now) as batch:
        assert batch.rules_hit(99) == frozenset()
        number = batch.add_article(make.article(), entry=make.entry(), revises=99)
    assert [(a.id, a.revises) for a in store.articles(url="https://news.example/e1")] == [(number, None)]


def test_a_rule_fires_once_on_an_article(store: Store, make: SimpleNamespace) -> None:
    """Done twice, the first proof and the first decision stay."""
    article, hit = one_hit(store, make)
    with store.batch(make.now) as batch:
        assert batch.add_hit(article, make.hit(severity=Severity.low), [make.decision("stored")]) == hit
    [found] = store.hits()
    assert (found.severity, [d.kind for d in found.decisions]) == (Severity.high, ["alert"])


def test_a_hit_is_its_own_proof(store: Store, make: SimpleNamespace) -> None:
    article, hit = one_hit(store, make)
    found = store.hit(hit)
    assert found is not None
    assert (found.rule, found.name, found.version, found.sentence, found.spans) == (
        "r1",
        "قاعدة r1",
        "v1",
        "جملة",
        ((0, 3),),
    )
    assert found.matches == make.hit().matches
    assert (found.article, found.url, found.story) == (article, "https://news.example/e1", 1)
    assert found.decisions == (make.decision(),)


def test_what_a_channel_was_told(store: Store, make: SimpleNamespace) -> None:
    """By a message of its own (rules), in a digest sent or to come (listed); per channel and story."""
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article())
        story = batch.story_of(article)
        assert batch.told("c1", story).rules == frozenset()
        r1 = batch.add_hit(article, make.hit("r1"), [make.decision("alert")])
        r2 = batch.add_hit(article, make.hit("r2"), [make.decision("digest")])
        batch.add_hit(
            article, make.hit("r3"), [make.decision("held", until=make.now + 5), make.decision("digest", "c2")]
        )
        batch.add_alert(make.alert("a1", hits={"r1": r1}, story=story))
        told = batch.told("c1", story)
        assert (told.rules, told.listed, told.first_alert) == ({"r1"}, {"r2", "r3"}, "a1")
        assert batch.told("c2", story).listed == {"r3"}
        batch.add_alert(make.alert("d1", hits={"r2": r2}, story=story, kind=AlertKind.digest))
        told = batch.told("c1", story)
        assert (told.rules, told.listed, told.first_alert) == ({"r1"}, {"r2", "r3"}, "a1")
        batch.add_alert(make.alert("a2", hits={"r2": r2}, story=story, kind=AlertKind.update, reply_to="a1"))
        told = batch.told("c1", story)
        assert (told.rules, told.listed, told.first_alert) == ({"r1", "r2"}, {"r3"}, "a1")
        assert batch.told("c1", story + 1).first_alert == ""


def test_what_waits_for_a_digest_knows_the_highest_severity_of_its_story(store: Store, make: SimpleNamespace) -> None:
    """Also where that came with a copy that was no news; not what is nothing to the channel, nor what is held."""
    with store.batch(make.now) as batch:
        first = batch.add_article(make.article("e1"))
        story = batch.story_of(first)
        batch.add_hit(first, make.hit("r1"), [make.decision("digest"), make.decision("digest", "c2")])
        batch.add_hit(first, make.hit("r2"), [make.decision("held", "c3", until=make.now + 60)])
        copy = batch.add_article(make.article("e2", feed="f2"), story=story)
        risen = make.hit("r1", severity=Severity.critical, version="v2")
        batch.add_hit(
            copy, risen, [make.decision("joined"), make.decision("stored", "c2"), make.decision("joined", "c3")]
        )
    worst = [store.due(channel)[0].item.severity for channel in ("c1", "c2", "c3")]
    assert worst == [Severity.critical, Severity.high, Severity.high]


def test_what_waits_is_settled_by_the_message_that_names_it(store: Store, make: SimpleNamespace) -> None:
    """A digest's and a held hit wait until an alert names them, whatever happens in between."""
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article())
        waits = batch.add_hit(article, make.hit("r1"), [make.decision("digest", reason="severity medium")])
        held = batch.add_hit(
            article, make.hit("r2"), [make.decision("held", until=make.now + 60, reason="quiet hours")]
        )
        batch.add_hit(article, make.hit("r3"), [make.decision("stored"), make.decision("digest", "c2")])
    found = store.due("c1")
    assert [(d.kind, d.until, d.reason, d.item.findings[0].hit) for d in found] == [
        ("digest", 0.0, "severity medium", waits), ("held", make.now + 60, "quiet hours", held),
    ]  # fmt: skip
    assert (found[0].item.outlets, found[0].item.feed, found[0].item.text) == (("f1",), "f1", make.article().text)
    assert found[0].item.findings[0].matches == make.hit().matches
    with store.batch(make.now + 60) as batch:
        batch.add_alert(make.alert("s1", hits={"r2": held}, kind=AlertKind.summary))
    assert [d.item.findings[0].hit for d in store.due("c1")] == [waits]
    with store.batch(make.now + 70) as batch:
        batch.add_alert(make.alert("s2", kind=AlertKind.digest), settles=[waits])
    assert store.due("c1") == []
    assert len(store.due("c2")) == 1
    assert [(s.alert, s.state) for s in store.hit(waits).deliveries] == [("s2", "pending")]  # type: ignore[union-attr]


def test_an_alert_is_added_once(store: Store, make: SimpleNamespace) -> None:
    """The id is the same over all tries; recipients are told once each."""
    with store.batch(make.now) as batch:
        assert len(batch.add_alert(make.alert("a1"), ["x", "y", "x"])) == 2
        assert batch.add_alert(make.alert("a1"), ["z"]) == []
    assert [(d.recipient, d.state) for d in store.deliveries()] == [("y", "pending"), ("x", "pending")]


def test_evidence_is_kept_with_its_hash(store: Store, make: SimpleNamespace) -> None:
    article, _ = one_hit(store, make)
    page = b"<html>" * 1000
    with store.batch(make.now) as batch:
        batch.add_evidence(article, page, "https://final.example/", make.now)
        batch.add_evidence(article, b"later", "https://other.example/", make.now)
    found = store.evidence(article)
    assert found is not None
    assert (found.data, found.url, found.sha256) == (page, "https://final.example/", hashlib.sha256(page).hexdigest())
    assert store.evidence(article + 1) is None
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE evidence SET sha256 = 'other'")
    with pytest.raises(StateBroken, match="altered"):
        store.evidence(article)


def test_feed_counters(store: Store, make: SimpleNamespace) -> None:
    """Each poll is counted; a first poll counts as done when it brought an answer."""
    poll = [
        Poll(kind="error", status=500, reason="server error"),
        Poll(kind="new", status=200, bytes=900, new=3),
        Poll(kind="unchanged", status=304, bytes=90),
        Poll(kind="blocked", status=403, reason="forbidden"),
        Poll(kind="blocked", status=403, reason="forbidden"),
    ]
    store.save_feed_state("f1", {"n": 0}, 1.0, poll[0], now=make.now)
    assert store.first_polled() == frozenset()
    for i, one in enumerate(poll[1:], 1):
        store.save_feed_state("f1", {"n": i, "عربي": [1.5, None]}, 10.0 + i, one, now=make.now + i)
    health = store.feed_health()["f1"]
    assert (health.polls, health.unchanged, health.with_news, health.errors, health.failing) == (5, 1, 1, 3, 2)
    assert (health.entries, health.bytes, health.last_status, health.last_reason) == (3, 990, 403, "forbidden")
    assert (health.last_new, health.last_ok, health.last_poll) == (make.now + 1, make.now + 2, make.now + 4)
    assert store.first_polled() == {"f1"}
    assert store.feed_states() == {"f1": {"n": 4, "عربي": [1.5, None]}}
    store.save_feed_state("f1", {"n": 9}, 99.0, now=make.now)
    assert store.feed_health()["f1"].polls == 5
