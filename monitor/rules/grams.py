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
    runs = reader.alternatives()
    if reader.left or not all(runs):
        return frozenset()
    return frozenset(max(run, key=len)[-SIZE:] for run in runs)


class _Reader:
    """Reads a pattern's alternatives into the runs of letters that each of them must have."""

    def __init__(self, pattern: str) -> None:
        self.left = [(m[0], m[2] or "") for m in _STEP.finditer(pattern)][::-1]

    def alternatives(self) -> list[list[str]]:
        """Up to the end of the group, for each alternative its runs; those of a group inside where it has no choice."""
        found: list[list[str]] = [[]]
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
                inside = self.alternatives()
                if len(inside) == 1 and not self._optional():
                    found[-1] += inside[0]
        found[-1] += _long(run)
        return found

    def _optional(self) -> bool:
        """Is what was just read repeated, perhaps no times?"""
        return bool(self.left) and self.left[-1][0][0] in "*?{+"


def _long(run: str) -> list[str]:
    return [run] if len(run) >= SIZE else []


def grams_of(word: str) -> Iterator[str]:
    """All that stand in a folded word."""
    return map("".join, zip(word, word[1:], word[2:], strict=False))
