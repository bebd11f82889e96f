"""Rasid's matching beside the baselines of the treebank benchmark.

`./run bench treebank FOLDER [ARGUMENTS]` runs the `bench.py` in FOLDER (a copy of it: the script caches beside itself)
with its plain baselines and with `Rasid`, a rule for each query.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.match import Matcher
from monitor.rules import read_texts
from tests.bench._given import holding

AIMS = {"words": {"P": 0.96, "R": 0.97, "F": 0.967}, "phrases": {"P": 0.995, "R": 0.98, "F": 0.988}}


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where an aim is missed, which it names."""
    parser = argparse.ArgumentParser(prog="treebank")
    parser.add_argument("folder", type=holding("bench.py"))
    options, more = parser.parse_known_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(options.folder, Path(folder, "bench"), copy_function=shutil.copyfile)
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o755)
        result = Path(folder, "result.json")
        method = f"{Path(__file__).resolve()}:Rasid"
        command = [sys.executable, "bench.py", "--only", "a,b,c,d1,d2", "--method", method, "--json", str(result)]
        if code := subprocess.run([*command, *more], cwd=copy, check=False).returncode:
            return code
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
    """`find(query, text)` gives the spans of a query's mentions, found by a rule of nothing else."""

    name = "rasid"
    wants_text = True

    def __init__(self) -> None:
        self.queries: dict[str, str] = {}
        self.texts: dict[str, dict[str, list[tuple[int, int]]]] = {}

    def prepare(self, queries: list[str]) -> None:
        self.queries = {f"q{number}": query for number, query in enumerate(queries)}
        rules = [
            f"  {name}:\n    name: {name}\n    match:\n      any:\n        - {json.dumps(query)}"
            for name, query in self.queries.items()
        ]
        found, problems = read_texts({"queries.yaml": "\n".join(["rasid: 1", "rules:", *rules, ""])})
        assert found, problems
        self.matcher = Matcher(found)

    def find(self, query: str, text: str) -> list[tuple[int, int]]:
        if text not in self.texts:
            self.texts[text] = {
                self.queries[hit.rule.id]: [(m.start, m.end) for m in hit.matches]
                for hit in self.matcher.match("", text)
            }
        return self.texts[text].get(query, [])

    def scan(self, text: str) -> list[str]:
        return [self.queries[hit.rule.id] for hit in self.matcher.match("", text)]
