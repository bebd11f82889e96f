"""Mistakes of the three files come in the order of their lines, each with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import load_config


def told(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text("rasid: 1\n" + text, "utf-8")
    return [str(problem).removeprefix(f"{folder}/") for problem in load_config(folder).problems]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (
            "feeds:\n  a: https://a.example/rss\n",
            "3:6: error: a feed is written as `key: value` lines (write `url:` and",
        ),
        (
            "feeds:\n  - url: https://a.example/rss\n",
            "3:3: error: feeds is written as `key: value` lines (write no dash",
        ),
        ("feeds:\n  a:\n    every:5m\n", "4:5: error: a feed is written as `key: value` lines (a space belongs behind"),
        ("feeds:\n  a:\n    url: https://a.example/\n    kind: page\n", "5:11: warning: without `select` every link"),
    ],
)
def test_what_stands_in_place_of_keys(tmp_path: Path, text: str, advice: str) -> None:
    (one,) = told(tmp_path, feeds=text)
    assert one.removeprefix("feeds.yaml:").startswith(advice)


def test_mistakes_come_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = "feeds:\n  a:\n    weight: x\n    kind: rss\n    evry: 5m\n    url: a.example\n    country: Saudi\n"
    assert [line.split(":")[1] for line in told(tmp_path, feeds=text)] == ["4", "5", "6", "7", "8"]


def test_an_interval_below_the_floor_is_no_secret(tmp_path: Path) -> None:
    feeds = "feeds:\n  a:\n    url: https://a.example/rss\n    every: 5s\n"
    (one,) = told(tmp_path, feeds=feeds)
    assert one.startswith("feeds.yaml:5:12: warning: `a` is asked every 120 s, not every 5 s (`floor`, under `poll`")
    assert told(tmp_path, feeds=feeds, settings="poll:\n  floor: 5s\n") == []


def test_an_unknown_operator_is_told_which_channels_there_are(tmp_path: Path) -> None:
    (one,) = told(tmp_path, settings="operator: desk\n")
    assert one.endswith("there is no channel `desk` (there are console)")
