"""What servers, URLs and long lists do to an alert's way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

import pytest

from monitor.alert import Limits, Locale, Sender, alert, operator, problem, recipients
from monitor.alert.answers import retry_after
from monitor.alert.redact import redact, secrets_of
from monitor.alert.wording import telegram
from monitor.alert.wording.words import FSI, PDI, units
from monitor.types import Alert, Item
from tests.servers.smtp import Mailbox, Raw
from tests.servers.telegram import FakeTelegram, error
from tests.servers.webhook import Answer, Webhook

NOW = 1_795_291_200.0
TOKEN = "7012345678:AAExampleExampleExampleExample_Token"


@pytest.fixture
def one(item: Callable[..., Item]) -> Alert:
    return alert("desk", item(), NOW)


def sender(api: str = "http://127.0.0.1:9") -> Sender:
    local = ("127.0.0.0/8", "::1/128")
    return Sender(locale=Locale(), telegram_api=api, limits=Limits(http=1.0, smtp=1.0), allow_networks=local)


# --- Telegram


def test_what_it_replied_to_is_gone(one: Alert) -> None:
    """A server that doesn't know `allow_sending_without_reply`: the alert goes out as no reply."""
    with FakeTelegram() as api:
        api.script.append(error(400, "Bad Request: message to be replied not found"))
        result = sender(api.url).send(f"tgram://{TOKEN}/-1001", "-1001", one, reply_ref="55")
        assert (result.kind, result.note) == ("sent", "sent as no reply")
        assert ["reply_parameters" in post for post in api.posts] == [True, False]


def test_a_moved_chat_that_is_throttled_there_waits(one: Alert) -> None:
    moved = error(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100999)
    with FakeTelegram() as api:
        api.script.extend([moved, error(429, "Too Many Requests", retry_after=35)])
        result = sender(api.url).send(f"tgram://{TOKEN}/-1001:7", "-1001:7", one)
        assert (result.kind, result.retry_after) == ("throttled", 35.0)
        assert [(post["chat_id"], post["message_thread_id"]) for post in api.posts] == [(-1001, 7), (-100999, 7)]


def test_a_servers_words_are_shown_without_controls(one: Alert) -> None:
    with FakeTelegram() as api:
        api.script.append(error(400, "Bad \u202e\x1b[31m\r\nrequest " + "x" * 9000))
        detail = sender(api.url).send(f"tgram://{TOKEN}/-1001", "-1001", one).detail
    assert detail.startswith("Telegram 400: Bad [31m request x")
    assert len(detail) < 250
    with Raw([b"554 no\x1b[31m \xe2\x80\xaeno\r\n"]) as server:
        url = f"mailto://127.0.0.1:{server.port}/?from=r@n.example&to=a@d.example&mode=insecure"
        assert sender().send(url, "a@d.example", one).detail == "SMTP 554 (greeting): no[31m no"


def test_a_long_message_to_the_operator_is_cut_inside_of_its_isolates() -> None:
    lines = [f"feed {n}: " + "الخادم يرفض الطلب " * 40 for n in range(60)]
    text = telegram.html(operator("desk", "feed:x", "مصادر لا تعمل", lines, NOW), "full", Locale())
    assert units(text) <= 4096
    assert all(line.count(FSI) == line.count(PDI) for line in text.split("\n"))


# --- e-mail


@pytest.mark.parametrize(
    ("dialogue", "kind", "words"),
    [
        (["250-m\r\n250 AUTH XOAUTH2 GSSAPI\r\n"], "broken", "no login with a password"),
        (["250 m\r\n"], "broken", "no login"),
        (["250-m\r\n250 AUTH PLAIN\r\n", "454 4.7.0 later\r\n"], "passing", "454"),
        (["502 no\r\n", "502 no\r\n"], "broken", "502"),
        (["502 no\r\n", "421 busy\r\n"], "passing", "421"),
        (["250 AUTH PLAIN\r\n", "x" * 9000 + "\r\n"], "broken", "no login"),
    ],
)
def test_logins_and_greetings_have_their_classes(one: Alert, dialogue: list[str], kind: str, words: str) -> None:
    with Raw([b"220 m\r\n", *(line.encode() for line in dialogue)]) as server:
        url = f"mailto://user:some-password@127.0.0.1:{server.port}/?from=r@n.example&to=a@d.example&mode=insecure"
        result = sender().send(url, "a@d.example", one)
    assert (result.kind, words in result.detail) == (kind, True)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("250-taken\r\n250-in three\r\n250 lines\r\n", "sent"),
        ("421 4.3.2 going down\r\n", "passing"),
        ("", "ambiguous"),
    ],
)
def test_answers_to_the_text(one: Alert, answer: str, kind: str) -> None:
    """421 in place of the 250 is a certain failure; a cut is none."""
    lines = ["220 m\r\n", "250 m\r\n", "250 ok\r\n", "252 will try\r\n", "354 go\r\n", answer]
    with Raw([line.encode() for line in lines]) as server:
        url = f"mailto://127.0.0.1:{server.port}/?from=r@n.example&to=a@d.example&mode=insecure"
        assert sender().send(url, "a@d.example", one).kind == kind


