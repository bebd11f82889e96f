"""What an article costs from its page's bytes to its rows: `./run bench pipeline [--pages N] [--share PER_CENT]`.

The pages are made here: an article of 300 to 700 words among menus, related headlines, scripts and a comment form,
some 80 kB each; a share of them holds a word of a rule. They go the daemon's way (the feed's text matched, the page
read, matched, its story found, everything committed in batches of 20), in one process, with the shipped rules, once
with the cheap look at the page's bare text before the costly reading, and once without. Everything else is the same.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from monitor import alert, extract, fetch
from monitor.fetch import Client, PageBytes
from monitor.match import Matcher
from monitor.rules import load_rules
from monitor.store import Poll, Store, Unseen
from monitor.types import Article, Channel, Entry, Feed
from monitor.watch.care import Care
from monitor.watch.fulltext import SURE, Pages
from monitor.watch.reading import Reader, Tools, in_batches
from monitor.watch.recording import Ending, Scene, record

RULES = Path(__file__).parents[2] / "rules"
NOW = 1_790_000_000.0
TEXT = (
    "قال وزير الزراعة إن المزارعين في الأقاليم الشرقية بدؤوا جني محصول القمح هذا الأسبوع بعد موسم ماطر امتلأت فيه "
    "السدود وارتفعت معه أسعار البذور قليلا وأضاف أمام لجنة البرلمان أن المصانع الجديدة ستفتح أبوابها قبل نهاية العام "
    "وأن الطرق بين القرى والمدن أصلحت بينما أعلن اتحاد الكرة جدول المباريات المقبلة في الدوري وتأهل فريق المدينة إلى "
    "الدور الثاني وافتتح المعرض السنوي للكتاب بحضور عدد كبير من القراء والناشرين والكتاب العرب"
)
WORDS = TEXT.split()
LOADED = "أسقطت الدفاعات الجوية طائرة مسيّرة من طراز شاهد 136 فوق الساحل"


class Stopwatch:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.spent[stage] += time.process_time() - start  # type: ignore[assignment]


class Site:
    """Answers with made pages, and reads them in this process: both stand in for what costs other processes time."""

    def __init__(self, pages: dict[str, bytes], watch: Stopwatch) -> None:
        self.pages, self.watch = pages, watch

    async def page(self, url: str, hints: Any = None, **options: Any) -> Any:
        return PageBytes(data=self.pages[url], url=url, content_type="text/html", fetched_at=NOW)


class Readers:
    def __init__(self, watch: Stopwatch) -> None:
        self.watch = watch

    async def page(self, data: bytes, url: str, hints: Entry | None = None, **options: Any) -> Article:
        with self.watch.on("extract"):
            return extract.page(data, url, hints, **options)


class Every(Pages):
    """As without the cheap look: each page is read in full."""

    @property
    def settled(self) -> bool:
        return False


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)) + "."


def made_page(dice: random.Random, title: str, loaded: bool) -> bytes:
    """One page: about an eighth of its bytes is the article."""
    paragraphs = [" ".join(sentence(dice, 14) for _ in range(4)) for _ in range(dice.randint(6, 12))]
    if loaded:
        paragraphs[1] += f" {LOADED}."
    menu = "".join(f"<li class='item'><a href='/s/{n}'>{sentence(dice, 2)}</a></li>" for n in range(60))
    related = "".join(
        f"<div class='card'><a href='/n/{n}'><img src='/i/{n}.jpg' alt=''><h3>{sentence(dice, 7)}</h3></a></div>"
        for n in range(25)
    )
    script = f"<script>var config={{{','.join(f'k{n}:{n * 7919}' for n in range(2_500))}}};</script>"
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang='ar' dir='rtl'><head><meta charset='utf-8'><title>{title} | منبر</title>"
        f"<meta property='og:title' content='{title}'>{script}</head><body><nav><ul>{menu}</ul></nav><main><article>"
        f"<h1>{title}</h1><time datetime='2026-09-21T10:00:00Z'></time>{body}</article><aside>{related}</aside></main>"
        f"<form class='comments'><p>{sentence(dice, 12)}</p></form><footer>{menu}</footer>{script}</body></html>"
    ).encode()


def made(count: int, share: float) -> tuple[list[Unseen], dict[str, bytes]]:
    """Entries with a teaser each, and their pages."""
    dice = random.Random(5)
    news, pages = [], {}
    for n in range(count):
        title, url = sentence(dice, 8).rstrip("."), f"https://manbar.example/{n}"
        loaded = n % round(1 / share) == 0
        pages[url] = made_page(dice, title, loaded)
        entry = Entry(key=str(n), id=str(n), url=url, title=title, summary=sentence(dice, 20),
                      published=datetime.fromtimestamp(NOW, UTC))  # fmt: skip
        news.append(Unseen(entry=entry, kind="new"))
    return news, pages


async def run(news: list[Unseen], pages: dict[str, bytes], memory: Pages, matcher: Matcher) -> tuple[float, Stopwatch]:
    """Processor seconds for all articles, read and recorded, in a store of their own."""
    watch = Stopwatch()
    feed = Feed(id="manbar", url="https://manbar.example/feed")
    channel = Channel(id="robot", url="json://127.0.0.1:9/")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), now=NOW, url_key=fetch.url_key) as store:
        tools = Tools(
            client=cast("Client", Site(pages, watch)), workers=cast("extract.Workers", Readers(watch)),
            matcher=matcher, care=Care(store), clock=lambda: NOW,
        )  # fmt: skip
        policy = alert.Policy(zone=ZoneInfo("UTC"), alert_age=1e9)
        scene = Scene(feed=feed, feeds={feed.id: feed}, channels={channel.id: channel}, policies={channel.id: policy})
        reader = Reader(feed=feed, tools=tools, pages=memory)
        start, loads = time.process_time(), {}
        async for reads, last in in_batches(reader, news, time.monotonic):
            ending = Ending(state={}, next_at=NOW, poll=Poll(kind="new", new=len(news))) if last else None
            with watch.on("record"):
                loads = record(store, scene, reads, ending, loads, NOW).loads
        spent = time.process_time() - start
        hits = sum(1 for _ in store.hits())
        print(f"  {hits} hits", end="")
    return spent, watch


def main(arguments: list[str]) -> int:
    """Prints articles a second a core with and without the cheap look, and their ratio."""
    parser = argparse.ArgumentParser(prog="pipeline")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--share", type=float, default=5.0, help="per cent of the pages that hold a rule's word")
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    matcher = Matcher(load_rules(RULES))
    news, pages = made(options.pages, options.share / 100)
    size = sum(map(len, pages.values())) / len(pages) / 1000
    rules = len(matcher.plan.rules)
    print(f"{len(pages)} pages of {size:.0f} kB, {options.share:g} % with a rule's word, {rules} rules")
    asyncio.run(run(news[:40], pages, Pages(), matcher))  # what is done once is not counted
    print("  (warm)")
    speeds = {}
    for name, memory in (("every page read", Every()), ("cheap look first", Pages(lead=SURE))):
        spent, watch = asyncio.run(run(news, pages, memory, matcher))
        speeds[name] = options.pages / spent
        parts = ", ".join(f"{stage} {1000 * used / options.pages:.2f} ms" for stage, used in watch.spent.items())
        print(f"  {name}: {speeds[name]:.0f} articles a second a core ({1000 / speeds[name]:.2f} ms each: {parts})")
    ratio = speeds["cheap look first"] / speeds["every page read"]
    print(f"the cheap look makes it {ratio:.1f} times as fast")
    return int(ratio < 2.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
