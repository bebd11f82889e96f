"""An article's headline: what the page shows as its heading, told from the site's name and from SEO titles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from lxml import etree

from monitor.extract.measure import LONG
from monitor.extract.metadata import Metadata
from monitor.extract.plain import clean_line, norm
from monitor.extract.tree import BLOCKS, words_of

_SEPARATOR = re.compile(r"\s+[|\-–—:»«•·‹›]+\s+|\s*[|»›‹]\s*|\s+::\s+")
WHOLE = 0.6  # share of a name in the metadata that a heading has which is all of the headline
PART = 0.4  # share of a `title` element that the headline is, the site's and the section's names being the rest
WORDS = 4  # of a headline that only its looks tell
LONGEST, MOST = 500, 60  # characters of a title; headings that are looked at
_HEADLINE = re.compile(
    r"headline|(?:post|entry|article|news|story|item|details?|main|page|content)[-_]*_*(?:title|heading)|^title\b|(?<!sub)(?<!sub[-_])title\d?(?:\s|$)",
    re.IGNORECASE,
)
_CANDIDATES: Any = etree.XPath(
    "//*[self::h3 or self::h4 or self::div or self::span or self::td or self::p or self::strong]"
    "[contains(@class, 'itle') or contains(@class, 'eadline') or contains(@class, 'heading') or contains(@id, 'itle')"
    " or contains(@itemprop, 'eadline')]"
)
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:(?:index|default|home)\.\w+)?", re.IGNORECASE)
_RANKS = ("h1", "h2", "h3", "h4")
_PRINTED = frozenset("p div td span font center".split())  # noqa: SIM905
_SIZES = (9, 10, 13, 16, 18, 24, 32, 48)  # pixels of old font elements' sizes, 3 being that of the text
_FONT_SIZE = re.compile(r"(\+?)([1-7])")
_STYLE_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d{1,3})?)\s*(px|pt|r?em|%)", re.IGNORECASE)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16}
SMALLEST = len(_RANKS) + 1  # the rank of what does not print larger than the text
_OUTSIDE = frozenset(("footer", "nav", "aside"))
_LOGO = re.compile(r"logo|brand|site-?(?:title|name)|copyright|header-?page|sidebar|widget|footer", re.IGNORECASE)


def heading(tree: Any, about: Metadata) -> tuple[str, Any]:
    """The headline and the element that shows it (None where only the metadata knows it)."""
    sites = {norm(site) for site in (*about.site_names, *_home(tree))}
    references = [text for text in _references(about) if text and norm(text) not in sites]
    shown = _shown(tree.iter("h1", "h2"))
    same = [pair for pair in shown if any(_same(pair[0], reference) for reference in references)]
    if not same or len(_best(same)[0]) < WHOLE * min(map(len, references)):
        shown += _shown(element for element in _CANDIDATES(tree) if _named(element) and _plain(element))
        same = [pair for pair in shown if any(_same(pair[0], reference) for reference in references)]
    if same:
        text, element = _best(same)
        return next((name for name in references[:1] if _after_kicker(text, name)), text), element
    alone = [pair for pair in shown if pair[1].tag == "h1" and _likely(*pair, sites)]
    best = max((_overlap(alone[0][0], reference) for reference in references), default=1.0) if alone else 0.0
    if alone and best >= 0.3:
        return alone[0]
    return (
        _quoted(tree, references)
        or _above_text(tree, about, sites, references)
        or ((references[0], None) if references else ("", None))
    )


def _after_kicker(shown: str, name: str) -> bool:
    """Whether a heading is a name of the article with a word or two of another kind before it."""
    whole, part = norm(shown), norm(name)
    return len(part) < len(whole) < len(part) / WHOLE and whole.endswith(part)


def _home(tree: Any) -> list[str]:
    """What links to the site's first page say: its name."""
    links = (anchor for anchor in tree.iter("a") if _HOME.fullmatch(anchor.get("href") or "#"))
    return [text for anchor in islice(links, MOST) if (text := clean_line(words_of(anchor)))]


def _best(same: list[tuple[str, Any]]) -> tuple[str, Any]:
    """Of the headings that metadata confirm the h1, unless it is only the site's name beside the headline proper."""
    first = min(same, key=lambda pair: (pair[1].tag != "h1", pair[1].tag != "h2", -len(pair[0])))
    longest = max(same, key=lambda pair: len(pair[0]))
    return longest if len(longest[0]) > 1.5 * len(first[0]) and _named(longest[1]) else first


def _quoted(tree: Any, references: list[str]) -> tuple[str, Any] | None:
    """An element of any kind that says what the metadata call the article, or what most of a `title` element says."""
    wanted = [norm(reference) for reference in references if len(reference) > 12]
    for element in tree.iter("font", "b", "strong", "big", "td", "p", "span", "div", "h3", "h4") if wanted else ():
        if 12 < len((element.text or "").strip()) <= LONGEST and len(element.text.split()) >= WORDS:
            text = norm(element.text)
            if any(text in name and len(text) > PART * len(name) for name in wanted) and not _linked(element):
                return clean_line(element.text), element
    return None


