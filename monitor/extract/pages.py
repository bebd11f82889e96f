"""Pages to articles."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Any

import monitor.extract.asking as asking
import monitor.extract.body as body
import monitor.extract.inserts as inserts
import monitor.extract.lines as lines
import monitor.extract.metadata as metadata
import monitor.extract.pagedates as pagedates
import monitor.extract.titles as titles
import monitor.extract.watched as watched
from monitor.extract.decoding import decode
from monitor.extract.language import language
from monitor.extract.plain import clean_line, from_markup, lightened, line_from_markup, norm
from monitor.extract.prune import is_sentence, label_paragraphs, prune
from monitor.extract.tree import parse, refusal, too_deep, words_of
from monitor.types import Article, Dropped, Entry

RAW_LIMIT = 400_000  # characters of a raw text
CONTAINED = 0.8  # share of a summary's words, in runs of four, from which on the text holds it
_NO_AUTHOR = re.compile(
    r"https?:|@|\d{2}|admin|editor|محرر|تحرير|وكالات|الموقع|غرفة الأخبار|مراسل|staff|newsroom|desk|^\S+$", re.IGNORECASE
)
_BY = re.compile(r"^(?:بقلم|كتبت?|إعداد|تقرير|by)\s*[:/\-]?\s*", re.IGNORECASE)
_MORE = re.compile(r"(?:\s*(?:\[?…\]?|\.{2,}|\[&hellip;\]|(?:ال)?مزيد|اقرأ المزيد|read more|»)\s*)+$", re.IGNORECASE)
_FIRST_ON = re.compile(
    r"\s*(?:ظهرت المقالة|The post) .{3,300}(?:أولاً على|أولا على|first on).{0,80}$", re.IGNORECASE | re.DOTALL
)


def page(
    data: bytes,
    url: str,
    hints: Entry | None = None,
    *,
    content_type: str = "",
    timezone: str = "",
    now: float | None = None,
) -> Article:
    """The article on a page; never raises. What can't be read safely, or can't be read at all, comes as raw text.

    `hints` is the feed's entry: its date wins, its title stands in for a missing one, and its summary is the text's
    first paragraph where the text does not hold it. `timezone` holds for stamps without a zone. `now`, in seconds
    since the epoch (by default this moment), is the latest date possible.
    """
    entry, clock = hints or Entry(key=""), time.time() if now is None else now
    text = decode(data, content_type)
    why = refusal(text)
    if not why:
        try:
            return _read(text, url, entry, timezone, clock)
        except Exception as error:  # whatever a hostile page does to a library, the article is not lost
            why = f"the page could not be read ({type(error).__name__})"
    return raw_article(text, url, entry, why)


def raw_article(text: str, url: str, entry: Entry, why: str) -> Article:
    """The article as raw text: everything that the page says, its menus included."""
    said = lightened(text)[: 8 * RAW_LIMIT]
    plain = from_markup(said)[:RAW_LIMIT]
    found = re.search(r"<title[^<>]*>([^<]{1,500})", said[:200_000], re.IGNORECASE)
    return Article(
        url=url,
        title=entry.title or (line_from_markup(found[1]) if found else ""),
        text=_with_summary(plain, entry, ""),
        published=entry.published,
        published_from="feed" if entry.published else "",
        author=entry.author,
        language=language(plain),
        text_from="raw",
        dropped=(Dropped(text="", reason=f"read as raw text: {why}"),),
    )


def _read(text: str, url: str, entry: Entry, timezone: str, now: float) -> Article:
    tree = parse(text)
    if tree is None:
        return raw_article(text, url, entry, "no elements")
    if too_deep(tree):
        return raw_article(text, url, entry, "elements nested too deeply")
    if "tgme_widget_message" in text and (post := watched.post(tree)):
        return _message(post, url, entry)
    about = metadata.read(tree)
    title, shown = titles.heading(tree, about)
    title = title or entry.title
    when, source = _date(shown, about, url, entry, timezone, now)
    kept, dropped = _lines(tree, shown, title, about)
    if not kept and (tree := parse(text)) is not None:  # all of it may be named as furniture
        again = _lines(tree, titles.heading(tree, about)[1], title, about, by_name=False)
        kept, dropped = again if sum(map(len, again[0])) > body.STRAY else (kept, dropped)
    plain = "\n".join(kept)
    whole = plain or entry.content or entry.summary
    return Article(
        url=url,
        title=title,
        text=_with_summary(whole, entry, title),
        published=when,
        published_from=source,
        author=_author(about) or entry.author,
        language=language(f"{title}\n{plain or entry.summary}", about.language),
        text_from="feed" if whole and not plain else "page",
        dropped=tuple(dropped),
    )


def _message(post: Entry, url: str, entry: Entry) -> Article:
    """The article that a Telegram message is."""
    when = entry.published or post.published
    return Article(
        url=url,
        title=post.title,
        text=post.content,
        published=when,
        published_from="feed" if entry.published else "time" if when else "",
        author=post.author or entry.author,
        language=language(post.content),
        text_from="page",
        dropped=(),
    )


def _lines(
    tree: Any, shown: Any, title: str, about: metadata.Metadata, *, by_name: bool = True
) -> tuple[list[str], list[Dropped]]:
    """The text's lines, and what was dropped on the way to them."""
    others = _other_headlines(tree, title)
    dropped = [*prune(tree, shown, by_name=by_name), *label_paragraphs(tree, shown)]
    read, polls = asking.without_polls(body.read(tree, shown, about.description, about.body))
    kept, cut = lines.strip(read, title, others)
    own, inserted = inserts.without_inserts(kept, title, tree)
    return own, [*dropped, *polls, *cut, *inserted]


def _date(
    shown: Any, about: metadata.Metadata, url: str, entry: Entry, zone: str, now: float
) -> tuple[datetime | None, str]:
    if entry.published:
        return entry.published, "feed"
    return pagedates.published(shown, about, url, zone, now)


def _other_headlines(tree: Any, title: str) -> frozenset[str]:
    """Texts of the page's links of four words or more: headlines of other stories."""
    texts = (words_of(anchor) for anchor in tree.iter("a") if not (anchor.get("href") or "#").startswith("#"))
    return frozenset(text for text in texts if text.count(" ") >= 3 and text != title and not is_sentence(text))


def _author(about: metadata.Metadata) -> str:
    """The author's name, where the page names one person as such."""
    sites = {norm(site) for site in about.site_names}
    for name in (
        *about.authors,
        about.meta.get("author", ""),
        about.meta.get("article:author", ""),
        about.meta.get("dc.creator", ""),
    ):
        name = _BY.sub("", clean_line(name))
        if 1 < len(name.split()) <= 5 and len(name) <= 60 and not _NO_AUTHOR.search(name) and norm(name) not in sites:
            return name
    return ""


def _with_summary(text: str, entry: Entry, title: str) -> str:
    """The feed's summary is the first paragraph where neither title nor text holds it."""
    summary = _MORE.sub("", _FIRST_ON.sub("", entry.summary)).strip()
    if not summary or _contained(summary, f"{title or entry.title}\n{text}"):
        return text
    return f"{summary}\n{text}" if text else summary


def _contained(part: str, whole: str) -> bool:
    if norm(part) in norm(whole):
        return True
    words, have = [norm(word) for word in part.split()], " ".join(norm(word) for word in whole.split())
    runs = [" ".join(words[n : n + 4]) for n in range(max(len(words) - 3, 1))]
    return sum(run in have for run in runs) >= CONTAINED * len(runs)
