"""The unit as systemd itself judges it, where systemd is present."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "systemd" / "rasid.service"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")


def analyze(*arguments: str) -> str:
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@needs_systemd
def test_systemd_verifies_the_unit(tmp_path: Path) -> None:
    """Nothing is unknown or misspelt; only the paths of the installation are replaced."""
    unit = tmp_path / "rasid.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/rasid/.venv/bin/python", "/bin/true"))
    assert analyze("verify", "--man=no", str(unit)).strip() == ""


@needs_systemd
def test_exposure_is_at_most_1_1() -> None:
    """The figure of `systemd-analyze security`: 0 is sealed, 10 is wide open."""
    found = re.search(r"Overall exposure level for \S+ (\d+\.\d+)", analyze("security", "--offline=true", str(UNIT)))
    assert found is not None
    assert float(found[1]) <= 1.1


def test_wrong_configuration_is_not_restarted() -> None:
    """Exit codes 75 and 78 do not get better by starting again."""
    assert re.search(r"^RestartPreventExitStatus=75 78$", UNIT.read_text("utf-8"), re.M)


def test_every_setting_has_a_reason_above_it() -> None:
    """A comment stands before each group of settings in [Service]."""
    service = UNIT.read_text("utf-8").split("[Service]")[1].split("[Install]")[0]
    groups = [group for group in service.strip().split("\n\n") if group]
    assert all(group.startswith("#") for group in groups)
