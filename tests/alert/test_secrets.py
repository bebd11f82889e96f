"""No secret in a log at any level, in an answer, an error, a description or on the terminal."""

from __future__ import annotations

import base64
import io
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from monitor.alert import Limits, Locale, Sender, alert, describe, problem, recipients, throttle_key
from monitor.alert.redact import redact, secrets_of
from monitor.types import Alert, Item
from tests.servers.smtp import Mailbox, Raw
from tests.servers.telegram import FakeTelegram, Reply, error
from tests.servers.webhook import Answer, Webhook

NOW = 1_795_291_200.0
TOKEN = "AAGkSecretTelegramTokenPart_42-xyz"
PASSWORD = "pass word/w&rd?é"
KEY = "whsec-5f7e1c0d"
SLACK = "TIiajkdnlazkcOXrIdevi7FQ"
SECRETS = (TOKEN, "BrokenToken", PASSWORD, quote(PASSWORD, safe=""), KEY, "slackA1B2C3", "hook-path-secret", SLACK)


class Caught(logging.Handler):
    """Everything that is logged, formatted with its traceback, as a careless handler would."""

    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s %(pathname)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def caught() -> Caught:
    """Every logger there is, at its loudest, with a handler of its own."""
    handler = Caught()
    names = [
        "",
        "apprise",
        "requests",
        "urllib3",
        "urllib3.connectionpool",
        "urllib3.util.retry",
    ]
    for name in names:
        logger = logging.getLogger(name)
        logger.setLevel(1)
        logger.addHandler(handler)
    return handler


def leaks(text: str) -> list[str]:
    coded = [base64.b64encode(s.encode()).decode().rstrip("=") for s in (f"user:{PASSWORD}", f"\0user\0{PASSWORD}")]
    return [s for s in (*SECRETS, *coded) if s in text]


def urls(api: FakeTelegram, box: Mailbox, hook: Webhook, raw: Raw) -> list[str]:
    """Good and malformed channels of every kind."""
    secret = quote(PASSWORD, safe="")
    return [
        f"tgram://7012345678:{TOKEN}/-1001",
        f"tgram://bot7012345678:{TOKEN}/-1001/@desk",
        f"tgram://7012345678:{TOKEN}/",
        f"tgram://7012345678{TOKEN}/-1001",
        f"tgram://{TOKEN}/-1001",
        f"tgram://7012345678:{TOKEN} BrokenToken/-1001",
        f"tgram://7012345678:{TOKEN}/not a chat!",
        f"mailto://user:{secret}@127.0.0.1:{box.port}/?from=r@n.example&to=a@d.example&mode=insecure",
        f"mailto://user:{secret}@127.0.0.1:{raw.port}/?from=r@n.example&to=a@d.example&mode=insecure",
        f"mailto://user:{secret}@127.0.0.1:{box.port}/?to=nobody",
        f"mailtos://user:{secret}@127.0.0.1:1/?from=broken&mode=nosuch",
        f"json://user:{secret}@127.0.0.1:{hook.port}/{KEY}/x?-token={KEY}&+X-Key={KEY}",
        f"json://127.0.0.1:1/{KEY}",
        f"jsons://127.0.0.1:{hook.port}/{KEY}",
        f"json://[::1/{KEY}",
        f"slack://slackA1B2C3/hook-path-secret/{KEY}",
        f"slack://T1JJ3T3L2/A1BRTD4JD/{SLACK}/#general",
        f"form://user:{secret}@127.0.0.1:{hook.port}/{KEY}?-token={KEY}",
        f"nosuch://{KEY}/{TOKEN}?password={secret}",
        f"{KEY}",
    ]


def test_nothing_leaks(item: Callable[..., Item], caught: Caught, capfd: pytest.CaptureFixture[str]) -> None:
    """Each channel against servers that take, refuse, echo the secrets back, cut and hang."""
    made: Alert = alert("desk", item(), NOW)
    said: list[str] = []
    echo = f"bad token {TOKEN} {PASSWORD} {KEY} hook-path-secret slackA1B2C3"
    lines = [b"220 m\r\n", b"250-m\r\n250 AUTH PLAIN LOGIN\r\n", f"535 {PASSWORD} is wrong\r\n".encode()]
    with FakeTelegram() as api, Mailbox(password="other") as box, Webhook() as hook, Raw(lines) as raw:
        send = Sender(
            locale=Locale(), telegram_api=api.url, allow_networks=["127.0.0.0/8", "::1/128"], console=io.StringIO(),
            limits=Limits(http=0.4, smtp=0.4, other=2.0),
        )  # fmt: skip
        said += map(problem, urls(api, box, hook, raw))
        for answer in (
            Answer(200),
            Answer(500),
            Answer(302, {"Location": f"http://127.0.0.1/{KEY}"}),
            Answer(manner="cut"),
        ):
            hook.always = answer
            api.script.extend([error(401, echo), Reply(cut=True), Reply(body=echo.encode())])
            for url in urls(api, box, hook, raw):
                if answer.status != 200 and url.startswith(("mailto", "slack", "nosuch")):
                    continue
                said += [repr(send.send(url, to, made)) for to in recipients(url)]
                said += [describe(url), problem(url), throttle_key(url)]
    shown = "\n".join([*said, *caught.lines, *capfd.readouterr()])
    assert leaks(shown) == []
    assert "7012345678" in shown  # the bot's number is none
    assert len(said) > 80


