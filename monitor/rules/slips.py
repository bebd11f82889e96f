"""What people type when they mean something else: a dash in the wrong column, a word of another language, no space."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.syntax import HIDDEN
from monitor.types import Place

# Words of other search tools -> Rasid's.
_SAID_ELSEWHERE = {
    "and": "write `all:`, or `near:` for what stands close together",
    "or": "write `any:`",
    "after": "write `next:`, the word behind",
    "before": "write `previous:`, the word in front",
    "terms": "write `any:`",
    "words": "write `any:`",
    "keywords": "write `any:`",
    "exclude": "write `not:` under `match:`, or `unless:` below a term",
    "except": "write `unless:`",
    "distance": "write `within:`, under `near:`",
}
_OPERATOR = re.compile(r"(?:^|\s)(AND|OR|NOT|NEAR|&|\+)(?:\s|$)|\||&&|\s[أا]و\s")
_DASH = re.compile(rf"([\s{HIDDEN}]*)-([ \t]?)")
_KEY = re.compile(r"([a-z_]+):(\S.*)", re.DOTALL)


def or_list(words: Collection[str]) -> str:
    """a, b or c, each in backticks."""
    *first, last = [f"`{word}`" for word in words]
    return f"{', '.join(first)} or {last}" if first else last


def said_elsewhere(key: str, known: Collection[str]) -> str:
    """What to write for a word of other search tools, where that may stand."""
    advice = _SAID_ELSEWHERE.get(key.lower(), "")
    return advice if any(f"`{name}:`" in advice for name in known) else ""


def no_keys(node: Node, what: str, known: Collection[str]) -> tuple[str, str]:
    """What is wrong where keys are expected and there are none; and what to do."""
    if isinstance(node, Scalar):
        typed = _KEY.match(node.text)
        if typed and typed[1] in known:
            return f"behind `{typed[1]}:` a space is missing", f"write `{typed[1]}: {_first_line(typed[2])}`"
        if not node.text:
            return f"{what} is empty", f"write {or_list(known)} below it, two spaces further in"
    if isinstance(node, Sequence):
        return f"{what} has keys of its own, here is a list", f"write {or_list(known)} below it, without a dash"
    return f"{what} has keys of its own", f"known are {or_list(known)}"


def text_for_a_rule(text: str) -> str:
    """The advice where a rule's text, or nothing, stands right behind its id."""
    pair = f"match: {_first_line(text)}" if text else "match:"
    return f"write `{pair}` on the line below it, two spaces further in"


def misplaced(key: Scalar, value: Node, known: Collection[str]) -> str:
    """Where a key of a file's top belongs that is none."""
    if isinstance(value, Mapping) and value.get("match") is not None:
        return f"a rule stands below `rules:`: put `{key.text}:` there, two spaces further in"
    return "" if key.text not in known else f"`{key.text}` stands below a rule's id, further in than it"


def over_lines(node: Scalar, text: str) -> Iterator[tuple[Place, str, str]]:
    """Where a text without quotes goes on in the lines below, each such line with what is wrong and what to do.

    Nothing for lines that don't begin with a dash but the first of them.
    """
    if node.style or "\n" not in (typed := text[node.start : node.end]):
        return
    plain = True
    for number, line in enumerate(typed.split("\n")[1:], 1):
        dash = _DASH.match(line)
        plain = plain and not dash
        if dash and not dash[1].strip():  # of direction marks a warning tells
            place = Place(node.place.file, node.line + number, len(dash[1]) + 1)
            hint = "put its dash in the column of the dash above" if dash[2] else "put a space behind its dash"
            yield place, "this line is read as the rest of the one above", hint
    if plain:
        yield node.place, "this text goes on in the next line: both are one phrase", "put a dash before each term"


def operator(term: str) -> tuple[str, str]:
    """What is wrong with a term that holds an operator of other search tools, and what to do; both empty for none."""
    found = _OPERATOR.search(term)
    if found:
        said = found[1] or found[0].strip()
        hint = "write `any:` for or, `all:` for and, `unless:` for not, and each term on a line of its own"
        return f"`{said}` is no operator here, `{term[:40]}` is one phrase", hint
    if "*" in term:
        return (
            "`*` stands for nothing here",
            "leave it out: a word is found in all its forms; for the endings of countries write `family:`",
        )
    return "", ""


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:60]
