"""The keys of the three files: how each is read, what an editor is told of it. Readers and schemas use these."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import monitor.config.values as values
from monitor.config.secrets import references
from monitor.config.suggest import did_you_mean

Schema = Mapping[str, Any]
ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@dataclass(frozen=True, slots=True)
class Form:
    """What a value may look like: `read` raises ValueError in words; `schema` says as much as a JSON Schema can."""

    read: Callable[[str], Any]
    schema: Schema


@dataclass(frozen=True, slots=True)
class Key:
    """What a key takes and means; `many`: one value or a list of them, each of which may stand for several."""

    form: Form
    doc: str
    many: bool = False


def choice(*words: str) -> Form:
    """One of `words`."""

    def read(text: str) -> str:
        if text in words:
            return text
        hint = did_you_mean(text, words)
        raise ValueError(f"`{text}` is none of {', '.join(words)}" + (f" ({hint})" if hint else ""))

    return Form(read, {"enum": list(words)})


def web_address(text: str) -> str:
    """An http or https address with a host."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname
    except ValueError as error:
        raise ValueError(f"`{text}` is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not host or " " in text.strip():
        raise ValueError(f"`{text}` is no address of the web, as in https://example.org/feed")
    return text.strip()


def _tags(text: str) -> list[str]:
    return [tag for tag in re.split(r"[\s,،]+", text) if tag]


def _matching(pattern: str, message: str, change: Callable[[str], str] = str.strip) -> Callable[[str], str]:
    """Texts of which all matches `pattern`; `message` says what is wrong, `{}` standing for the text."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text.strip()):
            raise ValueError(message.format(text))
        return change(text.strip())

    return read


def _every(text: str) -> float | None:
    return None if text.strip() == "auto" else values.positive(text)


def _secret_address(text: str) -> str:
    return text.strip() if references(text) else web_address(text)


def _host_port(text: str) -> str:
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"`{text}` is no host and port, as in 127.0.0.1:9464")
    return text.strip()


def _channel_address(text: str) -> str:
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


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


# YAML 1.1 makes a number of 10:30, and a truth value of the country NO: an editor must not refuse them.
_CLOCKS = {"anyOf": [_text(r"\d"), {"type": "integer"}]}
_SPAN = r"^\s*\d+(\.\d+)? *[smhdwSMHDW]\s*$"
_TIME = r"(s|sec|second|m|min|minute|h|hour|d|day)"
_WEB = _text(r"^\s*https?://[^\s/]\S*\s*$")

TEXT = Form(str.strip, {"type": ["string", "number", "boolean"]})
WEB = Form(web_address, _WEB)
TRUTH = Form(values.truth, {"enum": [True, False, "yes", "no", "on", "off"]})
POSITIVE = Form(values.positive, _text(_SPAN))
DURATION = Form(values.duration, {"anyOf": [_text(_SPAN), {"const": 0}]})
RATE = Form(values.rate, _text(rf"^\s*\d+ *(/|per) *{_TIME}\s*$"))
ZONE = Form(values.timezone, _text(r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"))
HOST_PORT = Form(_host_port, _text(r"^\s*\S+:\d+\s*$"))

FEED: Mapping[str, Key] = {
    "url": Key(WEB, "The feed's address."),
    "name": Key(TEXT, "As alerts print it; the id where there is none."),
    "tags": Key(
        Form(_tags, {"type": ["string", "number", "boolean"]}),
        "Free words; rules pick by them in `sources`.",
        many=True,
    ),
    "enabled": Key(TRUTH, "false: kept here, not polled."),
    "language": Key(
        Form(
            _matching(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", "`{}` is no language code, as in ar or en", str.lower),
            {"anyOf": [_text(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"), {"type": "boolean"}]},
        ),
        "The language of its articles; ar where nothing is said.",
    ),
    "country": Key(
        Form(
            _matching(r"[A-Za-z]{2}", "`{}` is no country code of two letters, as in SA", str.upper),
            {"anyOf": [_text("^[A-Za-z]{2}$"), {"type": "boolean"}]},
        ),
        "Two letters, as SA.",
    ),
    "timezone": Key(ZONE, "Only for feeds that stamp their entries without a zone; a zone in the stamp wins."),
    "every": Key(
        Form(_every, {"anyOf": [{"const": "auto"}, _text(_SPAN)]}),
        "auto, or a fixed interval as 10m; never below `floor` of settings.yaml.",
    ),
    "text": Key(choice("auto", "feed", "page"), "Where articles are read: feed never fetches the page, page always."),
    "kind": Key(choice("feed", "sitemap", "page", "telegram"), "What stands at the address; page needs `select`."),
    "select": Key(TEXT, "For `kind: page`: a CSS selector of the links, as h2 a."),
    "proxy": Key(
        Form(
            _matching(r"((https?|socks5h?)://[^/\s]|\$\{).*", "this is no proxy, as in http://proxy.example:3128"),
            _text(r"^\s*((https?|socks5h?)://[^/\s]|\$\{)"),
        ),
        "A proxy for this feed and its pages, as http://proxy.example:3128.",
    ),
    "weight": Key(
        Form(values.number, {"type": "number", "exclusiveMinimum": 0, "maximum": 1000}),
        "How much its news matters beside others; 1 where nothing is said.",
    ),
}
CHANNEL: Mapping[str, Key] = {
    "url": Key(
        Form(_channel_address, _text(r"^\s*(\$\{|(?!https?://)[A-Za-z][A-Za-z0-9+.-]*://)")),
        "Where alerts go: tgram://${TOKEN}/CHAT, mailtos://…, jsons://…, console://. Secrets are references.",
    ),
    "quiet": Key(
        Form(values.quiets, _text(r"\d.*-.*\d")), "Hours in which only critical alerts pass, as 23:00-06:00.", many=True
    ),
    "limit": Key(RATE, "At most so many messages, as 20/min; what is above is told in one summary."),
    "digest": Key(
        Form(values.digests, _CLOCKS), "When medium hits are told together; daily 07:00 where none is set.", many=True
    ),
    "layout": Key(choice("full", "short", "headline"), "How long a message is."),
    "timezone": Key(ZONE, "Of these hours, where it is not the one of settings.yaml."),
}
POLL: Mapping[str, Key] = {
    "late": Key(POSITIVE, "The one dial: how late, on average, an entry may be seen."),
    "at_most": Key(RATE, "Brake on the requests for feeds, as 6000/h."),
    "floor": Key(POSITIVE, "No feed is asked more often."),
    "ceiling": Key(POSITIVE, "Nor less often, unless its server says so."),
    "hint_cap": Key(DURATION, "How long a server's max-age or a feed's ttl may delay."),
    "retry_cap": Key(DURATION, "How long a server's Retry-After may."),
    "spacing": Key(DURATION, "Between two requests to one host; 0 for hosts in allow_networks."),
    "spread": Key(DURATION, "What is overdue at a start is spread over this."),
    "first": Key(choice("catchup", "silent", "all"), "What a fresh installation tells of what the feeds hold already."),
}
RETRY: Mapping[str, Key] = {
    "base": Key(POSITIVE, "The first wait."),
    "max": Key(POSITIVE, "The longest."),
    "give_up": Key(POSITIVE, "Then it is a dead letter, and the operator is told."),
}
LOCALE: Mapping[str, Key] = {
    "timezone": Key(ZONE, "For the hours in alerts, digests and quiet times."),
    "digits": Key(choice("latn", "arab"), "latn: 123, arab: ١٢٣."),
}
KEEP: Mapping[str, Key] = {"articles": Key(POSITIVE, "How long articles without hits are kept; the others for ever.")}
LISTS: Mapping[str, Key] = {
    "allow_networks": Key(
        Form(lambda text: [values.network(text)], _text(r"^\s*[0-9A-Fa-f:.]+(/\d+)?\s*$")),
        "Private ranges that feeds, pages and webhooks may reach, as 127.0.0.0/8.",
        many=True,
    ),
    "operator": Key(
        Form(lambda text: [text.strip()], {"type": ["string", "number"]}),
        "Channels that hear when a feed, a rule file, a channel or the disk fails; none named: all.",
        many=True,
    ),
}
SETTINGS: Mapping[str, Key] = {
    "alert_age": Key(POSITIVE, "Older entries are stored, and nobody is told."),
    "heartbeat": Key(
        Form(_secret_address, {"anyOf": [_WEB, _text(r"\$\{")]}),
        "An address of a dead man's switch, asked only after a healthy cycle.",
    ),
    "database": Key(
        Form(
            _matching(
                r"sqlite|(sqlite|postgresql)(\+\w+)?://.*|.*\$\{.*",
                "this is no database: sqlite, or an address as in postgresql+psycopg://…",
            ),
            _text(r"^\s*(sqlite\s*$|(sqlite|postgresql)(\+\w+)?://|.*\$\{)"),
        ),
        "sqlite keeps it in state/rasid.db.",
    ),
    "telegram_api": Key(WEB, "Or your own Bot API server."),
    "contact": Key(
        Form(
            _matching(r"[!-~]+(@|://)[!-~]+", "`{}` is no mail address and no page, as in desk@example.org"),
            _text(r"^\s*[!-~]+(@|://)[!-~]+\s*$"),
        ),
        "A mail address or page of yours, told to every site in the User-Agent.",
    ),
    "websub": Key(WEB, "The public address under which hubs can reach this machine; none: plain polling."),
    "websub_listen": Key(HOST_PORT, "Where they are heard, as 127.0.0.1:9465."),
    "metrics": Key(HOST_PORT, "Host and port of the Prometheus page; none: off."),
}
GROUPS: Mapping[str, tuple[Mapping[str, Key], str]] = {
    "poll": (POLL, "How often feeds are asked, and what may delay it."),
    "retry": (RETRY, "How a delivery that failed in passing is tried again."),
    "locale": (LOCALE, "How times and numbers are written for people."),
    "keep": (KEEP, "What is forgotten."),
}
