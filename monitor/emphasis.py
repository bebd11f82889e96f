"""Which letters of a sentence are marked as what fired. Pure: offsets in, offsets out."""

from __future__ import annotations

from collections.abc import Iterable

_CLOSING = {
    "«": "»", "‹": "›", "“": "”", "”": "“", "„": "“", "‘": "’", '"': '"', "'": "'", "(": ")", "[": "]",
    "﴾": "﴿", "﴿": "﴾",
}  # fmt: skip


def emphasised(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order as they are to be seen: those that overlap, or have only spaces between them, are one, and a
    mark that closes a quote or bracket opened inside of one belongs to it."""
    seen: list[tuple[int, int]] = []
    for begin, end in sorted((max(0, a), min(b, len(text))) for a, b in spans):
        if begin >= end:
            continue
        if seen and not text[seen[-1][1] : begin].strip():
            begin, end = seen[-1][0], max(seen.pop()[1], end)
        seen.append((begin, _closed(text, begin, end)))
    return seen


def _closed(text: str, begin: int, end: int) -> int:
    """The end of a span, behind what closes the quotes and brackets that are open in it."""
    awaited: list[str] = []
    for char in text[begin:end]:
        if char in awaited:
            del awaited[awaited.index(char) :]
        elif char in _CLOSING:
            awaited.append(_CLOSING[char])
    while text[end : end + 1] in awaited:
        del awaited[awaited.index(text[end]) :]
        end += 1
    return end
