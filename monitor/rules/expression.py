"""What a rule can ask for: the items of the rule language as values, with lists spliced in and defaults filled.

The grammar that makes them of YAML stands in `grammar.py`; what they mean is `monitor.match`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.types import Expression, Place

Where = Literal["title", "lead", "text"]
At = Literal["next", "previous", "inside", "sentence", "paragraph", "article"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Expression):
    """Something that yields occurrences. `term` is how the author wrote it, for proofs and explanations."""

    place: Place
    term: str
    where: Where | None = None  # `in:`
    times: int = 1  # at least so many occurrences, or none counts
    keep: tuple[Context, ...] = ()  # `if:`, each must hold
    drop: tuple[Context, ...] = ()  # `unless:`, none may hold

    @property
    def parts(self) -> tuple[Item, ...]:
        """The items that this one is made of, conditions aside."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A condition on an occurrence: one of `items` stands at one of the places `at`."""

    place: Place
    at: tuple[At, ...]
    items: tuple[Item, ...]
    within: int = 0  # for next and previous: how many words may stand between


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Item):
    """One word: `word`, `exact` or `family`."""

    text: str
    forms: Literal["word", "exact", "family"] = "word"
    al: Literal["any", "no", "must"] = "any"
    marks: bool = False  # only text that carries the typed vowel marks
    kind: Literal["", "name", "noun"] = ""
    plurals: tuple[str, ...] = ()
    fuzzy: bool = False  # `fuzzy: translit`


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase(Item):
    """Neighbours in order; `gap` other words may stand between two of them."""

    items: tuple[Item, ...]
    gap: int = 0

    @property
    def parts(self) -> tuple[Item, ...]:
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Item):
    """Each occurrence of each item, of which `at_least` different ones must occur; `any` and `list`."""

    items: tuple[Item, ...]
    at_least: int = 1
    name: str = ""  # of a list

    @property
    def parts(self) -> tuple[Item, ...]:
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Item):
    """Each item occurs somewhere in the article; `vetoes` (the `not` beside them) occur nowhere."""

    items: tuple[Item, ...]
    vetoes: tuple[Item, ...] = ()

    @property
    def parts(self) -> tuple[Item, ...]:
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(Item):
    """One occurrence of each item, none overlapping, in one field, close together."""

    items: tuple[Item, ...]
    within: int | Literal["sentence", "paragraph"] = "sentence"
    order: bool = False

    @property
    def parts(self) -> tuple[Item, ...]:
        return self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex(Item):
    """A linear-time pattern on the folded text, at word borders."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRef(Item):
    """The occurrences of another rule."""

    rule: str


def walk(item: Item) -> Iterator[Item]:
    """`item` and everything below it, conditions and vetoes included, outermost first."""
    yield item
    below = item.parts + (item.vetoes if isinstance(item, AllOf) else ())
    for context in item.keep + item.drop:
        below += context.items
    for part in below:
        yield from walk(part)
