"""The three reserved files: what they give, and that every mistake is told at once with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import Config, Settings, load_config
from monitor.types import Channel, Digest, Feed

Load = Callable[..., Config]
KEYS = st.sampled_from(["feeds", "poll", "a"])


def told(config: Config) -> list[str]:
    return [f"{p.place.line}:{p.place.column} {p.level}: {p.message} ({p.hint})" for p in config.problems]


def test_missing_files_are_the_defaults(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    morning = (Digest(hour=7, minute=0),)
    assert config.channels == {"console": Channel(id="console", url="console://", digest=morning)}
    assert (config.feeds, config.settings, config.problems) == ({}, Settings(), ())
    assert load_config(tmp_path / "nowhere").settings == Settings()


def test_every_key_of_a_feed(load: Load) -> None:
    config = load(
        feeds="""
feeds:
  sham:
    url: https://example.org/rss
    name: شام
    tags: [sy, agency]
    enabled: no
    language: ar
    country: sy
    timezone: Asia/Damascus
    every: 5m
    text: feed
    kind: page
    select: a.headline
    proxy: http://127.0.0.1:3128
    weight: 2
  bare:
    url: http://example.org/b
    every: auto
"""
    )
    assert config.problems == ()
    assert config.feeds["sham"] == Feed(
        id="sham", url="https://example.org/rss", name="شام", tags=frozenset({"sy", "agency"}), enabled=False,
        country="SY", timezone="Asia/Damascus", every=300.0, text="feed", kind="page", select="a.headline",
        proxy="http://127.0.0.1:3128", weight=2.0,
    )  # fmt: skip
    assert config.feeds["bare"] == Feed(id="bare", url="http://example.org/b", name="bare")


def test_every_key_of_a_channel(load: Load) -> None:
    config = load(
        channels="""
channels:
  desk:
    url: tgram://${TELEGRAM_TOKEN}/-100123
    quiet: [sun-thu 23:00-06:00, "fri-sat 23:00-10:00"]
    digest: sun-thu 07:00, sat 10:00
    layout: short
    timezone: Asia/Beirut
  mail:
    url: mailto://u:${file:smtp}@example.org?to=a@example.org
    limit: 5/h
"""
    )
    assert config.problems == ()
    desk, mail = config.channels["desk"], config.channels["mail"]
    assert (desk.limit, mail.limit) == ((20, 60.0), (5, 3600.0)), "Telegram has a limit of its own"
    assert (len(desk.quiet), len(desk.digest), desk.layout, desk.timezone) == (2, 2, "short", "Asia/Beirut")
    assert mail.digest == (Digest(hour=7, minute=0),)
    assert desk.place.line == 4


def test_every_key_of_the_settings(load: Load) -> None:
    config = load(
        channels="channels:\n  desk:\n    url: console://\n",
        settings="""
poll: {late: 1m, at_most: 100/min, floor: 0.2s, ceiling: 2h, hint_cap: 0, retry_cap: 1d,
  spacing: 0, spread: 1s, first: silent}
allow_networks: [127.0.0.0/8, "::1"]
alert_age: 24h
retry: {base: 1s, max: 1m, give_up: 1h}
keep: {articles: 10d}
operator: desk
heartbeat: https://hc.example.org/${PING}
locale: {timezone: Europe/Paris, digits: arab}
database: postgresql+psycopg://${DB}
telegram_api: http://127.0.0.1:8081
websub: https://me.example.org/hook
metrics: 127.0.0.1:9464
contact: desk@example.org
""",
    )  # fmt: skip
    assert told(config) == []
    s = config.settings
    assert (s.poll.late, s.poll.at_most, s.poll.floor, s.poll.first) == (60.0, (100, 60.0), 0.2, "silent")
    assert (s.allow_networks, s.operator) == (("127.0.0.0/8", "::1/128"), ("desk",))
    assert (s.retry.max, s.keep_articles, s.alert_age) == (60.0, 864000.0, 86400.0)
    assert (s.locale.timezone, s.locale.digits, s.metrics) == ("Europe/Paris", "arab", "127.0.0.1:9464")
    assert s.contact == "desk@example.org"


def test_all_mistakes_at_once_with_their_places(load: Load) -> None:
    config = load(
        feeds="""
