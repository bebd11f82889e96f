"""Markup to plain text, and text without what no reader sees. Everything here is linear in its input."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# Controls, soft hyphen, joiners, zero-width and bidi marks, interlinear and tag characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLOCK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|thead|tbody|caption|blockquote|pre|section|article|aside|header"
    r"|footer|nav|main|figure|figcaption|form|fieldset|option|select|button|address|details|summary|title|body|html)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>|<!\[CDATA\[|\]\]>|<!--|-->")
_SILENT = re.compile(r"<(?:(!--)|(script|style|noscript|svg|template|iframe|textarea)\b)", re.IGNORECASE)
_LONG_TAG = re.compile(r"(<[/!?]?[A-Za-z][\w-]{0,30}+)[^<>]{1000,}+>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,30});")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?؟:»”\"…])[ \t]*\r?\n|\n[ \t\r]*\n")

_MARKS = re.compile("[\u064b-\u0652\u0640]+")
_SPELLING = tuple(zip("أإآٱىة", "اااايه", strict=True))
_NOT_LETTERS = re.compile(r"[\W_]+")


def spelling(text: str) -> str:
    """A text without vowel marks and hamza on alef, with one final heh and one final yeh."""
    text = _MARKS.sub("", text)
    for letter, same in _SPELLING:  # faster than a table by far
        text = text.replace(letter, same)
    return text


def norm(text: str) -> str:
    """Letters and digits only, in one spelling: to see whether two texts say the same."""
    return _NOT_LETTERS.sub("", spelling(text)).lower()


def clean_line(text: str) -> str:
    """One line: nothing invisible, every run of white space one space."""
    return " ".join(_INVISIBLE.sub("", text).split())


def clean_lines(text: str) -> list[str]:
    """The lines of a text, cleaned, blank ones left out."""
    return [line for shown in _INVISIBLE.sub("", text).split("\n") if (line := " ".join(shown.split()))]


def clean_text(text: str) -> str:
    """Paragraphs: cleaned lines, blank ones left out."""
    return "\n".join(line for line in map(clean_line, text.splitlines()) if line)


def from_markup(source: str) -> str:
    """Plain paragraphs of a piece of HTML, however often it was escaped; plain text stays as it is."""
    marked = bool(_TAG.search(source))
    text = " ".join(source.split()) if marked else _SENTENCE_BREAK.sub("\n\n", source)
    text = text if marked else " \n".join(" ".join(part.split()) for part in text.split("\n\n"))
    for _ in range(3):
        text = html.unescape(_ENTITY.sub(_reference, strip_tags(text)))
        if not (_TAG.search(text) or _ENTITY.search(text)):
            break
    return clean_text(text)


def line_from_markup(source: str) -> str:
    """The same as one line, for titles and names."""
    if "<" not in source and "&" not in source:
        return clean_line(source)
    return " ".join(from_markup(source).split("\n"))


def lightened(source: str) -> str:
    """A document without scripts, styles, comments and pictures written into tags, which may be megabytes."""
    return _LONG_TAG.sub(r"\1>", "".join(_spoken(source)))


def strip_tags(source: str) -> str:
    """Tags off; scripts, styles and comments with what they hold; the borders of blocks become line breaks."""
    return _TAG.sub("", _BLOCK.sub("\n", "".join(_spoken(source)))) if "<" in source else source


def _spoken(source: str) -> Iterator[str]:
    """The parts of a document outside scripts, styles and comments; one that is never closed ends at its own tag."""
    lowered = source.lower() if "<" in source else source
    if len(lowered) != len(source):  # a few letters change length when lowered; offsets must stay true
        lowered = source
    position, open_ended = 0, set()
    for found in _SILENT.finditer(source):
        if found.start() < position:
            continue
        closing = "-->" if found[1] else f"</{found[2].lower()}"
        end = -1 if closing in open_ended else lowered.find(closing, found.end())
        if end < 0:
            open_ended.add(closing)
            continue
        yield source[position : found.start()]
        yield " " if found[1] else "\n"
        position = end + 3 if found[1] else max(end, lowered.find(">", end) + 1)
    yield source[position:]


def _reference(found: re.Match[str]) -> str:
    """A numeric reference to no character (NUL, surrogates, beyond Unicode) is nothing; the others are read later."""
    body = found[0][1:-1]
    if not body.startswith("#"):
        return found[0]
    number = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
    return found[0] if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""
