"""No secret is shown anywhere (X73): the whole daemon at DEBUG, with channels that fail in every way."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import Rasid, publish
from tests.journey.installation import wait_until
from tests.journey.outlet import Outlet
from tests.servers.telegram import FakeTelegram, error
from tests.servers.webhook import Answer, Webhook

TOKEN = "7361942850:AAHqWxvKcPlTrUeYnBmZsDfGhJkLoIuYtRe"
TAIL = TOKEN.partition(":")[2]
PASSWORD = "s3cr3t-Pa55-Wörd"
IN_FILE = "zx81-file-secret"
HOOK = "hook-secret-9f8e7d6c"
MALFORMED = "not-a-token-but-secret-4711"
SECRETS = (TAIL, PASSWORD, "s3cr3t-Pa55", IN_FILE, HOOK, MALFORMED)


def shown(text: bytes) -> list[str]:
    return [secret for secret in SECRETS if secret.encode() in text]


def test_x73_no_secret_in_log_alerts_database_backup_or_process_list(
    rasid: Rasid, outlet: Outlet, hook: Webhook, tmp_path: Path
) -> None:
    """Telegram with a wrong token, mail to a closed port, webhooks that refuse and redirect, a token that is none."""
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "mail").write_text(IN_FILE)
    rasid.env |= {
        "TELEGRAM_TOKEN": TOKEN, "SMTP_PASSWORD": PASSWORD, "HOOK_TOKEN": HOOK, "BAD_TOKEN": MALFORMED,
        "CREDENTIALS_DIRECTORY": str(tmp_path / "credentials"),
    }  # fmt: skip
    with FakeTelegram() as telegram, Webhook(Answer(status=401)) as refusing:
        telegram.script.extend([error(401, "Unauthorized"), error(429, "Too Many Requests", retry_after=1)])
        rasid.settle(telegram_api=telegram.url)
        rasid.feeds(manbar=outlet.feed)
        rasid.channels(
            good=hook.address,
            telegram="tgram://${TELEGRAM_TOKEN}/-100123",
            mail="mailto://rasid:${SMTP_PASSWORD}@127.0.0.1:9?from=a@example.org&to=b@example.org&mode=insecure",
            filed="mailto://rasid:${file:mail}@127.0.0.1:9?from=a@example.org&to=b@example.org&mode=insecure",
            refusing=f"json://user:${{HOOK_TOKEN}}@127.0.0.1:{refusing.port}/hook",
            malformed="tgram://${BAD_TOKEN}/-100123",
        )
        daemon = rasid.start("-v")
        publish(outlet, 1, 2)
        wait_until(lambda: telegram.posts and refusing.requests and hook.requests and "mail" in rasid.logged())
        wait_until(lambda: rasid.logged().count("not sent") >= 3, what="the failures are logged")
        assert daemon.poll() is None
        assert not shown(b"".join(_read(path) for path in Path("/proc").glob("[0-9]*/cmdline")))
        assert rasid.verb("backup", str(tmp_path / "copy.db")).returncode == 0
        said = [rasid.verb(*verb.split()) for verb in ("status", "deliveries", "channels")]
        assert rasid.stop() == 0
    assert not shown("".join(done.stdout + done.stderr for done in said).encode())
    assert not shown(rasid.log.read_bytes())
    assert not shown(b"".join(request.body for request in hook.requests))
    for path in [*rasid.state.rglob("*"), tmp_path / "copy.db"]:
        if path.is_file():
            assert not shown(path.read_bytes()), path.name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
