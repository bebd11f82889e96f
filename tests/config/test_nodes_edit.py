"""Canonical form and additions: what a person wrote keeps its meaning and its comments."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.edit import add_feeds
from monitor.config.layout import format_text, same, sound
from monitor.config.quoting import block, quoted
from monitor.errors import ConfigError

BEFORE = """\
# head
rasid: 1   # version

lists:
    words:    [مسيّرة, "طائرة بدون طيار",  درون]   # flow
    other:
    - a   # first

    # about b
    - b
    # end of other
rules:   # all
  one:                        # an id
        name: مسيّرات شاهد
        match: {any: [شاهد, {word: شاهد, al: no}], not: [x]}


        # closing remark
  # next rule
  two:
    note: |   # kept
          hello
            world

          bye
    name: >-
      folded
      text
    match:
      - - a
        - b
      -   word: x
          # inner
          al: no
      - # odd
        word: y
    to: []
    e:
    q: "multi
      line"
    p: plain
      multi line
# the end
"""
AFTER = """\
# head
rasid: 1  # version

lists:
  words:
    - مسيّرة  # flow
    - "طائرة بدون طيار"
    - درون
  other:
    - a  # first

    # about b
    - b
    # end of other
rules:  # all
  one:  # an id
    name: مسيّرات شاهد
    match:
      any:
        - شاهد
        - word: شاهد
          al: no
      not:
        - x

    # closing remark
  # next rule
  two:
    note: |   # kept
      hello
        world

      bye
    name: >-
      folded
      text
    match:
      - - a
        - b
      - word: x
        # inner
        al: no
      # odd
      - word: y
    to: []
    e:
    q: "multi
      line"
    p: plain multi line
# the end
"""


def test_the_canonical_form() -> None:
    assert format_text(BEFORE) == AFTER


def test_the_canonical_form_is_its_own() -> None:
    assert format_text(AFTER) == AFTER


def test_line_ends_of_windows_stay() -> None:
    assert format_text(BEFORE.replace("\n", "\r\n")) == AFTER.replace("\n", "\r\n")


def test_what_cannot_be_read_is_not_touched() -> None:
    with pytest.raises(ConfigError, match="never closed"):
        format_text("a: 'b")


TEXTS = st.text(st.sampled_from(list("اب تa #:-'\"[]{},|>&*!%@?\n\t\\ـَ‏136")), max_size=12)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS.filter(str.strip), inner, max_size=3),
    max_leaves=10,
)


def commented(text: str, every: int) -> str:
    """The text with a comment line before each `every`-th line that begins a key or an item outside of texts."""
    lines = text.split("\n")
    return "\n".join(
        f"# {i}\n{line}" if every and i % every == 0 and line[:1].isalpha() else line for i, line in enumerate(lines)
    )


def comments(text: str) -> list[str]:
    """The comment lines of `commented`, in order; a `#` inside of a value is none."""
    return re.findall(r"^ *(# [0-9]+)$", text, re.MULTILINE)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), VALUES, min_size=1, max_size=4),
    st.sampled_from([True, False, None]),
    st.integers(2, 8),
    st.integers(0, 3),
)
def test_any_file_keeps_its_meaning_and_its_comments(value: Any, flow: bool | None, indent: int, every: int) -> None:
    text = commented(yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow, indent=indent, width=30), every)
    try:
        before = sound(text)
    except ConfigError:
        return  # a dump that has anchors, or keys that Rasid's files cannot have
    formatted = format_text(text)
    assert same(sound(formatted), before)
    assert comments(formatted) == comments(text)
    assert format_text(formatted) == formatted


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | TEXTS)
def test_a_quoted_text_reads_back_the_same(text: str) -> None:
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    for lines in ([quoted(text)], block(text, 4)):
        node = sound("a:\n  b: " + "\n".join(lines) + "\n  c: d\n")
        assert same(node, sound(yaml.safe_dump({"a": {"b": expected, "c": "d"}}, default_style='"')))


FEED = {"url": "https://example.org/rss?a=1&b=#x", "name": "وكالة: عاجل", "tags": ["agency", "sy"]}
LINES = """\
  new:
    url: https://example.org/rss?a=1&b=#x
    name: 'وكالة: عاجل'
    tags:
      - agency
      - sy
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rasid: 1\nfeeds:\n" + LINES),
        ("rasid: 1\nfeeds: {}\n", "rasid: 1\nfeeds:\n" + LINES),
        ("rasid: 1\nfeeds:\n", "rasid: 1\nfeeds:\n" + LINES),
        (
            "rasid: 1\n# all\nfeeds:\n  a: {url: https://a}  # y\n\n# end\n",
            f"rasid: 1\n# all\nfeeds:\n  a: {{url: https://a}}  # y\n{LINES}\n# end\n",
        ),
        ("rasid: 1\nfeeds: {a: {url: b}}\n", "rasid: 1\nfeeds:\n  a:\n    url: b\n" + LINES),
        ("rasid: 1\nfeeds:\n  a:\n    url: b\nlast: x", f"rasid: 1\nfeeds:\n  a:\n    url: b\n{LINES}last: x"),
    ],
)
def test_a_feed_is_added_behind_the_others(before: str, after: str) -> None:
    assert add_feeds(before, {"new": FEED}) == after


def test_a_feed_is_not_added_twice() -> None:
    with pytest.raises(ConfigError, match="there is a feed `new` already"):
        add_feeds(add_feeds("", {"new": FEED}), {"new": FEED})


@pytest.mark.parametrize(
    "text",
    [
        "rasid: 1\nrules:\n  a:\n    match: سد\n    # of the rule\n  # b:\n  #   match: x\n",
        "rasid: 1\nchannels:\n  # mail:\n  #   url: mailto://x\n",
        "rasid: 1\nchannels:\n  # mail:\n\n  # more\nother: 1\n# end\n",
        "rasid: 1\nrules:\n  a:\n    tests:\n      hit:\n        - سد\n        # hit\n      # miss:\n  # b\n# end\n",
    ],
)
def test_comments_behind_the_last_line_stay_where_they_are(text: str) -> None:
    assert format_text(text) == text


def test_a_comment_behind_a_list_stays_before_what_follows() -> None:
    """Also where dashes stand in their key's column."""
    text = "a:\n  b:\n    c:\n    - y\n    # of c\n  d:\n    e:\n    - z\n    # of e\n"
    assert format_text(text) == text.replace("- ", "  - ").replace("    # of", "      # of")
