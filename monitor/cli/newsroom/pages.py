"""The newsroom's pages and feeds as bytes: three outlets, three mark-ups, RSS, Atom and RSS in windows-1256."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from monitor.cli.newsroom.stories import RELATED, STORIES, Story

OUTLETS = {"mina": "وكالة الميناء", "difaf": "صحيفة الضفاف", "sada": "صدى الساحل"}
ENCODINGS = {"mina": "utf-8", "difaf": "utf-8", "sada": "windows-1256"}
# The clock of a site that was never set right: pages carry it above the title, and it is nobody's date.
WRONG_CLOCK = "الخميس ٢٨ مارس / آذار 2019"

_MENU = "".join(
    f'<li><a href="/{n}">{t}</a></li>' for n, t in enumerate(("الرئيسية", "سياسة", "اقتصاد", "رياضة", "مسيرات ومنوعات"))
)
_SHARE = '<div class="share-buttons"><span>شارك القصة</span> <a href="#">فيسبوك</a> <a href="#">واتساب</a></div>'


def page(story: Story, now: datetime) -> bytes:
    """The article's page, as its outlet marks it up."""
    return _PAGES[story.outlet](story, now).encode(ENCODINGS[story.outlet], "xmlcharrefreplace")


def feed(outlet: str, base: str, now: datetime) -> bytes:
    """The outlet's feed; `base` is the newsroom's address."""
    stories = [s for s in STORIES if s.outlet == outlet]
    text = _atom(outlet, stories, base, now) if outlet == "difaf" else _rss(outlet, stories, base, now)
    return text.encode(ENCODINGS[outlet], "xmlcharrefreplace")


def _published(story: Story, now: datetime) -> datetime:
    return (now - timedelta(minutes=story.minutes_ago)).astimezone(UTC)


def _summary(story: Story) -> str:
    return story.paragraphs[0][:110].rsplit(" ", 1)[0] + "…"


def _rss(outlet: str, stories: list[Story], base: str, now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(s.title)}</title><link>{base}/{outlet}/{s.slug}</link><guid>{outlet}-{s.slug}</guid>"
        f"<description>{escape(_summary(s))}</description>"
        f"<pubDate>{format_datetime(_published(s, now))}</pubDate></item>\n"
        for s in stories
    )
    return (
        f'<?xml version="1.0" encoding="{ENCODINGS[outlet]}"?>\n<rss version="2.0"><channel>'
        f"<title>{OUTLETS[outlet]}</title><link>{base}/{outlet}</link><language>ar</language>\n{items}</channel></rss>"
    )


def _atom(outlet: str, stories: list[Story], base: str, now: datetime) -> str:
    entries = "".join(
        f'<entry><title>{escape(s.title)}</title><link href="{base}/{outlet}/{s.slug}"/>'
        f"<id>{base}/{outlet}/{s.slug}</id>"
        f"<summary>{escape(_summary(s))}</summary><published>{_published(s, now).isoformat()}</published>"
        f"<updated>{_published(s, now).isoformat()}</updated></entry>\n"
        for s in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">'
        f"<title>{OUTLETS[outlet]}</title><id>{base}/{outlet}</id><updated>{now.astimezone(UTC).isoformat()}</updated>\n"
        f"{entries}</feed>"
    )


def _head(story: Story, extra: str = "") -> str:
    outlet = OUTLETS[story.outlet]
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="{ENCODINGS[story.outlet]}">'
        f"<title>{story.title} - {outlet}</title>"
        f'<meta property="og:title" content="{story.title}">'
        f'<meta property="og:site_name" content="{outlet}">{extra}</head>'
    )


def _paragraphs(story: Story) -> str:
    return "\n".join(f"<p>{p}</p>" for p in story.paragraphs)


def _related(heading: str) -> str:
    items = "".join(f'<li><a href="{href}">{title}</a></li>' for title, href in RELATED)
    return f'<div class="related-posts"><h3>{heading}</h3><ul>{items}</ul></div>'


def _mina(story: Story, now: datetime) -> str:
    date = f'<meta property="article:published_time" content="{_published(story, now).isoformat()}">'
    return (
        f"{_head(story, date)}<body><header><div class='clock'>{WRONG_CLOCK}</div><nav><ul>{_MENU}</ul></nav></header>"
        f"<main><article><h1>{story.title}</h1>{_SHARE}<figure><img src='/1.jpg' alt=''>"
        f"<figcaption>{story.caption}</figcaption></figure>\n{_paragraphs(story)}\n</article>"
        f"{_related('أخبار متعلقة')}</main>"
        "<footer>جميع الحقوق محفوظة لوكالة الميناء. تابعنا على تلغرام.</footer></body></html>"
    )


def _difaf(story: Story, now: datetime) -> str:
    inside = RELATED[len(story.slug) % len(RELATED)]
    return (
        f"{_head(story)}<body><div id='top'><ul class='menu'>{_MENU}</ul></div><div class='post'>"
        f"<h1 class='entry-title'>{story.title}</h1><time datetime='{_published(story, now).isoformat()}'>اليوم</time>"
        f"<div class='entry-content'><p class='wp-caption-text'>{story.caption}</p>\n{_paragraphs(story)}"
        f"<p>اقرأ أيضا: <a href='{inside[1]}'>{inside[0]}</a></p>\n</div>{_SHARE}</div>"
        f"<aside class='widget'>{_related('الأكثر قراءة')}</aside>"
        "<div id='comments'><p>سياسة التعليقات: يمنع التحريض على العنف أو الترويج للعقوبات والصواريخ.</p></div>"
        "</body></html>"
    )


def _sada(story: Story, now: datetime) -> str:
    body = "<br><br>".join(story.paragraphs)
    return (
        f"{_head(story)}<body><table width='100%'><tr><td colspan='2'>{WRONG_CLOCK}<ul>{_MENU}</ul></td></tr>"
        f"<tr><td><h2>{story.title}</h2><div class='news-body'><p>{body}</p></div>{_SHARE}"
        f"<p>تابع القراءة</p></td><td>{_related('شاهد أيضا')}</td></tr></table></body></html>"
    )


_PAGES = {"mina": _mina, "difaf": _difaf, "sada": _sada}
