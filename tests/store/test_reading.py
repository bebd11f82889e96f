"""What the verbs ask for: lists with filters, one address' whole chain, the figures of `status`, search."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from monitor.store import Store
from monitor.store.codec import clean, decode_alert, dumps, encode_alert, hash64
from monitor.types import Alert, AlertKind, DeliveryState, Finding, Item, Match, Severity

NEVER = datetime.min.replace(tzinfo=UTC)
LEVELS = [Severity.low, Severity.medium, Severity.high, Severity.critical]


def add(store: Store, make: SimpleNamespace, n: int, feed: str = "f1", rule: str = "r1", **more: object) -> int:
    """One article with one hit, a minute after the one before; returns the hit's number."""
    with store.batch(make.now + 60 * n) as batch:
        article = batch.add_article(make.article(f"e{n}", feed), entry=make.entry(f"e{n}"), folded=f"خبر رقم {n}")
        return batch.add_hit(article, make.hit(rule, **more), [make.decision()])


def test_hits_with_filters(store: Store, make: SimpleNamespace) -> None:
    """Newest first; `since` is in, `until` is out, `severity` is the lowest that counts."""
    for n in range(8):
        add(store, make, n, f"f{n % 2}", f"r{n % 3}", severity=LEVELS[n % 4])

    def found(**filters: object) -> list[int]:
        return [hit.id - 1 for hit in store.hits(**filters)]

    assert found() == [7, 6, 5, 4, 3, 2, 1, 0]
    assert found(limit=3) == [7, 6, 5]
    assert found(rule="r1") == [7, 4, 1]
    assert found(feed="f0") == [6, 4, 2, 0]
    assert found(since=make.now + 300) == [7, 6, 5]
    assert found(since=make.now + 120, until=make.now + 240) == [3, 2]
    assert found(severity=Severity.high) == [7, 6, 3, 2]
    assert found(rule="r1", feed="f1", severity=Severity.medium) == [7, 1]
    assert found(rule="none") == []
    assert store.hit_times("r1", make.now + 240) == [make.now + 240, make.now + 420]


def test_many_hits_are_read_in_pages(store: Store, make: SimpleNamespace) -> None:
    """None twice, none left out, also while new ones arrive."""
    with store.batch(make.now) as batch:
        for n in range(450):
            batch.add_hit(batch.add_article(make.article(f"e{n}")), make.hit(), [])
    reading = store.hits()
    first = next(reading).id
    add(store, make, 900)
    assert [first, *(hit.id for hit in reading)] == list(range(450, 0, -1))
    assert len(list(store.hits(limit=201))) == 201


def test_a_hit_knows_how_its_messages_fared(store: Store, make: SimpleNamespace) -> None:
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article())
        hit = batch.add_hit(article, make.hit(), [make.decision(), make.decision("stored", "c2", reason="silenced")])
        batch.add_alert(make.alert("a1", hits={"r1": hit}), ["x", "y"])
    for who, state in (("x", DeliveryState.sent), ("y", DeliveryState.dead)):
        taken = store.claim("c1", who, make.now)
        assert taken is not None
        store.settle(taken.id, state, now=make.now + 5, error="" if who == "x" else "gone")
    found = store.hit(hit)
    assert found is not None
    assert [(s.channel, s.recipient, s.state, s.attempts, s.at, s.error) for s in found.deliveries] == [
        ("c1", "x", "sent", 1, make.now + 5, ""), ("c1", "y", "dead", 1, 0.0, "gone"),
    ]  # fmt: skip
    assert [(d.channel, d.kind, d.reason) for d in found.decisions] == [
        ("c1", "alert", "severity high alerts"), ("c2", "stored", "silenced"),
    ]  # fmt: skip
    assert store.hit(99) is None


