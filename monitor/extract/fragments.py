"""Pieces of HTML in feeds to their text: related stories, share buttons and the like are not part of an entry."""

from __future__ import annotations

import html
import re

from monitor.extract.body import block_lines
from monitor.extract.lines import is_label, label_only, strip
from monitor.extract.plain import from_markup
from monitor.extract.prune import label_paragraphs, prune
from monitor.extract.tree import parse, refusal, too_deep

LARGEST, BUDGET = 100_000, 1_000_000  # characters read as a tree: of one piece, of all pieces of a document
_SUSPECT = re.compile(r"<(?:a|ul|ol|table|figure|aside)[\s>]|<[a-z0-9]+\s[^<>]*\b(?:class|id|style)\s*=", re.IGNORECASE)
_ESCAPED = re.compile(r"&(?:amp;){0,2}lt;/?[a-z]", re.IGNORECASE)


class Fragments:
    """Reads the pieces of one document; beyond the budget of characters only their tags are taken off."""

    def __init__(self) -> None:
        self.left = BUDGET

    def __call__(self, source: str) -> str:
        """The text as paragraphs, without furniture. A piece that is nothing but a link keeps the link's words."""
        for _ in range(2):
            if "<" in source or not _ESCAPED.search(source):
                break
            source = html.unescape(source)
        lines = self._lines(source) if _SUSPECT.search(source) else None
        plain = from_markup(source) if lines is None else ""
        kept = strip(plain.split("\n") if lines is None else lines, "")[0]
        if kept:
            return "\n".join(kept)
        rest = plain or from_markup(source)
        return "" if is_label(rest) or all(map(label_only, rest.split("\n"))) else rest

    def _lines(self, source: str) -> list[str] | None:
        self.left -= len(source)
        if self.left < 0 or len(source) > LARGEST or refusal(source):
            return None
        tree = parse(f"<html><body><div>{source}</div></body></html>")
        if tree is None or too_deep(tree):
            return None
        prune(tree, None)
        label_paragraphs(tree)
        return block_lines(tree)
