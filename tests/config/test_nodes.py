"""Files as nodes: texts as typed, places as an editor counts them, hostile files refused with words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from monitor.config import nodes
from monitor.config.nodes import Mapping, Node, Scalar, Sequence, parse, read


def plain(node: Node | None) -> object:
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.pairs}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@pytest.fixture(params=["C loader", "Python loader"])
def _either_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "Python loader":
        monkeypatch.setattr(nodes, "_LOADER", yaml.BaseLoader)


either = pytest.mark.usefixtures("_either_loader")


@either
def test_scalars_stay_the_text_that_was_typed() -> None:
    node, problems = parse("a: [136, no, 0136, 1e3, 2026-12-31, ~, '', \"x\\ty\"]\nb: |\n  x\n  y\n", "f.yaml")
    assert problems == []
    assert plain(node) == {"a": ["136", "no", "0136", "1e3", "2026-12-31", "~", "", "x\ty"], "b": "x\ny\n"}


@either
@pytest.mark.parametrize("before", ["", "# تعليق بالعربية\n", "\ufeff", "# a\u2028b\u0085c\n", "# \U0001f680 عَرَبِيّ\r\n"])
def test_places_are_lines_and_columns_of_an_editor(before: str) -> None:
    node, _ = parse(before + "مفتاح:\n  - 'عَرَبِيّ'\n  - second", "f.yaml")
    assert isinstance(node, Mapping)
    items = node.pairs[0][1]
    assert isinstance(items, Sequence)
    first = before.count("\n") + 1
    assert [str(item.place) for item in items.items] == [f"f.yaml:{first + 1}:5", f"f.yaml:{first + 2}:5"]


def test_offsets_cut_the_node_out_of_its_text() -> None:
    text = "# ملاحظة\na: 'نص'  # x\nb: كلمات عدة\n"
    node, _ = parse(text, "f.yaml")
    assert isinstance(node, Mapping)
    assert [text[value.start : value.end] for _, value in node.pairs] == ["'نص'", "كلمات عدة"]


@either
def test_a_key_given_twice_is_a_problem_that_names_the_first() -> None:
    node, problems = parse("a: 1\nb: 2\na: 3\n", "f.yaml")
    assert plain(node) == {"a": "1", "b": "2"}
    assert [str(problem) for problem in problems] == [
        "f.yaml:3:1: error: `a` is given twice (it stands already in line 1: put both under one key or delete one)"
    ]


@either
@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000, "{" * 500_000, "- " * 400_000, "? " * 400_000, "[{a: " * 200_000, "a: " + "[" * 33 + "]" * 33,
        "\n".join(" " * i + "a:" for i in range(1000)), "a: &x [1]\nb: [" + "*x, " * 200_000 + "]",
        "a: &x {b: *x}", "!!python/object:os.system x", "%YAML 9.9\n---\na", "a: \ud800", "\x00", "a\x1bb: c", "\ufffe",
        "'", "a: 'b", "--- a\n--- b", "", "   \n", "# only this", "\t", "a:\n\tb", "[a: b: c]", ": : :", "? - ? -",
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_a_hostile_text_is_refused_with_words_at_once(text: str) -> None:
    begin = time.perf_counter()
    _, problems = parse(text, "f.yaml")
    assert time.perf_counter() - begin < 3
    assert problems
    assert all(problem.message and problem.place.line > 0 for problem in problems)


def test_depth_32_is_read() -> None:
    node, problems = parse("a: " + "[" * 31 + "]" * 31, "f.yaml")
    assert node is not None
    assert problems == []


def test_a_megabyte_is_read_in_seconds_and_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("rasid: 1\na:\n" + "  - كلمة\n" * 80_000, "utf-8")
    begin = time.perf_counter()
    node, problems = read(path)
    assert time.perf_counter() - begin < 5
    assert node is not None
    assert problems == []
    path.write_bytes(b"a: " + b"x" * nodes.SIZE_LIMIT)
    node, (problem,) = read(path)
    assert node is None
    assert "larger than 1 MB" in problem.message


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    (tmp_path / "dir.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: \nb: عربي".encode("cp1256"))
    (tmp_path / "wide.yaml").write_text("a: b", "utf-16")
    for name, word in {
        "dir": "directory",
        "loop": "symbolic",
        "none": "No such",
        "latin": "UTF-8",
        "wide": "UTF-8",
    }.items():
        node, (problem,) = read(tmp_path / f"{name}.yaml")
        assert node is None
        assert word in problem.message
        assert problem.place.file.endswith(f"{name}.yaml")
    assert read(tmp_path / "latin.yaml")[1][0].place.line == 2
