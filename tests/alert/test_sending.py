"""Every answer of a channel has its class: against a Telegram, mail servers and webhooks on loopback."""

from __future__ import annotations

import io
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from monitor.alert import Limits, Locale, Sender, alert, recipients
from monitor.alert.send import SendResult
from monitor.alert.wording.mail import subject
from monitor.types import Alert, Item
from tests.servers.smtp import Mailbox, Raw
from tests.servers.telegram import FakeTelegram, Reply, error
from tests.servers.webhook import Answer, Webhook

NOW = 1_795_291_200.0
TOKEN = "7012345678:AAExampleExampleExampleExample_Token"
LOCAL = ("127.0.0.0/8",)


@pytest.fixture
def one(item: Callable[..., Item]) -> Alert:
    return alert("desk", item(), NOW)


@pytest.fixture
def api() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def sender(api: FakeTelegram | None = None, **options: object) -> Sender:
    limits = Limits(http=1.0, smtp=1.0)
    base = api.url if api else "http://127.0.0.1:9"
    return Sender(locale=Locale(), telegram_api=base, limits=limits, **{"allow_networks": LOCAL, **options})  # type: ignore[arg-type]


def telegram(api: FakeTelegram, one: Alert, chats: str = "-1001", to: str = "-1001", **more: str) -> SendResult:
    return sender(api).send(f"tgram://{TOKEN}/{chats}", to, one, **more)


