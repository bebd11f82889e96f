"""What a poll brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.types import Entry

Kind = Literal["new", "unchanged", "error", "throttled", "blocked", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one poll brought, and when the next may be. Times are epoch seconds.

    - new: the body changed and was read; `entries` may still be empty (`poll_once`: there is at least one new entry)
    - unchanged: 304, the same bytes, or nothing new
    - error: no answer, an answer that is no feed; the wait grows with each
    - throttled: the server asked for a pause (429, or 503 with Retry-After)
    - blocked: a challenge or refusal meant for machines
    - gone: 410
    """

    kind: Kind
    next_at: float  # earliest time of the next poll
    reason: str  # in words, for people
    entries: tuple[Entry, ...] = ()  # in the document's order
    status: int = 0  # HTTP status of the last answer; 0 where there was none
    bytes: int = 0  # of the body, on the wire
    moved_to: str = ""  # the feed's new address, where it moved for good and was read there
    title: str = ""  # the feed's own, where its body was read
