"""The linguist's tables beside this file: each case is a test of its own, named by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import arabic

HERE = Path(__file__).parent
Case = tuple[str, dict[str, Any], str, bool]


def entries(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value}


def texts(node: yaml.Node | None) -> list[str]:
    return [item.value for item in node.value] if node else []


def tables(*names: str) -> Iterator[tuple[str, yaml.MappingNode]]:
    for path in sorted(HERE.glob("*.yaml")):
        if not names or path.stem in names:
            for group in yaml.compose(path.read_text("utf-8")).value:
                yield path.name, group


def cases(kind: str) -> Iterator[Any]:
    """Every `yes` and `no` of the groups that have the key `kind`."""
    for file, group in tables():
        fields = entries(group)
        if kind not in fields:
            continue
        options = {k: texts(v) if k == "plurals" else v.value for k, v in fields.items() if k not in ("yes", "no")}
        for answer in ("yes", "no"):
            for item in fields[answer].value if answer in fields else ():
                where = f"{file}:{item.start_mark.line + 1}"
                yield pytest.param(where, options, item.value, answer == "yes", id=where)


@pytest.mark.parametrize(("where", "options", "token", "expected"), cases("word"))
def test_word(where: str, options: dict[str, Any], token: str, expected: bool) -> None:
    """The word is, or is not, found in the token; whatever it accepts stands under one of its keys."""
    given = dict(options)
    word = arabic.word(
        given.pop("word"),
        marks=given.pop("marks", "") == "must",
        fuzzy=given.pop("fuzzy", "") == "yes",
        plurals=tuple(given.pop("plurals", ())),
        **given,
    )
    assert len(arabic.raw_tokens(token)) == 1, where
    assert word.accepts(token) is expected, f"{where}: {options['word']} in {token}: expected {expected}"
    if expected:
        assert set(word.keys) & set(arabic.keys_of(token)), f"{where}: no common key"


def has_phrase(phrase: str, text: str) -> bool:
    typed = arabic.raw_tokens(phrase)
    words = [arabic.word(w, place="rest" if i else "first") for i, w in enumerate(typed)]
    tokens = arabic.raw_tokens(text)
    starts = range(len(tokens) - len(words) + 1)
    return any(all(w.accepts(tokens[i + n]) for n, w in enumerate(words)) for i in starts)


@pytest.mark.parametrize(("where", "options", "text", "expected"), cases("phrase"))
def test_phrase(where: str, options: dict[str, Any], text: str, expected: bool) -> None:
    """The phrase stands, or doesn't stand, in the text."""
    assert has_phrase(options["phrase"], text) is expected, f"{where}: {options['phrase']} in {text}"


def pairs(name: str, field: str) -> Iterator[Any]:
    for file, group in tables(name):
        fields = entries(group)
        value = fields[field].value if field == "folded" else texts(fields[field])
        yield pytest.param(fields["text"].value, value, id=f"{file}:{group.start_mark.line + 1}")


@pytest.mark.parametrize(("text", "folded"), pairs("folding", "folded"))
def test_folding(text: str, folded: str) -> None:
    """A text is compared in this spelling, and folding it again changes nothing."""
    assert arabic.fold(text) == folded
    assert arabic.fold(folded) == folded


@pytest.mark.parametrize(("text", "words"), pairs("tokens", "words"))
def test_tokens(text: str, words: list[str]) -> None:
    """A text falls into these words."""
    assert [text[t.start : t.end] for t in arabic.tokens(text)] == words == arabic.raw_tokens(text)


@pytest.mark.parametrize(("text", "expected"), pairs("sentences", "sentences"))
def test_sentences(text: str, expected: list[str]) -> None:
    """A text falls into these sentences."""
    assert [text[a:b] for a, b in arabic.sentences(text)] == expected
