"""Why a rule fires on an article, or why not, part by part, in words that can be shown to somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from monitor.match.chains import Occurrence
from monitor.match.conditions import Condition
from monitor.match.document import Document, Scope
from monitor.match.matcher import Matcher, Rules
from monitor.match.nodes import AllOfNode, AnyNode, Found, NameNode, RefNode, enough
from monitor.match.refused import apart, refused
from monitor.match.wording import STANDS, brief, label, listed, options, quoted
from monitor.rules.expression import AllOf, AnyOf, Item, Near, Phrase, Regex, RuleRef, Word
from monitor.types import Match, Rule

SHOWN = 12  # parts that were not found are listed up to so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An occurrence that an `if` or `unless` dropped, and why."""

    match: Match
    reason: str


# A part's parts are alternatives (choice), one place in the text (place), or hold one by one (part).
Kind = Literal["part", "choice", "place", "if", "unless", "not", "raise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of one part of a rule: does it hold, in words why, where was it found; and its parts."""

    part: str
    holds: bool
    words: str
    found: tuple[Match, ...] = ()
    dropped: tuple[Lost, ...] = ()
    parts: tuple[Explanation, ...] = ()
    kind: Kind = "part"
    near: float = 0.0  # how near it came: 1 holds, 0 nothing of it was found

    def text(self) -> str:
        """The tree as indented lines."""
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}{'✓' if self.holds else '✗'} {self.part}: {self.words}"
        for lost in self.dropped[:SHOWN]:
            yield f"{'  ' * depth}    dropped {quoted(lost.match.surface)} in the {lost.match.field}: {lost.reason}"
        for part in self.parts:
            yield from part._lines(depth + 1)

    def json(self) -> dict[str, Any]:
        """The tree as plain values."""
        return {
            "part": self.part,
            "holds": self.holds,
            "words": self.words,
            "found": [_place(match) for match in self.found],
            "dropped": [{**_place(lost.match), "reason": lost.reason} for lost in self.dropped],
            "parts": [part.json() for part in self.parts],
        }

    def reasons(self) -> list[str]:
        """Why this part does not hold, as far down as it says something: one reason for each thing that is missing."""
        if self.holds:
            return []
        if self.dropped:
            dropped = (f"{quoted(lost.match.surface)} was dropped: {lost.reason}" for lost in self.dropped)
            return list(dict.fromkeys(dropped))[:SHOWN]
        parts = sorted((part for part in self.parts if part.near > 0), key=lambda part: -part.near)
        below = [reason for part in parts for reason in part.reasons()]
        own = [] if below and self.kind == "choice" else [f"{self.part}: {self.words}"]
        return list(dict.fromkeys([*own, *below]))[:SHOWN]


def _place(match: Match) -> dict[str, Any]:
    return {"term": match.term, "surface": match.surface, "field": match.field, "start": match.start, "end": match.end}


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Mapping[str, Rule]


def explain(
    what: Rule | Rules,
    title: str,
    text: str,
    *,
    feed: str = "",
    rules: Mapping[str, Rule] | None = None,
    matcher: Matcher | None = None,
) -> Explanation:
    """Why a rule, or each rule of a set, fires on an article or doesn't.

    `rules`: the set of a single rule that refers to others. `matcher`: of the same rules, saves compiling them again;
    with its tags and `feed` the answer tells of `sources` too.
    """
    if isinstance(what, Rule):
        matcher = matcher or Matcher(_Rules({**(rules or {}), what.id: what}))
        return _rule(matcher, what, matcher.read(title, text), feed)
    matcher = matcher or Matcher(what)
    document = matcher.read(title, text)
    parts = tuple(_rule(matcher, rule, document, feed) for rule in what.rules.values())
    fired = sum(part.holds for part in parts)
    return Explanation(part="rules", holds=fired > 0, words=f"{fired} of {len(parts)} fire", parts=parts)


def why_not(matcher: Matcher, rule: Rule, document: Document) -> str:
    """In one line: what a rule misses in a document."""
    return "; ".join(_node(matcher.plan.roots[rule.id], document, document.everything).reasons()[:4])


