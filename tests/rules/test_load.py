"""Folders, versions, references and hostile amounts."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ConfigError
from monitor.rules import Known, load_rules, read_rules, read_texts
from monitor.types import Rule

HEAD = "rasid: 1\n"
RULE = HEAD + "rules:\n  one:\n    match: صاروخ\n    tests:\n      hit:\n        - صاروخ\n"


def test_a_folder_with_rules_alone_a_single_file_and_a_text_path_are_read(tmp_path: Path) -> None:
    (tmp_path / "arms.yaml").write_text(RULE, "utf-8")
    for path in (tmp_path, str(tmp_path), tmp_path / "arms.yaml", str(tmp_path / "arms.yaml")):
        ruleset = load_rules(path)
        assert list(ruleset.rules) == ["one"]
        assert ruleset.rules["one"].place.file.endswith("arms.yaml")
        assert ruleset.warnings == ()


def test_reserved_hidden_and_foreign_files_are_not_rules(tmp_path: Path) -> None:
    (tmp_path / "arms.yaml").write_text(RULE, "utf-8")
    for name in ("feeds.yaml", "channels.yaml", "settings.yaml", ".arms.yaml", "arms.yaml~", "notes.md"):
        (tmp_path / name).write_text("- no: [rules", "utf-8")
    assert list(load_rules(tmp_path).sources) == ["arms.yaml"]


def test_lists_stand_in_text_files_too(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "names.txt").write_text("# a comment\n\n#إيران\n  صاروخ باليستي  \r\n#\n136", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + "rules:\n  one:\n    match:\n      list: names\n", "utf-8")
    match: Any = load_rules(tmp_path).rules["one"].match
    assert [item.term for item in match.items] == ["#إيران", "صاروخ باليستي", "136"]
    assert [(item.place.line, item.place.column) for item in match.items] == [(3, 1), (4, 3), (6, 1)]
    assert match.items[0].place.file.endswith("lists/names.txt")


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(ConfigError):
            load_rules(path)


@pytest.mark.parametrize("make", ["directory", "loop", "empty", "latin"])
def test_a_file_that_cannot_be_read_never_makes_a_smaller_set(tmp_path: Path, make: str) -> None:
    (tmp_path / "arms.yaml").write_text(RULE, "utf-8")
    path = tmp_path / "broken.yaml"
    match make:
        case "directory":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "empty":
            path.touch()
        case "latin":
            path.write_bytes("rasid: 1\n# عربي".encode("cp1256"))
    ruleset, problems = read_rules(tmp_path)
    assert ruleset is None
    assert [problem.place.file.endswith("broken.yaml") for problem in problems] == [True]


def test_the_texts_that_a_set_keeps_make_it_again(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "x.txt").write_text("صاروخ", "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + "rules:\n  one:\n    match:\n      list: x\n", "utf-8")
    ruleset = load_rules(tmp_path)
    again, _ = read_texts(ruleset.sources)
    assert again is not None
    assert (again.version, again.rules["one"].version) == (ruleset.version, ruleset.rules["one"].version)


BASE = """\
rasid: 1
lists:
  x:
    - قذيفة
    - list: y
  y:
    - لغم
rules:
  one:
    name: name
    match:
      any:
        - صاروخ
        - word: مسيّرة
          unless:
            next:
              - شعبية
        - list: x
      not:
        - لعبة
  two:
    match:
      near:
        order: yes
        of:
          - rule: one
          - إيران
  three:
    match: نفط
