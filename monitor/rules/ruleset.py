"""A folder of rules as one value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.config.suggest import did_you_mean
from monitor.types import Place, Problem, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A channel, or a feed or tag, that a rule names."""

    kind: Literal["channel", "source"]
    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules of a folder, sound by themselves; their tests are run by `monitor.match.check_tests`."""

    rules: Mapping[str, Rule]  # by id, in the order of the files
    warnings: tuple[Problem, ...] = ()
    version: str = ""  # a hash of all files
    sources: Mapping[str, str]  # file name -> text, from which `read_texts` makes the same set again
    references: tuple[Reference, ...] = ()  # in the rules' `to` and `sources`


def check_references(ruleset: RuleSet, channels: Collection[str], feeds_and_tags: Collection[str]) -> list[Problem]:
    """An error for each channel, feed or tag that a rule names and that nothing has."""
    known = {"channel": set(channels), "source": set(feeds_and_tags)}
    what = {"channel": "channel", "source": "feed or tag"}
    unknown = [each for each in ruleset.references if each.name not in known[each.kind]]
    return [
        Problem(
            place=each.place,
            message=f"there is no {what[each.kind]} `{each.name}`",
            hint=(did_you_mean(each.name, known[each.kind]) if number < 30 else "") or _known(known[each.kind]),
        )
        for number, each in enumerate(unknown)
    ]


def _known(names: Collection[str]) -> str:
    return "known are: " + ", ".join(sorted(names)[:10]) + (", …" if len(names) > 10 else "") if names else ""
