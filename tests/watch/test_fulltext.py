"""Is an entry's page worth a request?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.types import Article, Entry, Feed
from monitor.watch.fulltext import AGAIN, PATIENCE, SURE, Pages

FEED = Feed(id="a", url="https://a.example/feed")
ENTRY = Entry(key="k", url="https://a.example/1")
SHORT, LONG = (Article(url="", title="", text="كلمة " * n) for n in (20, 200))


def test_a_feed_whose_pages_say_no_more_is_believed_and_tried_again_now_and_then() -> None:
    """Three pages no fuller than the feed's text settle it; each thirtieth entry is compared again."""
    pages = Pages()
    for _ in range(SURE):
        assert pages.needless(FEED, ENTRY) == ""
        pages.compare(LONG, LONG)
    for _ in range(AGAIN):
        assert "as full" in pages.needless(FEED, ENTRY)
        pages.skip()
    assert pages.needless(FEED, ENTRY) == ""
    pages.compare(LONG, LONG)
    assert pages.needless(FEED, replace(ENTRY, summary="قال مصدر إن […]")) == "", "a text that goes on elsewhere"
    pages.skipped = AGAIN
    pages.compare(SHORT, LONG)
    assert pages.needless(FEED, ENTRY) == ""
    assert not pages.settled


def test_a_feed_with_teasers_gets_its_pages_read_whatever_one_page_is_like() -> None:
    pages = Pages()
    for _ in range(5):
        pages.compare(SHORT, LONG)
    assert pages.settled
    pages.compare(LONG, LONG)
    assert pages.needless(FEED, ENTRY) == ""


def test_pages_that_cannot_be_had_are_given_up_for_the_round_and_one_is_tried_in_the_next() -> None:
    pages = Pages()
    for _ in range(PATIENCE):
        pages.fail()
    assert "could not be had" in pages.needless(FEED, ENTRY)
    later = Pages.of(pages.kept())
    assert later.needless(FEED, ENTRY) == ""
    later.fail()
    assert later.needless(FEED, ENTRY)


@pytest.mark.parametrize(
    ("feed", "entry", "asked"),
    [
        (Feed(id="a", url="u", text="feed"), ENTRY, False),
        (Feed(id="a", url="u", text="page"), ENTRY, True),
        (Feed(id="a", url="u", kind="telegram"), ENTRY, False),
        (Feed(id="a", url="u", kind="sitemap"), ENTRY, True),
        (FEED, Entry(key="k", url="ftp://a.example/1"), False),
        (FEED, Entry(key="k"), False),
    ],
)
def test_what_a_person_fixed_counts(feed: Feed, entry: Entry, asked: bool) -> None:
    assert (Pages().needless(feed, entry) == "") is asked
