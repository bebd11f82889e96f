"""What the store's tests share: a store in a temporary folder, and nouns to put in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.store import Store
from monitor.types import (
    Alert,
    AlertKind,
    Article,
    Decision,
    DecisionKind,
    Entry,
    Expression,
    Finding,
    Hit,
    Item,
    Match,
    Rule,
    Severity,
)

NOW = 1_780_000_000.0


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def make_entry(key: str = "e1", **more: Any) -> Entry:
    given: dict[str, Any] = {
        "url": f"https://news.example/{key}",
        "title": f"عنوان {key}",
        "summary": f"نص الخبر {key}",
    }
    return Entry(key=key, **given | more)


def make_article(key: str = "e1", feed: str = "f1", **more: Any) -> Article:
    given: dict[str, Any] = {
        "url": f"https://news.example/{key}",
        "title": f"عنوان {key}",
        "text": f"نص الخبر {key} كاملا",
    }
    return Article(feed=feed, **given | more)


def make_hit(rule: str = "r1", severity: Severity = Severity.high, version: str = "v1") -> Hit:
    made = Rule(
        id=rule, name=f"قاعدة {rule}", match=Expression(), severity=severity, source=f"{rule}: …", version=version
    )
    return Hit(rule=made, severity=severity, matches=(Match("خبر", "الخبر", "text", 3, 8),))


def make_alert(id: str = "a1", channel: str = "c1", *, hits: dict[str, int] | None = None, **more: Any) -> Alert:  # noqa: A002
    """An alert about story 1 (or `story`) that names the rules of `hits` (rule -> the hit's number)."""
    story = more.pop("story", 1)
    found = tuple(
        Finding(hit=n, rule=rule, name=rule, severity=Severity.high, sentence="جملة")
        for rule, n in (hits or {}).items()
    )
    item = Item(
        article=1, url="https://news.example/1", title="عنوان", outlet="وكالة", published=None,
        first_seen=at(NOW), findings=found, story=story,
    )  # fmt: skip
    given: dict[str, Any] = {"kind": AlertKind.alert, "severity": Severity.high, "created": at(NOW), "items": (item,)}
    return Alert(id=id, channel=channel, **given | more)


def decision(
    kind: str = "alert", channel: str = "c1", until: float = 0.0, reason: str = "severity high alerts"
) -> Decision:
    return Decision(channel, DecisionKind(kind), reason, until)


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(
        entry=make_entry, article=make_article, hit=make_hit, alert=make_alert, decision=decision, at=at, now=NOW
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, now=NOW) as opened:
        yield opened


@pytest.fixture
def process(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs Python in a new process, with `Store` and `folder` at hand."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        start = (
            f"import os\nfrom pathlib import Path\nfrom monitor.store import Store\nfolder = Path({str(tmp_path)!r})\n"
        )
        path = ":".join([str(Path(__file__).parents[2]), *sys.path])
        return subprocess.run(
            [sys.executable, "-c", f"{start}NOW = {NOW}\n{code}"],
            env={"PYTHONPATH": path}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def child(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs code in a fork of this process, with everything in this file, `folder`, and `die` (kill -9) at hand."""

    def run(code: str) -> subprocess.CompletedProcess[str]:
        out, err = tmp_path / "stdout", tmp_path / "stderr"
        pid = os.fork()
        if not pid:
            for number, path in ((1, out), (2, err)):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
            _run_and_leave(code, tmp_path)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return subprocess.CompletedProcess(code, status, out.read_text(), err.read_text())

    return run


def _run_and_leave(code: str, folder: Path) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        exec(code, {**globals(), "folder": folder, "die": die})
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(1)
