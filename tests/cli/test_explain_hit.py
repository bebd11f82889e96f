"""`rasid explain RULE HIT`: an old hit is explained by the rule as it was when it fired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from monitor.fetch import url_key
from monitor.match import Matcher
from monitor.rules import load_rules
from monitor.store import Store
from monitor.store.keeping import KEPT_RULE_SETS
from monitor.types import Article

Call = Callable[..., Result]
NOW = 1_780_000_000.0


def live(store: Store, rules_dir: Path, now: float) -> None:
    """The folder as it stands goes live."""
    rules = load_rules(rules_dir)
    store.save_rules(rules.version, rules.sources, now=now)


def test_a_hit_is_explained_by_the_rule_as_it_was(call: Call, rules_dir: Path, tmp_path: Path) -> None:
    """Lists included, after rule and list were changed; once that version is forgotten, it says so."""
    path, words = rules_dir / "watch.yaml", rules_dir / "lists" / "drones.txt"
    words.parent.mkdir()
    words.write_text("طائرة مسيّرة\n", "utf-8")
    path.write_text("rasid: 1\nrules:\n  drones:\n    match:\n      list: drones\n", "utf-8")
    (tmp_path / "state").mkdir()
    store = Store.open(tmp_path / "state", now=NOW)
    live(store, rules_dir, NOW)
    text = "أسقطت طائرة مسيّرة قرب الحدود"
    with store.batch(NOW + 1) as batch:
        article = batch.add_article(Article(url="https://news.example/1", title="خبر", text=text, feed="f"))
        hit = batch.add_hit(article, Matcher(load_rules(rules_dir)).match("خبر", text)[0])
    words.write_text("درون\n", "utf-8")
    live(store, rules_dir, NOW + 2)
    store.close()

    then = call("explain", "drones", str(hit))
    assert "✓ rule drones" in then.output
    assert "طائرة مسيّرة" in then.output
    assert "no longer kept" not in then.output
    assert "✗ rule drones" in call("explain", "drones", text=text).output

    store = Store.open(tmp_path / "state", now=NOW + 3)
    for n in range(KEPT_RULE_SETS):
        words.write_text(f"درون{n}\n", "utf-8")
        live(store, rules_dir, NOW + 4 + n)
    store.close()
    now = call("explain", "drones", str(hit))
    assert "no longer kept" in now.output
    assert "✗ rule drones" in now.output


def test_a_stored_article_is_explained_for_its_own_feed(call: Call, rules_dir: Path, tmp_path: Path) -> None:
    """A rule that leaves the feed out says so, whether or not it is asked for the feed."""
    (rules_dir / "feeds.yaml").write_text(
        "rasid: 1\nfeeds:\n  f:\n    url: https://f.example/rss\n  g:\n    url: https://g.example/rss\n"
    )
    path = rules_dir / "watch.yaml"
    path.write_text("rasid: 1\nrules:\n  drones:\n    match: درون\n    sources:\n      not:\n        - f\n", "utf-8")
    (tmp_path / "state").mkdir()
    store = Store.open(tmp_path / "state", now=NOW, url_key=url_key)
    with store.batch(NOW) as batch:
        batch.add_article(Article(url="https://news.example/1", title="خبر", text="سقطت درون", feed="f"))
    store.close()
    assert "its sources leave out this feed" in call("explain", "drones", "https://news.example/1").output
    assert "✓ rule drones" in call("explain", "drones", "https://news.example/1", "--feed", "g").output