class TestTelegram:
    def test_one_chat_gets_html_without_a_preview(self, api: FakeTelegram, one: Alert) -> None:
        """A delivery goes to its own chat alone; the message's number comes back for replies."""
        result = telegram(api, one, "-1001/-1002")
        assert (result.kind, result.remote_id) == ("sent", "1")
        assert [m["chat_id"] for m in api.messages] == [-1001]
        assert api.posts[0]["token"] == TOKEN
        assert api.messages[0]["parse_mode"] == "HTML"
        assert api.messages[0]["link_preview_options"] == {"is_disabled": True}
        assert "<b>مسيّرات</b>" in api.messages[0]["text"]

    def test_topics_and_names(self, api: FakeTelegram, one: Alert) -> None:
        assert recipients(f"tgram://{TOKEN}/-1001:7/@desk") == ["-1001:7", "@desk"]
        telegram(api, one, "-1001:7/@desk", "-1001:7")
        telegram(api, one, "-1001:7/@desk", "@desk")
        assert (api.messages[0]["chat_id"], api.messages[0]["message_thread_id"]) == (-1001, 7)
        assert api.messages[1]["chat_id"] == "@desk"

    def test_a_reply_names_the_message_it_answers(self, api: FakeTelegram, one: Alert) -> None:
        telegram(api, one, reply_ref="42")
        assert api.messages[0]["reply_parameters"] == {"message_id": 42, "allow_sending_without_reply": True}

    def test_429_waits_as_long_as_it_says(self, api: FakeTelegram, one: Alert) -> None:
        api.script.append(error(429, "Too Many Requests: retry after 35", retry_after=35))
        result = telegram(api, one)
        assert (result.kind, result.retry_after) == ("throttled", 35.0)

    @pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "43838"}, 43838.0), ({}, None)])
    def test_429_without_parameters(
        self, api: FakeTelegram, one: Alert, headers: dict[str, str], wait: float | None
    ) -> None:
        """The header counts where the parameters say nothing; where nothing does, nothing is made up here."""
        api.script.append(Reply(status=429, body=b"slow down", headers=headers))
        result = telegram(api, one)
        assert (result.kind, result.retry_after) == ("throttled", wait)

    def test_what_cannot_be_parsed_goes_once_as_plain_text(self, api: FakeTelegram, one: Alert) -> None:
        api.script.append(error(400, "Bad Request: can't parse entities: Unsupported start tag"))
        result = telegram(api, one)
        assert (result.kind, result.note) == ("sent", "sent as plain text")
        assert "parse_mode" not in api.messages[0]
        assert "<b>" not in api.messages[0]["text"]

    def test_plain_text_that_is_refused_too_is_dead(self, api: FakeTelegram, one: Alert) -> None:
        api.script.extend([error(400, "Bad Request: can't parse entities")] * 3)
        assert telegram(api, one).kind == "content"
        assert len(api.posts) == 2

    def test_what_is_too_long_goes_once_shorter(self, api: FakeTelegram, item: Callable[..., Item]) -> None:
        long = alert("desk", item(sentence="وقالت الوكالة إن مسيّرات حلّقت. " * 300), NOW)
        api.script.append(error(400, "Bad Request: message is too long"))
        result = telegram(api, long)
        assert (result.kind, result.note) == ("sent", "shortened")
        assert len(api.messages[0]["text"]) <= 2048

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (error(400, "Bad Request: chat not found"), "broken"),
            (error(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), "broken"),
            (error(400, "Bad Request: CHAT_ADMIN_REQUIRED"), "broken"),
            (error(401, "Unauthorized"), "broken"),
            (error(403, "Forbidden: bot was blocked by the user"), "broken"),
            (error(404, "Not Found"), "broken"),
            (error(400, "Bad Request: message text is empty"), "content"),
            (error(500, "Internal Server Error"), "passing"),
            (Reply(status=502, body=b"<html>Bad Gateway</html>"), "passing"),
            (Reply(status=307, headers={"Location": "http://127.0.0.1:1/"}), "broken"),
            (Reply(body={"ok": False}), "ambiguous"),
            (Reply(body={"ok": False, "error_code": 403, "description": "Forbidden"}), "broken"),
            (Reply(body=b"<html>Welcome to our network</html>"), "ambiguous"),
            (Reply(body=b"[]"), "ambiguous"),
            (Reply(cut=True), "ambiguous"),
            (Reply(delay=2.0), "ambiguous"),
        ],
    )
    def test_classes(self, api: FakeTelegram, one: Alert, reply: Reply, kind: str) -> None:
        api.script.append(reply)
        assert telegram(api, one).kind == kind

    def test_an_empty_200_is_no_success(self, api: FakeTelegram, one: Alert) -> None:
        api.script.append(Reply(body=b" "))
        assert telegram(api, one).kind == "ambiguous"

    def test_one_broken_chat_of_several_is_no_broken_channel(self, api: FakeTelegram, one: Alert) -> None:
        api.chats["-1002"] = error(403, "Forbidden: bot was kicked from the group chat")
        assert telegram(api, one, "-1001/-1002", "-1002").scope == "recipient"
        assert telegram(api, one, "-1002", "-1002").scope == "channel"
        assert telegram(api, one, "-1001/-1002", "-1001").kind == "sent"

    def test_a_bad_token_breaks_the_whole_channel(self, api: FakeTelegram, one: Alert) -> None:
        api.script.append(error(401, "Unauthorized"))
        assert telegram(api, one, "-1001/-1002").scope == "channel"

    def test_a_moved_chat_gets_it_in_its_new_place(self, api: FakeTelegram, one: Alert) -> None:
        """And the next message goes there at once."""
        api.chats["-1001"] = error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100777)
        send, url = sender(api), f"tgram://{TOKEN}/-1001"
        result = send.send(url, "-1001", one)
        assert (result.kind, result.moved_to) == ("sent", "-100777")
        assert send.send(url, "-1001", one).kind == "sent"
        assert [str(p["chat_id"]) for p in api.posts] == ["-1001", "-100777", "-100777"]

    def test_a_slow_answer_is_one_message(self, api: FakeTelegram, one: Alert) -> None:
        api.script.append(Reply(delay=0.7))
        assert telegram(api, one).kind == "sent"
        assert len(api.posts) == 1

    def test_a_url_without_a_chat_sends_nothing(self, api: FakeTelegram, one: Alert) -> None:
        result = sender(api).send(f"tgram://{TOKEN}/", "", one)
        assert result.kind == "broken"
        assert "names no chat" in result.detail
        assert api.posts == []

    def test_nobody_listening_is_certain(self, one: Alert) -> None:
        result = sender().send(f"tgram://{TOKEN}/-1", "-1", one)
        assert result.kind == "passing"
        assert "refused" in result.detail


