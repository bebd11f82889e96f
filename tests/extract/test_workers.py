"""Readers that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest

import monitor.extract.workers as module
from monitor.extract import Workers
from monitor.extract.shape import shape
from monitor.extract.workers import LINE
from monitor.types import Article, Entry

SLOW = ("<div>" * 150 + "<p>جملة فيها مسيّرة شاهد 136 تكفي لإنذار في آخر الليل. <a href=x>رابط</a></p>" * 5000).encode()
PLAIN = (
    "<html><body><article><h1>عنوان قصير للخبر</h1>"
    "<p>أفاد المراسل بأن الميناء استقبل ثلاث سفن محملة بالقمح.</p></article></body></html>"
).encode()


def readers() -> list[int]:
    """The processes that this one started."""
    tasks = Path("/proc/self/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [child for child in children if b"extract.reader" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(1, deadline=5.0)
    yield pool
    pool.close()


def test_a_page_is_read_in_another_process(workers: Workers) -> None:
    """The article is the one that `page` gives; nothing is read in this process."""
    article = asyncio.run(workers.page(PLAIN, "https://example.org/1"))
    assert (article.title, article.text_from) == ("عنوان قصير للخبر", "page")
    assert "ثلاث سفن محملة بالقمح" in article.text


def test_a_reader_is_small(workers: Workers) -> None:
    """It holds what reads pages and nothing else of the daemon: less than 40 MB of its own."""
    asyncio.run(workers.page(PLAIN * 30, "https://example.org/1"))
    (reader,) = readers()
    lines = Path(f"/proc/{reader}/smaps_rollup").read_text().splitlines()
    assert sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) < 40 * 1024


def test_a_reader_knows_no_secret(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """X73: of the environment, in which people keep tokens, it has only what a Python process needs."""
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:secret")
    monkeypatch.setenv("LC_TIME", "ar_SA.UTF-8")
    asyncio.run(workers.page(PLAIN, "https://example.org/1"))
    (reader,) = readers()
    lines = Path(f"/proc/{reader}/environ").read_text().split("\0")
    known = {line.partition("=")[0] for line in lines}
    assert "TELEGRAM_TOKEN" not in known
    assert {"LC_TIME", "PATH"} <= known


def test_a_page_that_takes_too_long_is_raw_text_and_the_next_one_is_read(workers: Workers) -> None:
    """X66: the deadline kills the reader; the raw text holds the words, and the pool goes on."""
    asyncio.run(workers.page(PLAIN, "https://example.org/0"))
    workers.deadline = 0.05
    start = time.monotonic()
    article = asyncio.run(workers.page(SLOW, "https://example.org/1", Entry(key="k", title="عنوان من التغذية")))
    assert time.monotonic() - start < 5
    assert article.text_from == "raw"
    assert "مسيّرة شاهد 136" in article.text
    assert article.title == "عنوان من التغذية"
    assert "0.05 s" in article.dropped[0].reason
    workers.deadline = 5.0
    assert asyncio.run(workers.page(PLAIN, "https://example.org/2")).text_from == "page"


def test_a_reader_killed_from_outside_is_replaced(workers: Workers) -> None:
    """X67: SIGKILL in the middle of a page loses neither this page nor the next."""

    async def kill_while_reading() -> str:
        task = asyncio.create_task(workers.page(SLOW, "https://example.org/1"))
        await asyncio.sleep(0.15)
        for child in readers():
            os.kill(child, signal.SIGKILL)
        article = await task
        assert "its reader ended" in article.dropped[0].reason
        return article.text_from

    asyncio.run(workers.page(PLAIN, "https://example.org/0"))
    assert asyncio.run(kill_while_reading()) == "raw"
    assert asyncio.run(workers.page(PLAIN, "https://example.org/2")).text_from == "page"


def test_a_reader_killed_at_rest_costs_no_page(workers: Workers) -> None:
    """X67: it is found dead before it is asked; the page is read by another."""
    asyncio.run(workers.page(PLAIN, "https://example.org/0"))
    for child in readers():
        os.kill(child, signal.SIGKILL)
    time.sleep(0.1)
    assert asyncio.run(workers.page(PLAIN, "https://example.org/1")).text_from == "page"


def test_a_stop_that_is_told_to_all_processes_is_the_daemons(workers: Workers) -> None:
    """X05: systemd sends SIGTERM to the readers too; a page at work does not become raw text for it."""

    async def told_while_reading() -> str:
        task = asyncio.create_task(workers.page(SLOW, "https://example.org/1"))
        await asyncio.sleep(0.1)
        for child in readers():
            os.kill(child, signal.SIGTERM)
        return (await task).text_from

    workers.deadline = 60.0  # a busy machine is not what is asked here
    asyncio.run(workers.page(PLAIN, "https://example.org/0"))
    assert asyncio.run(told_while_reading()) == "page"


def test_a_reader_whose_daemon_is_gone_ends_in_the_middle_of_a_page() -> None:
    """X01: nobody is left to kill it, and a page may take for ever."""
    ours, theirs = Pipe()
    code = (
        "import sys, time, monitor.extract.reader as reader\n"
        "reader.page = lambda *arguments: time.sleep(30)\n"
        "reader.main(int(sys.argv[1]), 1 << 30)\n"
    )
    with theirs:
        number = theirs.fileno()
        reader = subprocess.Popen([sys.executable, "-c", code, str(number)], pass_fds=[number])
    assert ours.recv() == shape()
    ours.send((("data", "url", None), {}, 0.5))
    ours.close()
    try:
        assert reader.wait(10) == -signal.SIGALRM
    finally:
        reader.kill()


def test_a_reader_takes_no_module_from_the_folder_it_is_started_in(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts the daemon somewhere else, beside files of the same names, has the readers of this code."""
    for name in ("monitor.py", "lxml.py", "random.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    assert asyncio.run(workers.page(PLAIN, "https://example.org/1")).text_from == "page"


@pytest.mark.parametrize("program", ["exit 1", "exec sleep 100", ""], ids=["failing", "hanging", "refused"])
def test_readers_that_cannot_be_started_are_tried_seldom(
    program: str, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 pages come as raw text that says why, after one start or two; later one is tried again, and reads."""
    broken, starts = tmp_path / "python", tmp_path / "starts"
    if program:
        broken.write_text(f"#!/bin/sh\necho >> {starts}\n{program}\n")
        broken.chmod(0o700)
    with monkeypatch.context() as broke:
        broke.setattr(module, "START", 1.0)
        broke.setattr(module, "PAUSE", 0.6)
        broke.setattr(sys, "executable", str(broken))

        async def crowd() -> list[Article]:
            return await asyncio.gather(*(workers.page(PLAIN, f"https://example.org/{n}") for n in range(200)))

        articles = asyncio.run(crowd())
    assert {article.text_from for article in articles} == {"raw"}
    assert all("ثلاث سفن محملة بالقمح" in article.text for article in articles)
    assert all("no reader could be started" in article.dropped[0].reason for article in articles)
    assert not program or len(starts.read_text()) <= 2
    time.sleep(1.3)
    assert asyncio.run(workers.page(PLAIN, "https://example.org/1")).text_from == "page"


def test_a_reader_of_another_version_is_given_no_page(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """X78: the program was replaced under the daemon, and its nouns have other parts now: nothing is mixed up."""
    ours = shape()
    monkeypatch.setattr(module, "shape", lambda: [*ours, "mood"])
    article = asyncio.run(workers.page(PLAIN, "https://example.org/1"))
    assert article.text_from == "raw"
    assert "restart the daemon" in article.dropped[0].reason
    assert "restart the daemon" in caplog.text
    assert not readers()


def test_a_page_is_raw_text_where_no_thread_can_be_started(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of processes counts threads too: the page is not lost for it."""

    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def limited() -> Article:
        with monkeypatch.context() as limit:
            limit.setattr(threading.Thread, "start", refused)
            return await workers.page(PLAIN, "https://example.org/1")

    article = asyncio.run(limited())
    assert article.text_from == "raw"
    assert "RuntimeError" in article.dropped[0].reason
    assert asyncio.run(workers.page(PLAIN, "https://example.org/2")).text_from == "page"


def test_a_reader_has_only_its_memory() -> None:
    """X67: an address space too small for the page ends in raw text, not in the daemon's memory."""
    pool = Workers(1, memory=120 << 20)
    try:
        article = asyncio.run(pool.page(SLOW * 6, "https://example.org/1"))
    finally:
        pool.close()
    assert article.text_from == "raw"
    assert "مسيّرة شاهد 136" in article.text


def test_closing_ends_readers_at_work(workers: Workers) -> None:
    """X05: a stop doesn't wait for a page."""

    async def stop() -> float:
        task = asyncio.create_task(workers.page(SLOW, "https://example.org/1"))
        await asyncio.sleep(0.1)
        start = time.monotonic()
        await asyncio.to_thread(workers.close)
        assert (await task).text_from in ("raw", "page")
        return time.monotonic() - start

    asyncio.run(workers.page(PLAIN, "https://example.org/0"))
    assert asyncio.run(stop()) < 5
    assert not readers()


def test_a_second_reader_comes_with_the_crowd_and_goes_when_it_has_rested() -> None:
    """A few pages are read by one process. Two looks without a page end the second."""
    pool = Workers(2)

    async def life() -> list[int]:
        async def crowd(count: int) -> int:
            articles = await asyncio.gather(*(pool.page(PLAIN, f"https://example.org/{n}") for n in range(count)))
            assert {article.text_from for article in articles} == {"page"}
            return len(pool._readers)

        counts = [await crowd(3), await crowd(3 * LINE)]
        for _ in range(2):  # what a calm hour brings needs no second reader
            await crowd(3)
            await pool.rest()
            counts.append(len(pool._readers))
        return [*counts, await crowd(1)]

    try:
        assert asyncio.run(life()) == [1, 2, 2, 1, 1]
    finally:
        pool.close()
