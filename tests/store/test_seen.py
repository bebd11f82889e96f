"""Promise 5: whatever a feed changes about its old entries, they are not news again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from monitor.store import Store
from monitor.types import Entry

HOUR = 3600.0


def kinds(store: Store, entries: list[Entry], now: float, feed: str = "f1") -> list[str]:
    return [found.kind for found in store.unseen(feed, entries, now)]


def take(store: Store, entries: list[Entry], now: float, feed: str = "f1") -> list[str]:
    """What the hall does with a poll: stores what is new or edited, marks the rest; returns the kinds."""
    found = store.unseen(feed, entries, now)
    with store.batch(now) as batch:
        for unseen in found:
            batch.mark_seen(feed, unseen.entry, unseen.article)
    return [unseen.kind for unseen in found]


@pytest.fixture
def ten(make: SimpleNamespace) -> list[Entry]:
    return [make.entry(f"e{i}", summary=f"خبر رقم {i}", published=make.at(make.now - i * HOUR)) for i in range(10)]


def test_an_entry_is_new_once(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    assert take(store, ten, make.now) == ["new"] * 10
    assert take(store, ten, make.now + 60) == []
    assert take(store, ten, make.now, feed="f2") == ["new"] * 10, "another feed's entries are its own"


def test_the_order_of_the_document_is_kept(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    assert [u.entry.key for u in store.unseen("f1", ten[::-1], make.now)] == [e.key for e in ten[::-1]]


def test_x47_all_ids_change(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    """Same links and titles under new ids."""
    take(store, ten, make.now)
    again = [make.entry(f"new-{e.key}", url=e.url, title=e.title, summary=e.summary) for e in ten]
    assert take(store, again, make.now + HOUR) == ["known-by-url"] * 10
    assert take(store, again, make.now + 2 * HOUR) == []


def test_x47_ids_and_summaries_change(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    take(store, ten, make.now)
    again = [make.entry(f"new-{e.key}", url=e.url, title=e.title, summary="ملخص آخر") for e in ten]
    assert take(store, again, make.now + HOUR) == ["known-by-url"] * 10


def test_x48_all_links_change(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    """The site moved, the ids stayed."""
    take(store, ten, make.now)
    moved = [make.entry(e.key, url=f"https://other.example/{e.key}", summary=e.summary) for e in ten]
    assert take(store, moved, make.now + HOUR) == []


@pytest.mark.parametrize("redated", [False, True])
def test_x49_ids_and_links_change(store: Store, make: SimpleNamespace, ten: list[Entry], redated: bool) -> None:
    """The same texts at once under new ids and links, even newly dated: a site that moved."""
    take(store, ten, make.now)
    later = make.now + 200 * HOUR
    moved = [
        make.entry(f"n{i}", url=f"https://other.example/{i}", title=e.title, summary=e.summary,
                   published=make.at(later) if redated else e.published)
        for i, e in enumerate(ten)
    ]  # fmt: skip
    assert take(store, moved, later) == ["known-by-text"] * 10


def test_a_warning_repeated_word_for_word_is_new(store: Store, make: SimpleNamespace) -> None:
    """One short text, dated later, under its own id and link: another event."""
    siren = {"title": "صفارات الإنذار تدوي في المدينة", "summary": ""}
    first, later = make.now, make.now + 4 * HOUR
    assert take(store, [make.entry("s1", published=make.at(first), **siren)], first) == ["new"]
    assert take(store, [make.entry("s2", published=make.at(later), **siren)], later) == ["new"]
    assert take(store, [make.entry("s3", **siren)], later + HOUR) == ["known-by-text"], "undated: within 72 hours"
    assert take(store, [make.entry("s4", **siren)], later + 80 * HOUR) == ["new"]


def test_a_long_text_is_not_written_twice(store: Store, make: SimpleNamespace) -> None:
    text = " ".join(f"كلمة{i}" for i in range(40))
    take(store, [make.entry("a", summary=text, title="", published=make.at(make.now))], make.now)
    later = make.now + 500 * HOUR
    again = make.entry("b", summary=text, title="", published=make.at(later))
    assert take(store, [again], later) == ["known-by-text"]


def test_entries_that_share_a_link_are_told_apart(store: Store, make: SimpleNamespace) -> None:
    """A feed whose links all lead to its front page."""
    entries = [make.entry(f"k{i}", url="https://live.example/", title=f"تطور رقم {i}", summary="") for i in range(5)]
    assert take(store, entries[:2], make.now) == ["new", "new"]
    assert take(store, entries, make.now + HOUR) == ["new"] * 3


def test_entries_without_link_or_title(store: Store, make: SimpleNamespace) -> None:
    entries = [make.entry(f"k{i}", url="", title="", summary=f"منشور {i}") for i in range(3)]
    assert take(store, entries, make.now) == ["new"] * 3
    assert take(store, entries, make.now) == []


def test_x51_an_edit_names_the_article(store: Store, make: SimpleNamespace) -> None:
    """The same id with another text; a link that changes alone is no edit."""
    entry = make.entry("e1")
    with store.batch(make.now) as batch:
        number = batch.add_article(make.article("e1"), entry=entry)
    [edited] = store.unseen("f1", [make.entry("e1", summary="نص آخر")], make.now)
    assert (edited.kind, edited.article) == ("edited", number)
    assert store.unseen("f1", [make.entry("e1", url="https://x.example/")], make.now) == []
    assert store.unseen("f1", [make.entry("e1", title="  عنوان   e1\n")], make.now) == [], "white space is no edit"


def test_x53_a_feed_that_flaps_repeats_nothing(store: Store, make: SimpleNamespace) -> None:
    """Between two sets of entries, and between two forms of the same entries."""
    a, b = [make.entry("e1"), make.entry("e2")], [make.entry("e3")]
    c = [make.entry("e1", summary="صيغة ثانية"), make.entry("e2")]
    assert [take(store, s, make.now + i) for i, s in enumerate((a, b, c))] == [["new"] * 2, ["new"], ["edited"]]
    for i in range(6):
        assert take(store, (a, b, c)[i % 3], make.now + 100 + i) == []


def test_x54_a_feed_that_was_empty_for_a_day(store: Store, make: SimpleNamespace, ten: list[Entry]) -> None:
    take(store, ten, make.now)
    assert take(store, [], make.now + HOUR) == []
    assert take(store, ten, make.now + 25 * HOUR) == []


def forget(store: Store, now: float) -> None:
    while store.prune(now, keep=90 * 24 * HOUR):
        pass


def test_x50_a_year_old_entry_that_was_seen_is_known(
    store: Store, make: SimpleNamespace, ten: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For 400 days; of each feed the newest 5000 for ever, so what a quiet feed shows is never news again."""
    take(store, ten, make.now)
    year = make.now + 365 * 24 * HOUR
    forget(store, year)
    assert take(store, ten, year) == []
    forget(store, make.now + 999 * 24 * HOUR)
    assert take(store, ten, year) == []
    monkeypatch.setattr("monitor.store.upkeep.LEAST_MARKS", 3)
    take(store, [make.entry(f"later{i}") for i in range(3)], make.now + HOUR)
    forget(store, make.now + 399 * 24 * HOUR)
    assert take(store, ten, year) == []
    forget(store, make.now + 401 * 24 * HOUR)
    assert kinds(store, ten, year) == ["new"] * 10


