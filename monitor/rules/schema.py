"""The JSON Schema of a rule file, for editors, made of the grammar's own tables.

An editor reads `136`, `no` and `2026-12-31` as a number, a truth value and a date where Rasid keeps the text that was
typed: so a text is any scalar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import monitor.rules.tables as tables
from monitor.rules.tables import Choice, Count, Key

Schema = dict[str, Any]
_SCALAR = ["string", "number", "boolean"]
_DIGITS = "^[0-9٠-٩۰-۹]+$"  # an editor takes digits in quotes, and Arabic ones, for a text
_TRUTH = {"yes": True, "no": False}  # what YAML 1.1 makes of these words


def schema() -> Schema:
    """The schema of a rule file: structure, names of keys and kinds of values; not what names refer to."""
    properties = {
        "rasid": _described({"enum": [1, "1"]}, tables.FILE["rasid"]),
        "lists": _described(_named({"$ref": "#/$defs/items"}), tables.FILE["lists"]),
        "rules": _described(_named({"$ref": "#/$defs/rule"}), tables.FILE["rules"]),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rasid: rules",
        **_mapping(properties, required=["rasid"]),
        "$defs": _definitions(),
    }


def _definitions() -> Mapping[str, Schema]:
    texts: Schema = {"anyOf": [{"$ref": "#/$defs/text"}, _list({"$ref": "#/$defs/text"})]}
    return {
        "text": {"type": _SCALAR, "pattern": r"\S"},
        "texts": texts,
        "items": _list({"$ref": "#/$defs/item"}),
        "item": {"anyOf": [{"$ref": "#/$defs/text"}, *(_kind(name, key) for name, key in tables.KINDS.items())]},
        "condition": {"anyOf": [{"$ref": "#/$defs/items"}, _keys(tables.CONDITION, some=tables.PLACES)]},
        "near": _near(),
        "match": {"anyOf": [{"$ref": "#/$defs/text"}, _match()]},
        "rule": _mapping(_rule(), required=["match"]),
    }


def _rule() -> Mapping[str, Schema]:
    special = {
        "match": {"$ref": "#/$defs/match"},
        "sources": _keys(tables.SOURCES),
        "raise": _list(_keys(tables.RAISE, required=list(tables.RAISE))),
        "tests": _mapping({name: _described(_list(_test()), key) for name, key in tables.TESTS.items()}),
    }
    return {name: _described(special.get(name) or _value(key), key) for name, key in tables.RULE.items()}


def _test() -> Schema:
    return {"anyOf": [{"$ref": "#/$defs/text"}, _keys(tables.TEST, some=list(tables.TEST))]}


def _kind(name: str, key: Key) -> Schema:
    """An item that is a mapping: one kind with its options."""
    return _keys({name: key, **key.options, **tables.OPTIONS}, required=[name])


def _match() -> Schema:
    """Several kinds may stand here, each with its options, and `not`; an option needs a kind that takes it."""
    options = {name: option for key in tables.KINDS.values() for name, option in key.options.items()}
    takers = {name: [kind for kind, key in tables.KINDS.items() if name in key.options] for name in options}
    found = _keys({**tables.KINDS, **options, **tables.OPTIONS, "not": tables.NOT}, some=list(tables.KINDS))
    needs = {name: {"anyOf": [{"required": [kind]} for kind in kinds]} for name, kinds in takers.items()}
    return {**found, "dependentSchemas": needs}


def _near() -> Schema:
    found = _keys(tables.NEAR, required=["of"])
    found["properties"]["of"] = {"minItems": 2, **found["properties"]["of"]}
    return found


def _keys(keys: Mapping[str, Key], *, required: Iterable[str] = (), some: Iterable[str] = ()) -> Schema:
    found = _mapping({name: _described(_value(key), key) for name, key in keys.items()}, required=required)
    if some:
        found["anyOf"] = [{"required": [name]} for name in some]
    return found


def _value(key: Key) -> Schema:
    shape = key.shape
    if isinstance(shape, Choice):
        return {"enum": [value for word in shape.words for value in _spellings(word)]}
    if isinstance(shape, Count):
        choices: list[Schema] = [{"type": "integer", "minimum": shape.least}, {"type": "string", "pattern": _DIGITS}]
        return {"anyOf": [*choices, {"enum": list(shape.words)}] if shape.words else choices}
    if shape == "yes-no":
        return {"enum": [True, False, *tables.YES_NO]}
    if shape == "pattern":
        return {"type": _SCALAR, "minLength": 1, "maxLength": tables.REGEX_LIMIT}
    if shape == "date":
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {"$ref": f"#/$defs/{_DEFINED.get(shape, shape)}"}


_DEFINED = {"term": "text", "name": "text"}


def _spellings(word: str) -> list[str | bool]:
    return [word, _TRUTH[word]] if word in _TRUTH else [word]


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _named(value: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": f"^{tables.ID}$"}, "additionalProperties": value}


def _mapping(properties: Mapping[str, Schema], *, required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
    }


def _described(value: Schema, key: Key) -> Schema:
    return {"description": key.doc, **value}
