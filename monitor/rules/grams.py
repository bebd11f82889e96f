"""Letters that stand in some word of every text that a pattern matches: most patterns need not be run on a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

SIZE = 3
_PLAIN = re.compile("[ء-غف-ي]+|[a-z]+")  # letters of one script: they stand in one word
_STEP = re.compile(
    r"\\[pP]\{[^}]*\}|\\[pP].|\\x\{[^}]*\}|\\x..|\\[0-7]{1,3}|\\(.)"  # 1: what an escape stands for, if it is no letter
    r"|\[\^?\]?(?:\[:[^\]]*:\]|\\.|[^\]\\])*\]"
    r"|\((?:\?:|\?P?<\w+>)?|\)|\||[*+?]\??|\{\d*,?\d*\}\??|(.)",  # 2: a character that stands for itself
    re.DOTALL,
)


def grams(pattern: str) -> frozenset[str]:
    """One of these stands in a word of every (folded) text that an RE2 pattern matches; none where nobody can say."""
    if re.search(r"\(\?(?![:P<])|\\Q", pattern):  # flags and quotations change what letters mean
        return frozenset()
    reader = _Reader(pattern)
    needs = _rarest(reader.alternatives())
    return frozenset() if reader.left else frozenset(run[-SIZE:] for run in needs)


_Runs = frozenset[str]  # runs of letters, one of which must stand there


def _rarest(alternatives: list[list[_Runs]]) -> _Runs:
    """One of these must stand there if one of the alternatives does: of each the fewest and longest runs."""
    if not all(alternatives):
        return frozenset()
    return frozenset[str]().union(*(min(needs, key=_rarity) for needs in alternatives))


def _rarity(runs: _Runs) -> tuple[int, int]:
    return len(runs), -min(map(len, runs))


class _Reader:
    """Reads a pattern's alternatives into the runs of letters that each of them must have."""

    def __init__(self, pattern: str) -> None:
        self.left = [(m[0], m[2] or "") for m in _STEP.finditer(pattern)][::-1]

    def alternatives(self) -> list[list[_Runs]]:
        """Up to the end of the group, for each alternative what must stand there."""
        found: list[list[_Runs]] = [[]]
        run = ""
        while self.left:
            step, char = self.left.pop()
            if step == ")":
                break
            if char and _PLAIN.fullmatch(run + char) and not self._optional():
                run += char
                continue
            found[-1] += _long(run)
            run = ""
            if step == "|":
                found.append([])
            elif step.startswith("("):
                inside = _rarest(self.alternatives())
                if inside and not self._optional():
                    found[-1].append(inside)
        found[-1] += _long(run)
        return found

    def _optional(self) -> bool:
        """Is what was just read repeated, perhaps no times?"""
        return bool(self.left) and self.left[-1][0][0] in "*?{+"


def _long(run: str) -> list[_Runs]:
    return [frozenset([run])] if len(run) >= SIZE else []


def grams_of(word: str) -> Iterator[str]:
    """All that stand in a folded word."""
    return map("".join, zip(word, word[1:], word[2:], strict=False))
