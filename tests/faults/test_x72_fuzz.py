"""Mutated input (X72): feeds, pages, rule folders, channel answers and whole polls. No exception leaves, every refusal
has words. A few fixed seeds in the quick suite; a thousand new ones in soak, the first of them printed."""

from __future__ import annotations

import contextlib
import json
import math
import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor import extract
from monitor.alert import answers
from monitor.alert.lane import after
from monitor.config import Settings
from monitor.errors import NotAFeed
from monitor.fetch import poll_once
from monitor.types import Alert, AlertKind, Delivery, DeliveryState, Severity
from monitor.watch import folder
from tests.fetch.loopback import Reply, Server

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "tests/extract/pages").glob("*.html"))
RULES = [path for path in sorted((ROOT / "rules").glob("*.yaml")) if path.stat().st_size < 60_000]
QUICK, NOW = 12, 1_780_000_000.0
PIECES = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"&#xD800;", b"\x00", b"\xff\xfe", b"\xd9", b"<item>",
    b"</item>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"\xe2\x80\xae", b"\xe2\x80\x8f", b'"', b"'", b"-", b":",
    b"[", b"{", b"\t", b"\r", b"\n\n", b"  ", b"%", b"999999999999", b"-1", b"null", b"true", b"\xd8\xb9", b"<?xml",
    b"|", b"#",
)  # fmt: skip
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>منبر الساحل</title><link>https://outlet.example/</link><ttl>15</ttl>
<item><title>سقوط طائرة مسيّرة &amp; حريق</title><link>https://outlet.example/1?a=1&amp;b=2</link>
<guid isPermaLink="false">n-1</guid><pubDate>Sat, 21 Nov 2026 18:30:00 +0300</pubDate><dc:creator>سلمى</dc:creator>
<description><![CDATA[<p>قال <b>شهود</b> إنها سقطت قرب الميناء.</p>]]></description></item>
<item><title>اجتماع البلدية</title><link>https://outlet.example/2</link><pubDate>21 نوفمبر 2026 18:00</pubDate>
<content:encoded>&lt;p&gt;ناقش المجلس &#1593;&#1605;ل الطرق.&lt;/p&gt;</content:encoded></item>
</channel></rss>
""".encode()
ANSWERS = (
    b'{"ok":true,"result":{"message_id":7,"chat":{"id":-100}}}',
    b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}',
    b'{"ok":false,"error_code":400,"description":"group migrated","parameters":{"migrate_to_chat_id":-1002}}',
)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """`data` with bytes changed, cut, doubled, moved, or pieces put in that mean something somewhere."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 3, 8, 30))):
        place, length = dice.randrange(len(made) + 1), dice.choice((0, 1, 2, 5, 40, 400))
        match dice.randrange(5):
            case 0:
                made[place : place + length] = dice.randbytes(length)
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = dice.choice(PIECES) * dice.choice((1, 1, 1, 3, 200))
            case 3:
                made[place:place] = made[place : place + length] * dice.choice((1, 2, 50))
            case _:
                other = dice.randrange(len(made) + 1)
                made[place:place] = made[other : other + length]
    return bytes(made[:400_000])


def a_feed(dice: random.Random, tmp_path: Path) -> None:
    kind = dice.choice(("feed", "feed", "feed", "page", "telegram", "sitemap"))
    label = dice.choice(("", "application/rss+xml", "text/xml; charset=windows-1256", "text/html; charset=x"))
    try:
        found = extract.feed(
            mutated(FEED, dice), content_type=label, url="https://outlet.example/feed", kind=kind, now=NOW
        )
    except NotAFeed as error:
        if not str(error).strip():
            raise AssertionError("refused without a word") from error
        return
    for entry in found.entries:
        assert entry.key
        assert not entry.url or entry.url.startswith(("http://", "https://"))
        assert not set(entry.title) & set("\x00\n\r\u202e")


def a_page(dice: random.Random, tmp_path: Path) -> None:
    data = mutated(dice.choice(PAGES).read_bytes(), dice)
    article = extract.page(
        data, "https://outlet.example/1", content_type=dice.choice(("", "text/html; charset=utf-8")), now=NOW
    )
    assert article.text_from in ("page", "feed", "raw")
    assert "\x00" not in article.text + article.title
    extract.raw_text(data, "")


