"""Lines that an outlet shows in article after article: furniture that nothing on a single page gives away."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from monitor.types import Article, Dropped

WITNESSES = 2  # other articles of the host in which a line stood: in 3,000 real articles no line of text did
SHARE = 0.4  # of a text at most goes; two texts that have more in common are one story told twice
_ARTICLES, _HOSTS = 8, 2000  # that are remembered: of a host, and in all
_REASON = "stands in other articles of this host"


class _Text(NamedTuple):
    """What is remembered of an article: how long it is, and its lines by their hashes."""

    chars: int
    lines: array[int]


class Repeated:
    """The lines of each host's last articles, in memory only: after a start they are learnt anew in three articles."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, OrderedDict[str, _Text]] = OrderedDict()

    def without(self, article: Article) -> Article:
        """The article without the lines that stood in two others of its host; it is remembered in its turn."""
        lines = [line for line in article.text.splitlines() if line.strip()]
        marks = [hash(" ".join(line.split())) for line in lines]
        length = dict(zip(marks, map(len, lines), strict=True))
        text = _Text(sum(length.values()), array("q", length))
        furniture = self._furniture(article.url, text, length)
        gone = [line for line, mark in zip(lines, marks, strict=True) if mark in furniture]
        if not gone or sum(map(len, gone)) > SHARE * len(article.text):
            return article
        rest = "\n".join(line for line, mark in zip(lines, marks, strict=True) if mark not in furniture)
        return replace(
            article, text=rest, dropped=(*article.dropped, *(Dropped(text=line, reason=_REASON) for line in gone))
        )

    def _furniture(self, url: str, text: _Text, length: dict[int, int]) -> set[int]:
        host = urlsplit(url).netloc
        kept = self._hosts.setdefault(host, OrderedDict())
        kept.pop(url, None)
        seen: Counter[int] = Counter()
        for other in kept.values():
            shared = [mark for mark in other.lines if mark in length]
            if sum(length[mark] for mark in shared) <= SHARE * min(text.chars, other.chars):
                seen.update(shared)
        kept[url] = text
        self._hosts.move_to_end(host)
        for remembered, most in ((kept, _ARTICLES), (self._hosts, _HOSTS)):
            if len(remembered) > most:
                remembered.popitem(last=False)
        return {mark for mark, count in seen.items() if count >= WITNESSES}
