"""Texts of files -> a RuleSet: lists first, then the rules of each file, then what only the whole can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import monitor.rules.tables as tables
from monitor.config import nodes
from monitor.config.nodes import Node, Scalar, Sequence
from monitor.errors import ConfigError
from monitor.rules.identity import Identity, digest
from monitor.rules.lint import Lint
from monitor.rules.lists import Lists, named_lists
from monitor.rules.memory import collector_at_rest
from monitor.rules.reading import Reading
from monitor.rules.references import Known, unknown
from monitor.rules.rule import RuleReader
from monitor.rules.ruleset import RuleSet
from monitor.rules.slips import misplaced
from monitor.types import Place, Problem, Rule

RESERVED = ("feeds.yaml", "channels.yaml", "settings.yaml")
CHAIN_LIMIT = 32  # rules that refer to rules
_ITEMS_LIMIT = 5_000_000  # lists are counted once for each rule that uses them


def load_rules(path: Path | str) -> RuleSet:
    """The rules of a folder, or of one file; raises ConfigError with all problems where there is an error."""
    ruleset, problems = read_rules(path)
    if ruleset is None:
        raise ConfigError(problems)
    return ruleset


def read_rules(path: Path | str, known: Known | None = None) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """The rules of a folder or file with all problems; no rules where one of them is an error. Never raises.

    `known`: the channels, feeds and tags that they may name; without it any.
    """
    path = Path(path)
    texts, problems = read_files(path)
    folder = nodes.shown(path if path.is_dir() else path.parent)
    return read_texts(texts, "" if folder == "." else folder.rstrip("/") + "/", problems, known)


def read_texts(
    texts: Mapping[str, str], folder: str = "", problems: tuple[Problem, ...] = (), known: Known | None = None
) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    """The same for texts that were read before, as a RuleSet keeps them; `folder` goes before their names in places."""
    loading = _Loading(folder, problems)
    with collector_at_rest():
        for name in texts:
            loading.lists_of(name, texts[name])
        for name in texts:
            if name.endswith(".yaml"):
                loading.rules_of(name, texts[name])
        loading.finish()
    if known is not None:
        loading.reading.problems += unknown(loading.reader.references, known)
    found = tuple(sorted(loading.reading.problems, key=lambda problem: problem.place))
    if any(problem.level == "error" for problem in found):
        return None, found
    version = digest("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())))
    return RuleSet(rules=loading.rules, warnings=found, version=version, sources=texts), found


def read_files(path: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The texts of a folder's rule files and lists by their names in the folder, in the order of the names."""
    if path.is_file():
        text, problems = nodes.read_text(path)
        return ({} if problems else {path.with_suffix(".yaml").name: text}), tuple(problems)
    try:
        found = sorted(each for each in [*path.iterdir(), *_children(path / "lists")] if _is_source(path, each))
    except OSError as error:
        message = f"the folder of rules cannot be read: {error.strerror or error}"
        return {}, (Problem(place=Place(nodes.shown(path)), message=message),)
    texts: dict[str, str] = {}
    all_problems: list[Problem] = []
    for each in found:
        text, problems = nodes.read_text(each)
        all_problems += problems
        if not problems:
            texts[each.relative_to(path).as_posix()] = text
    return texts, tuple(all_problems)


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_source(folder: Path, path: Path) -> bool:
    if path.name.startswith(".") or path.name in RESERVED:
        return False
    return path.suffix == (".yaml" if path.parent == folder else ".txt")