def test_why_an_address(store: Store, make: SimpleNamespace) -> None:
    """Seen or not, read or not, fired or not, told or not; under any spelling of the address; and its story."""
    store.url_key = lambda url: url.partition("?")[0].lower()
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article(), entry=make.entry())
        story = batch.story_of(article)
        hit = batch.add_hit(article, make.hit(), [make.decision()])
        batch.add_alert(make.alert(hits={"r1": hit}))
        copy = batch.add_article(make.article("copy", feed="f2"), entry=make.entry("copy"), story=story)
        batch.mark_seen("f3", make.entry("quiet"))
    why = store.why("https://NEWS.example/e1?utm_source=x")
    assert [(m.feed, m.article, m.title) for m in why.marks] == [("f1", article, "عنوان e1")]
    assert [a.id for a in why.articles] == [article]
    assert [(h.id, h.deliveries[0].state) for h in why.hits] == [(hit, "pending")]
    assert [a.id for a in why.stories[story]] == [copy, article]
    only_seen = store.why("https://news.example/quiet")
    assert ([m.feed for m in only_seen.marks], only_seen.articles) == (["f3"], ())
    never = store.why("https://nowhere.example/")
    assert (never.marks, never.articles, never.hits) == ((), (), ())
    assert store.why("").marks == ()


def test_why_finds_the_article_whose_entry_moved(store: Store, make: SimpleNamespace) -> None:
    """The feed showed it under another address than the page has."""
    with store.batch(make.now) as batch:
        article = batch.add_article(make.article(url="https://amp.example/x"), entry=make.entry())
    assert [a.id for a in store.why("https://news.example/e1").articles] == [article]


def test_counts_for_status(store: Store, make: SimpleNamespace) -> None:
    for n in range(3):
        add(store, make, n)
    with store.batch(make.now) as batch:
        batch.add_alert(make.alert("a", "c1"), ["x", "y"])
        batch.add_alert(make.alert("b", "c2"))
    counts = store.counts(make.now + 60)
    assert (counts.articles, counts.articles_since, counts.hits, counts.hits_since, counts.stories) == (3, 2, 3, 2, 3)
    assert (counts.waiting, counts.dead, counts.last_hit) == ({"c1": 2, "c2": 1}, {}, make.now + 120)
    assert counts.database_bytes > 100_000


def test_deliveries_with_filters(store: Store, make: SimpleNamespace) -> None:
    with store.batch(make.now) as batch:
        batch.add_alert(make.alert("a", "c1"))
        batch.add_alert(make.alert("b", "c2", kind=AlertKind.operator, items=(), headline="القناة متوقفة"))
    assert [(d.alert, d.kind, d.headline) for d in store.deliveries()] == [
        ("b", "operator", "القناة متوقفة"), ("a", "alert", "عنوان"),
    ]  # fmt: skip
    assert [d.alert for d in store.deliveries(channel="c1")] == ["a"]
    assert [d.alert for d in store.deliveries(limit=1)] == ["b"]
    assert store.deliveries(state=DeliveryState.dead) == []


def test_search_finds_whole_words(store: Store, make: SimpleNamespace) -> None:
    for n in range(12):
        add(store, make, n)
    assert [a.title for a in store.search([("خبر",), ("11",)])] == ["عنوان e11"]
    assert len(store.search([("خبر",)])) == 12
    assert len(store.search([("خبر",)], limit=5)) == 5
    assert store.search([("خب",)]) == []
    assert store.search([("رقم خبر",)]) == [], "a token with a space is a phrase"
    assert len(store.search([("خبر رقم",)])) == 12
    assert store.search([]) == []


def test_x74_any_text_is_a_valid_query(store: Store, make: SimpleNamespace) -> None:
    """Operators, quotes, wildcards, controls: each is text, and finds nothing or what has it."""
    add(store, make, 1)
    text = "' * ( ) AND OR NOT NEAR( a:b ^x -x + { } % _ \\ ، ؟ ـ \u202e"
    queries = [*text.split(), '"', '""', "\x00"]
    for query in [*queries, "OR NOT", "; DROP TABLE x", '"" OR ""', "خبر*", "خبر" * 10_000]:
        assert isinstance(store.search([(query,)]), list), query
        assert isinstance(store.search([(query,), ("خبر",)]), list), query
    assert len(store.search([("خبر*",)])) == 1