def test_an_entry_that_never_rests_is_left_alone(store: Store, make: SimpleNamespace) -> None:
    """A counter in the summary makes an edit of every poll; after 20 forms it is ignored."""
    found = [take(store, [make.entry("e1", summary=f"قرأه {i} شخصا")], make.now + i) for i in range(30)]
    assert found[0] == ["new"]
    assert found[1:20] == [["edited"]] * 19
    assert found[20:] == [[]] * 10


def test_an_entry_twice_in_a_document(store: Store, make: SimpleNamespace) -> None:
    """Under one id it is taken once; under two ids the second is known by its link."""
    one, two = make.entry("e1"), make.entry("other", url="https://news.example/e1", title="عنوان e1")
    assert kinds(store, [one, one, two], make.now) == ["new", "known-by-url"]


def test_hostile_keys_and_texts(store: Store, make: SimpleNamespace) -> None:
    """A megabyte of id, NUL, lone surrogates, an address that the key maker cannot read."""
    store.url_key = lambda url: str(int(url))
    entries = [
        make.entry("k" * 1_000_000, title="أ"),
        make.entry("\ud800", title="\x00ب\udfff", summary="\ud83d", url="http://[::1"),
    ]
    assert take(store, entries, make.now) == ["new", "new"]
    assert take(store, entries, make.now) == []


def test_ten_thousand_entries_at_once(store: Store, make: SimpleNamespace) -> None:
    many = [make.entry(f"m{i}", summary=f"س {i}") for i in range(10_000)]
    assert len(store.unseen("f1", many, make.now)) == 10_000


def test_the_transaction_looks_again(store: Store, make: SimpleNamespace) -> None:
    """What another batch stored between looking and storing is seen inside the transaction."""
    entry = make.entry("e1")
    assert kinds(store, [entry], make.now) == ["new"]
    with store.batch(make.now) as batch:
        assert len(batch.still_unseen("f1", [entry])) == 1
        batch.mark_seen("f1", entry)
        assert batch.still_unseen("f1", [entry]) == []
