"""A feed's text made fit for a parser: what hostile and careless publishers put into XML is taken out, linearly."""

from __future__ import annotations

import html.entities
import itertools
import re
from collections.abc import Iterator

from monitor.errors import NotAFeed
from monitor.extract.dates import parse

TAG_LIMIT = 16_384  # characters; 50,000 attributes on one tag cost a parser 21 s
MOST = 2_000  # entries of one document
MOST_ELEMENTS = 150_000  # of one document; each costs a parser up to 20 microseconds
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(rss|rdf|feed|urlset|sitemapindex|channel)(?=[\s>/])", re.IGNORECASE)
_WEB_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,200})", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"just a moment|cf-chl|challenge-platform|attention required|captcha|are you (?:a )?human|ddos[- ]guard"
    r"|checking your browser|enable javascript and cookies"
    r"|incapsula|access denied|التحقق من أنك (?:لست )?(?:روبوت|إنسان)",
    re.IGNORECASE,
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:#(\d{1,9});|#[xX]([0-9A-Fa-f]{1,8});|([A-Za-z][A-Za-z0-9]{0,31});)?")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_ITEM = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:item|entry|url)(?=[\s>/])")
_ITEM_END = re.compile(r"</(?:[A-Za-z][\w.-]*:)?(?:item|entry|url)\s*>")
_STAMP = re.compile(
    r"<(?:pubDate|dc:date|published|updated|lastmod|news:publication_date)[^<>]*>\s*(?:<!\[CDATA\[)?([^<\]]{4,80})"
)
_CAPTION = re.compile(r"<media:(description|title|text)\b[^<>]*>[^<]*+(?:<(?!/?media:)[^<]*+)*+</media:\1\s*>")
_OWN_TEXT = re.compile(r"<(?:description|summary|content(?::encoded)?)[\s>][^<]{0,50}(?:<!\[CDATA\[)?\s*[^<\s]")
_ATTRIBUTE = re.compile(r"""\s([A-Za-z_][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*')""")
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def clean(text: str) -> tuple[str, str, str]:
    """The document as well-formed as it can be made, its root's name, and what is missing of it in words.

    Raises NotAFeed where there is no feed's root, or a tag so large that it can only be meant to hurt.
    """
    root, end = _root(text)
    kind, body, name = root[1].lower(), text[end:], root[0][1:]
    tag = text[root.start() : end]
    pieces = [
        _UNFIT.sub("", piece) if marked else _references(_UNFIT.sub("", piece)) for marked, piece in _pieces(body)
    ]
    body = "".join(pieces)
    body, damaged = ("", "") if tag.endswith("/>") else _complete(body, name, kind)
    body = _without_captions(_bounded(_newest(body)))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{_start_tag(tag, name, body)}{body or f"</{name}>"}',
        kind,
        damaged,
    )


def _root(text: str) -> tuple[re.Match[str], int]:
    """The root's tag: its name, and where it ends."""
    if not text.strip():
        raise NotAFeed("the answer is empty")
    page, root = _WEB_PAGE.search(text, 0, 20_000), _ROOT.search(text, 0, 200_000)
    if root is None or (page and page.start() < root.start()):
        raise NotAFeed(_instead(text, bool(page)))
    end = text.find(">", root.end(), root.start() + TAG_LIMIT) + 1
    if not end:
        raise NotAFeed(f"a tag of more than {TAG_LIMIT:,} characters: the document is not read")
    return root, end


def _instead(text: str, page: bool) -> str:
    """What came in place of a feed."""
    head = text[:20_000]
    title = _TITLE.search(head)
    named = f" («{' '.join(html.unescape(title[1]).split())[:80]}»)" if title and title[1].strip() else ""
    if _CHALLENGE.search(head):
        return f"a check against bots stands before the feed{named}"
    if page:
        return f"this is a web page, not a feed{named}"
    return "this is neither RSS, Atom, RDF, JSON Feed nor a sitemap: it begins with " + repr(
        " ".join(head[:60].split())
    )


def _pieces(body: str) -> Iterator[tuple[bool, str]]:
    """The body in pieces, True for those that are CDATA; comments, DOCTYPE and instructions are left out."""
    position = 0
    while True:
        start = body.find("<!", position)
        if start < 0:
            yield from _checked(body[position:])
            return
        yield from _checked(body[position:start])
        if body.startswith("<![CDATA[", start):
            end = body.find("]]>", start)
            position = len(body) if end < 0 else end + 3
            yield True, body[start:position] if end >= 0 else body[start:] + "]]>"
        else:
            position = _after(body, start)


