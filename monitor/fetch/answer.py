"""An HTTP answer as the room hands it around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DOCUMENTS = (200, 203)  # statuses whose body is what was asked for; 203: a proxy on the way changed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it came: header names in lower case, the body plain and within its limits."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    wire: int = 0  # bytes of the body as sent
    host: str = ""
    private: bool = False  # from an address that is reached only because `allow_networks` permits it
    trail: tuple[tuple[str, int], ...] = ()  # redirects on the way here: address asked, status