def test_silences_end_by_themselves(store: Store, make: SimpleNamespace) -> None:
    store.silence("r1", make.now + 100, now=make.now, only="درون")
    store.silence("r2", make.now + 200, now=make.now)
    assert [(s.rule, s.only) for s in store.silences(make.now)] == [("r1", "درون"), ("r2", "")]
    assert [s.rule for s in store.silences(make.now + 100)] == ["r2"]
    assert store.unsilence("r2", now=make.now + 150) == 1
    assert store.silences(make.now + 150) == []
    assert store.unsilence("r2", now=make.now + 160) == 0


def test_the_operator_is_told_once_per_change(store: Store, make: SimpleNamespace) -> None:
    """A subject that begins well is no news."""
    told = [
        store.changed("feed:f1", state, now=make.now + i)
        for i, state in enumerate(("ok", "ok", "blocked", "blocked", "ok"))
    ]
    assert told == [False, False, True, False, True]
    assert store.changed("disk", "full", now=make.now, note="7 MB")
    assert store.subjects() == {"feed:f1": ("ok", make.now + 4, ""), "disk": ("full", make.now, "7 MB")}


def test_the_last_good_rules_are_kept(store: Store, make: SimpleNamespace) -> None:
    """All files of the last twenty versions."""
    assert store.last_rules() is None
    assert store.save_rules("v1", {"a.yaml": "rasid: 1\n", "ب.yaml": "عربي"}, now=make.now)
    assert not store.save_rules("v1", {}, now=make.now + 1)
    assert store.last_rules() == ("v1", {"a.yaml": "rasid: 1\n", "ب.yaml": "عربي"})
    assert store.save_rules("v2", {"a.yaml": "2"}, now=make.now + 10)
    assert store.save_rules("v1", {"a.yaml": "back"}, now=make.now + 20)
    assert store.last_rules() == ("v1", {"a.yaml": "back"})
    assert store.rules_at(make.now + 15) == {"a.yaml": "2"}
    assert store.rules_at(make.now - 1) is None
    for n in range(40):
        store.save_rules(f"n{n}", {}, now=make.now + 100 + n)
    assert store.rules_at(make.now + 50) is None
    assert store.rules_at(make.now + 125) == {}


def full_alert() -> Alert:
    """Every field set, so that a field that is forgotten shows."""
    when = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
    match = Match("شاهد", "بشاهد", "title", 1, 6)
    finding = Finding(
        hit=7, rule="r", name="ن", severity=Severity.low, sentence="ج", spans=((1, 2), (3, 4)), matches=(match,) * 2
    )
    item = Item(
        article=1, url="u", title="t\ud800\x00", outlet="o", published=when - timedelta(days=1), first_seen=when,
        findings=(finding, replace(finding, severity=Severity.critical)), feed="f", story=3, outlets=("a", "b"),
        text_from="raw", text="نص",
    )  # fmt: skip
    return Alert(
        id="i", channel="c", kind=AlertKind.update, severity=Severity.critical, created=when,
        items=(item, replace(item, published=None)), headline="h", lines=("l1", "l2"), reply_to="first",
    )  # fmt: skip


def test_an_alert_comes_back_exactly() -> None:
    alert = full_alert()
    assert decode_alert(encode_alert(alert)) == alert
    bare = Alert(id="", channel="", kind=AlertKind.test, severity=Severity.low, created=NEVER)
    assert all(getattr(alert, f.name) != getattr(bare, f.name) for f in fields(Alert)), "a new field needs a value here"
    assert decode_alert(encode_alert(alert).replace('"headline"', '"unknown"')).headline == ""


@given(st.text(), st.text(), st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=3, minutes=30))])))
def test_any_text_and_date_comes_back(one: str, other: str, when: datetime) -> None:
    alert = replace(full_alert(), headline=one, lines=(other,), created=when)
    text = encode_alert(alert)
    text.encode()
    assert "\x00" not in text
    assert decode_alert(text) == alert


@given(st.text(alphabet=st.characters(), max_size=50))
def test_cleaned_text_is_as_long(text: str) -> None:
    assert len(clean(text)) == len(text)
    clean(text).encode()
    dumps([text]).encode()
    assert -(2**63) <= hash64(text) < 2**63
