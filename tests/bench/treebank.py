"""Rasid's Arabic beside the baselines of the treebank benchmark, without rules or files around it.

`./run bench treebank FOLDER [ARGUMENTS]` runs the `bench.py` in FOLDER (a copy of it: the script caches beside itself)
with its plain baselines and with `Rasid`, which finds words and phrases with the arabic room alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor import arabic

AIMS = {"words": {"P": 0.96, "R": 0.97, "F": 0.967}, "phrases": {"P": 0.995, "R": 0.98, "F": 0.988}}


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where an aim is missed, which it names."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(arguments[0], Path(folder, "bench"), copy_function=shutil.copyfile)
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o755)
        result = Path(folder, "result.json")
        method = f"{Path(__file__).resolve()}:Rasid"
        command = [sys.executable, "bench.py", "--only", "a,b,c,d1,d2", "--method", method, "--json", str(result)]
        subprocess.run([*command, *arguments[1:]], cwd=copy, check=True)
        found = json.loads(result.read_text("utf-8"))[Rasid.name]
    missed = [
        f"{kind} {m} {found[kind][m]:.3f} < {aim}"
        for kind in AIMS
        for m, aim in AIMS[kind].items()
        if found[kind][m] < aim
    ]
    print("missed: " + ", ".join(missed) if missed else "all aims met")
    return bool(missed)


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
