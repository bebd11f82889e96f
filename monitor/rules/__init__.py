"""The rule language: files -> rules. `load_rules` is the door; the language is described in docs/rules.md."""

from __future__ import annotations

from monitor.config.layout import format_text
from monitor.rules.load import load_rules, read_rules, read_texts
from monitor.rules.references import Known
from monitor.rules.ruleset import RuleSet
from monitor.rules.schema import schema

__all__ = [
    "Known",
    "RuleSet",
    "format_text",
    "load_rules",
    "read_rules",
    "read_texts",
    "schema",
]
