"""One feed's round: poll, tell what is new, read each new entry, hand batches over to be recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitor import extract
from monitor.errors import FetchError
from monitor.fetch import Client, PageBytes
from monitor.match import Matcher
from monitor.store import Unseen
from monitor.types import Article, Entry, Feed
from monitor.watch.care import PLAIN, SKIPPED, Care
from monitor.watch.recording import Read

FULL_TEXT = 600  # characters of a feed's own text from which on the page is not worth a request
BATCH_ARTICLES, BATCH_SECONDS = 20, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What reading needs; `clock` gives epoch seconds."""

    client: Client
    workers: extract.Workers
    matcher: Matcher
    care: Care
    clock: Callable[[], float]


async def read(feed: Feed, unseen: Unseen, tools: Tools, *, pages: bool) -> Read:
    """The entry's article and what fired on it. `pages=False` takes the feed's own text.

    Whatever happens to the page, the entry is read: then by the feed's text.
    """
    entry, now = unseen.entry, tools.clock()
    article, page = from_feed(entry, feed), None
    deaths = tools.care.deaths(feed.id, entry.key)
    if pages and wants_page(feed, entry) and not unseen.kind.startswith("known") and deaths < PLAIN:
        page = await _fetched(feed, entry, tools, now)
        if page is not None:
            article = await _from_page(article, page, entry, tools)
    article = replace(article, feed=feed.id, first_seen=datetime.fromtimestamp(now, UTC))
    if unseen.kind.startswith("known") or deaths >= SKIPPED:
        return Read(unseen=unseen, article=article)
    hits = tools.matcher.match(article.title, article.text, feed.id)
    return Read(unseen=unseen, article=article, hits=tuple(hits), page=page)


def from_feed(entry: Entry, feed: Feed) -> Article:
    """The article as far as the feed itself gives it."""
    text = entry.content if len(entry.content) >= len(entry.summary) else entry.summary
    return Article(
        url=entry.url, title=entry.title, text=text, feed=feed.id, author=entry.author, language=feed.language,
        published=entry.published, published_from="feed" if entry.published else "", text_from="feed",
    )  # fmt: skip


def wants_page(feed: Feed, entry: Entry) -> bool:
    """Whether the page is worth a request: `text: auto` is content with a feed that carries full text."""
    if not entry.url.startswith(("http://", "https://")) or feed.text == "feed":
        return False
    return feed.text == "page" or len(entry.content) < FULL_TEXT


async def _fetched(feed: Feed, entry: Entry, tools: Tools, now: float) -> PageBytes | None:
    try:
        page = await tools.client.page(entry.url, now=now, proxy=feed.proxy)
    except FetchError:
        return None
    return page if page.status == 200 else None


async def _from_page(article: Article, page: PageBytes, entry: Entry, tools: Tools) -> Article:
    """The page's article; where its bare text holds no rule's word, the costly reading is left out."""
    raw = extract.raw_text(page.data, page.content_type)
    if not tools.matcher.may_match(f"{article.title}\n{article.text}\n{raw}"):
        return article
    return await tools.workers.page(page.data, page.url, entry, content_type=page.content_type)


async def in_batches(
    feed: Feed, news: Sequence[Unseen], tools: Tools, *, pages: bool, mono: Callable[[], float]
) -> AsyncIterator[tuple[list[Read], bool]]:
    """Reads `news` in order and gives batches of 20 articles or 5 s; the flag says which one is the last.

    There is always a last one, even with nothing in it: the feed's state travels in it.
    """
    batch: list[Read] = []
    since = mono()
    for unseen in news:
        if len(batch) >= BATCH_ARTICLES or (batch and mono() - since >= BATCH_SECONDS):
            yield batch, False
            batch, since = [], mono()
        with tools.care.entry(feed.id, unseen.entry.key):
            batch.append(await read(feed, unseen, tools, pages=pages))
    yield batch, True
