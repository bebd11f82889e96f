"""Boxes that ask their readers for something: polls, subscriptions, offers with a button."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import Any

from lxml import etree

from monitor.extract.body import block_lines
from monitor.extract.measure import Measured
from monitor.extract.phrases import OFFER
from monitor.extract.plain import spelling
from monitor.extract.tree import words_of
from monitor.types import Dropped

FEW_PARTS = 12  # of a box that asks something
QUESTION = 10  # characters of what is asked or offered, at least
SMALL = 320  # characters of a poll
ANSWER = 60  # characters of one of its answers
CHOICE = "○"
_CHOICE = re.compile(r"[(\[]\s*[)\]]|[○◯□☐⬜◻⚪]")
_SHARES: Any = etree.XPath("//*[text()[contains(., '%') or contains(., '٪')]]")
_PERCENT = re.compile(r"[^.:،%٪]{1,40}?\d{1,3}(?:[.,٫]\d+)?\s*[%٪]|[%٪]?\s*\d{1,3}(?:[.,٫]\d+)?\s*[%٪]?[^.:،\d]{1,40}")


def controls(tree: Any, silent: frozenset[str]) -> list[tuple[Any, int]]:
    """What stands around choices, fields and buttons that ask for something, with the characters on these; to be
    looked for while the tree still has them.
    """
    asking = [control for control in tree.iter("button", "input", "a") if _asks(control)]
    for choice in [control for control in asking if control.get("type") == "radio"]:
        choice.tail = f"{CHOICE} {choice.tail or ''}"  # it may stand in a text of one piece
    around = (next(part for part in control.iterancestors() if part.tag not in silent) for control in asking)
    return [
        (box, len(words_of(control)) if control.tag not in silent else 0)
        for box, control in zip(around, asking, strict=True)
    ]


def boxes(asking: list[tuple[Any, int]], holders: set[Any], measured: Measured) -> list[Any]:
    """The boxes of polls and subscriptions: from where the choices stand up to what is asked or offered."""
    found: set[Any] = set(_polls(measured))
    for element, inside in set(asking):
        above = (element, *element.iterancestors())
        found.add(next((part for part in above if measured.chars.get(part, 0) >= inside + QUESTION), None))
    return [element for element in measured.elements if element in found - holders and element not in measured.weight]


def without_polls(lines: list[str]) -> tuple[list[str], list[Dropped]]:
    """The lines of a text without questions, the choices below them, and what to do with them."""
    found: set[int] = set()
    for is_choice, group in groupby(range(len(lines)), lambda n: bool(_CHOICE.match(lines[n]))):
        places = list(group)
        asked, told = places[0] - 1, places[-1] + 1
        if is_choice and len(places) > 1 and asked >= 0 and lines[asked].endswith(("؟", "؟:")):
            short = told < len(lines) and len(lines[told]) <= ANSWER and not lines[told].endswith(".")
            found |= {asked, *places, *([told] if short else [])}
    dropped = [Dropped(text=lines[n], reason="a form") for n in sorted(found)]
    return [line for n, line in enumerate(lines) if n not in found] if found else lines, dropped


def _asks(control: Any) -> bool:
    """A choice, a field for an address, a button or a link like one that says what to do."""
    if control.tag == "input":
        return control.get("type") in ("radio", "email")
    if control.tag == "button":
        return _answers(control) or _offers(control)
    names = f"{control.get('class') or ''} {control.get('role') or ''}"
    return ("btn" in names or "button" in names) and _offers(control)


def _answers(button: Any) -> bool:
    """A button beside others behind a question."""
    box = button.getparent()
    return 1 < len(box) < FEW_PARTS and len(box.findall("button")) > 1 and "؟" in words_of(box)


def _offers(button: Any) -> bool:
    """A button that says what its reader is to do: subscribe, join, pay."""
    return bool(OFFER.match(spelling(words_of(button)[:ANSWER])))


def _polls(measured: Measured) -> list[Any]:
    """Boxes with a question and answers in percent."""
    tree = measured.elements[0]
    said = etree.tostring(tree, method="text", encoding="unicode")
    shares = _SHARES(tree) if "%" in said or "٪" in said else []
    lines = {_answer(element, measured) for element in shares} - {None}
    several = [box for box, number in Counter(line.getparent() for line in lines).items() if number > 1]
    small = ([part for part in (box, *box.iterancestors()) if measured.chars.get(part, 0) <= SMALL] for box in several)
    asked = (next((part for part in parts if "؟" in words_of(part)), None) for parts in small)
    return [box for box in asked if box is not None and not any(line.endswith((".", ":")) for line in block_lines(box))]


def _answer(element: Any, measured: Measured) -> Any:
    """The largest element around a percentage that says nothing but what it is the share of."""
    line = None
    for part in (element, *element.iterancestors()):
        if measured.chars.get(part, 0) > ANSWER:
            break
        line = part if _PERCENT.fullmatch(words_of(part)) else line
    return line
