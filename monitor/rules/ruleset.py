"""A folder of rules as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.types import Problem, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules of a folder, sound by themselves; their tests are run by `monitor.match.check_tests`."""

    rules: Mapping[str, Rule]  # by id, in the order of the files
    warnings: tuple[Problem, ...] = ()
    version: str = ""  # a hash of all files
    sources: Mapping[str, str]  # file name -> text, from which `read_texts` makes the same set again
