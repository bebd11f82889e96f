"""What a channel's answer means: the table of classes, service by service. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from monitor.alert.lane import SendResult
from monitor.alert.wording.words import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A class, and for Telegram what to try once more: as plain text, shorter, in the chat's new place, as no reply."""

    result: SendResult
    again: Literal["", "plain", "shorter", "moved", "unlinked"] = ""


_PARSE = re.compile(r"can't parse|can.t find end|unsupported start tag|unclosed|entit(y|ies)", re.I)
_REPLY = re.compile(r"repl(y|ied)", re.I)
_LONG = re.compile(r"too long|too large", re.I)
_CHAT = re.compile(
    r"chat not found|user not found|deactivated|peer_id_invalid|chat_id is empty|rights|restricted|topic|thread"
    r"|kicked|blocked|forbidden|admin|not a member|upgraded",
    re.I,
)


def telegram(status: int, body: bytes, headers: Mapping[str, str], now: float, *, alone: bool, whole: bool) -> Verdict:
    """Telegram's answer. `alone`: the channel has one chat only, so that a broken chat is a broken channel; `whole`:
    the answer was read to its end."""
    answer = _object(body)
    if answer.get("ok") is True and status == 200:
        found = answer.get("result")
        number = found.get("message_id", "") if isinstance(found, dict) else ""
        return Verdict(result=SendResult(kind="sent", remote_id=str(number)))
    if "error_code" not in answer and 200 <= status < 300:
        detail = f"the answer is none of Telegram's (HTTP {status})" if whole else f"the answer was cut (HTTP {status})"
        return Verdict(result=SendResult(kind="ambiguous", detail=detail))
    code = answer.get("error_code", status)
    return _telegram_error(code if isinstance(code, int) else status, answer, headers, now, alone)


def _telegram_error(code: int, answer: dict[str, Any], headers: Mapping[str, str], now: float, alone: bool) -> Verdict:
    words = clean(str(answer.get("description") or "")[:200])
    detail = f"Telegram {code}: {words}" if words else f"Telegram {code}"
    found = answer.get("parameters")
    parameters = found if isinstance(found, dict) else {}
    scope: Literal["channel", "recipient"] = "channel" if alone else "recipient"
    if code == 429:
        wait = _seconds(parameters.get("retry_after"))
        wait = wait if wait is not None else retry_after(headers, now)
        return Verdict(result=SendResult(kind="throttled", detail=detail, retry_after=wait))
    if "migrate_to_chat_id" in parameters:
        new = str(parameters["migrate_to_chat_id"])[:40]
        result = SendResult(kind="broken", detail=detail, moved_to=new, scope=scope)
        return Verdict(result=result, again="moved")
    if code == 413 or (code == 400 and _LONG.search(words)):
        return Verdict(result=SendResult(kind="content", detail=detail), again="shorter")
    if code == 400 and _PARSE.search(words):
        return Verdict(result=SendResult(kind="content", detail=detail), again="plain")
    if code == 400 and _REPLY.search(words):
        return Verdict(result=SendResult(kind="content", detail=detail), again="unlinked")
    if code == 403 or (code == 400 and _CHAT.search(words)):
        return Verdict(result=SendResult(kind="broken", detail=detail, scope=scope))
    if code == 400:
        return Verdict(result=SendResult(kind="content", detail=detail))
    return Verdict(result=_by_status(code, detail, headers, now))


def webhook(status: int, headers: Mapping[str, str], now: float) -> SendResult:
    """A webhook's answer, by its status alone."""
    if 200 <= status < 300:
        return SendResult(kind="sent")
    if 300 <= status < 400:
        detail = f"HTTP {status}: redirects are not followed, write the new address into channels.yaml"
        return SendResult(kind="broken", detail=detail)
    return _by_status(status, f"HTTP {status}", headers, now)


def _by_status(status: int, detail: str, headers: Mapping[str, str], now: float) -> SendResult:
    """What all services on HTTP mean alike."""
    if status == 429:
        return SendResult(kind="throttled", detail=detail, retry_after=retry_after(headers, now))
    if status >= 500 or status in (408, 421, 425):
        return SendResult(kind="passing", detail=detail, retry_after=retry_after(headers, now))
    if status in (400, 406, 413, 415, 422):
        return SendResult(kind="content", detail=detail)
    return SendResult(kind="broken", detail=detail)


def smtp(
    stage: Literal["greeting", "login", "sender", "recipient", "data", "text"], code: int, words: bytes, *, alone: bool
) -> SendResult:
    """An SMTP reply that is no success, by what it replied to. `alone`: the channel has one recipient only.

    An address that the server refuses for good is the channel's fault where it is the only one; one of several
    loses this message, and the others get it.
    """
    said = clean(words.decode("utf-8", "replace")[:200])
    detail = f"SMTP {code} ({stage}): {said}"
    scope: Literal["channel", "recipient"] = "recipient" if stage == "recipient" else "channel"
    if code < 0 or 400 <= code < 500:
        return SendResult(kind="passing", detail=detail, scope=scope)
    if stage in ("data", "text") or code == 552:
        return SendResult(kind="content", detail=detail)
    if stage == "recipient":
        return SendResult(kind="broken" if alone else "content", detail=detail)
    return SendResult(kind="broken", detail=detail)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """`Retry-After` in seconds, given as such or as a date; None where there is none that can be read."""
    value = headers.get("retry-after", "").strip()
    seconds = _seconds(value)
    if seconds is not None or not value:
        return seconds
    try:
        date = parsedate_to_datetime(value[:100])
        return _seconds((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _seconds(value: object) -> float | None:
    """A number of seconds that makes sense: 0 to 30 days."""
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return min(max(seconds, 0.0), 30 * 86400.0) if seconds == seconds else None


def _object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; empty where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
