"""Housekeeping: the disk, the nightly backup and clean-up, rules that fell silent, the heartbeat to the outside."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import monitor.watch.log as log
import monitor.watch.memory as memory
from monitor.config import Settings
from monitor.errors import RasidError, StateBusy
from monitor.store import Store
from monitor.watch.digests import CATCH_UP
from monitor.watch.operator import Operator
from monitor.watch.threads import Serial

NIGHT_HOUR = 3  # local time of the nightly work
_DAY = 86400.0
_LOOK_BACK = 60 * _DAY
_ODD = 0.001  # a silence that is likelier than this is no alarm
_LOG = log.logger("upkeep")


@dataclass(slots=True)
class Upkeep:
    """Looks once a minute; the nightly work is done once a night.

    What takes long does not hold the database's thread: feeds are read and alerts are sent meanwhile.
    """

    store: Store
    db: Serial
    operator: Operator
    settings: Callable[[], Settings]
    rules: Callable[[], Iterable[str]]
    clock: Callable[[], float]
    disk_low: bool = False
    resting: int = 0  # looks for which the nightly work rests
    owed: bool | None = None  # whether a backup is due that was not made; None: not known yet
    pause: int = 0  # looks before one that failed is tried again

    def clock_was_set(self) -> None:
        """For an hour nothing is forgotten by a clock that may be wrong."""
        self.resting = 60

    async def look(self) -> None:
        """Room in memory and on the disk, and the nightly work where it is due."""
        memory.give_back()
        try:
            await self._disk()
            if self.resting:
                self.resting -= 1
            else:
                await self._nightly()
                if not self.disk_low and await self._owed():
                    await self._backup(self.clock())
                self.pause = max(0, self.pause - 1)
        except StateBusy as error:
            _LOG.warning("database busy", reason=str(error))

    async def _disk(self) -> None:
        space = await self.db(self.store.space)
        self.disk_low = space.low
        free = f"المساحة الحرة {space.free / 2**20:.0f} MiB"
        if space.low:
            await self.operator.tell("disk", "low", "القرص يكاد يمتلئ: توقفت قراءة المصادر", [free])
        else:
            await self.operator.tell("disk", "ok", "عادت المساحة الحرة على القرص", [free])

    async def _nightly(self) -> None:
        now = self.clock()
        local = datetime.fromtimestamp(now, ZoneInfo(self.settings().locale.timezone))
        night = f"{local:%Y-%m-%d}"
        if local.hour < NIGHT_HOUR or await self.db(self.store.meta, "nightly") == night:
            return
        await self.db(self.store.set_meta, "nightly", night)
        await self._backup(now)
        damage = await asyncio.to_thread(self.store.check)
        if damage:
            await self.operator.tell("database", "damaged", "قاعدة البيانات متضررة", [damage])
        forgotten = 0
        while gone := await self.db(self.store.prune, now, self.settings().keep_articles):
            forgotten += gone
        _LOG.info("nightly work done", forgotten_articles=forgotten)
        for rule in self.rules():
            await self._rule(rule, now)

    async def _owed(self) -> bool:
        """A new or restored installation is given a backup once its first round was told of, not in its first night;
        one that failed is tried again after an hour.
        """
        if self.pause:
            return False
        if self.owed is None:
            told = float(await self.db(self.store.meta, CATCH_UP) or 0)
            if not told:
                return False
            self.owed = self.store.last_backup() < told
        return self.owed

    async def _backup(self, now: float) -> None:
        try:
            path = await asyncio.to_thread(self.store.nightly, now)
        except (OSError, RasidError) as error:
            self.owed, self.pause = True, 60
            await self.operator.tell("backup", "failed", "تعذّر النسخ الاحتياطي", [str(error)])
            return
        self.owed = False
        _LOG.info("backup made", path=str(path))
        await self.operator.tell("backup", "ok", "عاد النسخ الاحتياطي إلى العمل", [])

    async def _rule(self, rule: str, now: float) -> None:
        """A rule that used to fire and fell silent: perhaps its words are no longer used, or its feeds are gone."""
        times = await self.db(self.store.hit_times, rule, now - _LOOK_BACK)
        why = silence(times, now)
        if why:
            await self.operator.tell(f"rule:{rule}", "silent", f"القاعدة {rule} صامتة على غير عادتها", [why])
        elif times:
            await self.operator.tell(f"rule:{rule}", "ok", f"القاعدة {rule} تعمل من جديد", [])


def silence(times: Iterable[float], now: float) -> str:
    """Why a rule's silence is odd, in words: its own rate makes so long a wait less likely than one in a thousand."""
    seen = sorted(times)
    if len(seen) < 5 or seen[-1] <= seen[0]:
        return ""
    rate = (len(seen) - 1) / (seen[-1] - seen[0])
    quiet = now - seen[-1]
    if quiet < _DAY or math.exp(-rate * quiet) >= _ODD:
        return ""
    return f"no hit for {quiet / _DAY:.1f} days, where {rate * quiet:.0f} were to be expected"
