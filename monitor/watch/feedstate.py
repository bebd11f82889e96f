"""When is a feed's trouble worth a word to the operator? Pure: outcomes in, changes of state out."""

from __future__ import annotations

from dataclasses import dataclass, replace

PATIENCE = 3  # failures in a row before a feed counts as broken
WORDS = {
    "blocked": "المصدر «{name}» يحجب الطلبات",
    "broken": "المصدر «{name}» لا يُقرأ",
    "gone": "المصدر «{name}» أُزيل نهائيا",
    "empty": "المصدر «{name}» أصبح فارغا",
    "silent": "المصدر «{name}» صامت على غير عادته",
    "ok": "المصدر «{name}» عاد إلى العمل",
}


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a feed fared lately; without a state it was not read yet."""

    failing: int = 0
    since: float = 0.0
    state: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """A change of state, in words; the headline has a place for the feed's name."""

    state: str
    headline: str
    lines: tuple[str, ...]


def judge(pulse: Pulse, kind: str, reason: str, now: float) -> tuple[Pulse, News | None]:
    """The feed's new pulse, and what to tell where its state changed. `kind` is an outcome's, or silent, or empty.

    Blocked, gone, silent and empty count at once, an error after three in a row; being throttled is good manners, not
    trouble.
    """
    if kind in ("new", "unchanged"):
        state, failing = "ok", 0
    elif kind in WORDS:
        state, failing = kind, pulse.failing + 1 if kind in ("blocked", "gone") else 0
    else:
        failing = pulse.failing + (kind == "error")
        state = "broken" if failing >= PATIENCE else pulse.state
    if state == pulse.state:
        return replace(pulse, failing=failing), None
    if (pulse.state, state) == ("", "ok"):
        return Pulse(0, now, state), None
    return Pulse(failing, now, state), News(state, WORDS[state], (reason,) if state != "ok" and reason else ())
