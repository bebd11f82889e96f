"""Each file in mistakes/ has one mistake; its first line says what a person is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.rules import load_rules, read_rules, read_texts

FILES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_to_do(path: Path) -> None:
    text = path.read_text("utf-8")
    ruleset, problems = read_texts({path.name: text})
    told = " | ".join(str(problem).removeprefix(f"{path.name}:") for problem in problems)
    assert told == text.partition("\n")[0].removeprefix("# ")
    assert (ruleset is None) == any(problem.level == "error" for problem in problems)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """A file that is no YAML hides neither its neighbours' mistakes, nor makes up unknown names."""
    (tmp_path / "a.yaml").write_text("rasid: 1\nlists:\n  a:\n    - 'x\n", "utf-8")
    (tmp_path / "b.yaml").write_text(
        "rasid: 1\nrules:\n  one:\n    severity: hihg\n    match:\n      any:\n        - list: a\n        - ؟\n"
        "  two:\n    match:\n      any:\n        - list: a\n",
        "utf-8",
    )
    ruleset, problems = read_rules(tmp_path)
    assert ruleset is None
    assert [(Path(p.place.file).name, p.place.line) for p in problems if p.level == "error"] == [
        ("a.yaml", 4),
        ("b.yaml", 4),
        ("b.yaml", 8),
    ]


def test_a_name_given_twice_in_two_files_names_the_other_place(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(
            "rasid: 1\nlists:\n  x:\n    - صاروخ\nrules:\n  one:\n    match:\n      list: x\n", "utf-8"
        )
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    errors = [p for p in caught.value.problems if p.level == "error"]
    assert [p.message for p in errors] == ["there are two lists `x`", "there are two rules `one`"]
    assert all("a.yaml:" in p.hint and p.place.file.endswith("b.yaml") for p in errors)
