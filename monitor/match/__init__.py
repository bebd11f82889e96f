"""Rules and an article in, hits with their proof out.

    matcher = Matcher(load_rules(path), tags={"feed-id": frozenset({"agency"})})
    for hit in matcher.match(title, text, feed="feed-id"):
        hit.rule.id, hit.severity, [(m.term, m.surface, m.field, m.start, m.end) for m in hit.matches]

Offsets are code points in exactly the strings given, end exclusive: `text[m.start:m.end] == m.surface`.
"""

from monitor.match.explain import Explanation, explain
from monitor.match.gist import gist
from monitor.match.matcher import Matcher
from monitor.match.selftest import check_tests
from monitor.match.show import sentence_of

__all__ = ["Explanation", "Matcher", "check_tests", "explain", "gist", "sentence_of"]