def test_a_crash_shows_no_secret(item: Callable[..., Item], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of our own is named by its kind alone."""
    from monitor.alert import services

    def crash(self: object, out: object) -> None:
        raise RuntimeError(f"https://api.telegram.org/bot1:{TOKEN}/sendMessage")

    monkeypatch.setattr(services.Telegram, "deliver", crash)
    result = Sender(locale=Locale()).send(f"tgram://1:{TOKEN}/-1", "-1", alert("desk", item(), NOW))
    assert (result.kind, result.detail) == ("passing", "internal error: RuntimeError")


def test_redact_finds_a_secret_in_every_quoting() -> None:
    secret = 'pa"ss wörd/1'
    for form in (secret, quote(secret), quote(secret, safe=""), 'pa\\"ss w\\u00f6rd/1', "pa%22ss+w%C3%B6rd%2F1"):
        assert redact(f"before {form} after", {secret}) == "before ••• after"


def test_short_words_are_no_secrets() -> None:
    assert redact("to the desk", {"to", "the"}) == "to the desk"


def test_recipients_and_servers_stay_readable() -> None:
    login = f"user:{quote(PASSWORD, safe='')}"
    url = f"mailto://{login}@mail.example:587/?from=r@n.example&to=a@d.example,b@d.example&mode=starttls"
    assert describe(url) == "e-mail to a@d.example, b@d.example by mail.example:587 (starttls)"
    assert describe("json://hooks.example/T0K3N/x") == "webhook at http://hooks.example"
    assert describe(f"tgram://1:{TOKEN}/-1001/@desk") == "Telegram to -1001, @desk"
    assert describe("console://") == "terminal"
    assert describe(f"slack://T1JJ3T3L2/A1BRTD4JD/{SLACK}/#general") == "Slack"
    assert "-1001" not in secrets_of(f"tgram://1:{TOKEN}/-1001")


def test_references_need_no_secret_to_be_read() -> None:
    """A channel whose secret is missing still has its recipients, so that its rows can wait."""
    assert recipients("tgram://${TELEGRAM_TOKEN}/-1001/@desk") == ["-1001", "@desk"]
    assert recipients("tgram://${TELEGRAM_TOKEN}/${CHAT}") == [""]
    mail = "mailto://user:${file:MAIL}@mail.example?from=r@n.example&to=a@d.example"
    assert recipients(mail) == ["a@d.example"]
    assert describe("tgram://${TELEGRAM_TOKEN}/-1001") == "Telegram to -1001"


def test_problems_are_told_in_words() -> None:
    assert "names no chat" in problem(f"tgram://1:{TOKEN}/")
    assert "number nor a @name" in problem(f"tgram://1:{TOKEN}/-1001/12a")
    assert "123456:ABC" in problem("tgram://nonsense/-1001")
    assert "cannot be read" in problem("mailto://")
    assert "apprise" in problem("nosuch://x")
    assert problem("console://") == ""
    assert "in clear" in problem("mailto://user:some-password@mail.example?from=a@b.example")
    assert problem("mailto://user:some-password@mail.example?from=a@b.example&mode=starttls") == ""
    assert problem(f"tgram://1:{TOKEN}/-1001") == ""


def test_lanes_of_one_bot_pause_together() -> None:
    assert throttle_key(f"tgram://77:{TOKEN}/-1") == throttle_key(f"tgram://bot77:{TOKEN}/@x") == "tgram:77"
    assert throttle_key("json://a.example/x") != throttle_key("json://b.example/x")


def test_the_room_opens_without_apprise() -> None:
    """apprise takes most of a second to import; the terminal and a status need none of it."""
    code = "import sys, monitor.alert as a; a.recipients('console://'), a.describe('console://'); "
    code += "print('apprise' in sys.modules)"
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert time.monotonic() - began < 5
