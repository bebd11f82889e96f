"""`channels.yaml`: where alerts go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.config.feeds import valid_id
from monitor.config.fields import Fields
from monitor.config.secrets import inline_secrets, references
from monitor.config.tables import CHANNEL
from monitor.types import Channel, Digest

CONSOLE = "console://"
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
    given = fields.read(CHANNEL, {"url": "", "limit": None, "layout": "full", "timezone": ""})
    url = given["url"]
    given["limit"] = given["limit"] or (_TELEGRAM_LIMIT if url.startswith("tgram:") else None)
    given["digest"] = given["digest"] or _MORNING
    fields.done()
    if fields.node("url") is None and fields.readable:
        fields.error(fields.place, f"channel `{name}` has no `url`", "console:// prints to the terminal")
    _judge_secrets(url, fields)
    return Channel(id=name, place=fields.place, **given) if valid_id(name, fields) and url else None


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