def _rule(matcher: Matcher, rule: Rule, document: Document, feed: str) -> Explanation:
    hit, watched = matcher.judge(rule, document), matcher.watches(rule, feed)
    parts = [_node(matcher.plan.roots[rule.id], document, document.everything)]
    for raised, node in zip(rule.raises, matcher.plan.raises.get(rule.id, ()), strict=True):
        below = _node(node, document, document.everything)
        words = "applies" if below.holds else "does not apply"
        what = f"raise to {raised.to}"
        parts.append(Explanation(part=what, holds=below.holds, words=words, parts=(below,), kind="raise"))
    if not watched:
        words = "does not fire: its sources leave out this feed"
    else:
        words = f"fires with severity {hit.severity}" if hit else "does not fire"
    found = hit.matches if hit and watched else ()
    name = f"rule {rule.id}" + (f" {quoted(rule.name)}" if rule.name else "")
    return Explanation(part=name, holds=bool(hit) and watched, words=words, found=found, parts=tuple(parts))


def _node(node: AnyNode, document: Document, scope: Scope) -> Explanation:
    """What became of one item in a range of tokens."""
    inner = document.scope(node.item.where, scope)
    raw, found = node.raw(document, inner), node.found(document, scope)
    kept = [o for o in raw if node.allows(document, o)]
    below = [_node(part, document, inner) for part in _parts(node)]
    near = 1.0 if found else 0.9 if raw else _nearness(node, below, document, inner)
    if isinstance(node, AllOfNode):
        below += [_veto(veto, document) for veto in node.vetoes]
    conditions = [_condition("if", c, document, raw) for c in node.when.keep]
    conditions += [_condition("unless", c, document, raw) for c in node.when.drop]
    return Explanation(
        part=label(node.item) + options(node.item),
        holds=bool(found),
        words=_words(node, document, inner, raw, kept),
        found=document.proofs(found),
        dropped=tuple(_lost(node, document, o) for o in raw if not node.allows(document, o)),
        parts=(*_shown(below), *conditions),
        kind=_KINDS.get(type(node.item), "part"),
        near=near,
    )


def _nearness(node: AnyNode, below: list[Explanation], document: Document, scope: Scope) -> float:
    """How near an item came that was not found: of alternatives the nearest counts, of other parts the mean."""
    if not below:
        instead = refused(node, document, scope)
        return 0.5 if instead and instead.asked else 0.0
    found = [part.near for part in below]
    return 0.99 * max(found) if isinstance(node.item, AnyOf) else 0.8 * sum(found) / len(found)


def _parts(node: AnyNode) -> tuple[AnyNode, ...]:
    """The items that a node is made of; of a reference the rule that it names."""
    if isinstance(node, RefNode):
        target = node.target(node.item.rule)
        return (target,) if target else ()
    return () if isinstance(node, NameNode) else node.parts


def _condition(kind: Literal["if", "unless"], condition: Condition, document: Document, raw: Found) -> Explanation:
    """For how many of the occurrences an `if` or `unless` is met."""
    met = sum(bool(condition.witness(document, o)) for o in raw)
    places = " or ".join(condition.context.at)
    judged = f"there for {met} of {len(raw)} found" if raw else "nothing found that it could judge"
    return Explanation(
        part=f"{kind} {places} {_terms(condition)}",
        holds=not raw or (met > 0 if kind == "if" else met < len(raw)),
        words=judged,
        kind=kind,
    )


def _terms(condition: Condition) -> str:
    return ", ".join(brief(item) for item in condition.context.items[:SHOWN])


def _lost(node: AnyNode, document: Document, o: Occurrence) -> Lost:
    return Lost(match=document.match((node.item.term, o.start, o.end)), reason=_reason(node, document, o))


