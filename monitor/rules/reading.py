"""Values of nodes: each function returns what was meant, or none after it said what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from monitor.config import nodes
from monitor.config.nodes import Node, Scalar, Sequence
from monitor.config.suggest import did_you_mean
from monitor.rules.slips import no_keys, or_list, said_elsewhere
from monitor.rules.tables import YES_NO, Choice, Count, Key
from monitor.types import Place, Problem


class Reading:
    """The problems of a load, and the readers that add to them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.said: set[str] = set()
        self.guesses = 30  # that may still be made: each looks at all names, of which there may be thousands

    def error(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, message=message, hint=hint))

    def error_once(self, place: Place, message: str, hint: str = "") -> None:
        """What would be true of thousands of places as well."""
        if message not in self.said:
            self.said.add(message)
            self.error(place, message, hint)

    def warn(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, message=message, hint=hint, level="warning"))

    def guess(self, word: str, known: Iterable[str]) -> str:
        """`did you mean …?`, as long as there are not too many such mistakes."""
        self.guesses -= 1
        return did_you_mean(word, known) if self.guesses >= 0 else ""

    def text(self, node: Node, key: str) -> str | None:
        """A scalar that is not empty."""
        if not isinstance(node, Scalar):
            self.error(node.place, f"`{key}` takes one text", "not a list or keys of its own")
        elif not node.text.strip():
            self.error(node.place, f"`{key}` is empty", _swallowed(node))
        else:
            return node.text.strip()
        return None

    def texts(self, node: Node, key: str) -> list[Scalar]:
        """One text, or a list of them."""
        items = node.items if isinstance(node, Sequence) else [node]
        return [item for item in items if self.text(item, key) is not None and isinstance(item, Scalar)]

    def choice(self, node: Node, key: str, shape: Choice) -> str | None:
        """One of the shape's words."""
        text = self.text(node, key)
        if text is None or text in shape.words:
            return text
        hint = self.guess(text, shape.words) or "it is " + or_list(shape.words)
        self.error(node.place, f"`{key}` cannot be `{text}`", hint)
        return None

    def count(self, node: Node, key: str, shape: Count) -> int | str | None:
        """A whole number in range, or one of the shape's words."""
        text = self.text(node, key)
        if text is None or text in shape.words:
            return text
        if text.isdecimal() and shape.least <= int(text[:7]) <= 100_000:
            return int(text)
        wanted = f"a whole number, {shape.least} or more" + "".join(f", or `{word}`" for word in shape.words)
        self.error(node.place, f"`{key}` cannot be `{text[:40]}`", self.guess(text, shape.words) or f"it is {wanted}")
        return None

    def yes_no(self, node: Node, key: str) -> bool | None:
        text = self.text(node, key)
        if text is not None and text.lower() not in YES_NO:
            self.error(node.place, f"`{key}` cannot be `{text}`", "it is yes or no")
            return None
        return None if text is None else YES_NO[text.lower()]

    def date(self, node: Node, key: str) -> date | None:
        text = self.text(node, key)
        try:
            return None if text is None else date.fromisoformat(text)
        except ValueError:
            self.error(node.place, f"`{key}`: `{text}` is no date", "write it as 2026-12-31")
            return None

    def pairs(
        self, node: Node, what: str, known: Mapping[str, Key], hints: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, tuple[Scalar, Node]]:
        """The keys of a mapping; those that are unknown are problems and left out. `hints` says where they belong."""
        if not isinstance(node, nodes.Mapping):
            self.error(node.place, *no_keys(node, what, list(known)))
            return {}
        for key, _ in node.pairs:
            if key.text not in known:
                self.unknown_key(key, what, known, hints.get(key.text, ""))
        return {key.text: (key, value) for key, value in node.pairs if key.text in known}

    def unknown_key(
        self, key: Scalar, what: str, known: Collection[str], hint: str = "", others: Iterable[str] = ()
    ) -> None:
        """`others` are keys of other places that may have been meant."""
        all_known = f"known are {or_list(known)}"
        if not key.text.isascii():
            hint = f"keys are Latin, {all_known}; a text with a `:` and a space in it needs 'single quotes'"
        names = [*known, *others]
        hint = hint or said_elsewhere(key.text, names) or self.guess(key.text, names) or all_known
        self.error(key.place, f"{what} has no key `{key.text[:60]}`", hint)


def _swallowed(node: Scalar) -> str:
    """Where a value is missing, a comment sign may have swallowed it."""
    return "write its value behind it; a text that begins with # needs quotes: '#…'" if node.plain else "write a text"
