"""The hundred services that are left to apprise as they are: no ids, no classes of answers, at least once.

Importing this loads all of apprise's services, which takes a second.
"""

from __future__ import annotations

import threading
from typing import Any

import apprise
from apprise import AppriseAsset, NotificationManager, NotifyFormat
from apprise.result import AppriseResultStatus

from monitor.alert.lane import SendResult
from monitor.alert.quiet import reading
from monitor.alert.redact import redact
from monitor.alert.services import AGENT, OWN

READ = 30.0  # seconds; apprise's own 4 s make every slow answer a duplicate

_MANAGER = NotificationManager()
for _scheme, _class in OWN.items():
    if _MANAGER[_scheme] is not _class:
        _MANAGER.add(_class, schemas=_scheme, force=True)


def instantiate(url: str) -> Any | None:
    """apprise's object for a URL; None where it cannot be read."""
    asset = AppriseAsset(app_id=AGENT, async_mode=False, service_timeout=0)
    try:
        with reading():
            plugin = apprise.Apprise.instantiate(url, asset=asset)
    except Exception:  # plugins raise whatever a bad part happens to break
        return None
    if plugin is not None:
        plugin.request_rate_per_sec = 0
        if "rto=" not in url:
            plugin.socket_read_timeout = READ
    return plugin


def send(url: str, title: str, body: str, *, seconds: float, secrets: frozenset[str]) -> SendResult:
    """Hands a message to apprise and waits at most `seconds`; a call that hangs goes on in its own thread, unheard."""
    plugin = instantiate(url)
    if plugin is None:
        return SendResult(kind="broken", detail="apprise cannot read this channel's URL")
    box: list[SendResult] = []
    thread = threading.Thread(
        target=lambda: box.append(_notify(plugin, title, body, secrets)), name="rasid-apprise", daemon=True
    )
    thread.start()
    thread.join(seconds)
    return box[0] if box else SendResult(kind="ambiguous", detail=f"no answer within {seconds:g} s")


def room(url: str) -> int:
    """Characters that the service takes in a message's body."""
    plugin = instantiate(url)
    return min(int(plugin.body_maxlen), 30_000) if plugin is not None else 2000


def _notify(plugin: Any, title: str, body: str, secrets: frozenset[str]) -> SendResult:
    service = apprise.Apprise(asset=plugin.asset)
    service.add(plugin)
    try:
        result = service.notify(body=body, title=title, body_format=NotifyFormat.TEXT)
    except Exception as error:  # a plugin's fault must not end the lane
        return SendResult(kind="ambiguous", detail=f"{plugin.service_name}: {type(error).__name__}")
    words = "; ".join(entry.message for entry in result.logs())
    detail = redact(f"{plugin.service_name}: {words}" if words else str(plugin.service_name), secrets)[:300]
    return SendResult(kind=_KINDS[result.status], detail=detail)


_KINDS: dict[AppriseResultStatus, Any] = {
    AppriseResultStatus.SUCCESS: "sent",
    AppriseResultStatus.PARTIAL: "ambiguous",
    AppriseResultStatus.FAILURE: "passing",
    AppriseResultStatus.TIMEOUT: "ambiguous",
    AppriseResultStatus.NOMATCH: "broken",
}
