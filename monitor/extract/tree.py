"""Pages as trees, and the cheap look that tells which pages must not become one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree, html

TAG_LIMIT, SIZE_LIMIT, LINK_LIMIT = 20_000, 2_000_000, 6_000  # tags, characters, links: beyond, the tree costs seconds
ATTRIBUTE_LIMIT = 1_000  # of one tag: their cost is quadratic
LONG_TAG = 8_000  # characters from which on a tag's attributes are counted
_TAG = re.compile(r"<[A-Za-z]")
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{LONG_TAG},}}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>", re.IGNORECASE)
_UNFIT = bytes(set(range(32)) - set(b"\t\n\r"))  # control characters
_NO_LETTERS = ("\ufffe", "\uffff")  # nor have these two any meaning; surrogates are lost in the encoding
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*(?=[\u0620-\u06ff«“])")
_DIGIT = re.compile(r"\d")
_ONE_CLASS = etree.ElementDefaultClassLookup(element=html.HtmlElement)  # lxml.html's own choice by tag costs time
DEPTH_LIMIT = 400
_TOO_DEEP = etree.XPath("boolean(" + "/*" * DEPTH_LIMIT + ")")
BLOCKS = frozenset(
    """p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr td th tbody thead blockquote pre section article aside header
    footer nav main figure figcaption form fieldset address details summary br hr body center""".split()  # noqa: SIM905
)


def refusal(text: str) -> str:
    """Why a page is read as raw text only, in words; empty for a page that can be read. Linear."""
    if len(text) > SIZE_LIMIT:
        return f"larger than {SIZE_LIMIT:,} characters"
    if text.count("<") > TAG_LIMIT < len(_TAG.findall(text)):
        return f"more than {TAG_LIMIT:,} tags"
    if text.count("<") > LINK_LIMIT < len(_LINK.findall(text)):
        return f"more than {LINK_LIMIT:,} links"
    crowded = any(len(_QUOTED.sub("", found[0]).split()) > ATTRIBUTE_LIMIT for found in _LONG_TAG.finditer(text))
    if crowded or text.count("=") > 2 * TAG_LIMIT < len(_ATTRIBUTE.findall(text)):
        return "too many attributes"
    return ""


def parse(text: str) -> Any:
    """The tree of a page, without comments and instructions; None for a page without elements."""
    source = _BLANK_LINE.sub(_parted, _DECLARATION.sub("", text))
    for unfit in _NO_LETTERS:
        source = source.replace(unfit, "")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return etree.fromstring(source.encode("utf-8", "ignore").translate(None, _UNFIT), parser=parser)
    except etree.XMLSyntaxError:
        return None


def _parted(found: re.Match[str]) -> str:
    """Some pages' style keeps line breaks: behind a sentence a blank line parts paragraphs."""
    ended = found.string[found.start() - 1] in ".؟!»”…" if found.start() else False
    return "<br><br>" if ended else found[0]


def too_deep(tree: Any) -> bool:
    """Whether elements are nested so deeply that reading them costs seconds, or text was lost already."""
    return bool(_TOO_DEEP(tree))


def words_of(element: Any) -> str:
    """An element's text as one line; the borders of blocks are spaces."""
    if not len(element):
        return " ".join((element.text or "").split())
    return " ".join(" ".join(element.itertext()).split())


def own_chars(element: Any) -> int:
    """Characters of the text that lies in an element itself, not in its parts."""
    return sum(len((text or "").strip()) for text in (element.text, *(part.tail for part in element)))


def shape(element: Any) -> str:
    """What makes two elements look alike: the tag and the classes, but for those that number them."""
    return _shape(element.tag, element.get("class") or "")


@lru_cache(maxsize=4096)  # a site's pages use the same classes
def _shape(tag: str, classes: str) -> str:
    return " ".join([tag, *(name for name in classes.split() if len(name) < 6 or not _DIGIT.search(name))])


def drop(element: Any) -> None:
    """Takes an element out of its tree and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + " " + element.tail
        else:
            parent.text = (parent.text or "") + " " + element.tail
    parent.remove(element)
