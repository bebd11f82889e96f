"""What a page says of itself to machines: JSON-LD, meta elements."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree

from monitor.extract.plain import clean_line, from_markup, line_from_markup

_ARTICLES = re.compile(r"(?:article|posting|report|newsitem|videoobject)$", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_FIELD = re.compile(r'"(headline|datePublished|dateCreated|articleBody|description)"\s*:\s*"((?:[^"\\]|\\.){1,20000})"')
_PUBLISHED: Any = etree.XPath("//*[@itemprop='datePublished'][not(self::meta)] | //abbr[contains(@class, 'published')]")
DEPTH, NODES = 12, 2_000  # how far JSON-LD is followed
DATES = (  # names of meta elements that give an article's date, the surest first
    *("article:published_time", "og:article:published_time", "datepublished", "article.published", "pubdate"),
    *("publishdate", "publish-date", "publish_date", "published_time", "published-date", "article:published"),
    *("og:published_time", "rnews:datepublished", "parsely-pub-date", "sailthru.date", "dc.date.issued"),
    *("dcterms.created", "dc.date.created", "article_date_original", "originalpublicationdate"),
    *("cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article:post_date", "post_date"),
    *("article-publication-date", "bt:pubdate", "date.release"),
)
WEAK_DATES = ("dcterms.date", "dc.date", "date", "datecreated")  # sites put the day of the visit there too


@dataclass(slots=True)
class Metadata:
    """The page's own words about its article; everything may be missing, doubled or wrong."""

    headline: str = ""  # JSON-LD
    body: str = ""
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()  # JSON-LD dates, the best first
    marked: tuple[str, ...] = ()  # the date of publication marked in the page itself, where it marks only one
    meta: dict[str, str] = field(default_factory=dict)  # meta elements by lower-case name, the first of each
    title_tag: str = ""
    site_names: tuple[str, ...] = ()
    language: str = ""

    @property
    def description(self) -> str:
        """What the page gives as its summary."""
        return max(
            (self.meta.get(name, "") for name in ("og:description", "description", "twitter:description")), key=len
        )


def read(tree: Any) -> Metadata:
    """All of it; the tree isn't changed."""
    meta = _meta(tree)
    nodes = list(_nodes(tree))
    articles = [node for node in nodes if _ARTICLES.search(_type(node))]
    articles.sort(
        key=lambda node: -sum(bool(node.get(key)) for key in ("headline", "datePublished", "articleBody", "author"))
    )
    sites = [
        meta.get("og:site_name", ""),
        meta.get("application-name", ""),
        meta.get("al:android:app_name", ""),
        meta.get("apple-mobile-web-app-title", ""),
    ]
    sites += [_name(node.get("publisher")) for node in articles] + [
        _text(node.get("name")) for node in nodes if _type(node) in ("WebSite", "Organization", "NewsMediaOrganization")
    ]
    return Metadata(
        headline=line_from_markup(_text(_first(articles, "headline") or _first(articles, "name"))[:1000]),
        body=from_markup(_text(_first(articles, "articleBody"))),
        authors=tuple(dict.fromkeys(name for node in articles for name in _authors(node.get("author")))),
        published=tuple(
            text
            for key in ("datePublished", "dateCreated", "uploadDate")
            for node in articles
            if (text := _text(node.get(key)))
        ),
        marked=_marked(tree) if not any(node.get("datePublished") for node in articles) else (),
        meta=meta,
        title_tag=clean_line("".join(tree.xpath("//title[not(ancestor::svg)]//text()")[:1])[:1000]),
        site_names=tuple(dict.fromkeys(filter(None, (line_from_markup(site[:200]) for site in sites)))),
        language=clean_line(
            tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or meta.get("og:locale", "")
        )[:12].lower(),
    )


def _marked(tree: Any) -> tuple[str, ...]:
    """Microdata, or the "published" of the hAtom format."""
    dates = {
        value.strip()
        for element in islice(_PUBLISHED(tree), 20)
        if (value := element.get("datetime") or element.get("content") or element.get("title") or "")
    }
    return tuple(dates) if len({date[:10] for date in dates}) == 1 else ()


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = element.get("content") or ""
        if name and content.strip():
            found.setdefault(name.strip().lower()[:100], line_from_markup(content[:5000])[:1000])
    return found


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield from _walk(_load(script.text))


def _load(source: str) -> Any:
    """JSON-LD as sites write it: with line breaks in strings, CDATA marks, trailing commas, or broken altogether."""
    text = source.replace("<![CDATA[", "").replace("]]>", "").replace("//<!", "").strip().rstrip(";")
    for attempt in (text, html.unescape(text), _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    found: dict[str, str] = {}
    for key, value in _FIELD.findall(text[:500_000]):
        found.setdefault(key, _unescape(value))
    return {"@type": "Article", **found} if found else None


def _unescape(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _walk(root: Any) -> Iterator[dict[str, Any]]:
    """Every object, breadth first, so that the page's own article comes before those it mentions."""
    level, seen = [root], 0
    for _ in range(DEPTH):
        following: list[Any] = []
        for node in level:
            seen += 1
            if seen > NODES:
                return
            if isinstance(node, list):
                following += node
            elif isinstance(node, dict):
                yield node
                following += [value for value in node.values() if isinstance(value, dict | list)]
        level = following


def _type(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return _text(kind[0] if isinstance(kind, list) and kind else kind)


def _first(nodes: list[dict[str, Any]], key: str) -> Any:
    return next((node[key] for node in nodes if node.get(key)), "")


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return _text(value.get("name")) if isinstance(value, dict) else ""


def _authors(value: Any) -> Iterator[str]:
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, dict) and "Organization" not in _type(author):
            yield line_from_markup(_text(author.get("name")))
        elif isinstance(author, str):
            yield line_from_markup(author)
