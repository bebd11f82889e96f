"""Sources without a feed: a page with a list of links, and the web preview of a public Telegram channel."""

from __future__ import annotations

from typing import Any

from lxml import etree, html

from monitor.errors import NotAFeed
from monitor.extract.addresses import address
from monitor.extract.dates import utc
from monitor.extract.lines import strip
from monitor.extract.plain import clean_line, from_markup
from monitor.types import Entry

TAGS = 50_000  # a page with more is not read: building its tree would take too long
_MESSAGES: Any = etree.XPath('//div[contains(concat(" ", @class, " "), " tgme_widget_message ")][@data-post]')
HEADLINE = 200  # characters of a message that serve as its title


def page(text: str, url: str, select: str) -> tuple[dict[str, Any], list[Entry]]:
    """The links that a CSS selector finds, as entries with title and address only."""
    entries = [Entry(key="", url=link, title=label[:2000]) for link, label in links(text, url, select)]
    return {"kind": "page", "title": clean_line("".join(_tree(text).xpath("//title[1]//text()")))[:2000]}, entries


def links(text: str, url: str, select: str) -> list[tuple[str, str]]:
    """(address, text) of the links that a selector finds, or that lie in what it finds; the longest text of each."""
    tree = _tree(text)
    base = address("".join(tree.xpath("//base[@href][1]/@href")[:1]), url) or url
    found: dict[str, str] = {}
    for anchor in _anchors(_selected(tree, select or "a")):
        link, label = (
            address(anchor.get("href", ""), base),
            clean_line(anchor.text_content()) or clean_line(anchor.get("title", "")),
        )
        if link and label and link.split("#")[0] != url.split("#")[0]:
            found[link] = max(found.get(link, ""), label, key=len)
    if not found:
        raise NotAFeed(f"the selector {select!r} finds no link on this page")
    return list(found.items())


def _selected(tree: Any, select: str) -> list[Any]:
    try:
        return list(tree.cssselect(select))
    except Exception as error:  # cssselect's syntax errors have several families
        raise NotAFeed(f"{select!r} is not a CSS selector: {clean_line(str(error))[:120]}") from error


def _anchors(elements: list[Any]) -> list[Any]:
    """Each once: elements that lie in each other hold the same ones."""
    found = (anchor for element in elements for anchor in ([element] if element.tag == "a" else element.iter("a")))
    return list(dict.fromkeys(found))


def _tree(text: str) -> Any:
    if not text.strip():
        raise NotAFeed("the answer is empty")
    if text.count("<") > 2 * TAGS:
        raise NotAFeed(f"the page has more than {TAGS:,} tags")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:  # neither a ValueError nor a SyntaxError
        raise NotAFeed("the page has no elements") from error


def telegram(text: str, url: str) -> tuple[dict[str, Any], list[Entry]]:
    """The messages that t.me/s/NAME shows; the newest stands last there, as in a feed read upwards."""
    tree = _tree(text)
    messages = _MESSAGES(tree)
    title = clean_line("".join(tree.xpath('(//meta[@property="og:title"]/@content)[1]')))
    if not messages and not tree.xpath(
        '//*[contains(@class, "tgme_channel_history") or contains(@class, "tgme_channel_info")]'
    ):
        raise NotAFeed(
            "this is not the preview of a public Telegram channel", hint="the address is https://t.me/s/NAME"
        )
    return {"kind": "telegram", "title": title[:2000]}, [entry for entry in map(_message, messages) if entry.title]


def post(tree: Any) -> Entry | None:
    """The message on a page that shows one only."""
    messages = _MESSAGES(tree)
    return _message(messages[0]) if len(messages) == 1 else None


def _message(element: Any) -> Entry:
    post = clean_line(element.get("data-post", ""))
    quoted = 'ancestor::*[contains(@class, "tgme_widget_message_reply")]'  # the message that is answered
    texts = element.xpath(f'.//*[contains(@class, "tgme_widget_message_text")][not({quoted})]')
    whole = from_markup(html.tostring(texts[0], encoding="unicode", with_tail=False)) if texts else ""
    first, *others = whole.split("\n")
    body = "\n".join([first, *strip(others, "")[0]])
    times = element.xpath('.//a[contains(@class, "tgme_widget_message_date")]//time/@datetime')
    author = clean_line(
        "".join(element.xpath('(.//*[contains(@class, "tgme_widget_message_from_author")])[1]//text()'))
    )
    return Entry(
        key="",
        id=post,
        url=f"https://t.me/{post}",
        title=_headline(body.split("\n")[0]),
        content=body,
        author=author[:200],
        published=utc(times[-1]) if times else None,
    )


def _headline(line: str) -> str:
    return line if len(line) <= HEADLINE else line[:HEADLINE].rsplit(" ", 1)[0] + " …"
