"""`channels.yaml`: where alerts go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import monitor.config.values as values
from monitor.config.feeds import valid_id
from monitor.config.fields import Fields, choice
from monitor.config.secrets import inline_secrets, references
from monitor.types import Channel, Digest

CONSOLE = "console://"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_TELEGRAM_LIMIT = (20, 60.0)  # a bot may write so often into one group (Telegram's own FAQ)
_MORNING = (Digest(hour=7, minute=0),)


def read_channels(file: Fields) -> Mapping[str, Channel]:
    """The channels of a file by their ids; one that can't be read is a problem and left out."""
    found = {}
    for name, fields in file.within("channels", "channels").each("a channel"):
        channel = _channel(name, fields)
        if channel is not None:
            found[name] = channel
    file.done()
    return found


def default_channels() -> Mapping[str, Channel]:
    """Without a channel alerts are printed."""
    return {"console": Channel(id="console", url=CONSOLE, digest=_MORNING)}


def _channel(name: str, fields: Fields) -> Channel | None:
    url = fields.one("url", _address, "")
    given: dict[str, Any] = {
        "quiet": fields.many("quiet", values.quiets),
        "limit": fields.one("limit", values.rate, _TELEGRAM_LIMIT if url.startswith("tgram:") else None),
        "digest": fields.many("digest", values.digests) or _MORNING,
        "layout": fields.one("layout", choice("full", "short", "headline"), "full"),
        "timezone": fields.one("timezone", values.timezone, ""),
    }
    fields.done()
    if fields.node("url") is None:
        fields.error(fields.place, f"channel `{name}` has no `url`", "console:// prints to the terminal")
    _judge_secrets(url, fields)
    return Channel(id=name, url=url, place=fields.place, **given) if valid_id(name, fields) and url else None


def _address(text: str) -> str:
    """A channel's address as typed. What is wrong is told without it: it may hold a secret."""
    url = text.strip()
    scheme = _SCHEME.match(url)
    if scheme is None and not url.startswith("${"):
        raise ValueError("this is no channel address, as in tgram://${TELEGRAM_TOKEN}/-100123")
    kind = scheme[1].lower() if scheme else ""
    if kind in ("http", "https"):
        raise ValueError("a webhook is written json:// (or jsons:// for https), Telegram tgram://, e-mail mailto://")
    if kind == "tgram" and not _telegram_chats(url):
        raise ValueError(
            "this names no chat: such a bot would adopt the first person who ever wrote to it; "
            "add the chat's number or @name, as in tgram://${TELEGRAM_TOKEN}/-100123"
        )
    return url


def _telegram_chats(url: str) -> list[str]:
    path, _, query = url.split("://", 1)[1].partition("?")
    chats = [part for part in path.split("/")[1:] if part.strip()]
    return chats + parse_qs(query).get("to", [])


def _judge_secrets(url: str, fields: Fields) -> None:
    place = fields.place_of("url")
    if inline_secrets(url):
        fields.warn(
            place, "this address holds a secret in plain sight",
            "a secret is always a reference: ${NAME} from the environment, ${file:NAME} from the credentials folder",
        )  # fmt: skip
    for reference in references(url):
        if not re.fullmatch(r"(file:)?[A-Za-z0-9_.-]+", reference):
            fields.error(place, f"`${{{reference}}}` is no reference", "write ${NAME} or ${file:NAME}")
