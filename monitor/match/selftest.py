"""The tests that rules carry."""

from __future__ import annotations

from monitor.match.explain import why_not
from monitor.match.matcher import Matcher, Rules
from monitor.match.wording import quoted
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
    hint = f"`rasid explain {rule.id}` goes through the rule part by part, for a text on standard input"
    told = f"rule `{rule.id}` fails its {kind} test {quoted(f'{test.title} {test.text}')}: {message}"
    return [Problem(place=test.place, message=told, hint=hint)]


def _fired(hit: Hit) -> str:
    found = dict.fromkeys(quoted(m.surface) for m in hit.matches)
    return "it fires on " + ", ".join(list(found)[:5]) + (" and more" if len(found) > 5 else "")
