"""What a channel's URL says, without sending anything: recipients, a description without secrets, what is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from monitor.alert.quiet import hide, reading

if TYPE_CHECKING:
    from monitor.alert.services import Own

CONSOLE = "console"
OWN_SCHEMES = ("tgram", "mailto", "mailtos", "json", "jsons")  # of `services.OWN`, which takes apprise to import
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_ADDRESS = re.compile(r"(?<=[?&]to=)\$\{[^}]*\}(?![^,&])|(?<=,)\$\{[^}]*\}(?![^,&])")  # a whole e-mail address
_STAND_IN = "reference"


class Unusable(Exception):
    """A channel's URL cannot be used; the message says why, without secrets."""


def scheme(url: str) -> str:
    """What stands before `://`; "" where nothing does, as the URL may then be a mere secret."""
    before, found, _ = url.partition("://")
    return before.lower() if found else ""


def own(url: str) -> Own:
    """Telegram, e-mail or webhook behind a URL, ready to send. Raises Unusable."""
    plugin = _read(url)
    flaw = _flaw(plugin, url)
    if flaw:
        raise Unusable(flaw)
    return plugin


@lru_cache(maxsize=512)
def _read(url: str) -> Own:
    """What apprise makes of a URL. Raises Unusable."""
    import monitor.alert.services as services

    hide(url)
    kind = services.OWN[scheme(url)]
    try:
        with reading():
            return kind(**kind.parse_url(url))
    except Exception:  # apprise raises whatever a bad part happens to break
        words = "its token must read 123456:ABC…" if kind is services.Telegram else "it cannot be read"
        raise Unusable(f"{scheme(url)}:// URL: {words}") from None


def _flaw(plugin: Any, url: str) -> str:
    """What apprise lets pass and we don't."""
    import monitor.alert.services as services

    if isinstance(plugin, services.Telegram):
        if not plugin.targets:
            return "the Telegram URL names no chat: tgram://TOKEN/CHAT; without one, the bot's first visitor gets all"
        asked = [part for part in url.partition("?")[0].rstrip("/").split("/")[3:] if part]
        if len(plugin.targets) < len(asked):
            return "a chat of the Telegram URL is neither a number nor a @name"
    if isinstance(plugin, services.Email):
        clear = plugin.secure_mode == "insecure" and plugin.password and not _loopback(plugin.smtp_host)
        if clear and "mode=insecure" not in url.lower():
            return "the e-mail password would go out in clear: add mode=starttls or mode=ssl (to insist: mode=insecure)"
        if plugin.pgp_mode != "no":
            return "PGP isn't supported for e-mail"
        known = {address.lower() for address in plugin.addresses()}
        if unread := [str(n) for n, one in enumerate(_asked(url), 1) if one.lower() not in known]:
            return f"the e-mail URL's address no. {', '.join(unread)} cannot be read"  # which may be a secret
        if not known:
            return "no address of the e-mail URL can be read"
    return ""


def _asked(url: str) -> Iterator[str]:
    """The addresses that an e-mail URL means to name; apprise drops some, and cuts others, without a word."""
    before, _, query = url.partition("://")[2].partition("?")
    lists = [*before.split("/")[1:], *re.findall(r"(?:^|&)(?:to|cc|bcc)=([^&]*)", query)]
    for one in (one for text in lists for one in re.split("[,;]", unquote(text)) if one.strip()):
        yield one.rpartition("<")[2].rstrip("> ").strip()


def _loopback(host: str) -> bool:
    return host.lower() == "localhost" or host.startswith("127.") or host.strip("[]") == "::1"


@lru_cache(maxsize=512)
def _foreign_name(url: str) -> str:
    """The name of the service that apprise has for a URL. Raises Unusable."""
    import monitor.alert.foreign as foreign

    hide(url)
    plugin = foreign.instantiate(url)
    if plugin is None:
        raise Unusable(f"apprise cannot read this {scheme(url)}:// URL" if scheme(url) else "the URL has no scheme://")
    return str(plugin.service_name)


