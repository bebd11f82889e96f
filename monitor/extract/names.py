"""What the names of elements (classes, ids, roles) tell of what lies in them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_BORDER = r"(?:^|[\s_-])"
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
        r"comment|cmts?(?:$|[\s_-])|disqus|respond|reply|fb-comments|reactions?(?:$|[\s_-])|emoji-?(?:bar|react|vote)|likes?(?:$|[\s_-])|rating|vot(?:e|ing)|poll|survey|quiz|feedback"
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
        r"(?:wp-?)?caption|credits?(?:$|[\s_-])|photo-?(?:info|by|desc)|image[-_]*(?:info|desc|source|title|credit)"
        r"|img-?(?:desc|title)|media-?(?:desc|info)|img-?cap|figcap|gallery"
    ),
    "consent": (
        r"cookie|consent|gdpr|cmp-?(?:box|wrapper|banner|popup|modal|overlay|ui)|onetrust|didomi|qc-cmp|privacy-?(?:popup|banner|notice)|paywall|regwall"
        r"|premium-?(?:offer|wall)"
    ),
    "advertising": (
        r"not-prose(?:$|\s)|ads?(?:$|[\s_-])|adv(?:$|[\s_-])|advert|adsbygoogle|dfp|gpt-|google_ads|banner|sponsor|promo(?:$"
        r"|[\s_-]|tion)|taboola|outbrain|mgid|revcontent|adngin|criteo|partner"
    ),
    "navigation": (
        r"nav(?:bar|igation|igator)?(?:$|[\s_-])|menu|bread-?crumbs?|crumb|pagination|pager|page-?links"
        r"|tool-?(?:bar|box|s)(?:$|[\s_-])|top-?bar|bottom-?bar|side-?bar|sidenav|off-?canvas|mega-?menu"
        r"|skip-?(?:link|to)|go-?to-?top|back-?to-?top|scroll-?(?:up|top|to)|search|login|log-?in|sign-?in"
        r"|register|language-?switch|lang-?switch|footer|copyrights?|site-?header|masthead|header-?(?:top|bar"
        r"|menu|widget)|weather|prayer|currency|clock|date-?time-?now|today-?date|live-?(?:bar|stream|now)"
        r"|widget-?area|complementary|contentinfo|alertdialog|wp(?:side-bar|footer|header|ad-block)(?:$|\s)|site-navigation"
    ),
    "tools": (
        r"print(?:$|[\s_-]|able)|(?:font|text)-?(?:resize|control)|(?<![\w-])(?:font|text)-?size(?!-?\d)|listen|readspeaker|rsbtn"
        r"|rs_|audio|player|video-?(?:player|js|wrapper|widget|block|box|title|item|embed|card)|vid-?(?:title|box)|jwplayer|brightcove|text-?to-?speech|tts"
        r"|reading-?(?:time|bar|progress)|read(?:ing)?-?time|views?-?(?:count|er)|counter|hits(?:$|[\s_-])"
        r"|ai-(?:mark|label|badge|box|note|notice|disclaimer|generated|assistant)(?:$|[\s_-])|bookmark|favou?rite|save-?article|copy-?(?:link|url)|short-?(?:link|url)|qr-?code|tooltip|popup"
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
_NAMING = frozenset(
    """class id role aria-label aria-labelledby itemprop itemtype data-testid data-component data-e2e data-module
    data-widget data-block data-name data-qa""".split()  # noqa: SIM905
)


def key(element: Any) -> str:
    """The names of an element in small letters, the words of a joined one apart: its own, its parts', its kind's."""
    names = [element.tag] if "-" in element.tag else []  # a web component is called what it is
    names += [
        value.rpartition("/")[2] if name == "itemtype" else value for name, value in element.items() if name in _NAMING
    ]
    return _parted(" ".join(names)[:400])


@lru_cache(maxsize=4096)
def _parted(names: str) -> str:
    return _CAMEL.sub(r"\1-\2", names).lower()


@lru_cache(maxsize=4096)  # a site's pages use the same names
def speaks(names: str) -> bool:
    """Whether names have a word of furniture in them."""
    return bool(_ANY.search(names))


@lru_cache(maxsize=4096)
def kind(names: str) -> str:
    """What furniture an element is by its names; empty for none, and where one of them is that of a text."""
    if not _ANY.search(names) or any(_BODY.fullmatch(word) for word in names.split()):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(names)), "")
