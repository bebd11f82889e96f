"""The words of all rules, each compiled once, and which of them a token of a text is a form of."""

from __future__ import annotations

from monitor.arabic import PlaceInPhrase, Word, fold, keys_of, word
from monitor.match.document import Atom, Document
from monitor.rules.expression import Word as WordItem
from monitor.rules.grams import grams_of

# Tokens that are remembered at least; at most twice as many, about 10 MB. Of a newspaper's 290 tokens an article (3,015
# articles) 42 are then looked up anew; 33 where all are remembered.
MEMO = 32_000
LONG = 64  # longer tokens are not remembered, so that hostile text cannot fill the memory


class Vocabulary:
    """Words by number, and the letters that patterns need."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.grams: set[str] = set()
        self._numbers: dict[tuple[object, ...], int] = {}
        self._by_key: dict[str, tuple[int, ...]] = {}
        self._recent: dict[str, tuple[Atom, ...]] = {}
        self._older: dict[str, tuple[Atom, ...]] = {}

    def number(self, item: WordItem, place: PlaceInPhrase) -> int:
        """The number of a rule's word where it stands: alone, first in a phrase, or behind another word."""
        known = (item.text, item.forms, item.kind, item.al, item.marks, item.plurals, item.fuzzy, place)
        number = self._numbers.get(known)
        if number is None:
            number = self._numbers[known] = len(self.words)
            self.words.append(compiled(item, place))
            for key in self.words[-1].keys:
                self._by_key[key] = (*self._by_key.get(key, ()), number)
        return number

    def close(self) -> None:
        """Says that no more words will come."""
        self._numbers.clear()

    def accepted(self, token: str) -> tuple[Atom, ...]:
        """The numbers of the words that accept a raw token, and of the letters in it that patterns need."""
        found = self._recent.get(token)
        if found is None:
            found = self._older.get(token)
            if found is None:
                found = self._judged(token)
            if len(token) <= LONG:
                if len(self._recent) >= MEMO:
                    self._recent, self._older = {}, self._recent
                self._recent[token] = found
        return found

    def _judged(self, token: str) -> tuple[Atom, ...]:
        numbers = sorted({n for key in keys_of(token) for n in self._by_key.get(key, ())})
        found: tuple[Atom, ...] = tuple(n for n in numbers if self.words[n].accepts(token))
        return found + tuple(self.grams.intersection(grams_of(fold(token)))) if self.grams else found

    def read(self, title: str, text: str) -> Document:
        """The article with the positions of all words."""
        document = Document(title, text)
        positions = document.positions
        for i, found in enumerate(map(self._recent.get, document.raw)):
            if found is None:
                found = self.accepted(document.raw[i])
            if found:  # of few tokens
                for number in found:
                    if number in positions:
                        positions[number].append(i)
                    else:
                        positions[number] = [i]
        return document


def compiled(item: WordItem, place: PlaceInPhrase) -> Word:
    """A rule's word where it stands."""
    return word(
        item.text,
        forms=item.forms,
        kind=item.kind,
        al=item.al,
        marks=item.marks,
        plurals=item.plurals,
        fuzzy=item.fuzzy,
        place=place,
    )
