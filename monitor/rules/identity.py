"""A rule's version: a hash of all that decides what it matches, and of nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection

from monitor.rules.expression import AllOf, AnyOf, Context, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.types import Expression


class Identity:
    """Digests of expressions: places, names and the order of alternatives don't count. Lists are digested once."""

    def __init__(self, version_of: Callable[[str], str]) -> None:
        self.version_of = version_of  # of a rule that is referred to
        self.lists: dict[str, str] = {}  # digests by name

    def version(self, match: Expression, only: Collection[str], refused: Collection[str]) -> str:
        """Sixteen hexadecimal digits, of a rule's `match` and `sources`."""
        assert isinstance(match, Item)
        return digest(f"{self.of(match)}{sorted(only)}{sorted(refused)}")

    def of(self, item: Item) -> str:
        """One text for each meaning."""
        text = self._own(item)
        if item.where or item.times > 1 or item.keep or item.drop:
            keep, drop = (sorted(map(self._context, contexts)) for contexts in (item.keep, item.drop))
            text = f"<{text} {item.where} {item.times} {keep} {drop}>"
        return text

    def _own(self, item: Item) -> str:
        if isinstance(item, Word):
            plurals = sorted(set(item.plurals)) if item.plurals else ""
            return f"{item.forms}({item.text!r}{item.al}{item.marks:d}{item.kind}{plurals}{item.fuzzy:d})"
        if isinstance(item, Phrase):
            return f"phrase({item.gap} {' '.join(map(self.of, item.items))})"
        if isinstance(item, AnyOf):
            return f"any({item.at_least} {self._alternatives(item)})"
        if isinstance(item, AllOf):
            return f"all({self._set(item.items)} not {self._set(item.vetoes)})"
        if isinstance(item, Near):
            operands = " ".join(map(self.of, item.items)) if item.order else self._set(item.items)
            return f"near({item.within} {item.order:d} {operands})"
        if isinstance(item, Regex):
            return f"regex({item.pattern!r})"
        assert isinstance(item, RuleRef), item
        return f"rule({self.version_of(item.rule)})"

    def _alternatives(self, item: AnyOf) -> str:
        if not item.name:
            return self._set(item.items)
        if item.name not in self.lists:
            self.lists[item.name] = digest(self._set(item.items))
        return self.lists[item.name]

    def _set(self, items: tuple[Item, ...]) -> str:
        return " ".join(sorted(map(self.of, items)))

    def _context(self, context: Context) -> str:
        return f"{context.at}{context.within}{self._set(context.items)}"


def digest(text: str) -> str:
    """A short hash."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