def _veto(node: AnyNode, document: Document) -> Explanation:
    below = _node(node, document, document.everything)
    places = listed(document.proofs(node.found(document, document.everything)))
    words = f"vetoes the article: {places}" if below.holds else "is nowhere, as it should be"
    near = 0.95 if below.holds else 1.0
    return Explanation(
        part=f"not {below.part}", holds=not below.holds, words=words, dropped=below.dropped, kind="not", near=near
    )


def _shown(parts: list[Explanation]) -> tuple[Explanation, ...]:
    """All that says something; of the terms that are simply absent, only some."""
    absent = [part for part in parts if not (part.holds or part.dropped or part.parts)]
    hidden = set(map(id, absent[SHOWN:]))
    shown = [part for part in parts if id(part) not in hidden]
    if hidden:
        shown.append(Explanation(part=f"{len(hidden)} more", holds=False, words="not found"))
    return tuple(shown)


def _reason(node: AnyNode, document: Document, o: Occurrence) -> str:
    """Why an occurrence was dropped."""
    for condition in node.when.drop:
        there = condition.witness(document, o)
        if there:
            surface = document.span(there[1].start, there[1].end)[3]
            return f"{STANDS[there[0]]} {quoted(surface)}, which its `unless` names"
    missing = [c for c in node.when.keep if not c.witness(document, o)]
    return "; ".join(_missing(c) for c in missing)


def _missing(condition: Condition) -> str:
    places = " or ".join(STANDS[at] for at in condition.context.at)
    return f"its `if` asks that {places} {_terms(condition)}"


def _words(node: AnyNode, document: Document, scope: Scope, raw: Found, kept: list[Occurrence]) -> str:
    if enough(kept, node.item.times):
        return f"found {listed(document.proofs(kept))}"
    if kept:
        return f"found only {listed(document.proofs(kept))}, but {node.item.times} times are asked"
    if raw:
        return f"found {listed(document.proofs(raw))}, but every one was dropped"
    if node.item.where and scope != document.everything:
        elsewhere = node.raw(document, document.everything)
        if elsewhere:
            return f"not in the {node.item.where}; only {listed(document.proofs(elsewhere))}"
    return _ABSENT[type(node.item)](node, document, scope)


def _absent_any(node: AnyNode, document: Document, scope: Scope) -> str:
    there = sum(bool(part.found(document, scope)) for part in node.parts)
    least = node.item.at_least if isinstance(node.item, AnyOf) else 1
    return f"{there} of its {len(node.parts)} parts found, {least} asked" if least > 1 else "none of its parts found"


def _absent_all(node: AnyNode, document: Document, scope: Scope) -> str:
    absent = [part for part in node.parts if not part.found(document, scope)]
    lost = [part for part in absent if part.raw(document, document.scope(part.item.where, scope))]
    missing = [_one_of(part.item) for part in absent if part not in lost]
    said = [f"missing {', '.join(missing[:SHOWN])}"] if missing else []
    said += [f"{', '.join(_one_of(part.item) for part in lost[:SHOWN])} was dropped"] if lost else []
    there = [proofs[0] for part in node.parts if (proofs := document.proofs(part.found(document, scope)))]
    if said:
        found = [f"found {', '.join(quoted(match.surface) for match in there[:SHOWN])}"] if there else []
        return ", ".join([*found, *said])
    why = "a `not` vetoes the article" if isinstance(node.item, AllOf) else apart(node, document, scope)
    return f"its parts are there, but {why}"


def _one_of(item: Item) -> str:
    return f"one of ({brief(item)})" if isinstance(item, AnyOf) and not item.name else brief(item)


def _absent(node: AnyNode, document: Document, scope: Scope) -> str:
    instead = refused(node, document, scope)
    return "not found" + (instead.words(document) if instead else "")


_ABSENT: dict[type[Item], Callable[[AnyNode, Document, Scope], str]] = {
    Word: _absent,
    Regex: _absent,
    RuleRef: _absent,
    AnyOf: _absent_any,
    AllOf: _absent_all,
    Phrase: _absent_all,
    Near: _absent_all,
}
_KINDS: dict[type[Item], Kind] = {AnyOf: "choice", Phrase: "place", Near: "place"}