def _above_text(tree: Any, about: Metadata, sites: set[str], references: list[str]) -> tuple[str, Any] | None:
    """What is named a headline, stands in a heading of the highest rank, or in bold or large print before the first
    paragraph; only of the first two kinds where the metadata name the article otherwise.
    """
    body = tree.find("body")
    if body is None:
        return None
    told = norm(about.headline or about.meta.get("og:title", "")) not in {*sites, ""}
    named = [text for text in references[-1:] if len(text.split()) >= WORDS]
    told = told or any(norm(text) in norm(words_of(body)) for text in named)
    best, found = (0.0 if told else SMALLEST, 0), None
    for element in body.iter(etree.Element):
        if found and element.tag in _PRINTED and len((element.text or "").strip()) >= LONG:
            break
        rank = _rank(element)
        text = clean_line(words_of(element)) if rank <= best[0] else ""
        fits = WORDS <= len(text.split()) <= 30 and len(text) < 250 and not text.endswith(".")
        if fits and (rank, -len(text)) < best and _likely(text, element, sites) and not _linked(element):
            best, found = (rank, -len(text)), (text, element)
    return found


def _rank(element: Any) -> float:
    """How large an element prints, from 0 on; bold letters count where they are all of their block."""
    if element.tag in _RANKS:
        return 0 if _named(element) else _RANKS.index(element.tag)
    if _named(element):
        return len(_RANKS)
    size = next((size for part in (element, *islice(element.iterancestors(), 3)) if (size := _size(part))), _SIZES[3])
    bold = element.tag in ("b", "strong") and len(words_of(element)) == len(words_of(element.getparent()))
    return SMALLEST - size / 1000 if bold or size > _SIZES[4] else SMALLEST + 1


def _size(element: Any) -> float:
    """How large an element itself makes its letters, in pixels; 0 where it does not tell."""
    if element.tag == "font" and (found := _FONT_SIZE.fullmatch(element.get("size") or "")):
        return _SIZES[min(int(found[2]) + (3 if found[1] else 0), 7)]
    styled = _STYLE_SIZE.search(element.get("style") or "")
    return float(styled[1]) * _PIXELS[styled[2].lower()] if styled else _SIZES[5] if element.tag == "big" else 0


def _linked(element: Any) -> bool:
    return element.find(".//a") is not None or next(element.iterancestors("a"), None) is not None


def _references(about: Metadata) -> Iterable[str]:
    """What the metadata calls the article, the likeliest first, site names cut off."""
    for text in (about.headline, about.meta.get("og:title", ""), about.meta.get("twitter:title", ""), about.title_tag):
        yield without_site(text, about.site_names, whole=text is about.title_tag)


def without_site(title: str, sites: Iterable[str], *, whole: bool = False) -> str:
    """A title without the site's name at its end or beginning; of a `title` element (`whole`) also an unknown short
    last part behind a bar is taken for the site.
    """
    names = {norm(site) for site in sites}
    borders = list(_SEPARATOR.finditer(title))
    for border in borders:
        if norm(title[border.end() :]) in names:
            return title[: border.start()].strip()
    for border in reversed(borders):
        if norm(title[: border.start()]) in names:
            return title[border.end() :].strip()
    if whole and borders:
        head, tail = title[: borders[-1].start()], title[borders[-1].end() :]
        if len(tail.split()) <= 5 and len(head.split()) >= 3 and ("|" in borders[-1][0] or len(tail.split()) <= 3):
            return head.strip()
    return title


def _shown(elements: Iterable[Any]) -> list[tuple[str, Any]]:
    """Elements with their text; not those in what is never an article."""
    inside = (e for e in elements if not any(parent.tag in _OUTSIDE for parent in e.iterancestors()))
    pairs = ((clean_line(words_of(element))[:LONGEST], element) for element in islice(inside, MOST))
    return [pair for pair in pairs if pair[0]]


def _plain(element: Any) -> bool:
    return all(
        part.tag not in BLOCKS and part.tag not in ("script", "style", "time")
        for part in islice(element.iter(), 1, None)
    )


def _named(element: Any) -> bool:
    return bool(_HEADLINE.search(" ".join(filter(None, map(element.get, ("class", "id", "itemprop"))))))


def _same(shown: str, reference: str) -> bool:
    """The heading is the reference, or the beginning or most of it."""
    a, b = norm(shown), norm(reference)
    if min(len(a), len(b)) < 12:
        return bool(a) and a == b
    return b.startswith(a) or a.startswith(b) or (a in b and len(a) > WHOLE * len(b)) or _after_kicker(shown, reference)


def _overlap(shown: str, reference: str) -> float:
    a, b = set(map(norm, shown.split())), set(map(norm, reference.split()))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _likely(text: str, element: Any, sites: set[str]) -> bool:
    """A heading of some words that isn't the site's name."""
    marks = " ".join(
        f"{e.get('class') or ''} {e.get('id') or ''}" for e in (element, element.getparent()) if e is not None
    )
    return (
        len(text.split()) >= 3
        and norm(text) not in sites
        and not _LOGO.search(marks)
        and element.find(".//img") is None
    )
