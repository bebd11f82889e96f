"""Lists of feeds as other readers keep them (OPML 1.0 to 2.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from monitor.errors import RasidError
from monitor.types import Feed

_LARGEST = 20_000_000
_DEEPEST = 50


class NotOpml(RasidError):
    """The file is no OPML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed of such a list; its folders, from the outermost in, are its tags."""

    url: str
    name: str
    tags: tuple[str, ...] = ()


def read_opml(data: bytes) -> list[Listed]:
    """The feeds of an OPML file, each address once, with all its folders. Raises NotOpml."""
    if len(data) > _LARGEST or re.search(
        rb"<!\s*(?:DOCTYPE|ENTITY)", data[:100_000].replace(b"\0", b""), re.IGNORECASE
    ):
        raise NotOpml("it is too large, or declares entities, which no reader's export does")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 declarations are refused above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotOpml(f"this is no XML: {error}", hint="export the list again as OPML") from error
    if _plain(root.tag) != "opml":
        raise NotOpml(f"it begins with <{root.tag[:40]}>, not with <opml>")
    found: dict[str, Listed] = {}
    for one in _outlines(next((part for part in root if _plain(part.tag) == "body"), ()), ()):
        before = found.get(one.url)
        found[one.url] = replace(one, tags=tuple(dict.fromkeys([*(before.tags if before else ()), *one.tags])))
    return list(found.values())


def _plain(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2].lower()


def _outlines(parent: Iterable[ElementTree.Element], folders: tuple[str, ...], depth: int = 0) -> Iterator[Listed]:
    """Readers differ in the case of attribute names, and some mark folders with `category` as well."""
    for element in parent if depth < _DEEPEST else ():
        traits = {key.lower(): value.strip() for key, value in element.attrib.items()}
        name = traits.get("title") or traits.get("text") or ""
        if url := traits.get("xmlurl"):
            tags = [tag.strip() for tag in (*folders, *re.split("[,/]", traits.get("category", "")))]
            yield Listed(url=url, name=name, tags=tuple(dict.fromkeys(filter(None, tags))))
        yield from _outlines(element, (*folders, name) if name and not url else folders, depth + 1)


def write_opml(feeds: Iterable[Feed], title: str = "Rasid") -> bytes:
    """An OPML 2.0 file; the tags of a feed stand in its `category`, each alone, so that no order is invented."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        name = feed.name or feed.id
        traits = {"type": "rss", "text": name, "title": name, "xmlUrl": feed.url}
        if feed.tags:
            traits["category"] = ",".join(sorted(feed.tags))
        ElementTree.SubElement(body, "outline", traits)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