def recipients(url: str, filled: str = "") -> list[str]:
    """The recipients of a channel, a delivery each: Telegram chats, e-mail addresses; `[""]` where the service has one.

    Works on URLs whose secrets are still references; of an unusable URL it says `[""]`, so that its rows can wait.
    Where a recipient is a reference itself its place stands for it (`#1`, `#2`), so that it is stored nowhere; how many
    there are is read from the `filled` URL, if there is one.
    """
    if scheme(url) not in ("tgram", "mailto", "mailtos"):
        return [""]
    found = _targets(_filled(url))
    if found and not any(_STAND_IN in r for r in found):
        return found
    many = len(_targets(filled)) if filled else len(found)
    return [f"#{n + 1}" for n in range(many)] if many > 1 else [""]


def place_in(url: str, recipient: str) -> str:
    """The recipient that a (resolved) URL has at a place: `#2`, or "" for its only one. Raises Unusable."""
    if recipient and not recipient.startswith("#"):
        return recipient
    found = _targets(url) if scheme(url) in ("tgram", "mailto", "mailtos") else [""]
    if not recipient and len(found) > 1:
        raise Unusable("the delivery names no recipient, and the channel has several")
    if not recipient:
        return found[0] if found else ""
    if int(recipient[1:]) > len(found):
        raise Unusable(f"the channel has no recipient {recipient}")
    return found[int(recipient[1:]) - 1]


def _targets(url: str) -> list[str]:
    import monitor.alert.services as services

    try:
        plugin = _read(url)
    except Unusable:
        return []
    if isinstance(plugin, services.Telegram):
        return plugin.chats()
    return plugin.addresses() if isinstance(plugin, services.Email) else []


def _filled(url: str) -> str:
    """The URL with stand-ins for its references, so that the rest can be read."""
    if scheme(url) == "tgram":
        url = re.sub(r"^(tgram://)\$\{[^}]*\}", rf"\g<1>1:{_STAND_IN}", url, flags=re.I)
    numbers = count(1)
    url = _ADDRESS.sub(lambda _: f"{_STAND_IN}{next(numbers)}@{_STAND_IN}.invalid", url)
    return _REFERENCE.sub(lambda _: f"{_STAND_IN}{next(numbers)}", url)


def describe(url: str) -> str:
    """For `rasid channels`: the service and whom it reaches, never a secret; references may stand in `url`."""
    kind = scheme(url)
    if kind == CONSOLE:
        return "terminal"
    try:
        return _describe_own(_filled(url)) if kind in OWN_SCHEMES else _foreign_name(_filled(url))
    except Unusable:
        return f"{kind} (unusable)"


def _describe_own(url: str) -> str:
    import monitor.alert.services as services

    plugin = _read(url)
    if isinstance(plugin, services.Telegram):
        return f"Telegram to {', '.join(plugin.chats()) or 'no chat'}"
    if isinstance(plugin, services.Email):
        return f"e-mail to {', '.join(plugin.addresses())} by {plugin.smtp_host}:{plugin.port} ({plugin.secure_mode})"
    return f"webhook at {'https' if plugin.secure else 'http'}://{plugin.host}" + (
        f":{plugin.port}" if plugin.port else ""
    )


def problem(url: str) -> str:
    """Why a (resolved) URL cannot be used, in words for a person and without secrets; "" where it can."""
    if scheme(url) == CONSOLE:
        return ""
    try:
        _ = own(url) if scheme(url) in OWN_SCHEMES else _foreign_name(url)
    except Unusable as error:
        return str(error)
    return ""


def throttle_key(url: str) -> str:
    """Lanes with the same key are paused together (all chats of a Telegram bot, one webhook); holds no secret."""
    found = re.match(r"tgram://(?:bot)?(\d+)(?::|%3A)", url, re.I)
    return f"tgram:{found[1]}" if found else hashlib.sha256(url.encode()).hexdigest()[:16]
