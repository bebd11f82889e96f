"""Warnings: what the grammar allows and its author did not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from monitor.arabic import LONGEST_TOKEN, fold, homograph, joins, persons, raw_tokens, split, typed_particle, word
from monitor.rules.expression import AllOf, AnyOf, Context, Item, Near, Phrase, Regex, Word
from monitor.rules.grams import grams
from monitor.rules.reading import Reading
from monitor.rules.slips import operator
from monitor.types import Place, Rule

folded = lru_cache(64)(fold)  # a word is folded several times in a row
_COMMA = re.compile("[،,](?!\\d)")
_BORDER = re.compile(r"\w[\"'»)\]]*\s*(?:[:؟?!]|\.\.|\.\s)\s*\S")
_PERSIAN = re.compile("[یکہھەۀےۓګڪ]")
_MARKS = re.compile("[\u064b-\u0652\u0670]")
_ESCAPES = re.compile(r"\\[pP](?:\{[^}]*\}|.)|\\[xX]\{?[0-9A-Fa-f]+\}?|\\.|\(\?[^)]*?[:>)]|\[:\^?\w+:\]")
_CONTEXT_HINT = "give it context: `phrase`, `near`, `if` or `unless`"


class Lint:
    """Looks at each rule once, and at each list once for each way in which it is used."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.seen: set[tuple[str, bool]] = set()  # lists by name, used alone or not
        self.verbs: set[Place] = set()  # already told of
        self.patterns = False  # was any `regex` seen?

    def rule(self, rule: Rule) -> None:
        """All warnings of a rule."""
        match = rule.match
        assert isinstance(match, Item)
        self._item(match, True, "")
        for each in rule.raises:
            assert isinstance(each.condition, Item)
            self._item(each.condition, False, "")
            if each.to <= rule.severity:
                message = f"`raise` to `{each.to}` changes nothing: the rule is `{rule.severity}` already"
                self.reading.warn(each.condition.place, message, "raise to a higher severity")
        self._verbs(match)
        if both := rule.sources_only & rule.sources_not:
            message = f"`sources` names `{min(both)}` in `only` and in `not`: the rule looks at nothing of it"
            self.reading.warn(rule.place, message, "take it out of one of them")
        if not any(test.hit for test in rule.tests):
            hint = "write `tests:` with `hit:` and `miss:` below it"
            self.reading.warn(rule.place, "the rule has no test that shows what it must fire on", hint)
        if isinstance(match, AllOf) and match.vetoes:
            self._vetoes(match)
        if self.patterns and not _anchored(match):
            message = "the rule is tried on every article: its `regex` has no three letters that must stand there"
            hint = "write such letters in each of its alternatives, or `all:` of the pattern and a word"
            self.reading.warn(match.place, message, hint)

    def _item(self, item: Item, alone: bool, where: str) -> None:
        """`alone`: nothing around the item says what it must stand beside."""
        alone = alone and not (item.keep or item.drop)
        if {item.where, where} == {"title", "text"}:
            self.reading.warn(item.place, f"`in: {item.where}` inside `in: {where}` can never match", "take one out")
        where = item.where or where
        if isinstance(item, Phrase | Near) and {part.where for part in item.items} >= {"title", "text"}:
            message = "this can never match: one part stands `in: title`, another `in: text`"
            self.reading.warn(item.place, message, "use `all:` for what need not stand together")
        if isinstance(item, Word):
            self._word(item, alone)
        elif isinstance(item, Regex):
            self._regex(item)
        elif isinstance(item, AnyOf):
            self._alternatives(item, alone, where)
        elif isinstance(item, Phrase) and item.items[0].place is item.place:  # typed as one term
            self._typed_phrase(item)
        else:
            self._items(item.parts, alone and isinstance(item, AllOf) and len(item.items) == 1, where)
            self._items(item.vetoes if isinstance(item, AllOf) else (), False, "")
        for context in item.keep + item.drop:
            self._items(context.items, False, where)
        for context in item.drop:
            self._drops_itself(item, context)

    def _items(self, items: tuple[Item, ...], alone: bool, where: str) -> None:
        for item in items:
            self._item(item, alone, where)

    def _alternatives(self, item: AnyOf, alone: bool, where: str) -> None:
        """A list is looked at once for each way in which it is used, wherever that is."""
        if (item.name, alone) in self.seen:
            return
        if (item.name, not alone) not in self.seen:
            self._twins(item.items)
        if item.name:
            self.seen.add((item.name, alone))
        self._items(item.items, alone, "" if item.name else where)

    def _word(self, item: Word, alone: bool) -> None:
        if alone and item.forms != "exact":
            self._word_alone(item)
        self._letters(item.place, item.term)
        message, hint = operator(item.term)
        if message:
            self.reading.warn(item.place, message, hint)
        if item.forms != "exact" and (particle := typed_particle(item.text)):
            message = f"`{item.text}` begins with the particle {particle}: it is found only where that is written"
            self.reading.warn(item.place, message, "write the word without it: particles are found by themselves")
        if item.marks and not _MARKS.search(item.text):
            self.reading.warn(
                item.place, f"`marks: must`, but `{item.text}` has no vowel marks", "type them, or leave it out"
            )
        if item.al == "no" and folded(item.text).startswith("ال") and not word(item.text, kind=item.kind).is_name:
            self.reading.warn(
                item.place, f"`al: no` refuses the ال that `{item.text}` begins with", "type it without ال"
            )
        if item.fuzzy and len(folded(item.text)) < 6:
            self.reading.warn(
                item.place, f"`{item.text}` is too short for `fuzzy`", "it needs six letters: list the spellings"
            )
        elif item.fuzzy and not _has_transcriptions(item):
            message = f"`fuzzy` adds nothing to `{item.text}`: it is for foreign names in Arabic letters"
            self.reading.warn(item.place, message, "say `kind: name` if it is one, or list the spellings")

    def _word_alone(self, item: Word) -> None:
        letters = folded(item.text)
        if letters.isdecimal():
            self.reading.warn(
                item.place, f"`{item.term}`: a number alone fires on every text that has it", _CONTEXT_HINT
            )
        elif len(letters) <= 2:
            self.reading.warn(item.place, f"`{item.term}` is very short: it fires on much else", _CONTEXT_HINT)
        elif what := homograph(item.text):
            self.reading.warn(item.place, f"`{item.term}` also matches {what}", _CONTEXT_HINT)

    def _typed_phrase(self, item: Phrase) -> None:
        self._letters(item.place, item.term)
        message, hint = operator(item.term)
        if message:
            self.reading.warn(item.place, message, hint)
        elif _COMMA.search(item.term):
            hint = "write each on a line of its own, after a dash"
            self.reading.warn(item.place, f"`{_short(item.term)}` is one phrase to Rasid, comma and all", hint)
        elif _BORDER.search(item.term):
            message = f"`{_short(item.term)}` cannot match as typed: a phrase ends at `:` and at the end of a sentence"
            self.reading.warn(item.place, message, "use `near`, or the words on one side")
        elif parting := next((sign for sign in split(item.term)[2:-1:2] if not joins(sign)), "").strip():
            message = f"`{_short(item.term)}` cannot match as typed: `{parting}` parts words"
            self.reading.warn(item.place, message, "use `near`, or write each on a line of its own")

    def _letters(self, place: Place, term: str) -> None:
        if any(len(word) > LONGEST_TOKEN for word in raw_tokens(term)):
            message = f"`{_short(term)}` can never match: a word of more than {LONGEST_TOKEN} letters is read as none"
            self.reading.warn(place, message, "write the words apart, as a text has them")
        if found := _PERSIAN.search(term):
            message = f"`{_short(term)}` has the Persian or Urdu letter {found[0]} (U+{ord(found[0]):04X})"
            self.reading.warn(place, message, "it is found all the same; type it on an Arabic keyboard to be exact")

    def _regex(self, item: Regex) -> None:
        self.patterns = True
        literal = _ESCAPES.sub("", item.pattern)
        lost = next((char for char in literal if char.isalnum() and folded(char) != char), "") or next(
            iter(_MARKS.findall(literal)), ""
        )
        if lost:
            as_folded = f"write {folded(lost)}" if folded(lost) else "leave it out"
            message = f"the pattern can never match its `{lost}`: it is tried on the folded text, which has none"
            self.reading.warn(item.place, message, as_folded)
        if r"\b" in item.pattern:
            message = r"`\b` knows only Latin letters: beside Arabic ones it never matches"
            self.reading.warn(item.place, message, "leave it out: patterns stand at word borders by themselves")

    def _twins(self, items: tuple[Item, ...]) -> None:
        first: dict[object, Item] = {}
        for item in items:
            key = _key(item)
            if key is not None and first.setdefault(key, item) is not item:
                message = (
                    f"`{_short(item.term)}` is the same as `{_short(first[key].term)}` of line {first[key].place.line}"
                )
                self.reading.warn(item.place, message, "spelling and marks aside; delete one of them")

    def _drops_itself(self, item: Item, context: Context) -> None:
        key = _key(replace(item, keep=(), drop=()))
        if "inside" in context.at and key is not None and any(_key(each) == key for each in context.items):
            message = f"`{_short(item.term)}` can never match: `unless` drops it wherever it stands"
            self.reading.warn(context.place, message, "name what stands beside it")

    def _vetoes(self, match: AllOf) -> None:
        """A `not` that names what is watched silences whole articles about it."""
        words = {folded(each.text): each for item in match.items for each in self._words(item)}
        for veto in match.vetoes:
            shared = next((each for each in self._words(veto) if folded(each.text) in words), None)
            if shared is None:
                continue
            message = (
                f"`not` silences every article that has `{_short(veto.term)}`, even if it also has what is watched"
            )
            hint = f"did you mean `unless` on `{words[folded(shared.text)].text}`?"
            self.reading.warn(veto.place, message, hint)

    def _verbs(self, match: Item) -> None:
        """A verb is found in the person that was typed: where that is the only one, its author expected more."""
        words = [each for each in self._words(match) if each.forms != "exact"]
        verbs = [(each, others) for each in words if (others := persons(each.text))]
        typed = {folded(each.text) for each in words} if verbs else set()
        for item, others in verbs:
            if typed.isdisjoint(others) and item.place not in self.verbs:
                self.verbs.add(item.place)
                message = f"`{item.text}` is a verb: it is found only as you typed it"
                self.reading.warn(item.place, message, f"list what else you mean: {', '.join(others)}")

    def _words(self, item: Item) -> Iterator[Word]:
        if isinstance(item, Word):
            yield item
        for part in item.parts[:1000]:
            yield from self._words(part)


def _anchored(item: Item) -> bool:
    """Is there a word or a piece of one without which the item is found nowhere?"""
    if any(all(map(_anchored, context.items)) for context in item.keep):
        return True
    if isinstance(item, Regex):
        return bool(grams(item.pattern))
    if isinstance(item, AnyOf):
        return all(map(_anchored, item.parts))
    return not item.parts or any(map(_anchored, item.parts))


def _has_transcriptions(item: Word) -> bool:
    plain, fuzzy = (word(item.text, kind=item.kind, plurals=item.plurals, fuzzy=on) for on in (False, True))
    return plain.keys != fuzzy.keys


def _key(item: Item) -> object:
    """Equal for terms that folding makes one; none for what is no plain term."""
    if item.where or item.times > 1 or item.keep or item.drop:
        return None
    if isinstance(item, Word):
        text = item.text if item.forms == "exact" or item.marks else folded(item.text)
        return item.forms, text, item.al, item.kind, item.marks, item.fuzzy
    if isinstance(item, Phrase):
        parts = tuple(_key(part) for part in item.items)
        return None if None in parts else (item.gap, parts)
    return None


def _short(term: str) -> str:
    return term if len(term) <= 40 else term[:39] + "…"
