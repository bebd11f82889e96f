"""WebSub (W3C): a hub tells when a feed has news, so that it need not be asked. Pure; `now` is epoch seconds.

The hall owns the callback's HTTP server and calls `verify` for a GET and `notice` for a POST. A subscription is a dict
that survives JSON. A push is only ever a reason to poll at once: what a stranger posts is never read as news.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

Subscription = dict[str, Any]

DAY = 86400.0
LEASE = 10 * DAY  # asked for; the hub decides
_RETRY = 3600.0  # after a hub's refusal or silence
_SHORTEST = 60.0
_HASHES = ("sha512", "sha384", "sha256", "sha1")


def begin(hub: str, topic: str, callback: str, secret: str, now: float) -> tuple[Subscription, bytes]:
    """A subscription that waits to be verified, and the form to post to its hub.

    `callback` is this feed's own address, impossible to guess; `secret` (under 200 bytes) signs what the hub sends.
    """
    form = urlencode(
        {
            "hub.mode": "subscribe",
            "hub.topic": topic,
            "hub.callback": callback,
            "hub.lease_seconds": int(LEASE),
            "hub.secret": secret,
        }
    ).encode()
    return {"hub": hub, "topic": topic, "secret": secret, "asked_at": now, "renew_at": now + _RETRY}, form


def verify(
    subscription: Subscription | None, query: Mapping[str, str], now: float
) -> tuple[Subscription | None, int, str]:
    """The hub's question whether this subscription is meant: the subscription as it is now, HTTP status and body.

    Only what was asked for is confirmed. A denial ends the subscription until the next try.
    """
    mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
    if subscription is None or topic != subscription["topic"]:
        return subscription, 404, ""
    if mode == "denied":
        return {**subscription, "active_until": 0.0, "renew_at": now + DAY}, 200, ""
    challenge, lease = query.get("hub.challenge", ""), query.get("hub.lease_seconds", "")
    if mode != "subscribe" or not challenge:
        return subscription, 404, ""
    seconds = float(lease) if lease.isascii() and lease.isdigit() and len(lease) < 12 else LEASE
    seconds = min(max(seconds, _SHORTEST), 30 * DAY)
    active = {"active_until": now + seconds, "renew_at": now + seconds * 2 / 3}
    return {**subscription, **active}, 200, challenge


def notice(
    subscription: Subscription | None, headers: Mapping[str, str], body: bytes, now: float
) -> tuple[Subscription | None, int, bool]:
    """A push: the subscription as it is now, the HTTP status to answer, and whether the feed is worth asking now.

    A wrong signature is answered like a right one, as the standard asks, and ignored. Header names in lower case.
    """
    if subscription is None:
        return None, 410, False
    if not signed(headers.get("x-hub-signature", ""), body, subscription["secret"]):
        return subscription, 202, False
    return {**subscription, "pushed_at": now}, 202, True


def signed(signature: str, body: bytes, secret: str) -> bool:
    """Whether X-Hub-Signature (`sha256=…`) fits the body."""
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in _HASHES:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "replace"))


def due(subscription: Subscription, now: float) -> bool:
    """Whether to ask the hub (again): two thirds of the lease are over, or it never answered."""
    return bool(now >= subscription.get("renew_at", 0.0))


def trusted(subscription: Subscription | None, now: float, expected_gap: float) -> bool:
    """Whether pushes can be relied on, so that the feed is polled at the ceiling only.

    They can while the lease runs and the last push is no older than three times the gap between two entries.
    """
    if not subscription or subscription.get("active_until", 0.0) <= now:
        return False
    return bool(now - subscription.get("pushed_at", -1e18) <= 3 * expected_gap)
