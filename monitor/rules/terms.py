"""The kinds that hold no other items: typed terms, `word`, `exact`, `family`, `regex`."""

from __future__ import annotations

import sys
from typing import Any

import re2

import monitor.rules.tables as tables
from monitor.arabic import raw_tokens
from monitor.config.nodes import Node
from monitor.rules.expression import Item, Phrase, Regex, Word
from monitor.rules.reading import Reading

_RE2 = re2.Options()
_RE2.log_errors = False
_RE2.max_mem = 1 << 20


def typed(reading: Reading, node: Node, text: str, al: Any) -> Item | None:
    """A term as typed: one word, or a phrase of neighbouring words."""
    text = text.strip()
    words = _words(reading, node, text)
    place = node.place
    if len(words) == 1:
        return Word(place=place, term=text, text=words[0], al=al)
    items = tuple(Word(place=place, term=word, text=word, al=al) for word in words)
    return Phrase(place=place, term=text, items=items) if items else None


def word(reading: Reading, kind: str, node: Node, options: dict[str, Any], al: str) -> Item | None:
    """`word`, `exact` or `family`; a model such as شاهد-136 is one to its author, and a phrase of two."""
    text = reading.text(node, kind)
    words = [] if text is None else _words(reading, node, text)
    if text is None or not words:
        return None
    if kind != "exact" and len(words) > 1 and len(text.split()) > 1:
        hint = f"a term with spaces is a phrase: leave `{kind}:` out, or write it as a word below `phrase:`"
        reading.error(node.place, f"`{kind}` takes one word, here are {len(words)}", hint)
        return None
    if options.get("kind") == "name" and options.get("plurals"):
        reading.error(node.place, "a name has no plurals", "leave out `kind: name` or `plurals`")
    given: dict[str, Any] = {name: options[name] for name in ("kind", "plurals") if name in options}
    given |= {"forms": kind, "marks": "marks" in options, "fuzzy": "fuzzy" in options}
    given["al"] = "any" if kind == "exact" else options.get("al", al)
    place = node.place
    if len(words) == 1:
        return Word(place=place, term=text, text=words[0], **given)
    items = tuple(Word(place=place, term=each, text=each, **given) for each in words)
    return Phrase(place=place, term=text, items=items)


def _words(reading: Reading, node: Node, text: str) -> list[str]:
    words = [sys.intern(word) for word in raw_tokens(text)]  # the same words come again in many rules
    if not words:
        message = f"`{text[:40]}` has no letter and no digit: nothing can match it" if text else "this item is empty"
        reading.error(node.place, message, "write a term behind the dash")
    return words


def regex(reading: Reading, node: Node) -> Regex | None:
    """A pattern that RE2 can run in linear time."""
    pattern = reading.text(node, "regex")
    if pattern is None:
        return None
    if len(pattern) > tables.REGEX_LIMIT:
        message = f"the pattern has {len(pattern):,} characters, {tables.REGEX_LIMIT:,} are allowed"
        reading.error(node.place, message, "make several of it, under `any:`")
        return None
    try:
        empty = re2.compile(pattern, _RE2).fullmatch("") is not None
    except re2.error as error:
        hint = "it is in RE2's syntax: no look-around, no back-references"
        reading.error(node.place, f"the pattern cannot be read: {_said(error)}", hint)
        return None
    if empty:
        reading.error(node.place, "the pattern also matches where nothing stands", "as with *: use + instead")
        return None
    return Regex(place=node.place, term=pattern, pattern=pattern)


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else str(error)
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
