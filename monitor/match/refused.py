"""Why something is not found though it all but stands there: what refused a word, what parts the parts of a phrase.

The verdict is asked again with one option taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from monitor.arabic import PlaceInPhrase, fold, homograph, keys_of
from monitor.match.chains import Chain, Joined, ordered, unordered
from monitor.match.document import Document, Scope
from monitor.match.nodes import AnyNode, Found, RegexNode, WordNode
from monitor.match.patterns import inside_words
from monitor.match.vocabulary import compiled
from monitor.match.wording import listed
from monitor.rules.expression import Near, Phrase, Word

_MARKS = re.compile("[\u064b-\u0652\u0670]")
_ANYWHERE = float("inf")
Choose = Callable[[Sequence[Found], float, Joined], list[Chain]]


class Refusal(NamedTuple):
    """Some tokens that are not what is looked for, and why; `asked`: an option that was typed refused them."""

    at: tuple[int, ...]
    why: str
    asked: bool = False

    def words(self, document: Document) -> str:
        """As it follows "not found"."""
        return f", but {listed([document.match(('', i, i + 1)) for i in self.at])}: {self.why}"


def refused(node: AnyNode, document: Document, scope: Scope) -> Refusal | None:
    """What stands there instead of a word or pattern that is not found; none where nothing is like it."""
    key = ("refused", id(node), scope)
    if key not in document.memo:
        document.memo[key] = next(_refusals(node, document, scope), None)
    known: Refusal | None = document.memo[key]
    return known


def _refusals(node: AnyNode, document: Document, scope: Scope) -> Iterator[Refusal]:
    if isinstance(node, RegexNode):
        longer = inside_words(node.item.pattern, _folded(document)[0][slice(*scope)])
        if longer:
            yield Refusal(tuple(scope[0] + i for i in longer), "a pattern takes nothing that is attached")
    elif isinstance(node.item, Word):
        place = node.place if isinstance(node, WordNode) else "alone"
        for change, why in _typed(node.item):
            if there := _accepted(replace(node.item, **change), place, document, scope):
                yield Refusal(there, why, asked=True)
        yield from _otherwise(node.item, place, document, scope)


def _otherwise(item: Word, place: PlaceInPhrase, document: Document, scope: Scope) -> Iterator[Refusal]:
    """What the tokens are that hold a word's letters: found under another option, or no such word."""
    words, joined = _folded(document)
    term = fold(item.text)
    core = _core(term)
    near = [i for i in range(*scope) if core in words[i]] if core in joined else []
    for change, at, why in _untyped(item, place) if near else ():
        if there := _accepted(replace(item, **change), at, document, scope):
            yield Refusal(there, why)
    if same := tuple(i for i in near if words[i] == term):
        what = homograph(document.raw[same[0]])
        yield Refusal(same, "read as another word" + (f": {what}" if what else ""))
    if longer := tuple(i for i in near if term in words[i]):
        yield Refusal(longer, "a part of a longer word")


def _typed(item: Word) -> Iterator[tuple[dict[str, Any], str]]:
    """What an author typed beside a word, each with how the word is without it."""
    if item.forms == "exact":
        yield {"forms": "word"}, "`exact` takes the letters as typed, with nothing attached"
    if item.al != "any":
        yield {"al": "any"}, f"`al: {item.al}` {'refuses' if item.al == 'no' else 'asks for'} the article"
    if item.marks:
        yield {"marks": False}, "`marks: must` asks for the vowel marks as typed"
    if _MARKS.search(item.text):
        yield {"text": _MARKS.sub("", item.text), "marks": False}, "its vowel marks are not those that were typed"
    if item.kind == "name":
        yield {"kind": "noun"}, "`kind: name` takes no endings"


def _untyped(item: Word, place: PlaceInPhrase) -> Iterator[tuple[dict[str, Any], PlaceInPhrase, str]]:
    """What an author might type, and where a word would be found that is not found here."""
    if place == "rest":
        yield {}, "first", "behind a phrase's first word, words take no particle but the article"
    if item.forms == "word":
        if not item.kind:
            yield {"kind": "noun"}, place, "`kind: noun` would find it, here it is taken for a name"
        yield {"forms": "family"}, place, "`family` would find it"


def _accepted(item: Word, place: PlaceInPhrase, document: Document, scope: Scope) -> tuple[int, ...]:
    """The tokens that are the word."""
    word, index = compiled(item, place), _by_key(document)
    there = {i for key in word.keys for i in index.get(key, ()) if scope[0] <= i < scope[1]}
    return tuple(i for i in sorted(there) if word.accepts(document.raw[i]))


def _core(term: str) -> str:
    """What a word's forms share, roughly."""
    core = term.removeprefix("ال").removesuffix("ه")
    return core if len(core) > 2 else term


def _folded(document: Document) -> tuple[list[str], str]:
    """The document's tokens, folded; and all of them in one string."""
    known: tuple[list[str], str] | None = document.memo.get("folded")
    if known is None:
        words = [fold(token) for token in document.raw]
        known = document.memo["folded"] = words, " ".join(words)
    return known


def _by_key(document: Document) -> dict[str, list[int]]:
    """The document's tokens by what words they may be."""
    known: dict[str, list[int]] | None = document.memo.get("keys")
    if known is None:
        known = document.memo["keys"] = {}
        for i, token in enumerate(document.raw):
            for key in keys_of(token):
                known.setdefault(key, []).append(i)
    return known


def apart(node: AnyNode, document: Document, scope: Scope) -> str:
    """Why the parts of a phrase or `near`, which are all there, don't make one."""
    parts = [part.found(document, scope) for part in node.parts]
    for choose, gap, joined, why in _APART[type(node.item)](node.item, document):
        if choose(parts, gap, joined):
            return why
    return "one stands inside another"


Question = tuple[Choose, float, Joined, str]


def _phrase(item: Phrase, document: Document) -> Iterator[Question]:
    joined = document.same_clause if item.gap else document.neighbours
    yield unordered, item.gap, joined, "in another order"
    yield ordered, item.gap, _always, "parted by a sentence end or a sign such as a comma or colon"
    yield ordered, _ANYWHERE, _always, "not as neighbours: other words stand between"
    yield unordered, _ANYWHERE, _always, "not as neighbours in this order"


def _near(item: Near, document: Document) -> Iterator[Question]:
    unit = "paragraph" if item.within == "paragraph" else "sentence"
    joined = document.same_paragraph if unit == "paragraph" else document.same_sentence
    gap = item.within if isinstance(item.within, int) else _ANYWHERE
    choose = ordered if item.order else unordered
    yield unordered, gap, joined, "in another order"
    yield choose, gap, _always, f"not close enough together: the end of a {unit} stands between"
    yield choose, _ANYWHERE, joined, f"not close enough together: more than {gap} words stand between"
    yield unordered, _ANYWHERE, _always, "not close enough together"


_APART: dict[type, Callable[[Any, Document], Iterator[Question]]] = {Phrase: _phrase, Near: _near}


def _always(a: int, b: int) -> bool:
    return True
