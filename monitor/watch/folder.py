"""The rules folder as a whole: read, tested, and live only when it has no mistake; the last good version is kept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from monitor.config import Config, load_config
from monitor.errors import ConfigError, StateBroken
from monitor.match import Matcher, check_tests
from monitor.rules import Known, RuleSet, read_rules
from monitor.types import Feed, Place, Problem, Rule

GOOD = "rules.good"  # the last good version, in the state folder
BEFORE = "rules.good.old"  # and the one before it, for a kill while that is replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A version of the rules folder that may go live."""

    ruleset: RuleSet
    config: Config
    matcher: Matcher
    problems: tuple[Problem, ...] = ()  # warnings
    degraded: str = ""  # why an earlier version is in use


def tags_of(feeds: Mapping[str, Feed]) -> dict[str, frozenset[str]]:
    """What `sources:` may name for each feed, beside its id."""
    return {feed.id: feed.tags for feed in feeds.values()}


def read(rules_dir: Path, today: date) -> tuple[Folder | None, tuple[Problem, ...]]:
    """The folder, or None where something in it is an error; and all that was found, errors first.

    Rules that expired before `today` are left out; other rules may still refer to them.
    """
    if not rules_dir.is_dir():
        what = "this is a file, not the folder of rules" if rules_dir.exists() else "no such folder"
        problem = Problem(place=Place(str(rules_dir)), message=what, hint="name it with --rules")
        return None, (problem,)
    config = load_config(rules_dir)
    ruleset, problems = read_rules(rules_dir, _known(config))
    problems = *config.problems, *problems
    matcher = Matcher(ruleset, tags_of(config.feeds)) if ruleset is not None else None
    if ruleset is not None and matcher is not None:
        problems += tuple(check_tests(ruleset, matcher))
        problems += tuple(_expired(rule) for rule in ruleset.rules.values() if not _live(rule, today))
    ordered = tuple(sorted(problems, key=lambda problem: problem.level != "error"))
    if ruleset is None or matcher is None or any(problem.level == "error" for problem in ordered):
        return None, ordered
    live = replace(ruleset, rules={r.id: r for r in ruleset.rules.values() if _live(r, today)})
    if expired := ruleset.rules.keys() - live.rules.keys():
        matcher = Matcher(ruleset, tags_of(config.feeds), expired=expired)
    return Folder(ruleset=live, config=config, matcher=matcher, problems=ordered), ordered


def _known(config: Config) -> Known | None:
    """What rules may name; nobody can say where a file of feeds or channels is broken."""
    if not config.complete:
        return None
    tags = {tag for feed in config.feeds.values() for tag in feed.tags}
    return {"channel": set(config.channels), "feed or tag": tags | set(config.feeds)}


def _live(rule: Rule, today: date) -> bool:
    return rule.expires is None or rule.expires >= today


def _expired(rule: Rule) -> Problem:
    message = f"rule `{rule.id}` expired after {rule.expires}: it watches nothing any more"
    return Problem(place=rule.place, level="warning", message=message, hint="give it a later day, or delete it")


def watched(ruleset: RuleSet) -> str:
    """The rules' ids, names and last days, to be kept for `gone`."""
    return json.dumps({r.id: [r.name, str(r.expires or "")] for r in ruleset.rules.values()}, ensure_ascii=False)


def gone(before: str, ruleset: RuleSet, today: date) -> dict[str, str]:
    """For each rule that was watched `before` and is not any more a line for the operator, by the rule's id."""
    known = json.loads(before) if before else {}
    return {
        rule: f"القاعدة «{name}» ({rule})" + (f"، انتهى أجلها في {last}" if last and last < str(today) else "")
        for rule, (name, last) in known.items()
        if rule not in ruleset.rules
    }


def make_state(state_dir: Path) -> None:
    """Makes the state folder of a new installation. Raises StateBroken; a missing parent is a disk not mounted."""
    try:
        state_dir.mkdir(exist_ok=True)
    except OSError as error:
        why = f"the state folder cannot be made: {error.strerror}"
        raise StateBroken(why, subject=str(state_dir), hint=f"mkdir -p {state_dir}, or name another --state") from error


def open_folder(rules_dir: Path, state_dir: Path, today: date) -> Folder:
    """The folder for a start: the live one, else the last good version. Raises ConfigError where there is none."""
    folder, problems = read(rules_dir, today)
    if folder is not None:
        return folder
    errors = [problem for problem in problems if problem.level == "error"]
    for name in (GOOD, BEFORE):
        earlier, _ = read(state_dir / name, today)
        if earlier is not None:
            return replace(earlier, degraded=refusal(errors))
    raise ConfigError(errors)


def refusal(problems: tuple[Problem, ...] | list[Problem]) -> str:
    """One line for the operator: the first mistake with its place, and how many more there are."""
    errors = [problem for problem in problems if problem.level == "error"]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else ""


def keep(rules_dir: Path, state_dir: Path) -> None:
    """Copies the folder into the state folder; at every moment a whole version is there."""
    fresh, kept, before = (state_dir / name for name in (GOOD + ".new", GOOD, BEFORE))
    shutil.rmtree(fresh, ignore_errors=True)
    for path in files(rules_dir):
        target = fresh / path.relative_to(rules_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    if kept.exists():
        shutil.rmtree(before, ignore_errors=True)
        kept.rename(before)
    fresh.rename(kept)


def files(rules_dir: Path) -> list[Path]:
    """What the folder's version consists of."""
    return sorted(p for pattern in ("*.yaml", "lists/*.txt") for p in rules_dir.glob(pattern) if p.is_file())


def stamp(rules_dir: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Changes when a file of the folder is written, replaced, added or removed."""
    found = []
    for pattern in ("*.yaml", "lists/*.txt", "lists"):
        for path in rules_dir.glob(pattern):
            try:
                status = os.stat(path)
            except OSError:
                found.append((str(path), 0, 0, 0))
                continue
            found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(sorted(found))
