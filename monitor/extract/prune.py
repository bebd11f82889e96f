"""What is cut out of a page before its text is read: everything that is furniture by its tag, its name or its shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice, takewhile
from typing import Any

from lxml import etree

from monitor.extract.asking import boxes, controls
from monitor.extract.body import SUMMARY, TOLD, is_named_summary, is_summary
from monitor.extract.captions import captions, pictures
from monitor.extract.cards import HEADINGS, LABEL, cards
from monitor.extract.comments import comments
from monitor.extract.lines import is_about_the_outlet, is_heading_of_others, is_label
from monitor.extract.measure import LINKED, LONG, PARAGRAPHS, Measured
from monitor.extract.names import key, kind, speaks
from monitor.extract.plain import clean_line
from monitor.extract.stories import beside, next_articles, sections
from monitor.extract.strangers import strangers
from monitor.extract.tree import drop, shape, words_of
from monitor.types import Dropped

SILENT = frozenset(
    """script style noscript template svg iframe object embed canvas audio video map button select option input textarea
    label link meta nav menu dialog datalist progress source track picture img math amp-ad amp-embed
    amp-iframe amp-video amp-youtube amp-brightcove amp-sidebar amp-consent""".split()  # noqa: SIM905
)
CODE = frozenset("script style option".split())  # noqa: SIM905
FRAMES = frozenset(
    ("aside", "footer", "form", "fieldset", "figure", "figcaption")
)  # furniture unless the article is inside
CUT = "x-cut"  # the tag of what is taken out; taking out one by one is slow where thousands stand side by side
_LETTER = re.compile(r"[^\W\d_]")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING = frozenset(("hidden", "placeholder", "fallback", "overflow"))
_KEPT_TAGS = frozenset(("html", "body", "main", "article", "h1", "head", "title"))
_TEXT_TAGS = frozenset("p blockquote div td li h2 h3 h4 h5 h6 section span strong b em center".split())  # noqa: SIM905
_UNNAMED = frozenset("p a b i li ul ol h2 h3 h4 span strong em br td tr div section article".split())  # noqa: SIM905
_PARTS = _TEXT_TAGS - {"section", "span", "strong", "b", "em"}
_LAYOUT = frozenset(("table", "tbody", "tr", "td", "th", "center", "font"))  # with long text inside they are no tables
_LISTS = frozenset(("ul", "ol", "dl", "table"))
_OF_OTHERS = frozenset(
    ("consent", "comments", "related", "popular", "tags")
)  # even when they hold most of a page's text
_PROMOTING = frozenset(("related", "popular", "advertising"))  # a lead may be named so too
POINTER = 45  # characters before the link of a paragraph that only points to it
_MARKS = " .!؟…|»«()"
ABOUT = 500  # characters of what an outlet says of itself, at most
ROW = 60  # links in a row that are looked at
CAPTION = 40  # characters of a caption that tells something


def prune(tree: Any, title: Any, *, by_name: bool = True) -> list[Dropped]:
    """Cuts a page's furniture out of its tree; what was cut, and why.

    What holds the headline, or most of the page's long paragraphs, is hardly ever cut, whatever its name is.
    Without `by_name` names and tags mean nothing: for a page that has no text otherwise.
    """
    dropped: list[Dropped] = []
    pictured = {anchor for image in tree.iter("img", "picture", "amp-img") for anchor in image.iterancestors("a")}
    asking, blocks = controls(tree, SILENT), pictures(tree)
    for button in list(tree.iter("button")):
        if button.getparent().tag in HEADINGS:  # it opens what the heading stands above
            button.tag = "span"
    silent = SILENT if by_name else CODE
    for element in tree.iter(*silent):
        tail = element.tail
        if not tail or not tail[0].isspace():
            element.tail = f" {tail or ''}"
    etree.strip_elements(tree, *silent, with_tail=False)
    measured = Measured(tree)
    holders = {title, *title.iterancestors()} if title is not None else set()
    holders |= _photo_story(tree, measured)
    run = measured.run(title) if title is not None else None
    holders |= {run, *run.iterancestors()} if run is not None else set()
    most = max(0.5 * measured.weight.get(tree, 0), 2 * measured.weight.get(run, 0))
    _cut(cards(holders, pictured, measured), lambda _: "another story's card", dropped)
    _cut(boxes(asking, holders, measured), lambda _: "a form", dropped)
    _cut(captions(blocks, holders, run, measured), lambda _: "caption", dropped)
    if by_name:
        unnamed = holders | _components(run, holders, measured)
        left = list(tree.iter("*"))
        _cut(left, lambda element: _furniture(element, unnamed, measured, most, run), dropped)
    _cut(
        [element for element in measured.elements if element in measured.weight and measured.chars[element] <= ABOUT],
        lambda element: _about_the_outlet(element, holders, run),
        dropped,
    )
    _cut(_before(title, measured), lambda _: "before the headline", dropped)
    _cut(next_articles(title, measured), lambda _: "the next article", dropped)
    _cut(beside(title, run, measured), lambda _: "other stories", dropped)
    _cut(comments(run, holders, measured.chars), lambda _: "comments", dropped)
    _cut(strangers(tree, title, run, measured), lambda _: "nothing in common with the text", dropped)
    _cut(sections(tree, title, holders, measured), lambda _: "other stories", dropped)
    links = _links(tree, holders, measured)
    _cut(links, links.__getitem__, dropped)
    for element in [*holders, *measured.weight]:
        _unname(element)
        if element.tag in _LAYOUT:
            element.tag = "div"
    return dropped


def _components(run: Any, holders: set[Any], measured: Measured) -> set[Any]:
    """The text's other parts where each has a box: beside that of the first paragraphs and of its shape, whose names
    then say nothing.
    """
    path = [run, *takewhile(lambda part: part.getparent() in holders, run.iterancestors())] if run is not None else []
    return {
        part
        for box in path
        for other in islice(box.itersiblings(), ROW)
        if shape(other) == shape(box) and 2 * measured.linked.get(other, 0) <= measured.chars.get(other, 0)
        for part in other.iter(box.tag, run.tag)
        if part.get("class") in {inner.get("class") for inner in path}
    }


def _photo_story(tree: Any, measured: Measured) -> set[Any]:
    """The captions, with what holds them, of a page that tells its story in captions; they become paragraphs."""
    told_once = {text: element for element in tree.iter("figcaption") if len(text := words_of(element)) >= CAPTION}
    captions = [element for element in told_once.values() if element not in measured.linked]
    told = sum(measured.chars[element] for element in captions)
    within = {parent for element in captions for parent in element.iterancestors()}
    if len(captions) < 3 or told < measured.weight.get(tree, 0) - sum(
        measured.weight.get(element, 0) for element in captions
    ):
        return set()
    for element in [*captions, *(parent for parent in within if parent.tag == "figure")]:
        element.tag = "div"
    for element in captions:
        element.set("class", TOLD)
    for number in [part for caption in captions for part in caption if not _LETTER.search(words_of(part))]:
        drop(number)
    return within.union(captions)


def _before(title: Any, measured: Measured) -> list[Any]:
    """What has long paragraphs before the headline, where there are others behind it: login boxes, notices."""
    if title is None:
        return []
    path = [title, *title.iterancestors()]
    earlier = [
        sibling for element in path for sibling in element.itersiblings(preceding=True) if sibling in measured.weight
    ]
    weight = sum(measured.weight[element] for element in earlier)
    behind = measured.weight.get(path[-1], 0) - weight
    return earlier if behind >= LONG and weight < 3 * behind else []


def _unname(element: Any) -> None:
    """Takes the names from an element with long text, lest the library behind takes it for furniture."""
    if speaks(key(element)):
        element.attrib.update({"class": SUMMARY if is_named_summary(element) else "", "id": ""})


def _cut(elements: Iterable[Any], verdict: Callable[[Any], str], dropped: list[Dropped]) -> None:
    """Drops what the verdict gives a reason against; what lies inside goes with it."""
    gone: set[Any] = set()
    root = None
    for element in elements:  # in the document's order: a parent comes before its children
        if element.tag == CUT or (gone and element.getparent() in gone):
            gone.add(element)
        elif reason := verdict(element):
            gone.add(element)
            root = element.getroottree().getroot()
            if text := " ".join(" ".join(islice(element.itertext(), 100)).split()):
                dropped.append(Dropped(text=text[:500], reason=reason))
            element.tag, element.tail = CUT, f" {element.tail or ''}"
    if root is not None:
        etree.strip_elements(root, CUT, with_tail=False)


def _furniture(element: Any, holders: set[Any], measured: Measured, most: float, run: Any) -> str:
    """Why an element is furniture, by its tag or its names; empty for what is or holds the article."""
    if element in holders or element.tag in _KEPT_TAGS:
        return ""
    reason = _named(element)
    if not reason or (element.getparent() is run is not None and _beside(element, reason, measured)):
        return ""
    if reason in _PROMOTING and element.getparent() in holders and is_named_summary(element):
        return ""
    weight = measured.weight.get(element, 0)
    if weight > most > 0 and (reason not in _OF_OTHERS or (reason == "related" and most > 400)):
        return ""
    if (
        element.tag in PARAGRAPHS
        and weight
        and reason not in ("consent", "comments", "caption", "author box", "not shown")
    ):
        return ""  # such as a lead named "teaser-text"; other stories' summaries lie in boxes
    return reason


def _about_the_outlet(element: Any, holders: set[Any], run: Any) -> str:
    """A paragraph by itself that says what the outlet is."""
    if element in holders or element.getparent() is run or not is_about_the_outlet(words_of(element)):
        return ""
    return "about the outlet"


def _beside(element: Any, reason: str, measured: Measured) -> bool:
    """Whether what stands beside the text's paragraphs is text: its rest behind a button, one of their class."""
    if reason == "not shown":
        return element in measured.weight
    beside = [*element.itersiblings(preceding=True), *element.itersiblings()]
    long = next((other for other in beside if other in measured.weight), None)
    return element.tag == "p" and long is not None and (long.tag, long.get("class")) == ("p", element.get("class"))