def _after(body: str, start: int) -> int:
    """Where a comment or a declaration ends; one without an end takes two characters with it."""
    if body.startswith("<!--", start):
        end = body.find("-->", start + 4)
        return len(body) if end < 0 else end + 3
    end, subset = body.find(">", start), body.find("[", start)
    if 0 <= subset < end:
        close = body.find("]", subset)
        end = body.find(">", close) if close >= 0 else -1
    return start + 2 if end < 0 else end + 1


def _checked(piece: str) -> Iterator[tuple[bool, str]]:
    for part in piece.split("<")[1:]:
        if len(part) > TAG_LIMIT and _tag_length(part) > TAG_LIMIT:
            raise NotAFeed(f"a tag of more than {TAG_LIMIT:,} characters: the document is not read")
    yield False, piece


_TAG_END = re.compile(r"""(?:[^"'>]|"[^"]*"|'[^']*')*>""")


def _tag_length(part: str) -> int:
    """Length of the tag at the start of `part`, where its attributes are quoted as they must be."""
    end = part.find(">")
    if not 0 <= end <= TAG_LIMIT:
        return len(part)
    quoted = part[:end].count('"') % 2 or part[:end].count("'") % 2
    found = _TAG_END.match(part) if quoted else None
    return found.end() if found else end


def _references(piece: str) -> str:
    return _AMPERSAND.sub(_reference, piece) if "&" in piece else piece


def _reference(found: re.Match[str]) -> str:
    """References that XML knows stay, HTML's names become their characters, a bare & is text, impossible ones go."""
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        fit = number in (9, 10, 13) or 31 < number < 0xD800 or 0xDFFF < number < 0xFFFE or 0xFFFF < number < 0x110000
        return found[0] if fit else ""
    if name in _XML_NAMES:
        return found[0]
    return html.entities.html5.get(f"{name};") or "&amp;" + found[0][1:] if name else "&amp;"


def _complete(body: str, name: str, kind: str) -> tuple[str, str]:
    """A document that was cut ends with its last whole entry."""
    if f"</{name}" in body[-5000:]:
        return body, ""
    end = 0
    for found in _ITEM_END.finditer(body):
        end = found.end()
    if not end:
        raise NotAFeed("the document is cut off before its first entry ends")
    channel = "</channel>" if kind == "rss" and "</channel" not in body[end:] else ""
    return f"{body[:end]}{channel}</{name}>", "the document is cut off: its closing tag is missing"


def _newest(body: str) -> str:
    """Of a document with more than 2,000 entries the newest, or where they have no dates the first ones."""
    starts = [found.start() for found in _ITEM.finditer(body)] if len(body) > 100 * MOST else []
    if len(starts) <= MOST:
        return body
    last = max([starts[-1], *(found.end() for found in _ITEM_END.finditer(body))])
    chunks = [body[a:b] for a, b in zip(starts, [*starts[1:], last], strict=True)]
    dates = [_date(chunk) for chunk in chunks]
    order = sorted(range(len(chunks)), key=lambda n: (-dates[n], n))[:MOST]
    return body[: starts[0]] + "".join(chunks[n] for n in sorted(order)) + body[last:]


def _bounded(body: str) -> str:
    """Raises NotAFeed where so many elements are left that they can only be meant to hurt; CDATA holds none."""
    if body.count("<") > MOST_ELEMENTS:
        bare = [piece for marked, piece in _pieces(body) if not marked]
        if sum(piece.count("<") - piece.count("</") for piece in bare) > MOST_ELEMENTS:
            raise NotAFeed(f"more than {MOST_ELEMENTS:,} elements: the document is not read")
    return body


def _without_captions(body: str) -> str:
    """Entries that have a description of their own, without those of their pictures: a parser takes them for text."""
    if "<media:" not in body:
        return body
    starts = [0, *(found.start() for found in _ITEM.finditer(body)), len(body)]
    chunks = [body[a:b] for a, b in itertools.pairwise(starts)]
    return "".join(_CAPTION.sub("", chunk) if _OWN_TEXT.search(chunk) else chunk for chunk in chunks)


def _date(chunk: str) -> float:
    found = _STAMP.search(chunk)
    stamp = parse(found[1]) if found else None
    return stamp.when.timestamp() if stamp else 0.0


def _start_tag(tag: str, name: str, body: str) -> str:
    """The root's tag, each attribute once, with the well-known prefixes declared that the document uses undeclared."""
    attributes = {found[1]: found[2] for found in reversed(list(_ATTRIBUTE.finditer(_references(tag))))}
    for prefix, address in _NAMESPACES.items():
        if f"xmlns:{prefix}" not in attributes and f"<{prefix}:" in body:
            attributes[f"xmlns:{prefix}"] = f'"{address}"'
    return "<" + " ".join([name, *(f"{key}={value}" for key, value in reversed(attributes.items()))]) + ">"
