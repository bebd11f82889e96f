"""One feed's news, read: the feed's own text is matched, the page fetched where it adds to it, batches handed over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from monitor import extract
from monitor.alert.decide import Arrival
from monitor.arabic import fold
from monitor.errors import FetchError
from monitor.fetch import Client, PageBytes
from monitor.match import Matcher
from monitor.store import Unseen
from monitor.types import Article, Dropped, Entry, Feed, Hit
from monitor.watch.care import PLAIN, SKIPPED, Care
from monitor.watch.fulltext import LONGER, Pages
from monitor.watch.recording import Read

BATCH_ARTICLES, BATCH_SECONDS = 20, 5.0
CATCH_UP_PAGES = 100  # entries of a feed's first poll, above which their pages would be a burst of requests
_BIG = 300_000  # bytes of a page whose bare text is made off the event loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What reading needs; `clock` gives epoch seconds."""

    client: Client
    workers: extract.Workers
    matcher: Matcher
    care: Care
    clock: Callable[[], float]
    repeated: extract.Repeated = field(default_factory=extract.Repeated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the entries of one feed in one round. Without `fetching` the feed's own text is all.

    `inside`: the feed's own server is private, so that its links may lead to private addresses.
    """

    feed: Feed
    tools: Tools
    pages: Pages
    fetching: bool = True
    inside: bool = False

    async def read(self, unseen: Unseen) -> Read:
        """The entry's article and what fired on it.

        Whatever happens to the page, the entry is read: then by the feed's text.
        """
        entry, now = unseen.entry, self.tools.clock()
        deaths = self.tools.care.deaths(self.feed.id, entry.key)
        own = replace(from_feed(entry, self.feed), first_seen=datetime.fromtimestamp(now, UTC))
        if unseen.kind.startswith("known") or deaths >= SKIPPED:
            return Read(unseen=unseen, article=own)
        with self._careful(entry):
            hits = self._match(own)
        page = await self._fetched(entry, now) if deaths < PLAIN else "Rasid was killed while it read this entry"
        if isinstance(page, str):
            return Read(unseen=unseen, article=_noted(own, page), hits=tuple(hits))
        article = await self._from_page(own, page, unseen, bool(hits))
        if article is own:
            article = _noted(own, "that holds no word of a rule, or less than the feed's text")
        else:
            with self._careful(entry):
                article, hits = self._whole(article, own, hits)
        return Read(unseen=unseen, article=article, hits=tuple(hits), page=page)

    def _careful(self, entry: Entry) -> AbstractContextManager[None]:
        """Marks work on an entry, not the wait for its page: a kill in that time says nothing about the entry."""
        return self.tools.care.entry(self.feed.id, entry.key)

    async def warm(self) -> None:
        """Has a worker started, which takes seconds, before any entry is marked."""
        if self.fetching:
            await self.tools.workers.page(b"<p></p>", self.feed.url)

    def _match(self, article: Article) -> list[Hit]:
        return self.tools.matcher.match(article.title, article.text, self.feed.id)

    async def _fetched(self, entry: Entry, now: float) -> PageBytes | str:
        """The entry's page, or why it is not had."""
        if not self.fetching:
            return "no pages are asked for at a feed's first poll"
        if why := self.pages.needless(self.feed, entry):
            self.pages.skip()
            return why
        try:
            return await self.tools.client.page(entry.url, now=now, proxy=self.feed.proxy, inside=self.inside)
        except FetchError as error:
            self.pages.fail()
            return error.message

    async def _from_page(self, own: Article, page: PageBytes, unseen: Unseen, fired: bool) -> Article:
        """The page's article; where its bare text holds no rule's word, the costly reading is left out.

        An edit is always read: it is to be compared with what stood there before. A page that is much shorter than
        the feed's own text is a stub before a paywall.
        """
        if self.pages.settled and not fired and unseen.kind != "edited":
            with self._careful(unseen.entry):
                hopeless = not await self._may_match(own, page)
            if hopeless:
                self.pages.failed = 0
                return own
        with self._careful(unseen.entry):
            found = await self.tools.workers.page(
                page.data, page.url, unseen.entry,
                content_type=page.content_type, timezone=self.feed.timezone, now=page.fetched_at,
            )  # fmt: skip
        found = replace(found, feed=own.feed, first_seen=own.first_seen)
        if found.text_from == "page":
            found = self.tools.repeated.without(found, unseen.entry)
        self.pages.compare(own, found)
        return own if len(own.text) > LONGER * len(found.text) else found

    async def _may_match(self, own: Article, page: PageBytes) -> bool:
        small = len(page.data) < _BIG
        raw = (
            extract.raw_text(page.data, page.content_type)
            if small
            else await asyncio.to_thread(extract.raw_text, page.data, page.content_type)
        )
        return self.tools.matcher.may_match(f"{own.title}\n{own.text}\n{raw}")

    def _whole(self, article: Article, own: Article, fired: Sequence[Hit]) -> tuple[Article, list[Hit]]:
        """The page's article and its hits; with the feed's words in front where the page lost some that fired."""
        hits = self._match(article)
        missing = {hit.rule.id for hit in fired} - {hit.rule.id for hit in hits}
        if not missing:
            return article, hits
        there = fold(f"{article.title}\n{article.text}")
        lines = [line for line in (own.title, *own.text.splitlines()) if line and fold(line) not in there]
        fuller = replace(article, text="\n".join([*lines, article.text]))
        again = self._match(fuller)
        return (fuller, again) if missing & {hit.rule.id for hit in again} else (article, hits)


def reads_pages(arrival: Arrival, news: int) -> bool:
    """Are pages asked for? Never at a silent first poll; for a catch-up where the feed is no longer than usual."""
    return arrival in ("live", "edit") or (arrival == "catchup" and news <= CATCH_UP_PAGES)


def from_feed(entry: Entry, feed: Feed) -> Article:
    """The article as far as the feed itself gives it."""
    return Article(
        url=entry.url, title=entry.title, text=own_text(entry), feed=feed.id, author=entry.author,
        language=feed.language, published=entry.published, published_from="feed" if entry.published else "",
        text_from="feed",
    )  # fmt: skip


def _noted(own: Article, why: str) -> Article:
    """The feed's own text with the reason why it is not the page's, for `why`."""
    return replace(own, dropped=(Dropped(text="", reason=why),))


def own_text(entry: Entry) -> str:
    """The entry's content, with its summary in front where the content does not hold it."""
    summary, content = entry.summary, entry.content
    if len(summary) > len(content):
        summary, content = content, summary
    start = " ".join(summary.split()).rstrip("….[] ")
    return content if start in " ".join(content.split()) else f"{summary}\n{content}"


async def in_batches(
    reader: Reader, news: Sequence[Unseen], mono: Callable[[], float]
) -> AsyncGenerator[tuple[list[Read], bool], None]:
    """Reads `news` in order and gives batches of 20 articles or 5 s; the flag says which one is the last.

    After a crash in this feed each article is a batch: a process that is killed again and again gets on all the same.

    What was read is handed over after 5 s, also while a page keeps its reader waiting. There is always a last batch,
    even with nothing in it: the feed's state travels in it.
    """
    batch: list[Read] = []
    since, most = mono(), BATCH_ARTICLES
    if reader.tools.care.careful(reader.feed.id):
        most = 1
        await reader.warm()
    for unseen in news:
        reading = asyncio.ensure_future(reader.read(unseen))
        try:
            if batch and not await _within(reading, BATCH_SECONDS - (mono() - since)):
                yield batch, False
                batch, since = [], mono()
            batch.append(await reading)
        finally:
            reading.cancel()
        if len(batch) >= most:
            yield batch, False
            batch, since = [], mono()
    yield batch, True


async def _within(task: asyncio.Future[Read], seconds: float) -> bool:
    done, _ = await asyncio.wait({task}, timeout=max(0.0, seconds))
    return bool(done)
