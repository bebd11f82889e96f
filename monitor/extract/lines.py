"""Lines of an article's text that aren't its text: labels, other stories' headlines, calls to share, policies."""

from __future__ import annotations

import re
from itertools import takewhile

import monitor.extract.phrases as phrases
import monitor.extract.speech as speech
from monitor.extract.dates import fold, parse
from monitor.extract.plain import norm, spelling
from monitor.types import Dropped

PARAGRAPH = 60  # characters; behind two such paragraphs a heading of comments ends the text
ASKING = 220  # characters of a line that asks its readers for something in one word
LABELS = 100  # characters of a line of labels
HEADLINE = 130  # characters that another story's headline may have
_SOURCE = re.compile(r"\S+(?: \S+){0,5}\s*:")
_WRITER = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){1,2}(?:\s*[-–—/|،]\s*[^\W\d_]+(?: [^\W\d_]+)?)?")
_NAME = re.compile(r"\W*[^\W\d_]+(?: [^\W\d_]+){0,2}[^.؟!؛…»\w]*")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ARABIC = re.compile("[\u0620-\u06ff]")
_QUOTED = re.compile('«[^»]*(?:»|$)|“[^”]*(?:”|$)|"[^"]*"')
_LABELS = {"related": "related stories", "tags": "tags", "author": "author box", "tools": "page tools"}
_SENTENCE_END = (".", "؟", "!", "…", "؛", "،")


def strip(lines: list[str], title: str, others: frozenset[str] = frozenset()) -> tuple[list[str], list[Dropped]]:
    """The lines that are text, and those dropped with their reasons.

    `others` are headlines of other stories on the page.
    """
    kept: list[str] = []
    dropped: list[Dropped] = []
    arabic = 2 * sum(bool(_ARABIC.search(line)) for line in lines) > len(lines)
    after = ""  # the label that stands right before, whose headlines go too
    headline = norm(title)
    lines = [_shown(line) for line in lines]
    folded = [spelling(line) for line in lines]
    spoken = speech.furniture(folded, spelling(title))
    for number, (line, plain) in enumerate(zip(lines, folded, strict=True)):
        if _begins_comments(plain, kept, lines[number + 1 :]):
            dropped += [Dropped(text=text[:500], reason="comments") for text in lines[number:]]
            break
        reason = _reason(plain, kept, number, headline)
        if not reason and arabic and not _ARABIC.search(line) and line.count(" ") >= 3:
            reason = "another language"
        if not reason and number in spoken:
            reason = "call to readers"
        if not reason and len(line) < 200 and line in others:
            reason = "another story's headline"
        label = "related stories" if reason in ("related stories", "tags") and phrases.LABEL.fullmatch(plain) else ""
        if not reason and after and headline_like(plain):
            reason, label = after, after
        after = after if reason == "another story's headline" else label
        if reason:
            dropped.append(Dropped(text=line[:500], reason=reason))
        else:
            kept.append(line)
    return _end(_beginning(kept, dropped), dropped), dropped


def _shown(line: str) -> str:
    """A line without what a publishing system or an embedded post left in it."""
    line = phrases.EMBED.sub("", line) if "co" in line else line
    return phrases.SHORTCODE.sub("", line).strip() if any(mark in line for mark in "[{%") else line


def _begins_comments(line: str, before: list[str], behind: list[str]) -> bool:
    """A heading of readers' comments, or of a form for them with nothing but its fields behind it."""
    if not (phrases.COMMENTS.fullmatch(line) or phrases.COMMENT_FORM.fullmatch(line)):
        return False
    form = bool(phrases.COMMENT_FORM.fullmatch(line))
    return sum(map(_long, before)) >= 2 and not (form and any(map(_long, behind)))


def _long(line: str) -> bool:
    return len(line) >= PARAGRAPH


def is_label(text: str) -> bool:
    """Whether a paragraph begins like a pointer to other stories."""
    plain = spelling(text)
    return bool(phrases.POINTER.match(plain) or phrases.LABEL.fullmatch(plain))


def is_heading_of_others(text: str) -> bool:
    """Whether a heading is a label above other stories, or above what is said of the author."""
    label = phrases.LABEL.fullmatch(spelling(text))
    return bool(label and label.lastgroup in ("related", "author"))


def is_heading_of_key_points(text: str) -> bool:
    """Whether a heading is that of an article's own summary."""
    return bool(phrases.KEY_POINTS.fullmatch(spelling(text)))


def is_about_the_outlet(text: str) -> bool:
    """Whether a paragraph says what the outlet is."""
    return bool(phrases.ABOUT_THE_OUTLET.fullmatch(spelling(text)))


def is_heading_of_comments(text: str) -> bool:
    """Whether a heading is that of readers' comments."""
    plain = spelling(text)
    patterns = (phrases.COMMENTS, phrases.COMMENT_COUNT, phrases.COMMENT_FORM)
    return any(pattern.fullmatch(plain) for pattern in patterns)


def label_only(line: str) -> bool:
    """Whether a line is nothing but furniture by itself."""
    return bool(_reason(spelling(line), [], 9, ""))


