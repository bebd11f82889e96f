"""How much of a tree is text, how much of that is links, and where its long paragraphs are."""

from __future__ import annotations

from collections import Counter
from itertools import dropwhile
from typing import Any

LONG = 80  # characters from which on a paragraph is the stuff of an article
LINKED = 0.85  # share of a text in links from which on it is only links
WHOLE_TEXT = 1_500  # characters from which on what lies in a link lies there because the link was never closed
PARAGRAPHS = frozenset(("p", "h2", "h3"))
HOLDERS = frozenset(
    ("div", "td", "li", "section", "article", "blockquote", "span", "main", "center", "font", "body", "form")
)


class Measured:
    """For every element of a tree: characters of its text, of its links, and of the long paragraphs in it."""

    def __init__(self, tree: Any, long: int = LONG) -> None:
        self.long = long
        self.chars: dict[Any, int] = {}
        self.linked: dict[Any, int] = {}
        self.weight: dict[Any, int] = {}
        self.elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        for element in reversed(self.elements):
            self._measure(element)
        self.linked = {element: self.linked[element] for element in self.elements if element in self.linked}

    def runs(self) -> Counter[Any]:
        """For the parents of long paragraphs, how many they have."""
        holding = {element.getparent() for element in self.weight}
        return Counter(
            element.getparent()
            for element in self.weight
            if element.tag in PARAGRAPHS or (element not in holding and not self._within(element))
        )

    def run(self, title: Any) -> Any:
        """The parent of the first long paragraphs behind a headline that stand side by side, or None."""
        runs = self.runs()
        behind = dropwhile(lambda element: title is not None and element is not title, self.elements)
        parents = (element.getparent() for element in behind if element in self.weight)
        return next((parent for parent in parents if runs[parent] > 1), None)

    def _within(self, element: Any) -> bool:
        parent = element.getparent()
        return parent is not None and parent.tag in PARAGRAPHS

    def _measure(self, element: Any) -> None:
        own = len(element.text.strip()) if element.text else 0
        inner = linked = weight = 0
        for child in element:
            own += len(child.tail.strip()) if child.tail else 0
            inner += self.chars.get(child, 0)
            linked += self.linked.get(child, 0)
            weight += self.weight.get(child, 0)
        whole = self.chars[element] = own + inner
        linked = whole if element.tag == "a" else linked
        if element.tag in PARAGRAPHS:
            weight = whole - linked if whole >= self.long and whole > 2 * linked else 0
        elif own >= self.long and element.tag in HOLDERS:
            weight += own
        if element.tag == "a" and whole < WHOLE_TEXT:
            weight = 0
        if linked:
            self.linked[element] = linked
        if weight:
            self.weight[element] = weight
