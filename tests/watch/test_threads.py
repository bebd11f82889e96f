"""The database's one thread: in order, what sends before what records, and no work lost at the close."""

from __future__ import annotations

import asyncio
import threading

import pytest

from monitor.watch.threads import Serial


def test_what_is_ahead_is_done_before_all_that_waits() -> None:
    done: list[str] = []

    async def work() -> None:
        db, free = Serial("store"), threading.Event()
        recording = [asyncio.ensure_future(db(free.wait))]
        recording += [asyncio.ensure_future(db(done.append, f"record {n}")) for n in range(3)]
        await asyncio.sleep(0.05)
        sending = asyncio.ensure_future(db.ahead(done.append, "send"))
        await asyncio.sleep(0.05)
        free.set()
        await asyncio.gather(*recording, sending)
        db.close()

    asyncio.run(work())
    assert done == ["send", "record 0", "record 1", "record 2"]


def test_an_error_is_the_callers_and_a_cancelled_call_is_not_done() -> None:
    done: list[str] = []

    async def work() -> None:
        db, free = Serial("store"), threading.Event()
        first = asyncio.ensure_future(db(free.wait))
        given_up = asyncio.ensure_future(db(done.append, "given up"))
        last = asyncio.ensure_future(db(done.append, "last"))
        await asyncio.sleep(0.05)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        free.set()
        await asyncio.gather(first, last)
        with pytest.raises(ZeroDivisionError):
            await db(lambda: 1 / 0)
        db.close()
        with pytest.raises(RuntimeError):
            await db(lambda: None)

    asyncio.run(work())
    assert done == ["last"]
