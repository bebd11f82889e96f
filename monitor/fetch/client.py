from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from monitor.fetch.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBytes:
    """A page as it came."""

    data: bytes
    url: str  # where it came from in the end
    status: int
    content_type: str
    fetched_at: float  # epoch seconds


class Client:
    """Guarded HTTP for one event loop; one is shared by all feeds and pages."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    async def page(self, url: str, *, now: float, deadline: float | None = None, proxy: str = "") -> PageBytes:
        """A page's bytes, whatever they are. Raises FetchError (AddressRefused, TooBig) in words for people."""
        raise NotImplementedError
