"""The matcher: an article in, the rules that fire on it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from monitor.match.candidates import Candidates
from monitor.match.document import Document
from monitor.match.plan import Plan
from monitor.rules.memory import collector_at_rest
from monitor.types import Hit, Rule, Severity


class Rules(Protocol):
    """What a matcher needs of `monitor.rules.RuleSet`."""

    @property
    def rules(self) -> Mapping[str, Rule]: ...


class Matcher:
    """The rules of a set, compiled; what an article costs does not grow with their number.

    Threads may share it. It never raises, whatever the text holds.
    """

    def __init__(
        self, ruleset: Rules, tags: Mapping[str, frozenset[str]] | None = None, *, expired: Collection[str] = ()
    ) -> None:
        """`tags`: the tags of each feed by its id, for rules with `sources`; `expired`: rules that only others use."""
        self._tags, self._expired = dict(tags or {}), frozenset(expired)
        with collector_at_rest():
            self.plan = Plan(ruleset.rules)
            self._candidates = Candidates(self.plan.roots[rule.id] for rule in self.plan.rules)

    def match(self, title: str, text: str, feed: str = "") -> list[Hit]:
        """The rules that fire, in the order of the set, each with every place that proves it.

        `feed` is the article's feed id; without one the rules' `sources` are not applied.
        """
        document = self.read(title, text)
        candidates = self._candidates.of(document, self.plan.vocabulary.accepted)
        rules = [self.plan.rules[number] for number in sorted(candidates)]
        asked = (rule for rule in rules if rule.id not in self._expired and self.watches(rule, feed))
        hits = (self.judge(rule, document) for rule in asked)
        return [hit for hit in hits if hit]

    def may_match(self, text: str) -> bool:
        """Could any rule fire on an article whose title and text are taken from this raw text? Never a false no."""
        return bool(self._candidates.loosely(self.read("", text)))

    def read(self, title: str, text: str) -> Document:
        """The article with the words of all rules in it."""
        return self.plan.vocabulary.read(title, text)

    def judge(self, rule: Rule, document: Document) -> Hit | None:
        """What one rule finds in a document, whatever its sources."""
        found = self.plan.roots[rule.id].found(document, document.everything)
        if not found:
            return None
        return Hit(rule=rule, severity=self._severity(rule, document), matches=document.proofs(found))

    def _severity(self, rule: Rule, document: Document) -> Severity:
        """The highest that applies."""
        if not rule.raises:
            return rule.severity
        conditions = zip(rule.raises, self.plan.raises[rule.id], strict=True)
        raised = [r.to for r, node in conditions if node.found(document, document.everything)]
        return max([rule.severity, *raised], key=lambda severity: severity.rank)

    def watches(self, rule: Rule, feed: str) -> bool:
        """Does a rule apply to a feed, by its id and tags? Without a feed: yes."""
        if not feed or not (rule.sources_only or rule.sources_not):
            return True
        names = self._tags.get(feed, frozenset()) | {feed}
        return (not rule.sources_only or not names.isdisjoint(rule.sources_only)) and names.isdisjoint(rule.sources_not)
