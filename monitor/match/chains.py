"""Choosing one occurrence of each part, close together: what phrases and `near` share."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, pairwise
from typing import NamedTuple

Proof = tuple[str, int, int]  # term, first token, behind the last token
Joined = Callable[[int, int], bool]  # do two tokens stand together? False for (i, k) means False for every (h < i, k)
MASKS = 256  # how many partial choices `unordered` follows at once: all of them up to 8 parts


class Occurrence(NamedTuple):
    """A span of tokens, end exclusive, and the places in it that prove the find."""

    start: int
    end: int
    proof: tuple[Proof, ...]


class Chain(NamedTuple):
    """Occurrences behind each other: the last one and the chain before it."""

    start: int
    end: int
    last: Occurrence
    before: Chain | None = None

    def links(self) -> list[Occurrence]:
        """The occurrences, first to last."""
        found: list[Occurrence] = []
        link: Chain | None = self
        while link:
            found.append(link.last)
            link = link.before
        return found[::-1]


class Window:
    """Chains that an occurrence may follow, the one that starts latest in front.

    As positions only grow, each chain enters and leaves once.
    """

    __slots__ = ("_chains", "_gap", "_joined")

    def __init__(self, gap: float, joined: Joined) -> None:
        self._gap, self._joined = gap, joined
        self._chains: deque[Chain] = deque()

    def add(self, chain: Chain) -> None:
        while self._chains and self._chains[-1].start <= chain.start:
            self._chains.pop()
        self._chains.append(chain)

    def best(self, start: int) -> Chain | None:
        """The chain that starts latest among those near enough to the token `start`."""
        chains = self._chains
        while chains and (chains[0].end < start - self._gap or not self._joined(chains[0].end - 1, start)):
            chains.popleft()
        return chains[0] if chains else None


def ordered(parts: Sequence[Sequence[Occurrence]], gap: float, joined: Joined) -> list[Chain]:
    """The shortest choices of one occurrence of each part in the parts' order, at most `gap` tokens between two."""
    chains = [Chain(o.start, o.end, o) for o in parts[0]]
    for part in parts[1:]:
        chains = _extended(sorted(chains, key=_end), part, gap, joined)
    return _shortest(chains)


def _extended(chains: list[Chain], part: Sequence[Occurrence], gap: float, joined: Joined) -> list[Chain]:
    window, found, at = Window(gap, joined), [], 0
    for occurrence in part:
        while at < len(chains) and chains[at].end <= occurrence.start:
            window.add(chains[at])
            at += 1
        best = window.best(occurrence.start)
        if best:
            found.append(Chain(best.start, occurrence.end, occurrence, best))
    return found


def unordered(parts: Sequence[Sequence[Occurrence]], gap: float, joined: Joined) -> list[Chain]:
    """The shortest choices of one occurrence of each part in any order, none overlapping.

    For each set of parts already chosen (a bit mask) only the chains that may still be continued are kept, so that
    the cost is linear in the occurrences.
    """
    row = list(_by_start(parts))
    if gap == float("inf") and all(a.end <= b.start for (_, a), (_, b) in pairwise(row)):
        return _latest(row, len(parts), joined)
    windows: dict[int, Window] = {}
    pending: list[tuple[int, int, int, Chain]] = []  # chains that end behind the current token
    found: list[Chain] = []
    full = (1 << len(parts)) - 1
    ticket = count()
    for bit, occurrence in row:
        while pending and pending[0][0] <= occurrence.start:
            _, _, mask, chain = heapq.heappop(pending)
            windows.setdefault(mask, Window(gap, joined)).add(chain)
        for mask, chain in _continued(windows, bit, occurrence):
            if mask == full:
                found.append(chain)
            else:
                heapq.heappush(pending, (chain.end, next(ticket), mask, chain))
    return _shortest(found)


def _latest(row: list[tuple[int, Occurrence]], number: int, joined: Joined) -> list[Chain]:
    """The same where any distance will do and nothing overlaps: the latest of each part, however many there are."""
    latest: dict[int, Occurrence] = {}  # in the order in which they stand
    found: list[Chain] = []
    for bit, occurrence in row:
        if latest and not joined(next(reversed(latest.values())).end - 1, occurrence.start):
            latest.clear()
        latest.pop(bit, None)
        latest[bit] = occurrence
        start = next(iter(latest.values())).start
        if len(latest) == number and (not found or start > found[-1].start):
            chain = None
            for link in latest.values():
                chain = Chain(start, link.end, link, chain)
            found += [chain] if chain else []
    return found


def _by_start(parts: Sequence[Sequence[Occurrence]]) -> Iterator[tuple[int, Occurrence]]:
    streams = ([(o.start, o.end, n, o) for o in part] for n, part in enumerate(parts))
    for _, _, n, occurrence in heapq.merge(*streams):
        yield 1 << n, occurrence


def _continued(windows: dict[int, Window], bit: int, occurrence: Occurrence) -> Iterator[tuple[int, Chain]]:
    """The new chains that end with `occurrence`; windows that ran empty are forgotten."""
    yield bit, Chain(occurrence.start, occurrence.end, occurrence)
    for mask in list(windows):
        best = windows[mask].best(occurrence.start)
        if best is None:
            del windows[mask]
        elif not mask & bit and (len(windows) < MASKS or (mask | bit) in windows):
            yield mask | bit, Chain(best.start, occurrence.end, occurrence, best)


def _end(chain: Chain) -> tuple[int, int]:
    return chain.end, -chain.start


def _shortest(chains: Iterable[Chain]) -> list[Chain]:
    """Those that hold no other one, first to last."""
    found: list[Chain] = []
    for chain in sorted(chains, key=_end):
        if not found or chain.start > found[-1].start:
            found.append(chain)
    return found
