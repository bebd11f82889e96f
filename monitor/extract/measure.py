"""How much of a tree is text, how much of that is links, and where its long paragraphs are."""

from __future__ import annotations

from collections import Counter
from itertools import dropwhile, islice
from typing import Any

from monitor.extract.tree import shape

LONG = 80  # characters from which on a paragraph is the stuff of an article
LINKED = 0.85  # share of a text in links from which on it is only links
LISTED = 0.7  # the same of a list
WHOLE_TEXT = 1_500  # characters from which on what lies in a link lies there because the link was never closed
NEAR = 8  # siblings that are looked at
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
        self.elements = list(tree.iter("*"))
        self._measure()
        self.linked = {element: self.linked[element] for element in self.elements if element in self.linked}

    def runs(self) -> Counter[Any]:
        """For what holds long paragraphs side by side, each perhaps in a box of its own, how many it holds."""
        return Counter(self._held().values())

    def run(self, title: Any) -> Any:
        """What holds the first long paragraphs behind a headline that stand side by side and outweigh a lone one before
        them (comments stand so below a text in one piece), or None.
        """
        held = self._held()
        runs = Counter(held.values())
        behind = dropwhile(lambda element: title is not None and element is not title, self.elements)
        alone = 0
        for element in behind:
            parent = held.get(element)
            if runs[parent] > 1 and self.weight.get(parent, 0) > alone:  # none in a link
                return parent
            alone = max(alone, self.weight[element] if parent is not None else 0)
        return None

    def only_links(self, element: Any) -> bool:
        """Whether a list is one of links."""
        return self.linked.get(element, 0) > LISTED * self.chars[element]

    def _held(self) -> dict[Any, Any]:
        """Long paragraphs, with what holds them."""
        holding = {element.getparent() for element in self.weight}
        return {
            element: self._holding(element)
            for element in self.weight
            if element.tag in PARAGRAPHS or (element not in holding and not self._within(element))
        }

    def _holding(self, element: Any) -> Any:
        """A paragraph's parent; where it has a box to itself, as others beside it have, what holds these."""
        parent = element.getparent()
        if parent is None or parent.tag == "body" or self.chars[parent] > self.chars[element]:
            return parent
        alike = shape(parent)
        near = (*islice(parent.itersiblings(preceding=True), NEAR), *islice(parent.itersiblings(), NEAR))
        return parent.getparent() if any(box in self.weight and shape(box) == alike for box in near) else parent

    def _within(self, element: Any) -> bool:
        parent = element.getparent()
        return parent is not None and parent.tag in PARAGRAPHS

    def _measure(self) -> None:
        """Every element after its parts, in one loop without calls: it runs over each page twice."""
        chars, links, weights, long = self.chars, self.linked, self.weight, self.long
        for element in reversed(self.elements):
            tag, text = element.tag, element.text
            own = len(text.strip()) if text else 0
            inner = linked = weight = 0
            for child in element:
                tail = child.tail
                own += len(tail.strip()) if tail else 0
                inner += chars.get(child, 0)
                linked += links.get(child, 0)
                weight += weights.get(child, 0)
            whole = chars[element] = own + inner
            linked = whole if tag == "a" else linked
            if tag in PARAGRAPHS:
                weight = whole - linked if whole >= long and whole > 2 * linked else 0
            elif own >= long and tag in HOLDERS:
                weight += own
            if tag == "a" and whole < WHOLE_TEXT:
                weight = 0
            if linked:
                links[element] = linked
            if weight:
                weights[element] = weight