feeds:
  ok: {url: https://example.org/}
  a b:
    url: ftp://example.org
    evry: 5m
    text: pages
  none: {name: x}
""",
        channels="channels:\n  desk:\n    url: console://\n    quite: 23:00-06:00\n    digest: [daily 7]\n",
        settings="poll: {late: 3}\npol: {}\noperator: [dsk]\nalert_age: [1h]\nretry: {base: 1h}\n",
    )
    lines = told(config)
    expected = [
        "5:3 error: `a b` is no id",
        "6:10 error: `url`: `ftp://example.org` is no address",
        "7:5 error: a feed has no key `evry` (did you mean `every`?)",
        "8:11 error: `text`: `pages` is none of auto, feed, page",
        "9:3 error: feed `none` has no `url`",
        "5:5 error: a channel has no key `quite` (did you mean `quiet`?)",
        "6:14 error: `digest`",
        "2:14 error: `late`: `3` is no duration",
        "3:1 error: settings.yaml has no key `pol` (did you mean `poll`?)",
        "4:11 error: there is no channel `dsk` (did you mean `desk`?)",
        "5:12 error: `alert_age` takes one value",
        "6:8 error: `base` is above `max`",
    ]
    missing = [e for e in expected if not any(line.startswith(e) for line in lines)]
    assert (missing, len(lines)) == ([], len(expected)), lines
    assert set(config.feeds) == {"ok"}
    assert {p.place.file.rpartition("/")[2] for p in config.problems} == {
        "feeds.yaml",
        "channels.yaml",
        "settings.yaml",
    }


@pytest.mark.parametrize("url", ["tgram://${T}", "tgram://${T}/", "tgram://${T}/?silent=yes", "tgram://123:abc"])
def test_telegram_without_a_chat_is_refused_with_the_reason(load: Load, url: str) -> None:
    config = load(channels=f"channels:\n  desk:\n    url: {url}\n")
    assert "adopt the first person" in told(config)[0]
    assert config.problems[0].level == "error"


@pytest.mark.parametrize(
    "url",
    [
        "tgram://123456:AAhd/-100123",
        "mailto://me:hunter2@example.org",
        "json://example.org/?token=abc123",
        "jsons://u:p%40ss@example.org/x",
    ],
)
def test_a_secret_in_plain_sight_is_warned_of_and_not_repeated(load: Load, url: str) -> None:
    config = load(channels=f"channels:\n  desk:\n    url: {url}\n")
    (problem,) = config.problems
    assert problem.level == "warning"
    assert "always a reference" in problem.hint
    assert not any(part in str(problem) for part in ("AAhd", "hunter2", "abc123", "p%40ss"))


@pytest.mark.parametrize("url", ["https://hooks.example.org/x", "desk@example.org", "tgram:/x"])
def test_what_is_no_channel_is_told_what_to_write(load: Load, url: str) -> None:
    config = load(channels=f"channels:\n  desk:\n    url: {url}\n")
    assert "://" in config.problems[0].message
    assert set(config.channels) == {"console"}


def test_what_may_be_a_secret_is_not_repeated(load: Load) -> None:
    config = load(
        channels="channels:\n  desk:\n    url: 123456:hunter2\n",
        feeds="feeds:\n  a:\n    url: https://e.org/\n    proxy: u:hunter2@proxy\n",
        settings="database: mysql://u:hunter2@db/x\n",
    )
    assert len(config.problems) == 3
    assert "hunter2" not in "".join(told(config))


def test_a_reference_with_a_path_is_an_error(load: Load) -> None:
    config = load(channels="channels:\n  desk:\n    url: tgram://${file:../../etc/passwd}/-1\n")
    assert [p.level for p in config.problems] == ["error"]


def test_one_address_in_two_feeds_is_a_warning(load: Load) -> None:
    config = load(feeds="feeds:\n  a: {url: https://e.org/}\n  b: {url: https://e.org/}\n")
    assert [p.level for p in config.problems] == ["warning"]
    assert set(config.feeds) == {"a", "b"}


def test_a_file_must_say_its_format(tmp_path: Path) -> None:
    for name in ("feeds", "channels", "settings"):
        (tmp_path / f"{name}.yaml").write_text("rasid: 2\n", "utf-8")
    assert len(load_config(tmp_path).problems) == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.text(max_size=12) | st.sampled_from(["[", "{", "-", "url", "3m", "&a", "\x00"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    )
)
def test_nothing_in_a_file_raises(tmp_path: Path, content: object) -> None:
    """Broken YAML, wrong shapes, other types: problems, never an exception."""
    for name in ("feeds", "channels", "settings"):
        (tmp_path / f"{name}.yaml").write_text(f"rasid: 1\n{name}: {content}\n", "utf-8", errors="replace")
    load_config(tmp_path)


@pytest.mark.parametrize(
    ("channels", "complete"),
    [
        ("channels: [\n", False),
        ("channels: desk\n", False),
        ("channels:\n  dsk:\n    url: nothing\n", False),
        ("channels:\n  dsk:\n    url: console://\n    layot: full\n", True),
        ("", True),
    ],
)
def test_a_name_is_judged_only_where_all_that_could_have_it_was_read(load: Load, channels: str, complete: bool) -> None:
    """A channel that stands in a broken file, or is broken itself, is not told to be missing as well."""
    config = load(channels=channels, settings="operator: [desk]\n")
    assert config.complete is complete
    assert any("there is no channel `desk`" in words for words in told(config)) is complete
