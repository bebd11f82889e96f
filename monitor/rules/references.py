"""What rules name that other files of the folder define: channels, feeds and tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.config.suggest import did_you_mean
from monitor.types import Place, Problem

Kind = Literal["channel", "feed or tag"]
Known = dict[Kind, Collection[str]]  # the names that there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A channel, or a feed or tag, that a rule names."""

    kind: Kind
    name: str
    place: Place


def unknown(references: Iterable[Reference], known: Known) -> Iterator[Problem]:
    """An error for each channel, feed or tag that a rule names and that nothing has."""
    missing = [each for each in references if each.name not in known[each.kind]]
    for number, each in enumerate(missing):
        names = known[each.kind]
        hint = (did_you_mean(each.name, names) if number < 30 else "") or _listed(names)
        yield Problem(place=each.place, message=f"there is no {each.kind} `{each.name}`", hint=hint)


def _listed(names: Collection[str]) -> str:
    return "known are: " + ", ".join(sorted(names)[:10]) + (", …" if len(names) > 10 else "") if names else ""