def _named(element: Any) -> str:
    names = element.keys()
    if not names and element.tag in _UNNAMED:
        return ""
    if (
        not _HIDING.isdisjoint(names)
        or ("aria-hidden" in names and element.get("aria-hidden") == "true")
        or ("style" in names and _UNSEEN.search(element.get("style")))
    ):
        return "not shown"
    if element.tag == "figure" and element.find(".//td") is not None:
        return ""
    if element.tag in FRAMES and not (element.tag == "aside" and is_summary(element)):
        return "caption" if element.tag.startswith("fig") else str(element.tag)
    if element.tag == "header" and element.find(".//h1") is None:
        return "page header"
    if element.tag == "time" and element.getparent().tag != "p":
        return "date"
    return kind(key(element))


def _links(tree: Any, holders: set[Any], measured: Measured) -> dict[Any, str]:
    """What is nothing but links, and the labels right before it, in the document's order, with the reasons."""
    left = list(tree.iter("*"))
    linked = (each for each in left if each in measured.linked and each not in holders)
    links = {each: why for each in linked if (why := _only_links(each, measured))}
    links |= dict.fromkeys(_labels_of(links, holders, measured), "related stories")
    return {each: links[each] for each in left if each in links}


def _only_links(element: Any, measured: Measured) -> str:
    """Paragraphs, quotes and lists that are nothing but links: other stories' headlines."""
    if element.tag == "a":
        return "links in a row" if _in_a_row(element) else ""
    chars = measured.chars.get(element, 0)
    share = measured.linked.get(element, 0) / chars if chars else 0.0
    if element.tag in _LISTS:
        return "list of links" if measured.only_links(element) else ""
    if element.tag not in _TEXT_TAGS or share < LINKED:
        return ""
    text = words_of(element) if chars < 2000 else ""
    words = len(text.split())
    if not text:
        return "only links"
    return "" if words < 4 or is_sentence(text) or _unfolds(element, text) else "only a link"