"""


def versions(text: str) -> dict[str, str]:
    ruleset, problems = read_texts({"a.yaml": text})
    assert ruleset is not None, problems
    return {name: rule.version for name, rule in ruleset.rules.items()}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("rules:", "# comment\nrules:", set()),
        ("name: name", "name: other\n    severity: low\n    note: x", set()),
        ("    match: نفط", "    tests:\n      hit:\n        - نفط\n    match: نفط", set()),
        ("        - صاروخ\n        - word", "        - word: صاروخ\n        - word", set()),
        ("        - لعبة", "        - لعبه", {"one", "two"}),
        ("- صاروخ", "- صواريخ", {"one", "two"}),
        ("    - لغم", "    - ألغام", {"one", "two"}),
        ("              - شعبية", "              - سلمية", {"one", "two"}),
        ("next:", "previous:", {"one", "two"}),
        ("order: yes", "order: no", {"two"}),
        ("          - rule: one\n          - إيران", "          - إيران\n          - rule: one", {"two"}),
        ("    match: نفط", "    match: نفط\n    in: title", {"three"}),
        ("    match: نفط", "    match: نفط\n    sources:\n      only:\n        - tass", {"three"}),
        ("    match: نفط", "    match:\n      exact: نفط", {"three"}),
        ("    match: نفط", "    match:\n      word: نفط\n      times: 2", {"three"}),
    ],
)
def test_a_version_changes_exactly_when_what_it_matches_changes(old: str, new: str, changed: set[str]) -> None:
    assert BASE.count(old) == 1
    before, after = versions(BASE), versions(BASE.replace(old, new))
    assert {name for name in before if before[name] != after[name]} == changed


def test_the_order_of_alternatives_is_no_new_version() -> None:
    other = BASE.replace("        - صاروخ\n", "").replace("        - list: x\n", "        - list: x\n        - صاروخ\n")
    assert versions(other) == versions(BASE)


def test_unknown_channels_and_sources_are_told_with_their_places() -> None:
    """Also where another rule is broken."""
    text = HEAD + (
        "rules:\n  one:\n    to:\n      - dsk\n      - desk\n    sources:\n      only: tas\n      not:\n"
        "        - sport\n    match: نفط\n  two:\n    match:\n      any:\n"
    )
    _, problems = read_texts({"a.yaml": text}, "rules/", known={"channel": {"desk"}, "feed or tag": {"tass", "sport"}})
    assert [str(problem) for problem in problems if problem.level == "error"][:2] == [
        "rules/a.yaml:5:9: error: there is no channel `dsk` (did you mean `desk`?)",
        "rules/a.yaml:8:13: error: there is no feed or tag `tas` (did you mean `tass`?)",
    ]
    everything: Known = {"channel": {"desk", "dsk"}, "feed or tag": {"tas", "sport"}}
    _, rest = read_texts({"a.yaml": text}, "rules/", known=everything)
    assert len(rest) == len(problems) - 2


def lists(count: int, body: str) -> str:
    return HEAD + "lists:\n" + "".join(f"  l{i}:\n" + body.replace("NEXT", f"l{i + 1}") for i in range(count))


def rules(count: int, body: str) -> str:
    return HEAD + "rules:\n" + "".join(f"  r{i}:\n" + body.replace("NEXT", f"r{i + 1}") for i in range(count))


USE = "rules:\n  one:\n    match:\n      list: l0\n"
HOSTILE = {
    "lists of lists of lists": lists(30, "    - list: NEXT\n" * 10) + "  l30:\n    - x\n" + USE,
    "a chain of lists": lists(5000, "    - list: NEXT\n") + "  l5000:\n    - x\n" + USE,
    "a chain of rules": rules(5000, "    match:\n      rule: NEXT\n") + "  r5000:\n    match: x\n",
    "a circle of rules": rules(5000, "    match:\n      rule: NEXT\n") + "  r5000:\n    match:\n      rule: r0\n",
    "unknown names": rules(5000, "    match:\n      rule: NEXTx\n"),
    "one term again and again": HEAD + "rules:\n  one:\n    match:\n      any:\n" + "        - لغم\n" * 20_000,
    "a term of a hundred thousand letters": HEAD + "rules:\n  one:\n    match: " + "ك" * 100_000,
    "a phrase of ten thousand words": HEAD + "rules:\n  one:\n    match: " + "كلمة " * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_amounts_are_answered_or_refused_in_seconds(text: str) -> None:
    begin = time.process_time()
    ruleset, problems = read_texts({"a.yaml": text})
    assert time.process_time() - begin < 8
    assert problems
    assert (ruleset is None) == any(problem.level == "error" for problem in problems)


def test_terms_of_all_lists_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small list files are refused like one that is too large, with no other mistake made of it."""
    monkeypatch.setattr("monitor.rules.lists.TERMS_LIMIT", 5)
    (tmp_path / "lists").mkdir()
    for name in "abc":
        (tmp_path / "lists" / f"{name}.txt").write_text("صاروخ\nطائرة\n", "utf-8")
    (tmp_path / "r.yaml").write_text("rasid: 1\nrules:\n  one:\n    match:\n      any: [list: a, list: c]\n", "utf-8")
    ruleset, problems = read_rules(tmp_path)
    assert ruleset is None
    errors = [problem for problem in problems if problem.level == "error"]
    assert [(Path(e.place.file).name, "more than 5 terms" in e.message) for e in errors] == [("c.txt", True)]


def test_a_list_of_a_million_terms_is_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "x.txt").write_text("كلمة\n" * 1_000_000, "utf-8")
    (tmp_path / "a.yaml").write_text(HEAD + "rules:\n  one:\n    match:\n      list: x\n", "utf-8")
    ruleset, (problem,) = read_rules(tmp_path)
    assert ruleset is None
    assert "larger than 1 MB" in problem.message


def test_any_small_change_to_a_rule_file_is_answered() -> None:
    """No edit, however odd, raises; what is accepted has rules."""
    text = (Path(__file__).parent / "accepted.yaml").read_text("utf-8")
    rng = random.Random(7)
    odd = ["", " ", "\n", "\t", ":", "- ", "#", "'", '"', "[", "{", "any:", "\u200f", "\x00", "&a", "*a", "!", "|"]
    for _ in range(60):
        at, length = rng.randrange(len(text)), rng.randrange(12)
        put = rng.choice(odd)
        ruleset, problems = read_texts({"a.yaml": text[:at] + put + text[at + length :]})
        assert (ruleset is None) == any(problem.level == "error" for problem in problems)
        assert ruleset is None or all(isinstance(rule, Rule) for rule in ruleset.rules.values())