def mail(box_port: int, to: str = "a@desk.example", more: str = "mode=insecure", login: str = "") -> str:
    return f"mailto://{login}127.0.0.1:{box_port}/?from=rasid@news.example&to={to}&{more}"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "crt", folder / "key")
    return context


class TestMail:
    def test_what_an_e_mail_holds(self, one: Alert) -> None:
        with Mailbox() as box:
            result = sender().send(mail(box.port), "a@desk.example", one)
            assert result.kind == "sent"
            [message] = box.messages
        assert message["To"] == "a@desk.example"
        assert message["Message-ID"] == result.remote_id == f"<{one.id}@news.example>"
        assert message["List-Id"] == "Rasid desk <desk.rasid.news.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert "مهم" in message["Subject"]
        text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert text.rstrip().endswith(one.items[0].url)
        assert 'dir="rtl"' in html

    def test_a_long_subject_arrives_whole(self, item: Callable[..., Item]) -> None:
        long = alert("desk", item(title="عنوان طويل جدًا عن 🚀 Kharkiv " * 30), NOW)
        with Mailbox() as box:
            sender().send(mail(box.port), "a@desk.example", long)
            assert box.messages[0]["Subject"] == subject(long)
        assert len(subject(long)) < 200

    def test_a_second_try_is_the_same_mail(self, one: Alert) -> None:
        """Byte by byte, so that a mail program can fold the copies."""
        with Mailbox() as box:
            for _ in range(2):
                sender().send(mail(box.port), "a@desk.example", one)
            first, second = box.messages
        assert first.as_bytes() == second.as_bytes()

    def test_threads_per_story(self, item: Callable[..., Item]) -> None:
        first = alert("desk", item(), NOW)
        later = alert("desk", item(2), NOW + 60, reply_to=first.id)
        with Mailbox() as box:
            sender().send(mail(box.port), "a@desk.example", later)
            [message] = box.messages
        assert message["In-Reply-To"] == message["References"] == f"<{first.id}@news.example>"

    def test_451_passes_and_554_is_the_message(self, one: Alert) -> None:
        with Mailbox() as box:
            box.on_data.extend(["451 try later", "554 looks like spam", "552 too large"])
            kinds = [sender().send(mail(box.port), "a@desk.example", one).kind for _ in range(4)]
        assert kinds == ["passing", "content", "content", "sent"]

    def test_one_refused_of_three(self, one: Alert) -> None:
        """Two get it once; the third's message is lost, which is told; the channel goes on."""
        url = "a@desk.example,b@desk.example,c@desk.example"
        with Mailbox() as box:
            box.on_rcpt["b@desk.example"] = "550 no such mailbox"
            address = mail(box.port, url)
            assert recipients(address) == url.split(",")
            results = {to: sender().send(address, to, one).kind for to in recipients(address)}
            assert sorted(r for rs in box.recipients for r in rs) == ["a@desk.example", "c@desk.example"]
        assert results == {"a@desk.example": "sent", "b@desk.example": "content", "c@desk.example": "sent"}

    def test_the_only_recipient_refused_breaks_the_channel(self, one: Alert) -> None:
        with Mailbox() as box:
            box.on_rcpt["a@desk.example"] = "550 no such mailbox"
            assert sender().send(mail(box.port), "a@desk.example", one).kind == "broken"
            box.on_rcpt["a@desk.example"] = "450 greylisted"
            assert sender().send(mail(box.port), "a@desk.example", one).kind == "passing"

    def test_a_login(self, one: Alert) -> None:
        """535 breaks the channel."""
        with Mailbox(password="right-password") as box:
            wrong = mail(box.port, login="user:wrong-password@")
            right = mail(box.port, login="user:right-password@")
            assert sender().send(wrong, "a@desk.example", one).kind == "broken"
            assert sender().send(right, "a@desk.example", one).kind == "sent"

    def test_a_cut_after_the_text_is_ambiguous(self, one: Alert) -> None:
        with Mailbox(cut_after_data=1) as box:
            result = sender().send(mail(box.port), "a@desk.example", one)
            again = sender().send(mail(box.port), "a@desk.example", one)
            ids = {m["Message-ID"] for m in box.messages}
        assert (result.kind, again.kind) == ("ambiguous", "sent")
        assert len(ids) == 1

    def test_no_starttls_no_mail(self, one: Alert) -> None:
        """Nothing but the greeting goes out in clear where the mode asks for TLS, and no login."""
        lines = [b"220 mail\r\n", b"250-mail\r\n250 AUTH PLAIN LOGIN\r\n"]
        with Raw(lines) as server:
            url = mail(server.port, more="mode=starttls", login="user:secret-password@")
            result = sender().send(url, "a@desk.example", one)
            assert (result.kind, "STARTTLS" in result.detail) == ("broken", True)
            assert b"AUTH" not in server.heard
            assert b"MAIL" not in server.heard

    def test_starttls(self, one: Alert, certificate: ssl.SSLContext) -> None:
        """A certificate nobody vouches for is refused, unless the URL says otherwise."""
        with Mailbox(certificate=certificate) as box:
            assert sender().send(mail(box.port, more="mode=starttls"), "a@desk.example", one).kind == "passing"
            trusting = mail(box.port, more="mode=starttls&verify=no")
            assert sender().send(trusting, "a@desk.example", one).kind == "sent"
            assert len(box.messages) == 1

    @pytest.mark.parametrize(
        ("greeting", "kind"),
        [(b"421 busy\r\n", "passing"), (b"554 not for you\r\n", "broken"), (b"HTTP/1.1\r\n", "passing")],
    )
    def test_greetings(self, one: Alert, greeting: bytes, kind: str) -> None:
        with Raw([greeting]) as server:
            assert sender().send(mail(server.port), "a@desk.example", one).kind == kind

    def test_a_tarpit_ends_at_the_deadline(self, one: Alert) -> None:
        with Raw([b"220-" + b"x" * 5000], drip=0.02) as server:
            began = time.monotonic()
            assert sender().send(mail(server.port), "a@desk.example", one).kind == "passing"
            assert time.monotonic() - began < 1.5

    def test_a_silence_after_the_text_is_ambiguous(self, one: Alert) -> None:
        lines = [b"220 m\r\n", b"250 m\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"]
        with Raw(lines) as server:
            assert sender().send(mail(server.port), "a@desk.example", one).kind == "ambiguous"


