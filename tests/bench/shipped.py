"""The shipped rules on labelled texts: `./run bench shipped FOLDER`.

FOLDER holds `data/seed_acceptance.jsonl` with the texts in `seeds/`, and `data/labels.jsonl`. With
`--articles FILE.jsonl.gz` it counts besides which rules fire on articles of general news (title, content), none of
which may be a case of `shahed` or `geran`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from monitor.match import Matcher
from monitor.rules import load_rules
from tests.bench._given import holding

RULES = Path(__file__).parents[2] / "rules"
SILENT = ("shahed", "geran")  # may not fire on general news
PRECISION = RECALL = 0.97
FEW, LEAST = 20, 0.90  # a rule with this many sentences or more is below neither in precision nor in recall


def lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


class Shipped:
    """The shipped rules; each text is matched once."""

    def __init__(self) -> None:
        self.matcher = Matcher(load_rules(RULES))
        self.known: dict[str, set[str]] = {}

    def fired(self, text: str) -> set[str]:
        if text not in self.known:
            self.known[text] = {hit.rule.id for hit in self.matcher.match("", text)}
        return self.known[text]


def seeds(shipped: Shipped, folder: Path) -> bool:
    """Every document right, and no forbidden string fires alone."""
    right, wrong, forbidden = 0, [], []
    for row in lines(folder / "data" / "seed_acceptance.jsonl"):
        text = (folder / "seeds" / row["seed"]).read_text("utf-8")
        if (row["rule"] in shipped.fired(text)) == bool(row["expect"]):
            right += 1
        else:
            wrong.append(f"{row['rule']} on {row['seed']}")
        forbidden += [row["rule"] for part in row["must_not_fire_on"] if row["rule"] in shipped.fired(part)]
    print(f"seeds: {right} of {right + len(wrong)} right, {len(forbidden)} forbidden strings fire", *wrong, *forbidden)
    return not wrong and not forbidden


def scores(counts: Counter[tuple[bool, bool]]) -> tuple[float, float]:
    """Precision and recall; 1 where there is nothing to be wrong about."""
    hit, false, missed = counts[True, True], counts[True, False], counts[False, True]
    return (hit / (hit + false) if hit + false else 1.0), (hit / (hit + missed) if hit + missed else 1.0)


def labels(shipped: Shipped, rows: Iterable[Any]) -> bool:
    """Precision and recall over all sentences and for each rule."""
    total: Counter[tuple[bool, bool]] = Counter()
    rules: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for row in rows:
        outcome = row["rule"] in shipped.fired(row["text"]), bool(row["label"])
        total[outcome] += 1
        rules[row["rule"]][outcome] += 1
    good = True
    for rule, counts in sorted(rules.items()):
        precision, recall = scores(counts)
        low = counts.total() >= FEW and min(precision, recall) < LEAST
        good = good and not low
        print(f"  {rule:16} {precision:.2f} {recall:.2f} of {counts.total():3}" + (" too low" if low else ""))
    precision, recall = scores(total)
    print(f"labels: precision {precision:.3f}, recall {recall:.3f} of {total.total()} (aims {PRECISION}, {RECALL})")
    return good and precision >= PRECISION and recall >= RECALL


def articles(shipped: Shipped, path: Path) -> bool:
    """How often each rule fires on general news."""
    found: Counter[str] = Counter()
    for row in lines(path):
        found.update(["articles", *(hit.rule.id for hit in shipped.matcher.match(row["title"], row["content"]))])
    print(dict(found.most_common()))
    return not any(found[rule] for rule in SILENT)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="shipped")
    parser.add_argument("folder", type=holding("data/seed_acceptance.jsonl", "data/labels.jsonl"))
    parser.add_argument("--articles", type=holding(), help="general news")
    options = parser.parse_args(arguments)
    folder, shipped = options.folder, Shipped()
    good = [seeds(shipped, folder), labels(shipped, lines(folder / "data" / "labels.jsonl"))]
    if options.articles:
        good.append(articles(shipped, options.articles))
    return 0 if all(good) else 1
