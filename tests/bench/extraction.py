"""How well, and how fast, articles are read from pages: Rasid's reader beside plain trafilatura.

    python -m tests.bench.extraction [FOLDER] [--pages] [--rounds N]

FOLDER holds pages and a gold.json: {name: {file, url, text, optional, with, without, title, title_alt, date,
date_alt}}. Without it, the pages in tests/extract/pages. F1 is over words as a bag, the mean of all pages; lines of
`optional` may be there or not. `with` are strings that must be in the text, `without` those that must not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura

from monitor.extract import page
from tests.bench._given import holding

OWN_PAGES = Path(__file__).parents[1] / "extract" / "pages"
Reading = tuple[str, str, str]  # text, title, date
Reader = Callable[[bytes, str], Reading]


def ours(data: bytes, url: str) -> Reading:
    article = page(data, url)
    return article.text, article.title, article.published.date().isoformat() if article.published else ""


def plain(**options: Any) -> Reader:
    def read(data: bytes, url: str) -> Reading:
        found = trafilatura.bare_extraction(data, url=url, with_metadata=True, **options)
        return (found.text or "", found.title or "", found.date or "") if found else ("", "", "")

    return read


READERS: dict[str, Reader] = {
    "rasid": ours,
    "trafilatura": plain(),
    "comments off": plain(include_comments=False),
    "precision": plain(include_comments=False, favor_precision=True),
}


@dataclass
class Score:
    name: str
    f1: float
    lacking: list[str]
    polluting: list[str]
    title: bool
    date: str  # right, wrong, none
    got: Reading


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.replace("\u200c", ""))


def f1(text: str, gold: dict[str, Any]) -> float:
    optional = {" ".join(words(line)) for line in gold.get("optional", "").split("\n")}
    lines = text.replace(" | ", "\n").split("\n")  # the cells of a table by themselves
    kept = [line for line in lines if " ".join(words(line)) not in optional]
    got, want = Counter(words("\n".join(kept))), Counter(words(gold["text"]))
    if not want:
        return float(not got)
    common = sum((got & want).values())
    return 2 * common / (sum(got.values()) + sum(want.values()))


def squeeze(text: str) -> str:
    return " ".join(text.replace("\u200c", "").split())


def judge(name: str, gold: dict[str, Any], got: Reading) -> Score:
    text, title, date = got
    flat = squeeze(text)
    titles = [gold["title"], *gold.get("title_alt", [])]
    days = [gold["date"], *gold.get("date_alt", [])]
    return Score(
        name,
        f1(text, gold),
        [part for part in gold["with"] if squeeze(part) not in flat],
        [part for part in gold["without"] if squeeze(part) in flat],
        gold["title"] is None or squeeze(title) in map(squeeze, filter(None, titles)),
        "right" if (date or None) in days else "wrong" if date else "none",
        got,
    )


def measure(folder: Path, reader: Reader, rounds: int) -> tuple[list[Score], float]:
    """Scores, and processor milliseconds a page (the fastest of the rounds)."""
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    pages = {name: ((folder / about["file"]).read_bytes(), about) for name, about in gold.items()}
    scores = [judge(name, about, reader(data, about["url"])) for name, (data, about) in pages.items()]
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for data, about in pages.values():
            reader(data, about["url"])
        best = min(best, time.process_time() - start)
    return scores, best / len(pages) * 1000


def line(name: str, scores: list[Score], cost: float, reference: float) -> str:
    dated = Counter(score.date for score in scores)
    return (
        f"{name:14} F1 {sum(s.f1 for s in scores) / len(scores):.4f}  lacking {sum(len(s.lacking) for s in scores):3}"
        f"  polluting {sum(len(s.polluting) for s in scores):3}  titles {sum(s.title for s in scores)}/{len(scores)}"
        f"  dates {dated['right']} right {dated['wrong']} wrong {dated['none']} none  {cost:6.1f} ms a page"
        f"  x{reference / cost:.1f}"
    )


def details(scores: list[Score]) -> str:
    rows = []
    for s in scores:
        if s.f1 < 0.99 or s.lacking or s.polluting or not s.title or s.date != "right":
            rows.append(
                f"  {s.name}: F1 {s.f1:.3f} date {s.date} {s.got[2]!r} title {'ok' if s.title else repr(s.got[1])}"
            )
            rows += [f"      lacks    {part}" for part in s.lacking] + [
                f"      pollutes {part}" for part in s.polluting
            ]
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """0 where F1 is at least .985, nothing pollutes, every title is right and no date wrong."""
    parser = argparse.ArgumentParser(prog="extraction")
    parser.add_argument("folder", nargs="?", type=holding("gold.json"), default=OWN_PAGES)
    parser.add_argument("--pages", action="store_true", help="what is not perfect, page by page")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    results = {name: measure(options.folder, reader, options.rounds) for name, reader in READERS.items()}
    for name, (scores, cost) in results.items():
        print(line(name, scores, cost, results["trafilatura"][1]))
        if options.pages and name == "rasid":
            print(details(scores))
    scores = results["rasid"][0]
    clean = all(s.title and s.date != "wrong" and not s.polluting for s in scores)
    return 0 if clean and sum(s.f1 for s in scores) >= 0.985 * len(scores) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
