"""Work that kills its process (X68, X69)."""

from __future__ import annotations

import subprocess
import sys

from tests.faults.conftest import Rasid, publish, told
from tests.journey.installation import ROOT
from tests.journey.outlet import Outlet
from tests.servers.webhook import Webhook

POISON = """
import os, sys
from monitor import extract
read = extract.Workers.page
async def page(self, data, *arguments, **options):
    if "قاتلة".encode() in data:
        os.kill(os.getpid(), 9)
    return await read(self, data, *arguments, **options)
extract.Workers.page = page
sys.argv = ["rasid", "run", "--once"]
from monitor.cli import main
main()
"""


def test_x68_x69_an_entry_that_kills_the_daemon_is_set_apart_after_two_deaths(
    rasid: Rasid, outlet: Outlet, hook: Webhook
) -> None:
    """Its page is left out, its own text is read, the operator is told, the feed's other entries arrive."""
    outlet.publish("bad", "سقوط طائرة مسيّرة في الوادي", "تفاصيل قاتلة عن الحادث الذي وقع في الوادي فجر اليوم.")
    titles = publish(outlet, 1)
    rasid.feeds(manbar=outlet.feed)
    rasid.channels(robot=hook.address)
    codes = []
    for _ in range(6):
        done = subprocess.run([sys.executable, "-c", POISON], env=rasid.env, cwd=ROOT, capture_output=True, timeout=60)
        codes.append(done.returncode)
        if done.returncode == 0:
            break
    assert codes[-1] == 0, codes
    assert 2 <= codes.count(-9) <= 4, codes
    assert sorted(set(told(hook))) == sorted([*titles, "سقوط طائرة مسيّرة في الوادي"])
    assert len(told(hook)) - 2 <= codes.count(-9)
    assert [text for text in told(hook, "operator") if "معزولة" in text]
