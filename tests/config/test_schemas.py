"""The schemas of feeds.yaml, channels.yaml and settings.yaml say in an editor what the readers say at load."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.config import load_config, schema
from monitor.config.schema import FILES

ROOT = Path(__file__).parents[2]


def shipped(file: str) -> Path:
    return ROOT / "docs" / f"{file}.schema.json"


def written(file: str) -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(file), ensure_ascii=False, indent=1) + "\n"


def loader(words: str) -> type[yaml.SafeLoader]:
    """A loader whose truth values are `words`, and which makes no dates."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":bool", ":timestamp"))]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^(?:{words})$", re.I), list("yYnNtTfFoO"))
    return Loader


EDITORS = [loader("true|false|yes|no|on|off"), loader("true|false")]  # YAML 1.1 and 1.2


def complaints(file: str, text: str, how: type[yaml.SafeLoader]) -> list[str]:
    value: Any = yaml.load(text, Loader=how)
    return [error.message for error in Draft202012Validator(schema(file)).iter_errors(value)]


def errors(folder: Path, file: str, text: str) -> list[str]:
    """What the reader refuses in one file."""
    (folder / f"{file}.yaml").write_text(text, "utf-8")
    return [str(problem) for problem in load_config(folder).problems if problem.level == "error"]


@pytest.mark.parametrize("file", FILES)
def test_the_shipped_file_is_the_readers_own(file: str) -> None:
    """After a change of the tables: `python -m tests.config.test_schemas` writes them anew."""
    assert shipped(file).read_text("utf-8") == written(file)
    Draft202012Validator.check_schema(schema(file))


GOOD = {
    "feeds": [
        "rasid: 1\nfeeds:\n",
        "rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n    name: 24\n    tags: [ir, 24]\n    enabled: yes\n"
        "    language: no\n    country: NO\n    timezone: Asia/Riyadh\n    every: 10m\n    text: page\n    kind: page\n"
        "    select: h2 a\n    proxy: socks5://p.example:1\n    weight: 2.5\n",
        "rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n    tags:\n    every: auto\n    proxy: ${PROXY}\n",
    ],
    "channels": [
        "rasid: 1\nchannels:\n  a:\n    url: console://\n    quiet: [sun-thu 23:00-06:00, fri 22:00-10:00]\n"
        "    limit: 20/min\n    digest: 10:30\n    layout: short\n    timezone: UTC\n",
        'rasid: 1\nchannels:\n  a:\n    url: "tgram://${TOKEN}/-100"\n    digest: "07:00"\n  b:\n    url: ${URL}\n',
    ],
    "settings": [
        "rasid: 1\n",
        "rasid: 1\npoll:\n  late: 3m\n  at_most: 6000/h\n  spacing: 0\n  first: silent\nretry:\n  base: 5s\nkeep:\n"
        "  articles: 90d\noperator: console\nlocale:\n  digits: arab\nallow_networks: [127.0.0.0/8, '::1']\n"
        "heartbeat: ${BEAT}\nmetrics: 127.0.0.1:9464\ncontact: a@b.example\ndatabase: sqlite\n",
        "rasid: 1\npoll:\nretry:\nheartbeat:\n",
    ],
}
BAD = {
    "feeds": [
        "feeds:\n", "rasid: 2\n", "rasid: 1\nfeeds: [a]\n", "rasid: 1\nfeed:\n",
        *(f"rasid: 1\nfeeds:\n  {line}\n" for line in (
            "a: https://a.example/rss", "سد: {url: https://a.example/rss}", "a: {name: x}", "a: {url: a.example/rss}",
            "a: {url: ftp://a.example/rss}", "a:\n    url:")),
        *(f"rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n    {line}\n" for line in (
            "evry: 5m", "every: 5 minutes", "every: 300", "text: full", "kind: rss", "enabled: nope", "weight: heavy",
            "weight: 0", "country: Saudi", "language: arabic", "proxy: p.example", "timezone: 3", "tags: {a: b}")),
    ],
    "channels": [
        *(f"rasid: 1\nchannels:\n  a:\n    {line}\n" for line in (
            "quiet: 23:00-06:00", "url: https://hooks.example", "url: a@b.example")),
        *(f"rasid: 1\nchannels:\n  a:\n    url: console://\n    {line}\n" for line in (
            "quite: 23:00-06:00", "quiet: night", "limit: 20", "limit: 20/fortnight", "layout: long", "digest: often")),
    ],
    "settings": [
        "rasid: 1\npoll: 3m\n", "rasid: 1\nkeep: 90d\n", "rasid: 1\ntelegram: x\n",
        *(f"rasid: 1\npoll:\n  {line}\n" for line in (
            "late: 3", "late: 0", "flor: 5s", "at_most: 100", "first: none", "spacing: soon")),
        *(f"rasid: 1\n{line}\n" for line in (
            "locale: {digits: arabic}", "heartbeat: x", "contact: me", "metrics: 9464", "database: mysql",
            "allow_networks: here", "alert_age: 2 days")),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("file", "text"), [(file, text) for file in FILES for text in GOOD[file]])
def test_what_the_reader_takes_the_editor_takes(tmp_path: Path, file: str, text: str) -> None:
    assert errors(tmp_path, file, text) == []
    assert [complaints(file, text, how) for how in EDITORS] == [[], []]


@pytest.mark.parametrize(("file", "text"), [(file, text) for file in FILES for text in BAD[file]])
def test_what_the_reader_refuses_the_editor_underlines(tmp_path: Path, file: str, text: str) -> None:
    assert errors(tmp_path, file, text)
    assert all(complaints(file, text, how) for how in EDITORS)


@pytest.mark.parametrize("file", FILES)
def test_the_shipped_files_and_their_commented_defaults_are_right(tmp_path: Path, file: str) -> None:
    """What stands behind a `#` in them can be switched on as it is."""
    text = (ROOT / "rules" / f"{file}.yaml").read_text("utf-8")
    switched_on = re.sub(r"^(\s*)# (\s*(?:[a-z_]+: \S.*|[a-z_]+:(?: +#.*)?))$", r"\1\2", text, flags=re.MULTILINE)
    for each in (text, switched_on) if file == "settings" else (text,):
        if file == "settings" and each is switched_on:
            each = re.sub(r'^\s*(heartbeat|contact|websub|metrics): "".*$', "", each, flags=re.MULTILINE)
        assert errors(tmp_path, file, each) == []
        assert [complaints(file, each, how) for how in EDITORS] == [[], []]


def test_every_key_says_what_it_means() -> None:
    def described(node: Any) -> bool:
        below = node.get("properties", {}) if isinstance(node, dict) else {}
        return all("description" in each and described(each) for each in below.values())

    assert all(described(schema(file)) for file in FILES)


if __name__ == "__main__":
    for name in FILES:
        shipped(name).write_text(written(name), "utf-8")
