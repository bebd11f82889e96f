"""apprise's Telegram, e-mail and JSON services with a `send` of our own, over the same addresses.

apprise reads the URLs; what it sends tells a passing failure from a lasting one only by a log line. So these three post
for themselves: lasting ids, every answer's class, Retry-After, one recipient, total deadlines, nothing logged. In
apprise's register they stand in for its own classes (foreign.py).
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlencode

from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.email import NotifyEmail
from apprise.plugins.telegram import NotifyTelegram

import monitor.alert.answers as answers
import monitor.alert.compose as compose
import monitor.alert.smtp as smtp
import monitor.alert.wire as wire
from monitor.addresses import Network, refusal
from monitor.alert.lane import SendResult
from monitor.alert.wording import mail, telegram, webhook
from monitor.alert.wording.words import Locale
from monitor.types import Alert

AGENT = "Rasid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One alert for one recipient, and all that its way needs."""

    alert: Alert
    recipient: str
    layout: str
    locale: Locale
    reply_ref: str = ""
    telegram_api: str = "https://api.telegram.org"
    allowed: tuple[Network, ...] = ()
    http_seconds: float = 30.0
    smtp_seconds: float = 60.0


class Telegram(NotifyTelegram):  # type: ignore[misc]
    """tgram://TOKEN/CHAT[:TOPIC]/…"""

    def chats(self) -> list[str]:
        return [f"{chat}:{topic}" if topic else str(chat) for chat, topic in self.targets]

    def deliver(self, out: Outgoing) -> SendResult:
        """sendMessage to one chat; what Telegram cannot parse goes as plain text, what is too long shorter, what would
        answer a lost message as no reply, once each. A chat that moved gets it in its new place."""
        payload = self._payload(out, telegram.html(out.alert, out.layout, out.locale))
        tried: list[str] = []
        moved = ""
        while True:
            verdict = self._post(out, payload)
            if not verdict.again or verdict.again in tried:
                break
            tried.append(verdict.again)
            if verdict.again == "moved":
                moved = verdict.result.moved_to
                payload["chat_id"] = _chat(moved)
            else:
                self._change(payload, out, tried)
        return _noted(verdict.result, tried, moved)

    def _payload(self, out: Outgoing, text: str) -> dict[str, Any]:
        chat, _, topic = out.recipient.partition(":")
        payload: dict[str, Any] = {
            "chat_id": _chat(chat),
            "text": text,
            "parse_mode": "HTML",
            "disable_notification": self.silent,
            "link_preview_options": {"is_disabled": not self.preview},
        }
        if topic:
            payload["message_thread_id"] = int(topic)
        if out.reply_ref.isdecimal():
            payload["reply_parameters"] = {"message_id": int(out.reply_ref), "allow_sending_without_reply": True}
        return payload

    @staticmethod
    def _change(payload: dict[str, Any], out: Outgoing, tried: list[str]) -> None:
        render = telegram.plain if "plain" in tried else telegram.html
        limit = telegram.LIMIT // 2 if "shorter" in tried else telegram.LIMIT
        if "unlinked" in tried:
            payload.pop("reply_parameters", None)
        payload["text"] = render(out.alert, out.layout, out.locale, limit)
        if "plain" in tried:
            payload.pop("parse_mode", None)

    def _post(self, out: Outgoing, payload: dict[str, Any]) -> answers.Verdict:
        try:
            answer = wire.exchange(
                f"{out.telegram_api.rstrip('/')}/bot{self.bot_token}/sendMessage",
                body=json.dumps(payload).encode(),
                headers={"Content-Type": "application/json", "User-Agent": AGENT},
                seconds=out.http_seconds,
                verify=self.verify_certificate,
            )
        except wire.WireError as error:
            return answers.Verdict(result=SendResult(kind=error.kind, detail=f"Telegram: {error}"))
        return answers.telegram(
            answer.status,
            answer.body,
            answer.headers,
            time.time(),
            alone=len(self.targets) == 1,
            whole=answer.complete,
        )

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """For users of apprise itself: the text, to every chat."""
        return _send_all(self, self.chats(), title, body)


def _chat(name: str) -> int | str:
    return int(name) if name.lstrip("-").isdecimal() else name


def _noted(result: SendResult, tried: list[str], moved: str) -> SendResult:
    """The result with what was done to get the message through."""
    words = {
        "plain": "sent as plain text",
        "shorter": "shortened",
        "moved": f"the chat moved to {moved}",
        "unlinked": "sent as no reply",
    }
    return replace(result, moved_to=moved, note=", ".join(words[t] for t in tried))


