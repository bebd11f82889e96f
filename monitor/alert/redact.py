"""Keeping secrets out of what is shown. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote

HIDDEN = "•••"
LEAST = 4  # shorter secrets would take ordinary words along

_CHAT = re.compile(r"(-?\d{1,20}|@[\w-]+)(:\d+)?")
# Settings in a URL's query that are no secrets and that a reader of a log needs to see.
_OPEN = {"from", "to", "cc", "bcc", "name", "smtp", "mode", "format", "method", "verify", "topic", "thread", "silent",
         "preview", "overflow", "cto", "rto", "reply", "yes", "no"}  # fmt: skip


def secrets_of(url: str) -> frozenset[str]:
    """Every part of a URL that must not be shown: tokens, passwords, keys, paths of webhooks, raw and decoded.

    Works on malformed URLs too: what isn't known to be harmless is a secret.
    """
    scheme, _, rest = url.partition("://")
    body, _, query = rest.partition("?")
    found = {url, rest, body} if len(body) > 8 else {url, rest}
    found |= set(_of_scheme(scheme.lower(), body))
    found |= {value for key, value in parse_qsl(query) if key.lower() not in _OPEN}
    return frozenset(s for f in found for s in (f, unquote(f)) if len(s) >= LEAST and not _CHAT.fullmatch(s))


def _of_scheme(scheme: str, body: str) -> Iterator[str]:
    user, _, place = body.rpartition("@")
    if scheme == "console":
        return
    if scheme in ("mailto", "mailtos"):
        yield from _login(user)
        return
    if scheme in ("json", "jsons"):
        path = place.partition("/")[2]
        yield from ("/" + path, path, *path.split("/"), *_login(user))
        return
    if scheme == "tgram":
        yield from _telegram(body)
        return
    yield from (body, *re.split(r"[/:@]", body))


def _telegram(body: str) -> Iterator[str]:
    token = body.partition("/")[0]
    yield from (token, token.removeprefix("bot"), *re.split(r":|%3A", token, flags=re.I)[1:])
    yield from (part for part in re.split(r"[/@]", body) if not _CHAT.fullmatch(unquote(part)))


def _login(user: str) -> Iterator[str]:
    """A password, and what HTTP and SMTP make of it on the wire."""
    name, _, password = user.partition(":")
    if password:
        yield password
        for form in ("{}:{}", "\0{}\0{}"):
            yield base64.b64encode(form.format(unquote(name), unquote(password)).encode()).decode()


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret of four characters or more replaced by `•••`, in whatever quoting it stands."""
    for form in sorted({f for s in secrets if len(s) >= LEAST for f in _forms(s)}, key=len, reverse=True):
        if form in text:
            text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> tuple[str, ...]:
    escaped = json.dumps(secret)[1:-1]
    return (secret, quote(secret, safe=""), quote(secret), quote_plus(secret), escaped, repr(secret)[1:-1])
