"""`rasid demo` as a newcomer sees it: the real command on the shipped rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SILENT = ("مسيرة احتجاجية", "شاهد عيان يروي", "جيران الحديقة", "مهرجان التمور")


def test_the_demo_shows_alerts_a_digest_and_what_was_told_once(tmp_path: Path) -> None:
    """It ends by itself within 20 s, leaves nothing behind, and nothing that must stay silent fires."""
    began = time.monotonic()
    environ = {**os.environ, "RASID_RULES": str(ROOT / "rules"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--state", str(tmp_path / "state"), "demo"],
        capture_output=True, text=True, timeout=90, env=environ, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 20 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert done.stdout.count("🟠") == 4
    assert "طراز «شاهد-١٣٦»*" in done.stdout
    assert "🗞 موجز: 3 أخبار" in done.stdout
    table = done.stdout.partition("Stored: 12 articles")[2].splitlines()
    assert sorted(row.split()[-1] for row in table if "ru_ir_pact" in row) == ["alert", "joined"]
    for title in SILENT:
        (row,) = (row for row in table if title in row)
        assert re.search(r"-\s+-$", row), row
    assert list(tmp_path.iterdir()) == []
