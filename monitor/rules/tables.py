"""The words of the rule language: each kind, option and key with what it takes. Grammar and schema use these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from monitor.rules.expression import At
from monitor.types import Severity


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, not below `least`; or one of these words."""

    least: int
    words: tuple[str, ...] = ()


# What a key takes.
Shape = (
    Literal["term", "name", "text", "pattern", "items", "item", "near", "condition", "yes-no", "texts", "date"]
    | Choice
    | Count
)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key takes, what it means, and which options may stand beside it."""

    shape: Shape
    doc: str
    options: Mapping[str, Key] = field(default_factory=dict)


PLACES: tuple[At, ...] = get_args(At)
FIELD = Choice(("title", "lead", "text"))
SEVERITY = Choice(tuple(Severity))

_AL = Key(
    Choice(("any", "no", "must")),
    "The article ال: `any` allows it (the default), `no` refuses it, `must` requires it.",
)
_MARKS = Key(Choice(("must",)), "Only text that carries the vowel marks as typed.")
_WORD = {
    "al": _AL,
    "marks": _MARKS,
    "kind": Key(Choice(("name", "noun")), "A name takes no endings; a noun takes endings and plurals."),
    "plurals": Key("texts", "Further plurals of the word."),
}
_FUZZY = Key(Choice(("translit",)), "Other spellings of a foreign name, as غ, ج, ق and ك for a g.")

KINDS: Mapping[str, Key] = {
    "word": Key("term", "One word, in every form Arabic attaches to it; whole words only.", {**_WORD, "fuzzy": _FUZZY}),
    "exact": Key("term", "The letters as typed, with nothing attached.", {"marks": _MARKS}),
    "family": Key("term", "The word and the endings of the same word, as إيران: إيراني، الإيرانية.", _WORD),
    "phrase": Key(
        "items",
        "The items as neighbours, in this order.",
        {"gap": Key(Count(0), "How many other words may stand between two neighbours."), "al": _AL},
    ),
    "any": Key(
        "items",
        "Each occurrence of each item.",
        {"at_least": Key(Count(1), "How many different items must occur.")},
    ),
    "all": Key("items", "Each item occurs somewhere in the article."),
    "near": Key("near", "One occurrence of each item of `of`, close together."),
    "list": Key("name", "The items of a list."),
    "regex": Key("pattern", "A pattern (RE2) on the folded text, at word borders."),
    "rule": Key("name", "The occurrences of another rule."),
}
OPTIONS: Mapping[str, Key] = {
    "if": Key("condition", "Keep an occurrence only if one of these stands there, at each place that is named."),
    "unless": Key("condition", "Drop an occurrence if one of these stands there, at any of the places that are named."),
    "in": Key(FIELD, "Only there; lead is the title and the first paragraph. Holds for all inside."),
    "times": Key(Count(1), "At least so many occurrences."),
}
NEAR: Mapping[str, Key] = {
    "of": Key("items", "What stands close together: two items or more."),
    "within": Key(
        Count(0, ("sentence", "paragraph")),
        "How many words may stand between neighbours (0 is adjacent), or `sentence` (the default), or `paragraph`.",
    ),
    "order": Key("yes-no", "Only in the order given."),
}
CONDITION: Mapping[str, Key] = {
    "next": Key("items", "The neighbouring word or phrase behind; no comma, colon or sentence end between."),
    "previous": Key("items", "The neighbouring word or phrase before; no comma, colon or sentence end between."),
    "inside": Key("items", "What overlaps the occurrence."),
    "sentence": Key("items", "Anywhere in the same sentence."),
    "paragraph": Key("items", "Anywhere in the same paragraph."),
    "article": Key("items", "Anywhere in the article."),
    "within": Key(
        Count(0),
        "So many words of the sentence may stand between, for `next` and `previous`; then commas and colons too.",
    ),
}
RULE: Mapping[str, Key] = {
    "name": Key("text", "What people are told; the id where there is none."),
    "severity": Key(SEVERITY, "How much the rule matters; high where nothing is said."),
    "to": Key("texts", "The channels that are told; all where nothing is said."),
    "in": OPTIONS["in"],
    "sources": Key("text", "Which feeds, by id or tag, the rule looks at."),
    "expires": Key("date", "The last day of the rule, as 2026-12-31."),
    "match": Key("text", "What is watched."),
    "raise": Key("text", "A higher severity for the articles in which something else holds as well."),
    "note": Key("text", "For whoever reads the file next."),
    "tests": Key("text", "Texts on which the rule must, or must not, fire."),
}
RAISE: Mapping[str, Key] = {
    "to": Key(SEVERITY, "The severity."),
    "if": Key("item", "The item that must hold as well."),
}
SOURCES: Mapping[str, Key] = {
    "only": Key("texts", "Only these feeds or tags."),
    "not": Key("texts", "Not these feeds or tags."),
}
TESTS: Mapping[str, Key] = {
    "hit": Key("text", "Texts on which the rule must fire."),
    "miss": Key("text", "Texts on which it must not."),
}
TEST: Mapping[str, Key] = {
    "title": Key("text", "The article's title."),
    "text": Key("text", "The article's text."),
}
FILE: Mapping[str, Key] = {
    "rasid": Key(Choice(("1",)), "The format of this file."),
    "lists": Key("items", "Lists of items, by name, for `list:` in every file."),
    "rules": Key("text", "What is watched, by id."),
}
NOT = Key("items", "Nothing fires in an article in which one of these occurs anywhere.")
YES_NO = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
ID_HINT = "ids have Latin letters, digits, `_`, `-` and `.`"
REGEX_LIMIT = 1000  # characters