def _reason(line: str, kept: list[str], number: int, headline: str) -> str:
    """Why a line isn't text; empty for text."""
    if not line.strip() or not re.search(r"\w", line):
        return "no letters"
    label = phrases.LABEL.fullmatch(line)
    if label:
        return {"related": "related stories", "tags": "tags", "author": "author box"}.get(
            label.lastgroup or "", "page tools"
        )
    if len(line) <= LABELS and _labels_only(line):
        return "page tools"
    if len(line) < 300 and (phrases.POINTER.match(line) or (phrases.POINTED.match(line) and headline_like(line))):
        return "related stories"
    if len(line) < 400 and (
        ("/" in line and phrases.BOTH_GENDERS.search(line)) or (phrases.CALL.match(line) and not _reported(line))
    ):
        return "call to readers"
    if len(line) < 200 and (("هنا" in line and phrases.HERE.search(line)) or phrases.SERVICE.search(line)):
        return "call to readers"
    if len(line) < 700 and phrases.POLICY.search(line) and _is_policy(line):
        return "policy or copyright"
    if phrases.TOOL.fullmatch(line):
        return "page tools"
    if headline and len(line) < 300 and norm(line) == headline and (not kept or len(line) > 15):
        return "the title again"
    if len(line) < 160 and phrases.CREDITED.fullmatch(line):
        return "byline"
    return _small(line, number)


def _labels_only(line: str) -> bool:
    """Labels one behind the other: "للمزيد Facebook"."""
    rest = line
    while rest:
        found = phrases.LABEL_PART.match(rest)
        if not found:
            return False
        rest = rest[found.end() :]
    return True


def _small(line: str, number: int) -> str:
    """Short lines around a text: bylines, credits, dates."""
    if len(line) > 120:
        return ""
    if number < 5 and phrases.BYLINE.fullmatch(line):
        return "byline"
    if phrases.PICTURE.match(line) or (phrases.CREDIT.fullmatch(line) and not line.endswith(".")):
        return "caption"
    return "date" if phrases.AGO.fullmatch(line) or _only_date(line) else ""


def _only_date(line: str) -> bool:
    """Nothing but dates, times and the words around them."""
    if len(line) > 90 or not re.search(r"\d", line):
        return False
    folded = fold(line)
    rest = phrases.DATE_WORDS.sub("", re.sub(r"\d+", " ", folded))
    if not _LETTERS.search(rest):
        return bool(re.search(r"\d\d?[:/.\-]\d\d", folded))
    return parse(line) is not None and len(_LETTERS.findall(rest)) <= 3 and len(folded.split()) <= 9


def _reported(line: str) -> bool:
    """A sentence that only begins like a call: somebody did something, told in full."""
    return len(line) > 60 and line.rstrip().endswith(".") and not phrases.OUR_SERVICES.search(line)


def _is_policy(line: str) -> bool:
    """Policies are short or speak of themselves; a report tells who says so, or is told in longer sentences."""
    return (len(line) < 160 or bool(phrases.OF_ITSELF.search(line))) and not phrases.TOLD.search(line)


def headline_like(line: str) -> bool:
    """Whether a line could be the headline of a story."""
    return len(line) <= HEADLINE and 3 <= len(line.split()) <= 18 and not line.rstrip().endswith(_SENTENCE_END)


def _beginning(kept: list[str], dropped: list[Dropped]) -> list[str]:
    """Without counters, the writer's name and a greeting of the readers before the text."""
    while kept and not _LETTER.search(kept[0]):
        dropped.append(Dropped(text=kept.pop(0), reason="no letters"))
    named = sum(map(_long, kept[1:])) > 1 and _WRITER.fullmatch(kept[0])
    if len(kept) > 1 and (named or _SOURCE.fullmatch(kept[0])):
        dropped.append(Dropped(text=kept.pop(0), reason="byline"))
    if sum(map(_long, kept)) > 1 and _asks(kept[0]):
        dropped.append(Dropped(text=kept.pop(0), reason="call to readers"))
    return kept


def _end(kept: list[str], dropped: list[Dropped]) -> list[str]:
    """Without the credits that close a text, and what asks its readers for something behind it; short lines that a
    sentence announces are its list.
    """
    names = sum(1 for _ in takewhile(_NAME.fullmatch, reversed(kept)))
    if names and any(line.endswith(":") and line.count(" ") >= 2 for line in kept[-names - 1 : -1]):
        return kept
    while kept and (reason := _closing(spelling(kept[-1]), len(kept))):
        dropped.append(Dropped(text=kept.pop(), reason=reason))
    return kept


def _closing(line: str, number: int) -> str:
    """Why the last line of a text isn't text."""
    if (
        phrases.BYLINE.fullmatch(line)
        or phrases.SIGNATURE.fullmatch(line)
        or (number > 2 and (phrases.ABOUT_THE_AUTHOR.fullmatch(line) or _NAME.fullmatch(line)))
    ):
        return "byline"
    return "call to readers" if number > 1 and _asks(line) else ""


def _asks(line: str) -> bool:
    """Whether a line speaks to its readers, a long one more than once; what is quoted does not."""
    asking = (
        {found[0] for found in phrases.TO_READERS.finditer(_QUOTED.sub("", line))} if len(line) < 2 * ASKING else set()
    )
    return len(asking) > len(line) // ASKING
