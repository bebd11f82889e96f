"""What is cut out of a page before its text is read: everything that is furniture by its tag, its name or its shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from monitor.extract.body import TOLD, is_summary
from monitor.extract.lines import is_about_the_outlet, is_label
from monitor.extract.measure import LINKED, LONG, PARAGRAPHS, Measured
from monitor.extract.plain import clean_line
from monitor.extract.stories import beside, cards, next_articles, sections
from monitor.extract.tree import drop, words_of
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
_BORDER = r"(?:^|[\s_-])"
_LETTER = re.compile(r"[^\W\d_]")
_CAMEL = re.compile(r"([a-z])([A-Z])")
_NAMES = {
    "related": (
        r"(?:ez-)?toc(?:$|[\s_-])|relat(?:ed|ive-?(?:news|posts|articles))|similar|recommend|read-?(?:also|more|next)|also-?read"
        r"|more-?(?:news|stories|from|on|articles|posts|topics)"
        r"|see-?also|you-?may|suggest|next-?(?:post|article|news)|prev-?(?:post|article|next)"
        r"|post-?nav(?:igation)?|yarpp|jp-?relatedposts|crp_|rp4wp|wp-embedded|inline-?rel"
        r"|mostaql|linked-?(?:news|stories)|onward|teaser|other-?(?:news|articles|topics)|latest|last-?news"
        r"|newest|infinite-?scroll|interstitial|mag-?box|block-?posts|elementor-(?:widget-)?posts|td_block|tdb_module|tdm_|jnews_(?!content)"
        r"|post-?components|internal-?link|news-?list|story-?list|carousel|slider|swiper|owl-"
    ),
    "popular": (
        r"most-?(?:read|viewed|popular|commented|shared|watched)|popular|trend(?:ing|s)?(?:$|[\s_-])"
        r"|top-?(?:stories|news|read|ten)|hot-?news|ticker|breaking(?:-?news)?-?(?:bar|ticker|strip)"
        r"|editor-?(?:choice|pick)"
    ),
    "share": (
        r"shar(?:e|ing)|social|addtoany|a2a_|addthis|sharethis|essb|sharedaddy|follow(?:-?us|ers?"
        r"|-?buttons?)?(?:$|[\s_-])|whatsapp|telegram|google-?news|subscri|newsletter|mailing|sign-?up|notif(?:y"
        r"|ication)|download-?app|app-?(?:banner|download|store|promo)"
    ),
    "comments": (
        r"comment|cmts?(?:$|[\s_-])|disqus|respond|reply|fb-comments|reactions?(?:$|[\s_-])|rating|vote|poll|survey|quiz|feedback"
        r"|report-?(?:error|mistake)|mistake"
    ),
    "tags": (
        r"tags?(?:$|[\s_-])|tag-?(?:list|cloud|links?|s)|tagcloud|keywords|topics?-?(?:list|tags)|post-?tags"
        r"|categor(?:y|ies)-?(?:list|links)|cat-?links|hashtags?"
    ),
    "author box": (
        r"author-?(?:box|bio|info|card|details|description|area|section|profile)|about-?(?:the-?)?author"
        r"|writer-?(?:box|info|bio)|post-?author|byline|contributors?"
    ),
    "caption": (
        r"(?:wp-?)?caption|credits?(?:$|[\s_-])|photo-?(?:info|by|desc)|image-?(?:info|desc|source|title|credit)"
        r"|img-?(?:desc|title)|media-?(?:desc|info)|img-?cap|figcap|gallery"
    ),
    "consent": (
        r"cookie|consent|gdpr|cmp-|onetrust|didomi|qc-cmp|privacy-?(?:popup|banner|notice)|paywall|regwall"
        r"|premium-?(?:offer|wall)"
    ),
    "advertising": (
        r"ads?(?:$|[\s_-])|adv(?:$|[\s_-])|advert|adsbygoogle|dfp|gpt-|google_ads|banner|sponsor|promo(?:$"
        r"|[\s_-]|tion)|taboola|outbrain|mgid|revcontent|adngin|criteo|partner"
    ),
    "navigation": (
        r"nav(?:bar|igation|igator)?(?:$|[\s_-])|menu|bread-?crumbs?|crumb|pagination|pager|page-?links"
        r"|tool-?(?:bar|box|s)(?:$|[\s_-])|top-?bar|bottom-?bar|side-?bar|sidenav|off-?canvas|mega-?menu"
        r"|skip-?(?:link|to)|go-?to-?top|back-?to-?top|scroll-?(?:up|top|to)|search|login|log-?in|sign-?in"
        r"|register|language-?switch|lang-?switch|footer|copyrights?|site-?header|masthead|header-?(?:top|bar"
        r"|menu|widget)|weather|prayer|currency|clock|date-?time-?now|today-?date|live-?(?:bar|stream|now)"
        r"|widget-?area"
    ),
    "tools": (
        r"print(?:$|[\s_-]|able)|font-?(?:size|resize|control)|text-?(?:size|resize)|listen|readspeaker|rsbtn"
        r"|rs_|audio|player|video-?(?:player|js|wrapper|widget|block|box|title|item|embed|card)|vid-?(?:title|box)|jwplayer|brightcove|text-?to-?speech|tts"
        r"|reading-?(?:time|bar|progress)|read(?:ing)?-?time|views?-?(?:count|er)|counter|hits(?:$|[\s_-])"
        r"|bookmark|favou?rite|save-?article|copy-?(?:link|url)|short-?(?:link|url)|qr-?code|tooltip|popup"
        r"|pop-?up|modal|overlay|lightbox|toast|(?<![_-])hidden(?:$|\s)|visually-?hidden|screen-?reader|sr-only|d-none"
        r"|print-?only|no-?display"
    ),
    "about the article": (
        r"(?:post|entry|article|story|news|single|item|jeg|td)-?_?meta|[a-z]{1,12}[-_]meta(?:$|\s)|meta-?(?:info|data|date|author|box)"
        r"|time-?stamp|post-?date|entry-?date|publish(?:ed)?-?(?:date|time|on)|date-?(?:line|time|published"
        r"|modified)|updated?-?(?:date|time|at|on)|article-?(?:date|time|info|infos)|news-?(?:date|time|info)"
        r"|posted-?on|entry-?info|post-?info"
    ),
}
_KINDS = [(kind, re.compile(f"{_BORDER}(?:{pattern})")) for kind, pattern in _NAMES.items()]
_ANY = re.compile(_BORDER + "(?:" + "|".join(_NAMES.values()) + ")")
_BODY = re.compile(
    r"(?:the-?)?(?:article|story|post|entry|news|single|details?|page|inner|field|jeg|main|td)?[-_]*(?:body"
    r"|content|text|details?|inner)(?:[-_](?:body|content|text|inner|wrapper|wrap|container|area|main))?"
    r"|(?:article|story)-?(?:container|wrapper|main)|hentry|wysiwyg|post|entry|tdb_single_content"
    r"|elementor-widget-theme-post-content|field--name-(?:field-)?body"
)
_NAMING = ("class", "id", "role", "aria-label", "aria-labelledby", "data-testid", "data-component", "data-e2e")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT_TAGS = frozenset(("html", "body", "main", "article", "h1", "head", "title"))
_TEXT_TAGS = frozenset("p blockquote div td li h2 h3 h4 h5 h6 section span strong b em center".split())  # noqa: SIM905
_PARTS = _TEXT_TAGS - {"section", "span", "strong", "b", "em"}
_LAYOUT = frozenset(("table", "tbody", "tr", "td", "th", "center", "font"))  # with long text inside they are no tables
_LISTS = frozenset(("ul", "ol", "dl", "table"))
_OF_OTHERS = frozenset(
    ("consent", "comments", "related", "popular", "tags")
)  # even when they hold most of a page's text
POINTER = 45  # characters before the link of a paragraph that only points to it
_MARKS = " .!؟…|»«()"
ROW = 60  # links in a row that are looked at
QUESTION = 10  # characters of a poll's question, at least
CAPTION = 40  # characters of a caption that tells something


def prune(tree: Any, title: Any, *, by_name: bool = True) -> list[Dropped]:
    """Cuts a page's furniture out of its tree; what was cut, and why.

    What holds the headline, or most of the page's long paragraphs, is hardly ever cut, whatever its name is.
    Without `by_name` names and tags mean nothing: for a page that has no text otherwise.
    """
    dropped: list[Dropped] = []
    pictured = {anchor for image in tree.iter("img", "picture", "amp-img") for anchor in image.iterancestors("a")}
    choices = [control for control in tree.iter("input") if control.get("type") == "radio"]
    polls = [next(parent for parent in choice.iterancestors() if parent.tag not in SILENT) for choice in choices]
    silent = SILENT if by_name else CODE
    for element in tree.iter(*silent):
        element.tail = f" {element.tail or ''}"
    etree.strip_elements(tree, *silent, with_tail=False)
    measured = Measured(tree)
    holders = {title, *title.iterancestors()} if title is not None else set()
    holders |= _photo_story(tree, measured)
    run = measured.run(title) if title is not None else None
    holders |= {run, *run.iterancestors()} if run is not None else set()
    most = max(0.5 * measured.weight.get(tree, 0), 2 * measured.weight.get(run, 0))
    _cut(cards(holders, pictured, measured), lambda _: "another story's card", dropped)
    _cut(_around(polls, holders, measured), lambda _: "a poll", dropped)
    if by_name:
        _cut(measured.elements, lambda element: _furniture(element, holders, measured, most, run), dropped)
    _cut(
        [element for element in measured.elements if element in measured.weight],
        lambda element: _about_the_outlet(element, holders, run),
        dropped,
    )
    _cut(_before(title, measured), lambda _: "before the headline", dropped)
    _cut(next_articles(title, measured), lambda _: "the next article", dropped)
    _cut(beside(title, run, measured), lambda _: "other stories", dropped)
    _cut(sections(tree, title, holders, measured), lambda _: "other stories", dropped)
    _cut(list(measured.linked), lambda element: _only_links(element, measured), dropped)
    for element in [*holders, *measured.weight]:
        _unname(element)
        if element.tag in _LAYOUT:
            element.tag = "div"
    return dropped


def _around(polls: list[Any], holders: set[Any], measured: Measured) -> list[Any]:
    """The boxes of polls: from where the choices stand up to their question."""
    found: set[Any] = set()
    for element in polls:
        box = next(
            (part for part in (element, *element.iterancestors()) if measured.chars.get(part, 0) >= QUESTION), None
        )
        if box not in holders and box not in measured.weight:
            found.add(box)
    return [element for element in measured.elements if element in found]


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
    if _ANY.search(_key(element)):
        element.attrib.pop("class", None)
        element.attrib.pop("id", None)


def _key(element: Any) -> str:
    names = filter(None, map(element.get, _NAMING))
    return _CAMEL.sub(r"\1-\2", " ".join(names)[:400]).lower()


def _cut(elements: Iterable[Any], verdict: Callable[[Any], str], dropped: list[Dropped]) -> None:
    """Drops what the verdict gives a reason against; what lies inside goes with it."""
    gone: set[Any] = set()
    root = None
    for element in elements:  # in the document's order: a parent comes before its children
        if element.tag == CUT or element.getparent() in gone:
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
    if element in holders or element.getparent() is run or not is_about_the_outlet(words_of(element)[:500]):
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
    if (
        any(element.get(name) is not None for name in ("hidden", "placeholder", "fallback", "overflow"))
        or element.get("aria-hidden") == "true"
        or _UNSEEN.search(element.get("style") or "")
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
    key = _key(element)
    return _kind(key) if key else ""


@lru_cache(maxsize=4096)  # a site's pages use the same names
def _kind(key: str) -> str:
    if not _ANY.search(key) or any(_BODY.fullmatch(word) for word in key.split()):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(key)), "")


def _only_links(element: Any, measured: Measured) -> str:
    """Paragraphs, quotes and lists that are nothing but links: other stories' headlines."""
    if element.tag == "a":
        return "links in a row" if _in_a_row(element) else ""
    chars = measured.chars.get(element, 0)
    share = measured.linked.get(element, 0) / chars if chars else 0.0
    if element.tag in _LISTS:
        return "list of links" if share > 0.7 else ""
    if element.tag not in _TEXT_TAGS or share < LINKED:
        return ""
    text = words_of(element) if chars < 2000 else ""
    words = len(text.split())
    if not text:
        return "only links"
    return "" if words < 4 or is_sentence(text) else "only a link"


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


def label_paragraphs(tree: Any) -> list[Dropped]:
    """Cuts paragraphs that begin with a label such as "اقرأ أيضا", or only point to something, and go on with links."""
    dropped: list[Dropped] = []
    texts: dict[Any, str] = {}
    for anchor in list(tree.iter("a")):
        holder = next((element for element in anchor.iterancestors() if element.tag in _PARTS), None)
        if holder is not None and holder not in texts:
            texts[holder] = clean_line(words_of(holder))
        text = texts[holder] if holder is not None and holder.getparent() is not None else ""
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
