"""JSON Schemas of the three files, for editors, made of the tables that the readers use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.config.tables import CHANNEL, FEED, GROUPS, ID, LISTS, SETTINGS, Key

Schema = dict[str, Any]
FILES = ("feeds", "channels", "settings")


def schema(file: str) -> Schema:
    """The schema of `feeds`, `channels` or `settings`; a key without a value means its default."""
    properties = {"rasid": {"description": "The format of this file.", "enum": [1, "1"]}, **_CONTENT[file]()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Rasid: {file}.yaml",
        **_mapping(properties, required=["rasid"]),
    }


def _feeds() -> Schema:
    return {"feeds": _named(_mapping(_keys(FEED), required=["url"]), "What is polled, by an id of Latin letters.")}


def _channels() -> Schema:
    one = _mapping(_keys(CHANNEL), required=["url"])
    return {"channels": _named(one, "Where alerts go, by an id of Latin letters.")}


def _settings() -> Schema:
    groups = {name: {"description": doc, **_absent(_mapping(_keys(table)))} for name, (table, doc) in GROUPS.items()}
    return {**groups, **_keys(LISTS), **_keys(SETTINGS)}


_CONTENT = {"feeds": _feeds, "channels": _channels, "settings": _settings}


def _keys(table: Mapping[str, Key]) -> Schema:
    return {name: _value(name, key) for name, key in table.items()}


def _value(name: str, key: Key) -> Schema:
    form: Schema = dict(key.form.schema)
    if key.many:
        form = {"anyOf": [form, {"type": "array", "items": form}]}
    return {"description": key.doc, **(form if name == "url" else _absent(form))}


def _absent(form: Schema) -> Schema:
    """The form, or nothing behind the key."""
    kind = form.get("type")
    if kind is not None:
        return {**form, "type": [*([kind] if isinstance(kind, str) else kind), "null"]}
    if "enum" in form:
        return {"enum": [*form["enum"], None]}
    return {"anyOf": [*form["anyOf"], {"type": "null"}]}


def _named(value: Schema, doc: str) -> Schema:
    return {
        "description": doc,
        "type": ["object", "null"],
        "propertyNames": {"pattern": f"^{ID}$"},
        "additionalProperties": value,
    }


def _mapping(properties: Schema, *, required: Iterable[str] = ()) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **needed}
