"""The keys of a rule: who is told, when it counts, its tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import monitor.rules.tables as tables
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.rules.expression import AllOf, Item
from monitor.rules.grammar import Grammar
from monitor.rules.identity import Identity
from monitor.rules.reading import Reading
from monitor.rules.references import Kind, Reference
from monitor.rules.slips import text_for_a_rule
from monitor.types import Raise, Rule, RuleTest, Severity

_UNDER_MATCH = {key: f"`{key}` stands under `match:`" for key in (*tables.KINDS, *tables.OPTIONS, "not")}
Pairs = dict[str, tuple[Scalar, Node]]


class RuleReader:
    """Makes rules of nodes; what they name elsewhere gathers in `references`."""

    def __init__(self, reading: Reading, grammar: Grammar, identity: Identity) -> None:
        self.reading = reading
        self.identity = identity
        self.grammar = grammar
        self.references: list[Reference] = []

    def rule(self, key: Scalar, node: Node, source: str) -> Rule | None:
        """The rule under `key`; none where it has no sound `match`."""
        pairs = self._pairs(key, node)
        if "match" not in pairs:
            return None
        match = self._match(pairs)
        severity = self._severity(pairs.get("severity"), "severity") or Severity.high
        raises = tuple(self._raises(pairs["raise"][1])) if "raise" in pairs else ()
        given = {"name": key.text} | self._texts(pairs) | self._routing(pairs)
        tests = tuple(self._tests(pairs))
        if match is None:
            return None
        if not self.grammar.tally.rules:  # the versions of rules it refers to may not be known yet
            only, refused = given.get("sources_only", ()), given.get("sources_not", ())
            given["version"] = self.identity.version(match, only, refused)
        return Rule(
            id=key.text, match=match, severity=severity, raises=raises, source=source, place=key.place, tests=tests,
            **given,
        )  # fmt: skip

    def _pairs(self, key: Scalar, node: Node) -> Pairs:
        """The rule's keys with their values, after a look at what stands in their place by mistake."""
        what = f"rule `{key.text[:60]}`"
        if not re.fullmatch(tables.ID, key.text):
            hint = tables.ID_HINT + "; its name for people is `name`"
            self.reading.error(key.place, f"`{key.text[:60]}` cannot name a rule", hint)
        if key.text in tables.RULE and not (isinstance(node, Mapping) and node.get("match") is not None):
            hint = "it belongs to the rule above: put it, and what stands below it, two spaces further in"
            self.reading.error(key.place, f"`{key.text}` stands in the column of the rules' ids", hint)
            return {}
        if isinstance(node, Scalar) and not re.match(r"[a-z]+:\S", node.text):
            self.reading.error(node.place, f"{what} has keys of its own", text_for_a_rule(node.text))
            return {}
        pairs = self.reading.pairs(node, what, tables.RULE, _UNDER_MATCH)
        if "match" not in pairs and isinstance(node, Mapping):
            self.reading.error(key.place, f"{what} says nothing to watch", "write `match:` below it")
        return pairs

    def _texts(self, pairs: Pairs) -> dict[str, Any]:
        """`name` and `note`."""
        read = {key: self.reading.text(pairs[key][1], key) for key in ("name", "note") if key in pairs}
        return {key: text for key, text in read.items() if text is not None}

    def _match(self, pairs: Pairs) -> Item | None:
        match = self.grammar.match(pairs["match"][1])
        if "in" not in pairs:
            return match
        where: Any = self.reading.choice(pairs["in"][1], "in", tables.FIELD)
        return None if match is None else within(match, where)

    def _severity(self, pair: tuple[Scalar, Node] | None, key: str) -> Severity | None:
        text = self.reading.choice(pair[1], key, tables.SEVERITY) if pair else None
        return Severity(text) if text else None

    def _routing(self, pairs: Pairs) -> dict[str, Any]:
        """`to`, `sources` and `expires`."""
        found: dict[str, Any] = {}
        if "to" in pairs:
            found["to"] = tuple(self._names(pairs["to"][1], "to", "channel"))
        if "sources" in pairs:
            sources = self.reading.pairs(pairs["sources"][1], "`sources`", tables.SOURCES)
            for key in sources:
                found[f"sources_{key}"] = frozenset(self._names(sources[key][1], key, "feed or tag"))
        if "expires" in pairs:
            found["expires"] = self.reading.date(pairs["expires"][1], "expires")
        return found

    def _names(self, node: Node, key: str, kind: Kind) -> Iterator[str]:
        for scalar in self.reading.texts(node, key):
            self.references.append(Reference(kind=kind, name=scalar.text.strip(), place=scalar.place))
            yield scalar.text.strip()

    def _raises(self, node: Node) -> Iterator[Raise]:
        if not isinstance(node, Sequence):
            self.reading.error(node.place, "`raise` takes a list", "write a dash before `to:`, and `if:` below `to:`")
            return
        for each in node.items:
            pairs = self.reading.pairs(each, "`raise`", tables.RAISE)
            for missing in tables.RAISE.keys() - pairs.keys() if isinstance(each, Mapping) else ():
                self.reading.error(
                    each.place, f"`raise` lacks `{missing}`", "it has `to:`, a severity, and `if:`, an item"
                )
            to = self._severity(pairs.get("to"), "to")
            condition = self.grammar.item(pairs["if"][1]) if "if" in pairs else None
            if to is not None and condition is not None:
                yield Raise(to=to, condition=condition)

    def _tests(self, pairs: Pairs) -> Iterator[RuleTest]:
        if "tests" not in pairs:
            return
        kinds = self.reading.pairs(pairs["tests"][1], "`tests`", tables.TESTS)
        for kind, (_, node) in kinds.items():
            if not isinstance(node, Sequence):
                self.reading.error(
                    node.place, f"`{kind}` takes a list", "write each text on a line of its own, after a dash"
                )
                continue
            for each in node.items:
                test = self._test(each, kind == "hit")
                if test is not None:
                    yield test

    def _test(self, node: Node, hit: bool) -> RuleTest | None:
        texts = {"title": "", "text": ""}
        if isinstance(node, Mapping) and not any(key.text in texts for key, _ in node.pairs):
            accident = self.grammar.accident(node)
            if accident:
                return RuleTest(hit=hit, text=accident, place=node.place)
        if isinstance(node, Mapping):
            pairs = self.reading.pairs(node, "a test", tables.TEST)
            given = {key: self.reading.text(value, key) for key, (_, value) in pairs.items()}
            texts |= {key: text for key, text in given.items() if text is not None}
            return RuleTest(hit=hit, place=node.place, **texts) if any(texts.values()) else None
        if self.grammar.is_comment(node):
            return None
        if isinstance(node, Scalar):
            self.grammar.over_lines(node, term=False)
        text = self.reading.text(node, "hit" if hit else "miss")
        return None if text is None else RuleTest(hit=hit, text=text, place=node.place)


def within(item: Item, where: Any) -> Item:
    """`item` only there; what it vetoes is still looked for everywhere."""
    if where is None or item.where == where:
        return item
    if isinstance(item, AllOf) and item.vetoes:
        return replace(item, items=tuple(within(part, where) for part in item.items))
    if item.where is None:
        return replace(item, where=where)
    return AllOf(place=item.place, term=item.term, items=(item,), where=where)
