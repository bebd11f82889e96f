"""How explanations name items, places and text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.rules.expression import AllOf, AnyOf, At, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.types import Match

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
STANDS: dict[At, str] = {
    "next": "next to it stands",
    "previous": "before it stands",
    "inside": "inside it stands",
    "sentence": "its sentence has",
    "paragraph": "its paragraph has",
    "article": "the article has",
}  # a condition's place, as the beginning of a statement
NAMED = 3  # alternatives that are named
PLACES = 3  # places that are named one by one
LENGTH = 60  # characters of a quotation


def quoted(text: str) -> str:
    """A piece of text in quotes, one line, isolated so that its direction disturbs nothing around it."""
    clean = " ".join(_UNSHOWN.sub(" ", text).split())
    return f"\u2068«{clean if len(clean) <= LENGTH else clean[: LENGTH - 1] + '…'}»\u2069"


def label(item: Item) -> str:
    """An item in a few words, each of its terms isolated by itself."""
    if isinstance(item, AnyOf) and not item.name:
        least = f"at least {item.at_least}" if item.at_least > 1 else "any"
        terms = all(not part.parts or _plain(part) for part in item.items[:NAMED])
        return f"{least} of {len(item.items)} {f'({brief(item)})' if terms else 'alternatives'}"
    if isinstance(item, AllOf):
        return f"all of {len(item.items)}" if len(item.items) > 1 else "the match"
    kind = "phrase " if isinstance(item, Phrase) else ""
    return kind + brief(item)


def brief(item: Item) -> str:
    """An item as it stands in a sentence about another."""
    if isinstance(item, AnyOf):
        return f"list {item.name}" if item.name else _some(item.items, ", ")
    if isinstance(item, Near):
        return f"near each other {_distance(item)}: {_some(item.items, ' and ')}"
    if isinstance(item, Phrase) and not all(isinstance(part, Word) for part in item.items):
        return _some(item.items, " + ")
    if isinstance(item, AllOf):
        return _some(item.items, " and ")
    if isinstance(item, RuleRef):
        return f"rule {item.rule}"
    kind = "pattern " if isinstance(item, Regex) else ""
    if isinstance(item, Word) and item.forms != "word":
        kind = f"{item.forms} "
    return kind + quoted(item.term)


def _some(items: Sequence[Item], sign: str) -> str:
    """The first of some items, what has parts in brackets."""
    least = 8 if sign == " + " else NAMED
    named = [brief(item) if not item.parts or _plain(item) else f"({brief(item)})" for item in items[:least]]
    return sign.join(named) + (f"{sign}{len(items) - least} more" if len(items) > least else "")


def _plain(item: Item) -> bool:
    """Whether it needs no brackets: a typed phrase, a list."""
    if isinstance(item, Phrase):
        return all(isinstance(part, Word) for part in item.items)
    return isinstance(item, AnyOf) and bool(item.name)


def options(item: Item) -> str:
    """What an item asks besides its kind."""
    return (f", in the {item.where}" if item.where else "") + (f", {item.times} times" if item.times > 1 else "")


def _distance(item: Near) -> str:
    distance = f"within {item.within} words" if isinstance(item.within, int) else f"in one {item.within}"
    return distance + (", in this order" if item.order else "")


def listed(matches: Sequence[Match]) -> str:
    """Some places: how many, and the first of them."""
    some = ", ".join(f"{quoted(m.surface)} in the {m.field}" for m in matches[:PLACES])
    count = "" if len(matches) <= PLACES else f" and {len(matches) - PLACES} more"
    return some + count
