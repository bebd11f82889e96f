"""Rasid's Arabic beside the baselines of the treebank benchmark, without rules or files around it.

`Rasid` is an adapter for the benchmark script's `--method tests/bench/treebank.py:Rasid`: it finds single words and
phrases with the arabic room alone. The whole path through rule files and the matcher has an adapter of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor import arabic


class Rasid:
    """`find(query, text)` gives the spans of a word's or phrase's mentions."""

    name = "rasid (arabic room)"
    wants_text = True

    def __init__(self) -> None:
        self.words: dict[str, list[arabic.Word]] = {}
        self.verdicts: dict[tuple[str, int, str], bool] = {}
        self.texts: dict[str, list[arabic.Token]] = {}
        self.present: dict[str, set[str]] = {}

    def prepare(self, queries: list[str]) -> None:
        for query in queries:
            typed = arabic.term_words(query)
            if len(typed) == 1:
                self.words[query] = [arabic.word(typed[0])]
            else:
                self.words[query] = [arabic.word(w, place="rest" if i else "first") for i, w in enumerate(typed)]

    def find(self, query: str, text: str) -> list[tuple[int, int]]:
        if text not in self.texts:
            self.texts[text] = arabic.tokens(text)
            self.present[text] = {key for token in self.texts[text] for key in arabic.keys_of(token.raw)}
        words, tokens = self.words[query], self.texts[text]
        if self.present[text].isdisjoint(words[0].keys):
            return []
        return [
            (tokens[i].start, tokens[i + len(words) - 1].end)
            for i in range(len(tokens) - len(words) + 1)
            if all(self.accepts(query, n, w, tokens[i + n].raw) for n, w in enumerate(words))
        ]

    def accepts(self, query: str, n: int, word: arabic.Word, token: str) -> bool:
        key = (query, n, token)
        if key not in self.verdicts:
            self.verdicts[key] = word.accepts(token)
        return self.verdicts[key]
