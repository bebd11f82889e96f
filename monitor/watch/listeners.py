"""What may be asked from outside: the callback that hubs push to, `/healthz` with the metrics. Both off by default."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import monitor.watch.log as log
from monitor.config import Settings
from monitor.watch.health import serve
from monitor.watch.liveness import Liveness
from monitor.watch.operator import Operator
from monitor.watch.websub import Hubs, read_key

Close = Callable[[], Awaitable[None]]
_LOG = log.logger("listeners")


@dataclass(slots=True)
class Listeners:
    """Follows the settings: what they name anew is opened, what they no longer name is closed."""

    state_dir: Path
    operator: Operator
    liveness: Liveness
    _open: dict[str, tuple[object, Close]] = field(default_factory=dict)

    async def follow(self, settings: Settings) -> None:
        """An address that cannot be listened at is told, and holds up nothing else; a reload tries it again."""
        hubs = (settings.websub, settings.websub_listen) if settings.websub else ()
        await self._follow("websub", hubs, lambda: self._hear_hubs(settings))
        await self._follow("metrics", settings.metrics, lambda: self._show(settings.metrics))

    async def close(self) -> None:
        """Closes all."""
        for name in list(self._open):
            await self._open.pop(name)[1]()

    async def _follow(self, name: str, wanted: object, begin: Callable[[], Awaitable[Close]]) -> None:
        there, close = self._open.get(name, ((), None))
        if wanted == there or (not wanted and close is None):
            return
        if close is not None:
            del self._open[name]
            await close()
        try:
            if wanted:
                self._open[name] = wanted, await begin()
        except (OSError, ValueError) as error:
            why = f"{name}: nothing can listen there ({error})"
            _LOG.warning("not listening", why=why)
            await self.operator.tell(f"listener:{name}", "failed", f"{name}: العنوان لا يُفتح", [why])
        else:
            await self.operator.tell(f"listener:{name}", "ok", f"{name}: العنوان مفتوح", [])

    async def _hear_hubs(self, settings: Settings) -> Close:
        """Hubs may tell of news; the feeds are polled all the same, those that are pushed rarely."""
        rounds = self.liveness.rounds
        key = await asyncio.to_thread(read_key, self.state_dir)
        hubs = Hubs(
            callback=settings.websub, key=key, client=rounds.tools.client, clock=rounds.clock, hasten=rounds.push
        )
        stop = await hubs.listen(settings.websub_listen)
        rounds.hear(hubs)

        async def close() -> None:
            rounds.hear(None)
            await stop()

        return close

    async def _show(self, address: str) -> Close:
        stop = serve(address, self.liveness.metrics, self.liveness.verdict)

        async def close() -> None:
            await asyncio.to_thread(stop)

        return close