@pytest.mark.parametrize(
    "to",
    [
        "a@d.example,nobody",
        "a@d.example;b@d.example",
        "desk@xn--mgbh0fb.xn--kgbechtv",
        "مكتب@d.example",
        "a@d.example,desk@مثال.إختبار",
        "a@d.example&cc=b@xn--mgbh0fb.xn--kgbechtv",
    ],
)
def test_an_address_that_would_be_dropped_or_cut_is_named(to: str, one: Alert) -> None:
    """apprise leaves some out, and sends to the beginning of others; their place is told, since they may be secrets."""
    url = f"mailto://127.0.0.1:9/?from=r@n.example&to={to}"
    assert "cannot be read" in problem(url)
    assert "d.example" not in problem(url)
    assert sender().send(url, "a@d.example", one).kind == "broken"


@pytest.mark.parametrize("to", ["a@d.example,b@d.example", "Desk <a+b@d.example>, c@d.example", "A@D.example"])
def test_lists_of_addresses_are_read(to: str) -> None:
    assert problem(f"mailto://127.0.0.1:9/?from=r@n.example&to={to}") == ""
    assert problem(f"mailto://127.0.0.1:9/{to}?from=r@n.example") == ""


def test_a_senders_name_brings_no_lines_along(one: Alert) -> None:
    with Mailbox() as box:
        url = f"mailto://127.0.0.1:{box.port}/?from=r@n.example&to=a@d.example&name=%D8%B1%0D%0ABcc:%20x@y.z"
        assert sender().send(url, recipients(url)[0], one).kind == "sent"
        assert box.messages[0]["From"] == '"رBcc: x@y.z" <r@n.example>'


# --- webhook


def test_a_signature_proves_sender_content_and_time(one: Alert) -> None:
    with Webhook() as hook:
        url = f"json://127.0.0.1:{hook.port}/x"
        assert sender().send(f"{url}?secret=some%2Bsecret", "", one).kind == "sent"
        assert sender().send(f"{url}?secret=whsec_{base64.b64encode(b'some+secret').decode()}", "", one).kind == "sent"
        assert sender().send(url, "", one).kind == "sent"
        *signed, bare = hook.requests
    assert not [name for name in bare.headers if name.lower().startswith("webhook-")]
    for request in signed:
        assert request.path == "/x"
        stamp = request.headers["webhook-timestamp"]
        content = f"{one.id}.{stamp}.".encode() + request.body
        expected = base64.b64encode(hmac.new(b"some+secret", content, hashlib.sha256).digest()).decode()
        assert request.headers["webhook-signature"] == f"v1,{expected}"
        assert request.headers["webhook-id"] == one.id
        assert abs(time.time() - int(stamp)) < 5


def test_a_webhooks_secret_is_one() -> None:
    url = "jsons://hooks.example/x?secret=some%2Bsecret"
    assert "some" not in redact("secret=some%2Bsecret some+secret", secrets_of(url))
    assert "cannot be read" in problem("jsons://hooks.example/x?secret=whsec_***")
    assert "***" not in problem("jsons://hooks.example/x?secret=whsec_***")


def test_a_webhook_may_stand_at_an_address_of_six(one: Alert) -> None:
    assert "refused" in sender().send("json://[::1]:9/x", "", one).detail.replace("connection refused", "refused")
    assert "private" in Sender(locale=Locale()).send("json://[fe80::1]:9/x", "", one).detail


def test_no_pause_is_longer_than_30_days(one: Alert) -> None:
    """A date of the next century must not silence a channel for ever; one without a zone is GMT."""
    with Webhook(Answer(429, {"Retry-After": "Sat, 21 Nov 2099 20:00:00 GMT"})) as hook:
        assert sender().send(hook.address, "", one).retry_after == 30 * 86400
    assert retry_after({"retry-after": "Sat, 21 Nov 2026 20:00:00"}, 1_795_287_600.0) == 3600.0


@pytest.mark.parametrize(
    ("dialogue", "kind"),
    [(["552 5.3.4 too big\r\n"], "content"), (["550 no\r\n"], "broken"), (["250 ok\r\n", "552 full\r\n"], "content")],
)
def test_a_message_that_is_too_big_is_dead_and_breaks_no_channel(one: Alert, dialogue: list[str], kind: str) -> None:
    lines = ["220 m\r\n", "250-m\r\n250 SIZE 100\r\n", *dialogue]
    with Raw([line.encode() for line in lines]) as server:
        url = f"mailto://127.0.0.1:{server.port}/?from=r@n.example&to=a@d.example&mode=insecure"
        assert sender().send(url, "a@d.example", one).kind == kind
