"""What no single page gives away: lines that an outlet shows in article after article, and other stories' titles."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from monitor.extract.plain import norm
from monitor.types import Article, Dropped, Entry

WITNESSES = 2  # other articles of the host in which a line stood: in 3,000 real articles no line of text did
SHARE = 0.4  # of a text at most goes; two texts that have more in common are one story told twice
_ARTICLES, _TITLES, _MOST = 8, 200, 2000  # that are remembered: of a host, of a feed; hosts and feeds in all
_WORDS = 4  # of a title at least: fewer are also what a sub-heading says
_REASON, _TITLE = "stands in other articles of this host", "another story's title"


_Memory = TypeVar("_Memory")


class _Text(NamedTuple):
    """What is remembered of an article: how long it is, and its lines by their hashes."""

    chars: int
    lines: array[int]


class Repeated:
    """Each host's last articles and each feed's last titles, in memory only: after a start they are learnt anew.

    A feed's titles concern its own articles only: a hostile one would have lines of another outlet's taken out.
    """

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, OrderedDict[str, _Text]] = OrderedDict()
        self._titles: OrderedDict[str, array[int]] = OrderedDict()

    def hear(self, feed: str, entries: Sequence[Entry]) -> None:
        """Remembers the titles that a feed shows: a line of another article that is one of them is no text of it."""
        titles = _newest(self._titles, feed, array("q"))
        for entry in entries[:_TITLES]:
            mark = hash(norm(entry.title))
            if len(entry.title.split()) >= _WORDS and mark not in titles:
                titles.append(mark)
        del titles[:-_TITLES]

    def without(self, article: Article, entry: Entry | None = None) -> Article:
        """The article without the lines that stood in two others of its host, and without other stories' titles.

        `entry`: what its feed says of it. The article is remembered in its turn.
        """
        lines = [line for line in article.text.splitlines() if line.strip()]
        marks = [hash(" ".join(line.split())) for line in lines]
        length = dict(zip(marks, map(len, lines), strict=True))
        text = _Text(sum(length.values()), array("q", length))
        furniture = self._furniture(article.url, text, length)
        titles = set(self._titles.get(article.feed, ())) - {hash(norm(entry.title if entry else article.title))}
        why = [
            _REASON if mark in furniture else _TITLE if titles and hash(norm(line)) in titles else ""
            for line, mark in zip(lines, marks, strict=True)
        ]
        gone = [Dropped(text=line, reason=reason) for line, reason in zip(lines, why, strict=True) if reason]
        if not gone or sum(len(part.text) for part in gone) > SHARE * len(article.text):
            return article
        rest = "\n".join(line for line, reason in zip(lines, why, strict=True) if not reason)
        return replace(article, text=rest, dropped=(*article.dropped, *gone))

    def _furniture(self, url: str, text: _Text, length: dict[int, int]) -> set[int]:
        kept = _newest(self._hosts, urlsplit(url).netloc, OrderedDict())
        kept.pop(url, None)
        seen: Counter[int] = Counter()
        for other in kept.values():
            shared = [mark for mark in other.lines if mark in length]
            if sum(length[mark] for mark in shared) <= SHARE * min(text.chars, other.chars):
                seen.update(shared)
        kept[url] = text
        if len(kept) > _ARTICLES:
            kept.popitem(last=False)
        return {mark for mark, count in seen.items() if count >= WITNESSES}


def _newest(memory: OrderedDict[str, _Memory], key: str, nothing: _Memory) -> _Memory:
    """What is remembered under a key, which is now the last to be forgotten."""
    kept = memory.setdefault(key, nothing)
    memory.move_to_end(key)
    if len(memory) > _MOST:
        memory.popitem(last=False)
    return kept