def _labels_of(links: Iterable[Any], holders: set[Any], measured: Measured) -> set[Any]:
    """The labels right before what is nothing but links: without these they would head what stands behind."""
    before = {each.getprevious() for each in links} - holders - {None}
    short = (label for label in before if 0 < measured.chars.get(label, 0) <= LABEL)
    return {label for label in short if is_heading_of_others(words_of(label))}


def _unfolds(element: Any, text: str) -> bool:
    """A sub-heading that leads to its own place on the page, or a question that opens its answer."""
    anchor = next(element.iter("a"), None)  # its own may be gone already
    address = anchor.get("href") or "#" if anchor is not None else ""
    here = address.startswith(("#", "javascript:"))
    return here and (text.endswith("؟") or (element.tag in HEADINGS and len(address) > 1 and address[0] == "#"))


def _in_a_row(anchor: Any) -> bool:
    """A short link beside another, in a block without text of its own: topics, sections."""
    beside = [other for other in (anchor.getprevious(), anchor.getnext()) if other is not None and other.tag == "a"]
    parent = anchor.getparent()
    if not beside or parent is None or parent.tag not in _PARTS or len(parent) > ROW:
        return False
    return not any((text or "").strip(" \t\r\n،,|·•-/") for text in (parent.text, *(child.tail for child in parent)))


def is_sentence(text: str) -> bool:
    """Whether the text of a link is a paragraph of the article, not a headline."""
    return text.count(" ") > 10 and text.endswith((".", "…"))


def label_paragraphs(tree: Any, title: Any = None) -> list[Dropped]:
    """Cuts paragraphs that begin with a label such as "اقرأ أيضا", or only point to something, and go on with links.

    The headline, which may link to its own page behind a kicker, is none.
    """
    dropped: list[Dropped] = []
    own = {title, *title.iterancestors()} if title is not None else set()
    texts: dict[Any, str] = {}
    for anchor in list(tree.iter("a")):
        holder = next((element for element in anchor.iterancestors() if element.tag in _PARTS), None)
        if holder is not None and holder not in texts:
            texts[holder] = clean_line(words_of(holder))
        text = texts[holder] if holder is not None and holder not in own and holder.getparent() is not None else ""
        link = words_of(anchor)
        if 0 < len(text) < 400 and len(link) > 0.3 * len(text) and (is_label(text) or _points(text, link)):
            dropped.append(Dropped(text=text, reason="related stories"))
            drop(holder)
    return dropped


def _points(text: str, link: str) -> bool:
    """A few words, a colon, and the headline of another story: "في سياق متصل اقرأ: …"."""
    before, _, behind = text.rpartition(link)
    if before and is_label(before) and link.count(" ") >= 3:
        return True
    return (
        0 < len(before) <= POINTER
        and before.rstrip().endswith((":", "..", "|", "…"))
        and not behind.strip(_MARKS)
        and (link.count(" ") >= 3 and not link.endswith((".", "»", '"', "”")))
    )
