"""What was found, for people, machines and spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from monitor.arabic import fold
from monitor.match import Matcher
from monitor.rules import load_rules
from monitor.store import Store
from monitor.types import Article, Dropped

NOW = 1_780_000_000.0
COUNT = 60


@pytest.fixture
def found(rules_dir: Path, tmp_path: Path) -> None:
    """A state folder with sixty hits."""
    (tmp_path / "state").mkdir()
    matcher = Matcher(load_rules(rules_dir))
    with Store.open(tmp_path / "state", now=NOW) as store, store.batch(NOW) as batch:
        for n in range(COUNT):
            text = f"أسقط الجيش {n} طائرة مسيّرة"
            article = batch.add_article(Article(url=f"https://a.example/{n}", title="خبر", text=text, feed="a"))
            batch.add_hit(article, matcher.match("خبر", text)[0], sentence=text)


@pytest.mark.usefixtures("found")
def test_machines_get_every_hit_unless_they_say_how_many(
    call: Callable[..., Result], objects: Callable[..., list[Any]]
) -> None:
    """A person gets the newest fifty, `--limit` holds for both, and 0 is all."""
    assert [hit["id"] for hit in objects("hits", "--limit", "3")] == [COUNT, COUNT - 1, COUNT - 2]
    assert len(objects("hits")) == COUNT
    assert call("hits").output.count("https://") == 50
    assert call("hits", "--limit", "0").output.count("https://") == COUNT
    assert call("hits", "--csv", "--limit", "2").output.count("https://") == 2


@pytest.mark.usefixtures("found")
def test_a_table_for_spreadsheets_says_that_it_is_utf8(call: Callable[..., Result]) -> None:
    """By the mark without which they show Arabic as Latin letters; it is no part of the first column's name."""
    output = call("hits", "--csv").stdout_bytes
    assert output.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(output.decode("utf-8-sig").splitlines()))
    assert (len(rows), rows[-1]["id"], rows[-1]["surface"]) == (COUNT, "1", "طائرة مسيّرة")


@pytest.mark.usefixtures("found")
def test_a_hit_is_shown_whole_by_its_number(call: Callable[..., Result]) -> None:
    told = call("hits", "7").output
    assert "https://a.example/6" in told
    assert "⁨طائرة مسيّرة⁩ for" in told
    assert getattr(call("hits", "700").exception, "message", "") == "no such hit is stored"


def test_search_finds_words_in_the_forms_that_rules_know(
    call: Callable[..., Result], objects: Callable[..., list[Any]], tmp_path: Path
) -> None:
    """Whoever types no article must not conclude that an article isn't there; nor who types one, or بال."""
    (tmp_path / "state").mkdir()
    texts = ["تقدمت قوات الدعم السريع نحو الفاشر", "قصف بالفاشر، ونفي للدعم السريع", "دعمت الحكومة الخبز"]
    with Store.open(tmp_path / "state", now=NOW) as store, store.batch(NOW) as batch:
        for n, text in enumerate(texts):
            article = Article(url=f"https://a.example/{n}", title="خبر", text=text, feed="a")
            batch.add_article(article, folded=fold(text))
    for query in ("دعم سريع", "الدعم", "للدعم", "الفاشر", "بالفاشر", "الدّعم"):
        assert [line["id"] for line in objects("search", *query.split())] == [2, 1], query
    assert [line["id"] for line in objects("search", "الخبز")] == [3]
    assert call("search", "المريخ").output == "nothing was found\n"


def test_the_evidence_of_a_hit_is_its_page_or_by_name_the_feeds_text(
    call: Callable[..., Result], rules_dir: Path, tmp_path: Path
) -> None:
    """Whoever forwards the file must not take the one for the other."""
    (tmp_path / "state").mkdir()
    matcher, text = Matcher(load_rules(rules_dir)), "أسقط الجيش طائرة مسيّرة"
    why = (Dropped(text="", reason="the server answered 403"),)
    with Store.open(tmp_path / "state", now=NOW) as store, store.batch(NOW) as batch:
        for dropped in ((), why):
            url = f"https://a.example/{len(dropped)}"
            article = batch.add_article(
                Article(url=url, title="خبر", text=text, feed="a", text_from="feed", dropped=dropped)
            )
            batch.add_hit(article, matcher.match("خبر", text)[0], sentence=text)
        batch.add_evidence(1, b"<html>", "https://a.example/0", NOW)
    file = tmp_path / "evidence"
    assert "SHA-256" in call("hits", "1", "--evidence", str(file)).output
    assert file.read_bytes() == b"<html>"
    said = "no page was kept (the server answered 403): this is the text that was read from the feed a"
    assert call("hits", "2", "--evidence", str(file)).output == f"{file}: {said}\n"
    assert file.read_text("utf-8").startswith(f"{said}\nhttps://a.example/1\n")
    assert file.read_text("utf-8").endswith(f"{text}\n")