class TestWebhook:
    def test_what_is_posted(self, one: Alert) -> None:
        with Webhook() as hook:
            address = f"json://user:some-password@127.0.0.1:{hook.port}/a/b%20c?+X-Team=desk&-key=1"
            assert sender().send(address, "", one).kind == "sent"
            [request] = hook.requests
        assert request.path == "/a/b%20c?key=1"
        assert request.headers["Idempotency-Key"] == one.id
        assert request.headers["X-Team"] == "desk"
        assert request.headers["Authorization"].startswith("Basic ")
        [story] = request.json["stories"]
        [match] = story["hits"][0]["matches"]
        assert story["article"]["text"][match["start"] : match["end"]] == match["surface"] == "مسيّرات"

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(200, "sent"), (202, "sent"), (301, "broken"), (307, "broken"), (400, "content"), (401, "broken"),
         (403, "broken"), (404, "broken"), (408, "passing"), (410, "broken"), (422, "content"), (500, "passing"),
         (503, "passing")],
    )  # fmt: skip
    def test_statuses(self, one: Alert, status: int, kind: str) -> None:
        with Webhook(Answer(status)) as hook:
            assert sender().send(hook.address, "", one).kind == kind

    def test_a_redirect_is_not_followed(self, one: Alert) -> None:
        with Webhook() as inner, Webhook(Answer(307, {"Location": inner.url})) as hook:
            assert sender().send(hook.address, "", one).kind == "broken"
            assert inner.requests == []

    def test_429_and_503_say_when(self, one: Alert) -> None:
        for status, kind in ((429, "throttled"), (503, "passing")):
            with Webhook(Answer(status, {"Retry-After": "120"})) as hook:
                result = sender().send(hook.address, "", one)
            assert (result.kind, result.retry_after) == (kind, 120.0)

    def test_retry_after_as_a_date(self, one: Alert) -> None:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 300))
        with Webhook(Answer(429, {"Retry-After": date})) as hook:
            assert 290 < (sender().send(hook.address, "", one).retry_after or 0) <= 300

    @pytest.mark.parametrize("manner", ["hang", "cut", "trickle headers"])
    def test_no_answer_is_ambiguous_and_ends_at_the_deadline(self, one: Alert, manner: str) -> None:
        with Webhook(Answer(manner=manner)) as hook:  # type: ignore[arg-type]
            began = time.monotonic()
            assert sender().send(hook.address, "", one).kind == "ambiguous"
            assert time.monotonic() - began < 1.5

    @pytest.mark.parametrize("manner", ["huge", "trickle"])
    def test_the_body_of_an_answer_is_not_waited_for(self, one: Alert, manner: str) -> None:
        with Webhook(Answer(200, manner=manner)) as hook:  # type: ignore[arg-type]
            began = time.monotonic()
            assert sender().send(hook.address, "", one).kind == "sent"
            assert time.monotonic() - began < 0.5
            assert hook.written < 10_000_000

    def test_private_addresses_are_refused(self, one: Alert) -> None:
        """In whatever spelling, unless the settings permit their network; nothing reaches the listener."""
        with Webhook() as hook:
            for host in ("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
                result = sender(allow_networks=()).send(f"json://{host}:{hook.port}/", "", one)
                assert result.kind == "broken", host
            assert hook.requests == []


def test_eight_hanging_channels_delay_no_ninth(one: Alert, api: FakeTelegram) -> None:
    """Nothing is shared that one send could hold while another waits."""
    send = sender(api)
    with Webhook(Answer(manner="hang")) as hook:
        hung = [threading.Thread(target=send.send, args=(hook.address, "", one), daemon=True) for _ in range(8)]
        for thread in hung:
            thread.start()
        began = time.monotonic()
        assert send.send(f"tgram://{TOKEN}/-1", "-1", one).kind == "sent"
        assert time.monotonic() - began < 0.9
        assert any(thread.is_alive() for thread in hung)


def test_the_terminal_prints(one: Alert) -> None:
    out = io.StringIO()
    assert Sender(locale=Locale(), console=out).send("console://", "", one).kind == "sent"
    assert "مسيّرات" in out.getvalue()
    assert "\x1b[" not in out.getvalue()


def test_a_closed_terminal_loses_nothing(one: Alert) -> None:
    out = io.StringIO()
    out.close()
    assert Sender(locale=Locale(), console=out).send("console://", "", one).kind == "passing"


def test_other_services_are_left_to_apprise(one: Alert) -> None:
    """Form posts, as an example: apprise says only done or not done."""
    with Webhook(Answer(200)) as hook:
        url = f"form://127.0.0.1:{hook.port}/x"
        assert sender().send(url, "", one).kind == "sent"
        hook.always = Answer(500)
        assert sender().send(url, "", one).kind == "passing"
        assert "مسيّرات" in unquote_plus(hook.requests[0].body.decode())


def test_apprise_itself_uses_our_services() -> None:
    """In apprise's register our classes stand over the same addresses."""
    from monitor.alert import foreign, services

    for url in (f"tgram://{TOKEN}/1", "mailto://u:p@h.example", "json://h.example"):
        assert isinstance(foreign.instantiate(url), (services.Telegram, services.Email, services.Webhook))


def test_unknown_and_broken_urls_break_the_channel(one: Alert) -> None:
    for url in ("nosuch://x", "tgram://abc/1", "mailto://", "", "json://"):
        assert sender().send(url, "", one).kind == "broken", url
