"""The schema says in an editor what the grammar says at load, as far as a schema can."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.rules import read_texts, schema

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "docs" / "rules.schema.json"
MISTAKES = sorted((HERE / "mistakes").glob("*.yaml"))
# What a schema cannot see: names and what they refer to, what stands in a text, and how keys of one place go together.
UNSEEN = {
    "all-in-near", "all-in-near-by-list", "all-in-phrase", "all-next", "anchor", "at-least-too-many",
    "dash-further-in", "dash-of-a-test-further-in", "duplicate-key",
    "lint-direction-mark-before-key", "lint-colon", "lint-colon-in-test", "lint-hash", "list-circle",
    "name-with-plurals",
    "near-nine", "no-rules", "only-punctuation", "option-of-two-kinds", "regex-broken", "regex-empty",
    "regex-look-ahead", "rule-circle", "rule-itself", "times-of-several-kinds", "unknown-list", "unknown-rule",
    "within-without-next", "word-with-spaces",
}  # fmt: skip


def written() -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def loader(words: str) -> type[yaml.SafeLoader]:
    """A loader whose truth values are `words`, and which makes no dates."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":bool", ":timestamp"))]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^(?:{words})$"), list("yYnNtTfFoO"))
    return Loader


EDITORS = [loader("true|false|yes|no|on|off"), loader("true|false")]  # YAML 1.1 and 1.2


def complaints(text: str, how: type[yaml.SafeLoader]) -> list[str]:
    value: Any = yaml.load(text, Loader=how)
    return [error.message for error in Draft202012Validator(schema()).iter_errors(value)]


def test_the_shipped_file_is_the_grammar_s() -> None:
    """After a change of the grammar: `python -m tests.rules.test_schema` writes it anew."""
    assert SHIPPED.read_text("utf-8") == written()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("how", EDITORS)
def test_it_accepts_every_kind_and_option(how: type[yaml.SafeLoader]) -> None:
    assert complaints((HERE / "accepted.yaml").read_text("utf-8"), how) == []


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_it_refuses_the_mistakes_of_structure_that_the_grammar_refuses(path: Path) -> None:
    text = path.read_text("utf-8")
    ruleset, _ = read_texts({path.name: text})
    for how in EDITORS:
        try:
            refused = bool(complaints(text, how))
        except yaml.YAMLError:
            continue
        if path.stem not in UNSEEN:
            assert refused == (ruleset is None)


def test_what_it_cannot_see_is_listed_truly() -> None:
    """Each name in UNSEEN is a mistake on which schema and grammar differ in one of the two editors."""
    for name in UNSEEN:
        text = (HERE / "mistakes" / f"{name}.yaml").read_text("utf-8")
        sound = read_texts({"a.yaml": text})[0] is not None
        assert any(bool(complaints(text, how)) == sound for how in EDITORS), name


if __name__ == "__main__":
    SHIPPED.write_text(written(), "utf-8")
