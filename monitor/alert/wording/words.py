"""Arabic words, dates and digits of the messages; isolates around what a feed said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How times and numbers are shown."""

    timezone: str = "Asia/Riyadh"
    digits: Literal["latn", "arab"] = "latn"