def a_rules_folder(dice: random.Random, tmp_path: Path) -> None:
    place = tmp_path / "rules"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    path = dice.choice(RULES)
    (place / path.name).write_bytes(mutated(path.read_bytes(), dice))
    live, problems = folder.read(place, date(2026, 11, 21))
    assert live is not None or any(problem.level == "error" for problem in problems)
    for problem in problems:
        assert problem.message.strip()
        assert problem.place.file


def an_answer(dice: random.Random, tmp_path: Path) -> None:
    status = dice.choice((0, 100, 200, 204, 301, 400, 401, 403, 404, 410, 429, 500, 503, 599, 999))
    value = dice.choice(("", "35", "-1", "1e400", "nan", "Sat, 21 Nov 2026 18:30:00 GMT", "٣٥", "9" * 400, "x"))
    headers = {"retry-after": value, "date": dice.choice(("", "never", "Sat, 21 Nov 2026 18:30:00 GMT"))}
    body = mutated(dice.choice(ANSWERS), dice)
    verdict = answers.telegram(status, body, headers, NOW, alone=dice.random() < 0.5, whole=dice.random() < 0.8)
    results = [answers.webhook(status, headers, NOW), getattr(verdict, "result", verdict)]
    stage = dice.choice(("greeting", "login", "sender", "recipient", "data", "text"))
    results.append(answers.smtp(stage, dice.randrange(-1, 1000), mutated(b"4.2.0 later", dice), alone=True))
    for result in results:
        if not hasattr(result, "kind"):
            continue
        settled = after(result, DELIVERY, NOW, Settings().retry, dice.random())
        assert math.isfinite(settled.next_at)
        assert result.kind == "sent" or settled.reason.strip()
        assert settled.state in (DeliveryState.sent, DeliveryState.pending, DeliveryState.dead)


def a_poll(dice: random.Random, tmp_path: Path) -> None:
    """A whole poll of a server that lies in status, headers and body; the state survives JSON."""
    body = mutated(FEED, dice)
    headers = {
        "Content-Type": dice.choice(("application/rss+xml", "", "text/html; charset=" + "x" * 500)),
        "ETag": dice.choice(('"1"', "", 'W/"' + "a" * 3000 + '"')),
        "Cache-Control": dice.choice(("max-age=99999999999999", "max-age=-1", "no-store, max-age=x")),
        "Retry-After": dice.choice(("", "5", "-5", "never")),
    }
    if dice.random() < 0.2:
        headers["Content-Encoding"] = dice.choice(("gzip", "br", "deflate", "gzip, gzip"))
    status = dice.choice((200, 200, 200, 200, 203, 204, 206, 304, 400, 403, 404, 410, 429, 500, 503))
    with contextlib.closing(Server()) as server:
        server.answer(Reply(status, headers, body))
        settings = {"allow_networks": ["127.0.0.0/8", "::1/128"], "timeout": 3.0}
        state, outcome = poll_once({"url": server.url("/feed")}, NOW, settings)
    json.dumps(state)
    assert outcome.next_at > NOW
    assert outcome.kind in ("new", "unchanged") or outcome.reason.strip()


ALERT = Alert(
    id="a", channel="c", kind=AlertKind.alert, severity=Severity.high, created=datetime(2026, 11, 21, tzinfo=UTC)
)
DELIVERY = Delivery(
    id=1, alert=ALERT, channel="c", recipient="", state=DeliveryState.sending, attempts=2, created=NOW - 60
)
KINDS = [a_feed, a_page, a_rules_folder, an_answer, a_poll]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_x72_mutated_input_is_read_or_refused_in_words(
    kind: Callable[[random.Random, Path], None], tmp_path: Path
) -> None:
    for seed in range(QUICK):
        kind(random.Random(seed), tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_x72_a_thousand_seeds(kind: Callable[[random.Random, Path], None], tmp_path: Path) -> None:
    first = random.SystemRandom().randrange(1_000_000)
    print(f"\n{kind.__name__}: seeds {first} to {first + 999}")
    for seed in range(first, first + 1000):
        try:
            kind(random.Random(seed), tmp_path)
        except Exception as error:
            raise AssertionError(f"{kind.__name__} with seed {seed}") from error