class _Loading:
    """One load, file by file: nodes are dropped as soon as their rules are made."""

    def __init__(self, folder: str, problems: tuple[Problem, ...]) -> None:
        self.folder = folder
        self.reading = Reading()
        self.reading.problems += problems
        self.lists = Lists(self.reading)
        self.lists.complete = not problems
        self.identity = Identity(lambda rule: self.rules[rule].version)
        self.reader = RuleReader(self.reading, self.lists.grammar, self.identity)
        self.lint = Lint(self.reading)
        self.rules: dict[str, Rule] = {}
        self.uses: dict[str, dict[str, Place]] = {}  # rule -> the rules it refers to, and where
        self.places: dict[str, Place] = {}  # of all rules, unsound ones too

    def lists_of(self, name: str, text: str) -> None:
        """Gathers a file's lists. Files that seem to have some are read twice: lists are few, rules may be many."""
        file = self.folder + name
        if name.endswith(".txt"):
            self.lists.add_lines(name.removeprefix("lists/").removesuffix(".txt"), file, text)
        elif "lists" in text:
            node, _ = nodes.parse(text, file)
            for key, value in named_lists(node) if node is not None else ():
                self.lists.add(key.text, key.place, value, text)

    def rules_of(self, name: str, text: str) -> None:
        """Reads a file's rules."""
        file = self.folder + name
        node, problems = nodes.parse(text, file)
        self.reading.problems += problems
        if node is None:
            self.lists.complete = False
            return
        self.lists.grammar.text = text
        top = node.pairs if isinstance(node, nodes.Mapping) else []
        hints = {key.text: misplaced(key, value, tables.RULE) for key, value in top}
        pairs = self.reading.pairs(node, "a rule file", tables.FILE, hints)
        self._check_head(node, pairs)
        rules = pairs["rules"][1] if "rules" in pairs else None
        if isinstance(rules, nodes.Mapping):
            for key, value in rules.pairs:
                self._rule(key, value, text)
        elif rules is not None:
            self.reading.error(
                rules.place,
                "`rules` has a key for each rule",
                "write `ID:` below it, without a dash, and the rule below that",
            )

    def _check_head(self, node: Node, pairs: Mapping[str, tuple[Scalar, Node]]) -> None:
        if not isinstance(node, nodes.Mapping):
            return
        version = pairs["rasid"][1] if "rasid" in pairs else None
        if version is None:
            self.reading.error(
                node.place, "the file does not say for which format it is written", "begin it with `rasid: 1`"
            )
        elif not isinstance(version, Scalar) or version.text != "1":
            self.reading.error(version.place, "this Rasid reads format 1 only", "write `rasid: 1`")
        lists = pairs["lists"][1] if "lists" in pairs else None
        if lists is not None and not isinstance(lists, nodes.Mapping):
            self.reading.error(
                lists.place, "`lists` has a key for each list", "write `NAME:` below it, and the items below that"
            )

    def _rule(self, key: Scalar, node: Node, text: str) -> None:
        grammar = self.lists.grammar
        before, grammar.tally.rules = grammar.tally.items, {}
        problems = len(self.reading.problems)
        rule = self.reader.rule(key, node, _source(text, key, node))
        if grammar.tally.items > _ITEMS_LIMIT >= before:
            hint = "lists count in full for each rule: make a rule of a long list, and name it with `rule:`"
            self.reading.error(key.place, f"with this rule there are more than {_ITEMS_LIMIT:,} items", hint)
        if key.text in self.places:
            hint = f"the other stands at {self.places[key.text]}: rename one"
            self.reading.error(key.place, f"there are two rules `{key.text}`", hint)
            return
        self.places[key.text] = key.place
        if grammar.tally.rules:
            self.uses[key.text] = grammar.tally.rules
        if rule is not None:
            self.rules[rule.id] = rule
            if not any(problem.level == "error" for problem in self.reading.problems[problems:]):
                self.lint.rule(rule)

    def finish(self) -> None:
        """What needs all files: names, circles, versions of rules that refer to others, the lint."""
        self.lists.finish()
        if not self.places and not any(problem.level == "error" for problem in self.reading.problems):
            self.reading.error(
                Place(self.folder.rstrip("/") or "."), "there are no rules", "write some, as in docs/rules.md"
            )
        self._check_names()
        for name in self._in_order():
            if name in self.rules and all(used in self.rules for used in self.uses[name]):
                rule = self.rules[name]
                version = self.identity.version(rule.match, rule.sources_only, rule.sources_not)
                self.rules[name] = replace(rule, version=version)

    def _check_names(self) -> None:
        for used in self.uses.values():
            for name, place in used.items():
                if name not in self.places and self.lists.complete:
                    known = "known are: " + ", ".join(islice(self.places, 10))
                    self.reading.error(
                        place, f"there is no rule `{name}`", self.reading.guess(name, self.places) or known
                    )

    def _in_order(self) -> list[str]:
        """Rules that refer to others, each after those it refers to; circles and long chains are problems."""
        depth: dict[str, int] = {}
        for start in self.uses:
            path = {start: iter(self.uses[start])} if start not in depth else {}
            while path:
                name, used = next(reversed(path.items()))
                waiting = next((each for each in used if each not in depth), None)
                if waiting is None:
                    del path[name]
                    depth[name] = 1 + max((depth[each] for each in self.uses.get(name, ()) if each in depth), default=0)
                elif waiting in path:
                    self._circle(list(path), waiting)
                else:
                    path[waiting] = iter(self.uses.get(waiting, ()))
        for name in self.uses:
            if depth[name] == CHAIN_LIMIT + 1:
                self.reading.error(
                    self.places[name], f"a chain of more than {CHAIN_LIMIT} rules that refer to each other ends here"
                )
        return [name for name in depth if name in self.uses]

    def _circle(self, path: list[str], name: str) -> None:
        circle = [*path[path.index(name) :], name]
        place = self.uses[path[-1]][name]
        self.reading.error(
            place, f"rules refer to each other in a circle: {' → '.join(circle)}", "take one of the `rule:` out"
        )


def _source(text: str, key: Scalar, node: Node) -> str:
    """The rule as it stands in its file, from its id to the end of its last value."""
    end = node
    while (inner := _last(end)) is not None:
        end = inner
    column = key.mark.column
    return text[key.start : end.end].rstrip().replace("\n" + " " * column, "\n")


def _last(node: Node) -> Node | None:
    """The last value of a collection that is not in brackets."""
    if isinstance(node, nodes.Mapping) and not node.flow and node.pairs:
        return node.pairs[-1][1]
    return node.items[-1] if isinstance(node, Sequence) and not node.flow and node.items else None
