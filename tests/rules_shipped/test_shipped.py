"""The folder that users get: it loads clean, its rules pass their own tests, and none is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import Config, load_config
from monitor.match import Matcher, check_tests
from monitor.rules import RuleSet, load_rules
from monitor.types import Severity

RULES = Path(__file__).parents[2] / "rules"
IDS = {
    "uav", "shahed", "geran", "iran_nuclear", "bushehr", "bushehr_npp", "ru_ir_pact", "sanctions",
    "ir_missiles", "arms", "grain", "ns_corridor", "khamenei", "raisi", "pezeshkian", "patrushev", "lavrov",
    "amirabdollahian", "shamkhani", "jagarian", "syria",
}  # fmt: skip


# How outlets spell one and the same sentence.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "no hamza": lambda text: re.sub("[أإآ]", "ا", text),
    "ه for ة": lambda text: re.sub("ة(?![ء-ي])", "ه", text),
    "ى for ي": lambda text: re.sub("ي(?![ء-ي])", "ى", text),
    "no vowel marks": lambda text: re.sub("[ً-ْ]", "", text),
    "Arabic digits": lambda text: text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "guillemets": lambda text: re.sub('"([^"]*)"', r"«\1»", text),
    "curly quotes": lambda text: re.sub('"([^"]*)"', r"“\1”", text),
    "in a telegram": lambda text: f"عاجل | {text}.",
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(RULES)


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(RULES)


def test_the_folder_loads_without_errors_or_warnings(rules: RuleSet, config: Config) -> None:
    assert list(map(str, rules.warnings)) == []
    assert list(map(str, config.problems)) == []


def test_every_rule_is_there_and_none_is_critical(rules: RuleSet) -> None:
    """Users build on the ids; what is critical breaks quiet hours, and that is theirs to say."""
    assert set(rules.rules) >= IDS
    assert not [r.id for r in rules.rules.values() if r.severity == Severity.critical or r.raises]


def test_every_rule_passes_its_own_tests(rules: RuleSet) -> None:
    assert list(map(str, check_tests(rules))) == []


def test_every_rule_shows_what_it_finds_and_what_it_must_not(rules: RuleSet) -> None:
    shows = {r.id: {t.hit for t in r.tests} for r in rules.rules.values()}
    assert [name for name, kinds in shows.items() if kinds != {True, False}] == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_rule_finds_its_hits_however_they_are_spelled(rules: RuleSet, spelling: str) -> None:
    matcher, spelled = Matcher(rules), SPELLINGS[spelling]
    missed = [
        f"{rule.id}: {spelled(test.text)}"
        for rule in rules.rules.values()
        for test in rule.tests
        if test.hit and rule.id not in {hit.rule.id for hit in matcher.match(spelled(test.title), spelled(test.text))}
    ]
    assert missed == []


def test_a_text_about_nothing_watched_fires_nothing(rules: RuleSet) -> None:
    text = "افتتح المحافظ أمس معرض الكتاب في قاعة البلدية، وشاهد الحضور عرضا للأطفال وجيران الحي."
    assert Matcher(rules).match("معرض الكتاب", text) == []


def test_the_feeds_are_all_there(config: Config) -> None:
    """Addresses that were seen to work are on, the others wait for their user; each says whose it is."""
    feeds = config.feeds.values()
    assert len(config.feeds) >= 74
    assert sum(f.enabled for f in feeds) >= 56
    assert all(f.language == "ar" and f.name and f.name != f.id for f in feeds)
    assert [f.id for f in feeds if not f.country and "search" not in f.tags] == []


def test_alerts_go_to_the_console_until_a_channel_is_named(config: Config) -> None:
    assert [c.url for c in config.channels.values()] == ["console://"]


def test_the_commented_settings_are_the_defaults(config: Config, tmp_path: Path) -> None:
    """Whoever takes a `#` away changes nothing yet."""
    text = (RULES / "settings.yaml").read_text("utf-8")
    lines = [line.removeprefix("# ") if line.startswith(("# ", "#  ")) else line for line in text.splitlines()[2:]]
    (tmp_path / "settings.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    uncommented = load_config(tmp_path)
    assert list(map(str, uncommented.problems)) == []
    assert uncommented.settings == config.settings