class Email(NotifyEmail):  # type: ignore[misc]
    """mailto[s]://USER:PASSWORD@HOST/?from=…&to=…&smtp=…&mode=…"""

    def addresses(self) -> list[str]:
        return list(dict.fromkeys([*(address for _, address in self.targets), *sorted(self.cc | self.bcc)]))

    def deliver(self, out: Outgoing) -> SendResult:
        try:
            message = self._message(out)
        except (MessageError, ValueError) as error:
            return SendResult(kind="content", detail=f"the e-mail cannot be built: {type(error).__name__}")
        server = smtp.Server(
            host=self.smtp_host,
            port=self.port,
            mode=self.secure_mode,
            user=self.user or "",
            password=self.password or "",
            verify=self.verify_certificate,
        )
        result = smtp.deliver(
            server,
            self.from_addr[1],
            out.recipient,
            message,
            seconds=out.smtp_seconds,
            alone=len(self.addresses()) == 1,
        )
        if result.kind != "sent":
            return result
        return SendResult(kind="sent", remote_id=self._id(out.alert.id))

    def _id(self, alert: str) -> str:
        return f"<{alert}@{self.from_addr[1].rpartition('@')[2]}>"

    def _message(self, out: Outgoing) -> bytes:
        """The same bytes on every try: its id and date are the alert's. Replies name the story's first alert."""
        alert, domain = out.alert, self.from_addr[1].rpartition("@")[2]
        words = mail.mail(alert, out.layout, out.locale)
        message = EmailMessage(policy=SMTP)
        name = self.from_addr[0] if self.from_addr[0] not in (False, "", AGENT) else "راصد"
        name = str(make_header(decode_header(str(name))))  # apprise has encoded it, line breaks and all
        message["From"] = Address(mail.clean_line(name), addr_spec=self.from_addr[1])
        message["To"] = Address(addr_spec=out.recipient)
        if self.reply_to:
            message["Reply-To"] = ", ".join(sorted(self.reply_to))
        message["Date"] = alert.created
        message["Message-ID"] = self._id(alert.id)
        if alert.reply_to:
            message["In-Reply-To"] = message["References"] = self._id(alert.reply_to)
        message["List-Id"] = f"Rasid {alert.channel} <{alert.channel}.rasid.{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "ar"
        for header, value in self.headers.items():
            if header not in message:
                message[header] = value
        message.set_content(words.text, cte="base64")
        message.add_alternative(words.html, subtype="html", cte="base64")
        message.set_boundary(f"rasid-{alert.id}")
        # EmailMessage loses spaces where it folds a long subject that isn't ASCII.
        subject = Header(words.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
        return b"Subject: " + subject.encode("ascii") + b"\r\n" + message.as_bytes()

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """For users of apprise itself: the text, to every address."""
        return _send_all(self, self.addresses(), title, body)


class Webhook(NotifyJSON):  # type: ignore[misc]
    """json[s]://[USER:PASSWORD@]HOST[:PORT]/PATH[?secret=…]"""

    def __init__(self, secret: str = "", **traits: Any) -> None:
        super().__init__(**traits)
        self.key = base64.b64decode(secret[6:], validate=True) if secret.startswith("whsec_") else secret.encode()

    @staticmethod
    def parse_url(url: str) -> dict[str, Any]:
        found: dict[str, Any] = NotifyJSON.parse_url(url)
        return {**found, "secret": found["qsd"].get("secret", "")}

    def deliver(self, out: Outgoing) -> SendResult:
        """Posts docs/webhook.md's JSON; the same Idempotency-Key on every try."""
        content = {**self.payload_extras, **webhook.payload(out.alert)}
        body, now = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"), time.time()
        headers = {"User-Agent": AGENT, **self.headers, "Content-Type": "application/json; charset=utf-8"}
        headers["Idempotency-Key"] = out.alert.id
        if self.key:
            headers |= signature(self.key, out.alert.id, int(now), body)
        if self.user:
            login = base64.b64encode(f"{self.user}:{self.password or ''}".encode()).decode()
            headers["Authorization"] = f"Basic {login}"
        try:
            answer = wire.exchange(
                self._address(),
                method=self.method,
                body=body,
                headers=headers,
                seconds=out.http_seconds,
                refuse=lambda address: refusal(address, out.allowed),
                verify=self.verify_certificate,
                read=False,
            )
        except wire.WireError as error:
            return SendResult(kind=error.kind, detail=f"webhook: {error}")
        return answers.webhook(answer.status, answer.headers, time.time())

    def _address(self) -> str:
        bare = self.host.strip("[]")
        host = f"[{bare}]" if ":" in bare else bare
        port = f":{self.port}" if self.port else ""
        query = f"?{urlencode(self.params)}" if self.params else ""
        path = NotifyJSON.quote(self.fullpath or "/", safe="/%:@!$&'()*+,;=~")
        return f"{'https' if self.secure else 'http'}://{host}{port}{path}{query}"

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """For users of apprise itself: title and text as an operator message."""
        return _send_all(self, [""], title, body)


def signature(key: bytes, alert: str, now: int, body: bytes) -> dict[str, str]:
    """The headers of https://www.standardwebhooks.com: who has the key tells true from forged and old."""
    digest = hmac.digest(key, f"{alert}.{now}.".encode() + body, "sha256")
    return {
        "webhook-id": alert,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


Own = Telegram | Email | Webhook
OWN: dict[str, type[Own]] = {
    "tgram": Telegram,
    "mailto": Email,
    "mailtos": Email,
    "json": Webhook,
    "jsons": Webhook,
}


def _send_all(plugin: Own, recipients: list[str], title: str, body: str) -> bool:
    now = time.time()
    alert = compose.operator("apprise", "apprise", title or "رسالة", body.splitlines(), now)
    outs = [Outgoing(alert=alert, recipient=r, layout="full", locale=Locale()) for r in recipients]
    results = [plugin.deliver(out) for out in outs]
    return all(result.kind == "sent" for result in results)
