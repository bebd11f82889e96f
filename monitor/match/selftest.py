"""The tests that rules carry."""

from __future__ import annotations

from monitor.match.explain import why_not
from monitor.match.matcher import Matcher, Rules
from monitor.types import Hit, Problem, Rule, RuleTest


def check_tests(ruleset: Rules, matcher: Matcher | None = None) -> list[Problem]:
    """A problem for each test that fails, at the test's place: what fired, or what was missing.

    A `matcher` of the same set saves compiling it once more.
    """
    matcher = matcher or Matcher(ruleset)
    tests = ((rule, test) for rule in ruleset.rules.values() for test in rule.tests)
    return [problem for rule, test in tests for problem in _failures(matcher, rule, test)]


def _failures(matcher: Matcher, rule: Rule, test: RuleTest) -> list[Problem]:
    document = matcher.read(test.title, test.text)
    hit = matcher.judge(rule, document)
    if test.hit == bool(hit):
        return []
    message = _fired(hit) if hit else f"does not fire: {why_not(matcher, rule, document)}"
    kind = "hit" if test.hit else "miss"
    return [Problem(place=test.place, message=f"rule {rule.id} fails its {kind} test «{_short(test)}»: {message}")]


def _fired(hit: Hit) -> str:
    found = dict.fromkeys(f"«{m.surface}» (for {m.term})" for m in hit.matches)
    return "it fires on " + ", ".join(list(found)[:5]) + (" and more" if len(found) > 5 else "")


def _short(test: RuleTest) -> str:
    text = " ".join((test.title + " " + test.text).split())
    return text if len(text) <= 80 else text[:79] + "…"
