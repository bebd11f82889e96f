"""Finds a site's feed from the address of any of its pages, asking nothing twice and a dozen times at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from monitor.errors import FetchError, NotAFeed
from monitor.extract import FeedDocument, decode, feed
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.fetch.hints import challenged
from monitor.fetch.identity import url_key
from monitor.fetch.urls import shown, target

MOST_REQUESTS = 12
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_COMMON = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rssfeed")  # few enough for sitemaps
_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
_WORDS = ("rss", "feed", "atom", "xml")
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was found and read; its document is the first parse, so that nothing has to be asked again."""

    url: str
    document: FeedDocument
    how: str  # in words
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a search brought."""

    found: tuple[Found, ...]  # the likeliest first
    tried: Mapping[str, str]  # each address that was asked, and what it was


class _Links(HTMLParser):
    """The feeds that a page names in its head, and links in its body that look like one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.named: list[str] = []
        self.likely: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        traits = {key: (value or "").strip() for key, value in attrs}
        href = traits.get("href", "")
        if tag == "base" and href and not self.base:
            self.base = href
        elif tag == "link" and href and "alternate" in traits.get("rel", "").lower().split():
            if traits.get("type", "").lower().partition(";")[0].strip() in _TYPES:
                self.named.append(href)
        elif tag == "a" and any(word in href.lower() for word in _WORDS):
            self.likely.append(href)


def feed_links(html: str, url: str) -> tuple[list[str], list[str]]:
    """Addresses that a page names as its feeds, and links of its own site that look like feeds."""
    reader = _Links()
    reader.feed(html[:3_000_000])
    base = next(iter(_absolute([reader.base], url)), url)
    named = _absolute(reader.named, base)
    host = urlsplit(url).hostname or ""
    likely = [one for one in _absolute(reader.likely, base) if _same_site(urlsplit(one).hostname or "", host)]
    return named, [one for one in likely if one not in named]


def _absolute(links: Iterable[str], base: str) -> list[str]:
    found = []
    for link in links:
        try:
            one = urljoin(base, link).partition("#")[0]
        except ValueError:
            continue
        if one.startswith(("http://", "https://")) and len(one) < 2_000:
            found.append(one)
    return list(dict.fromkeys(found))


def _same_site(one: str, other: str) -> bool:
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith("." + other) or other.endswith("." + one)


async def discover(url: str, client: Client, now: float, *, progress: Progress | None = None) -> Discovery:
    """The feeds of the site that an address belongs to.

    Where the address is a feed itself, one request is all. Else those that the page names, links that look like feeds,
    common paths and news sitemaps, those of robots.txt first, are tried in this order until one kind succeeds. Raises
    FetchError, in words, where the address itself can't be read.
    """
    search = _Search(client, now, progress or (lambda text: None))
    start = await search.ask(url, "the address itself")
    if isinstance(start, Found):
        return Discovery(found=(start,), tried=search.tried)
    if start is None:
        raise FetchError(search.tried[url], subject=shown(url))
    search.inside = start.private
    named, likely = feed_links(decode(start.body, start.headers.get("content-type", "")), start.url)
    root = f"{urlsplit(start.url).scheme}://{urlsplit(start.url).netloc}"
    for how, candidates, most in (
        ("named by the page", named[:6], 6),
        ("linked from the page", likely[:4], 4),
        ("a common place for feeds", [root + path for path in _COMMON], 1),  # the others would be the same feed
    ):
        if found := await search.ask_all(candidates, how, most):
            return Discovery(found=tuple(found), tried=search.tried)
    sitemaps = [*await search.sitemaps(root), *(root + path for path in _SITEMAPS)]
    return Discovery(found=tuple(await search.ask_all(sitemaps, "a news sitemap", most=1)), tried=search.tried)


class _Search:
    """Asks each address once."""

    def __init__(self, client: Client, now: float, progress: Progress) -> None:
        self._client, self._now, self._progress = client, now, progress
        self.tried: dict[str, str] = {}
        self._keys: set[str] = set()
        self.inside = True  # what a public page names is no private address

    async def ask_all(self, urls: Iterable[str], how: str, most: int) -> list[Found]:
        """The first feeds among these."""
        found: list[Found] = []
        for url in urls:
            one = await self.ask(url, how) if len(found) < most else None
            if isinstance(one, Found):
                found.append(one)
        return found

    async def sitemaps(self, root: str) -> list[str]:
        """The news sitemaps that the site's robots.txt names."""
        try:
            robots = await self._client.robots(target(root), inside=self.inside)
        except FetchError as error:
            self.tried[f"{root}/robots.txt"] = error.message
            return []
        named = [url for url in robots.sitemaps if "news" in url.lower()][:2]
        self.tried[f"{root}/robots.txt"] = f"names {len(named)} news sitemaps"
        return named

    async def ask(self, url: str, how: str) -> Found | Answer | None:
        """The feed at an address, the answer where it is something else, none where there is none."""
        if url_key(url) in self._keys or len(self.tried) >= MOST_REQUESTS:
            return None
        self._keys.add(url_key(url))
        self._progress(url)
        try:
            seconds = self._client.policy.timeout
            answer = await self._client.get(url, {"Accept": _ACCEPT}, deadline=seconds, inside=self.inside)
        except FetchError as error:
            self.tried[url] = error.message
            return None
        if answer.status != 200:
            blocked = challenged(answer.status, answer.headers, answer.body)
            self.tried[url] = f"the server {'refuses machines' if blocked else 'answered'} ({answer.status})"
            return None
        try:
            document = await asyncio.to_thread(self._read, answer)
        except NotAFeed as error:
            self.tried[url] = error.message
            return answer
        self.tried[url] = f"a feed with {len(document.entries)} entries"
        return Found(url=answer.url, document=document, how=how, answer=answer)

    def _read(self, answer: Answer) -> FeedDocument:
        return feed(answer.body, content_type=answer.headers.get("content-type", ""), url=answer.url, now=self._now)
