"""The verbs as a person calls them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import Result

from monitor.cli import VERBS, rasid
from monitor.errors import RasidError
from monitor.store import Poll, Store
from monitor.types import (
    Alert,
    AlertKind,
    Article,
    Decision,
    DecisionKind,
    Expression,
    Hit,
    Rule,
    Severity,
)

Call = Callable[..., Result]
Objects = Callable[..., list[Any]]
ROOT = Path(__file__).parents[2]
TEXT = "قال مصدر إن الجيش أسقط طائرةً مسيّرة.\nوزار الوفد المحطة النووية أمس."


def verb(name: str) -> click.Command:
    found = rasid.get_command(click.Context(rasid), name)  # type: ignore[attr-defined]
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_explains_itself_with_an_example(name: str) -> None:
    """Plain words, and a line to copy, except where there is nothing to give."""
    text = verb(name).help or ""
    assert "Example" in text
    assert f"rasid {name}" in text


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_in_the_readme_or_the_docs(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "systemd" / "README.md"]
    assert any(re.search(rf"(rasid|\./run) {name}\b", page.read_text("utf-8")) for page in pages)


HEAVY = {"httpx", "sqlalchemy", "trafilatura", "apprise", "lxml", "yaml"}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("--help", set()),
        ("--version", set()),
        ("hits", {"sqlalchemy", "yaml"}),
        ("status", {"sqlalchemy", "yaml"}),
        ("feeds", {"sqlalchemy", "yaml"}),
        ("deliveries", {"sqlalchemy", "yaml"}),
    ],
)
def test_a_verb_imports_only_what_it_needs(rules_dir: Path, tmp_path: Path, line: str, needed: set[str]) -> None:
    """What a person waits for: verbs that read start without network and extraction."""
    make_state(tmp_path / "state")
    arguments = ["rasid", "--rules", str(rules_dir), "--state", str(tmp_path / "state"), line]
    code = f"import sys; sys.argv={arguments!r}\nfrom monitor.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert HEAVY & set(done.stderr.split()) == needed


def test_a_misspelt_verb_gets_a_suggestion(call: Call) -> None:
    done = call("cheek")
    assert done.exit_code == 2
    assert "check" in done.output


def test_check_prints_all_mistakes_with_their_places(call: Call, rules_dir: Path) -> None:
    path = rules_dir / "watch.yaml"
    path.write_text(
        path.read_text("utf-8").replace("severity: medium", "severity: medum").replace("any:", "anny:"), "utf-8"
    )
    done = call("check")
    assert done.exit_code == 1
    assert len(re.findall(r"watch\.yaml:\d+:\d+: error", done.output)) == 3
    assert "medium" in done.output


def test_check_of_a_sound_folder_says_what_it_holds(call: Call) -> None:
    done = call("check")
    assert done.exit_code == 0
    assert "2 rules, 2 tests pass" in done.output


def test_check_says_which_channels_would_stay_off(call: Call, rules_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is missing, one that is no token, a service that nobody knows: warnings, the folder is live."""
    monkeypatch.setenv("TOKEN", "abc:def")
    monkeypatch.delenv("NOWHERE", raising=False)
    (rules_dir / "channels.yaml").write_text(
        "rasid: 1\nchannels:\n  a:\n    url: tgram://${TOKEN}/-100\n  b:\n    url: tgram://${NOWHERE}/-100\n"
        "  c:\n    url: nosuch://x\n  d:\n    url: console://\n"
    )
    done = call("check")
    assert done.exit_code == 0
    for place, words in ((3, "123456:ABC"), (5, "set NOWHERE in the environment"), (7, "nosuch://")):
        assert re.search(rf"channels\.yaml:{place}:3: warning: .*would stay off.*\n?.*{re.escape(words)}", done.output)
    assert "abc:def" not in done.output
    assert "4 channels: 0 errors, 4 warnings" in done.output


def test_a_broken_file_hides_no_mistake_of_another_and_makes_none_up(call: Call, rules_dir: Path) -> None:
    """The rule of a sound file names a channel that stands in the broken one; its own mistake is told all the same."""
    (rules_dir / "channels.yaml").write_text("rasid: 1\nchannels:\n  desk:\n    url: console://\n   quiet: x\n")
    path = rules_dir / "watch.yaml"
    path.write_text(path.read_text("utf-8").replace("severity: high", "to: [desk]").replace("أسقطت ", "لا "), "utf-8")
    (rules_dir / "feeds.yaml").write_text("rasid: 1\nfeeds:\n  a:\n    url: htp://a.example/\n")
    told = call("check").output
    errors = re.findall(r"(\w+)\.yaml:(\d+):\d+: error", told)
    assert errors == [("channels", "5"), ("feeds", "4")]
    assert "no feed is watched" not in told
    path.write_text(path.read_text("utf-8").replace("- لا طائرة", "- لا سيارة"), "utf-8")
    assert "fails its hit test" in call("check").output


def test_check_names_files_that_are_not_read(call: Call, rules_dir: Path) -> None:
    (rules_dir / "lists").mkdir()
    (rules_dir / "lists" / "ships.yaml").write_text("سفينة\n", "utf-8")
    (rules_dir / "more.yml").write_text("rasid: 1\n")
    done = call("check")
    assert "more.yml:1:1: warning: this file is not read" in done.output
    assert "rename it: ships.txt" in done.output


def test_check_warns_of_a_rule_that_expired(call: Call, rules_dir: Path) -> None:
    path = rules_dir / "watch.yaml"
    path.write_text(path.read_text("utf-8").replace("severity: medium", "expires: 2020-01-31"), "utf-8")
    done = call("check")
    assert "rule `plant` expired after 2020-01-31" in done.output
    for verb in (("match",), ("explain", "plant")):
        assert "plant expired after 2020-01-31: it tells nobody any more" in call(*verb, text=TEXT).output
    assert "1 rule, " in done.output


def test_match_json_gives_each_match_with_offsets_of_the_text_given(objects: Objects) -> None:
    """`text[start:end]` is the surface form; the sentence is the one around it."""
    drones, plant = sorted(objects("match", text=TEXT), key=lambda hit: str(hit["rule"]))
    assert (drones["rule"], drones["severity"], plant["rule"]) == ("drones", "high", "plant")
    for match in drones["matches"] + plant["matches"]:
        assert TEXT[match["start"] : match["end"]] == match["surface"]
    assert drones["matches"][0]["sentence"] == "قال مصدر إن الجيش أسقط طائرةً مسيّرة."
    assert plant["matches"][0]["surface"] == "المحطة النووية"


def test_match_reads_any_encoding_and_a_title(objects: Objects, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(TEXT.replace("ّ", "").encode("windows-1256"))
    hits = objects("match", str(tmp_path / "old.txt"), "--title", "محطة نووية جديدة")
    assert {hit["rule"] for hit in hits} == {"drones", "plant"}
    assert {m["field"] for hit in hits for m in hit["matches"]} == {"title", "text"}


def test_match_isolates_arabic_from_the_latin_around_it(call: Call) -> None:
    done = call("match", text=TEXT)
    assert "\u2068المحطة النووية\u2069" in done.output


def test_explain_says_what_was_missing(call: Call) -> None:
    done = call("explain", "drones", "-", text="طائرة ورقية في السماء")
    assert done.exit_code == 0
    assert "does not fire" in done.output
    assert "missing ⁨«مسيّرة»⁩" in done.output
    misspelt = call("explain", "dornes", "-", text="نص")
    assert "drones" in str(misspelt.exception)


def test_explain_and_match_agree_about_sources(call: Call, rules_dir: Path) -> None:
    """By the feed's id and its tags; a feed that nobody knows is refused."""
    (rules_dir / "feeds.yaml").write_text(
        "rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n    tags:\n      - agency\n"
        "  b:\n    url: https://b.example/rss\n"
    )
    (rules_dir / "more.yaml").write_text(
        "rasid: 1\nrules:\n  ships:\n    match: سفينة\n    sources:\n      only:\n        - agency\n"
    )
    for feed, fires in (("a", True), ("b", False)):
        assert ("ships" in call("match", "--feed", feed, text="غرقت سفينة").output) == fires
        told = call("explain", "ships", "--feed", feed, text="غرقت سفينة").output
        assert ("✓ rule ships" in told) == fires
        assert ("its sources leave out this feed" in told) != fires
    refused = call("explain", "ships", "--feed", "c", text="غرقت سفينة")
    assert refused.exit_code != 0
    assert "no such feed" in str(refused.exception)


def test_explain_leaves_out_what_was_nowhere(call: Call, rules_dir: Path) -> None:
    """A rule of many words is explained by the few that matter; --all shows the rest."""
    words = "".join(f"        - سفينة {name}\n" for name in ("حربية", "تجارية", "غارقة", "قديمة"))
    (rules_dir / "ships.yaml").write_text(f"rasid: 1\nrules:\n  ships:\n    match:\n      any:\n{words}", "utf-8")
    short, whole = (call("explain", "ships", *more, text="غرقت سفينة تجارية").output for more in ((), ("--all",)))
    assert "تجارية" in short
    assert "missing ⁨«غارقة»⁩" not in short
    assert "missing ⁨«غارقة»⁩" in whole
    assert "more with --all" in short


@pytest.mark.parametrize(("name", "words"), [("nosuch.txt", "no such file"), ("7", "nothing is stored")])
def test_explain_says_what_it_could_not_find(call: Call, name: str, words: str) -> None:
    done = call("explain", "drones", name)
    assert words in str(done.exception)
    assert getattr(done.exception, "exit_code", 0) == 1


def test_match_shows_a_sentence_once_with_all_that_fired_in_it(call: Call) -> None:
    done = call("match", text="أسقطت طائرة مسيّرة قرب طائرة مسيّرة أخرى.")
    assert done.output.count("قرب") == 1
    assert done.output.count("⁨طائرة مسيّرة⁩ at ") == 2


def test_forms_names_the_particles_instead_of_repeating_them(call: Call) -> None:
    short, every = (call("forms", "صاروخ", *more).output for more in ((), ("--all",)))
    assert "صواريخ" in short
    assert "وبالصواريخ" not in short
    assert "وبالصواريخ" in every
    assert "وبال" in short
    assert getattr(call("forms", "،").exception, "exit_code", 0) == 1


def test_forms_attaches_less_to_the_later_words_of_a_phrase(objects: Objects) -> None:
    """As the rule has it: وصواريخ كروز is found, صواريخ وكروز is another text."""
    forms = {(row["term"], row["form"]) for row in objects("forms", "صاروخ كروز")}
    assert ("صاروخ", "وصاروخ") in forms
    assert ("كروز", "كروز") in forms
    assert ("كروز", "وكروز") not in forms
    assert ("كروز", "وكروز") in {(row["term"], row["form"]) for row in objects("forms", "كروز")}


def test_forms_shows_what_a_term_will_match(objects: Objects) -> None:
    forms = {row["form"] for row in objects("forms", "صاروخ")}
    assert {"صاروخ", "صواريخ"} <= forms


def test_verbs_that_read_the_state_say_where_to_start(call: Call) -> None:
    """Before the first run there is nothing to show."""
    for name in ("hits", "status", "deliveries", "search x", "why https://example.org"):
        done = call(*name.split())
        assert "rasid run" in str(done.exception), name


def test_feeds_lists_what_is_watched_before_the_first_run(objects: Objects, rules_dir: Path) -> None:
    (rules_dir / "feeds.yaml").write_text(
        "rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n"
        "  b:\n    url: https://b.example/rss\n    enabled: false\n"
    )
    rows = objects("feeds")
    assert [(row["id"], row["state"]) for row in rows] == [("a", "not yet polled"), ("b", "off")]


def test_channels_shows_no_secret(call: Call, rules_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing secret is named by its reference; one that is there is not shown."""
    (rules_dir / "channels.yaml").write_text(
        'rasid: 1\nchannels:\n  desk:\n    url: "tgram://${RASID_TEST_TOKEN}/-100123"\n', "utf-8"
    )
    monkeypatch.delenv("RASID_TEST_TOKEN", raising=False)
    assert "RASID_TEST_TOKEN" in call("channels").output
    monkeypatch.setenv("RASID_TEST_TOKEN", "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    done = call("channels")
    assert re.search(r"Telegram to -100123 +full, digest .* ready", done.output)
    assert "AAHdq" not in done.output


def test_article_shows_what_is_read_of_a_file(objects: Objects, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    body = "<p>" + "افتتح الوزير المعرض السنوي للكتاب في العاصمة بحضور جمع من الكتاب والناشرين. " * 4 + "</p>"
    page.write_text(
        "<html lang='ar'><head><title>افتتاح معرض الكتاب</title></head><body><nav><a href='/'>الرئيسية</a></nav>"
        f"<article><h1>افتتاح معرض الكتاب</h1>{body}</article></body></html>",
        "utf-8",
    )
    (found,) = objects("article", str(page), "--url", "https://example.org/1")
    assert found["title"] == "افتتاح معرض الكتاب"
    assert found["text"].startswith("افتتح الوزير")
    assert "الرئيسية" not in found["text"]
    assert {"published", "published_from", "author", "language", "dropped"} <= set(found)


def test_fmt_check_changes_nothing(call: Call, rules_dir: Path) -> None:
    path = rules_dir / "watch.yaml"
    crooked = path.read_text("utf-8").replace("        - طائرة", "            - طائرة")
    path.write_text(crooked, "utf-8")
    assert call("fmt", "--check").exit_code == 1
    assert path.read_text("utf-8") == crooked
    assert call("fmt").exit_code == 0
    assert call("fmt", "--check").exit_code == 0


def test_what_is_asked_for_by_a_wrong_name_is_no_empty_answer(call: Call, tmp_path: Path) -> None:
    """Nothing found and no such thing are two answers."""
    make_state(tmp_path / "state")
    for arguments, words in (
        (("hits", "--rule", "dornes"), "drones"),
        (("hits", "--feed", "nosuch"), "no such feed"),
        (("deliveries", "--channel", "consle"), "console"),
    ):
        done = call(*arguments)
        assert words in str(done.exception)
        assert getattr(done.exception, "exit_code", 0) == 1
    assert "nothing was found" in call("hits", "--rule", "drones").output
    assert "nothing was sent yet" in call("deliveries").output


def test_backup_and_restore_say_what_is_wrong_with_a_file(call: Call, tmp_path: Path) -> None:
    make_state(tmp_path / "state")
    garbage = tmp_path / "garbage.db"
    garbage.write_text("no database")
    for arguments, words in (
        (("backup", str(garbage)), "exists already"),
        (("backup", str(tmp_path / "nowhere" / "a.db")), "no such folder"),
        (("restore", str(garbage)), "no whole backup"),
    ):
        done = call(*arguments)
        assert words in str(done.exception)
        assert getattr(done.exception, "exit_code", 0) == 1


def test_status_names_the_feeds_that_cannot_be_read(
    call: Call, objects: Objects, rules_dir: Path, tmp_path: Path
) -> None:
    """A feed that failed once is not counted as well."""
    feeds = "".join(f"  {name}:\n    url: https://{name}.example/rss\n" for name in ("fine", "sick", "new"))
    (rules_dir / "feeds.yaml").write_text(f"rasid: 1\nfeeds:\n{feeds}")
    make_state(tmp_path / "state", fine="fresh", sick="error")
    (facts,) = objects("status")
    assert facts["feeds"] == {"ok": 1, "failing": 1, "not yet polled": 1}
    assert facts["not_read"] == {"sick": "failing"}
    assert re.search(r"not read +sick ", call("status").output)


def make_state(folder: Path, **feeds: str) -> None:
    """A state folder in which each feed's last poll came to what is given."""
    folder.mkdir()
    with Store.open(folder, now=1.0) as store, store.batch(1.0) as batch:
        for name, kind in feeds.items():
            batch.save_feed_state(name, {"state_kind": kind}, 2.0, Poll(kind="new" if kind == "fresh" else kind))


def test_channels_shows_what_the_daemon_found_out(call: Call, rules_dir: Path, tmp_path: Path) -> None:
    """A channel that lets nothing through is not called ready."""
    (rules_dir / "channels.yaml").write_text("rasid: 1\nchannels:\n  hook:\n    url: json://127.0.0.1:9/x\n")
    make_state(tmp_path / "state")
    assert "ready" in call("channels").output
    with Store.open(tmp_path / "state", now=2.0) as store, store.batch(2.0) as batch:
        batch.changed("channel:hook", "down", "the connection was refused")
    assert "failing: the connection was refused" in call("channels").output


def test_a_channel_test_says_in_words_what_went_wrong(call: Call, rules_dir: Path) -> None:
    (rules_dir / "channels.yaml").write_text("rasid: 1\nchannels:\n  hook:\n    url: json://127.0.0.1:9/x\n")
    (rules_dir / "settings.yaml").write_text("rasid: 1\nallow_networks: [127.0.0.0/8]\n")
    done = call("channels", "test", "hook")
    assert done.exit_code == 1
    assert "hook: not sent, a later try may succeed: " in done.output


def test_who_names_no_contact_is_asked_for_one_gently(call: Call, rules_dir: Path, tmp_path: Path) -> None:
    """A hint, no warning; with one set nothing is said."""
    make_state(tmp_path / "state")
    assert "no `contact:` is set" in call("check").output
    assert "contact    none" in call("status").output
    (rules_dir / "settings.yaml").write_text("rasid: 1\ncontact: desk@example.org\n")
    told = call("check").output + call("status").output
    assert "contact:" not in told
    assert "contact  " not in told


@pytest.mark.parametrize(
    ("word", "taken"),
    [
        ("طائرة مسيّرة", True),
        ("طائره مسيره", True),  # the spelling is folded
        ("والطائرة المسيّرة", True),  # a form that is found
        ("مسيّرة", False),  # never a hit by itself
        ("كخكخ", False),
    ],
)
def test_a_silence_for_a_word_that_fires_nothing_is_refused(
    call: Call, rules_dir: Path, tmp_path: Path, word: str, taken: bool
) -> None:
    """It would hold no alert, and look as if it did."""
    make_state(tmp_path / "state")
    done = call("silence", "drones", "--for", "6h", "--only", word)
    assert (done.exit_code == 0) is taken
    if not taken:
        error = done.exception
        assert isinstance(error, RasidError)
        assert error.message == "there is no such term of drones"
        assert "طائرة مسيّرة" in error.hint


def test_recipients_of_one_channel_are_told_apart(call: Call, objects: Objects, tmp_path: Path) -> None:
    """Two equal lines would look like a duplicate. A channel with one recipient is named alone."""
    made = Alert(id="a1", channel="mail", kind=AlertKind.digest, severity=Severity.high, created=datetime.now(UTC))
    make_state(tmp_path / "state")
    with Store.open(tmp_path / "state", now=2.0) as store, store.batch(2.0) as batch:
        batch.add_alert(made, ["day@a.example", "night@a.example"])
        batch.add_alert(replace(made, id="a2", channel="desk"), ["-1001"])
    told = call("deliveries").output
    assert "mail (day@a.example) " in told
    assert "mail (night@a.example) " in told
    assert "desk  " in told
    assert [line["recipient"] for line in objects("deliveries")] == ["-1001", "night@a.example", "day@a.example"]


def test_a_long_reason_is_cut_with_a_sign(call: Call, rules_dir: Path, tmp_path: Path) -> None:
    (rules_dir / "feeds.yaml").write_text("rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n")
    make_state(tmp_path / "state")
    with Store.open(tmp_path / "state", now=2.0) as store, store.batch(2.0) as batch:
        state = {"state_kind": "error", "reason": "word " * 40}
        batch.save_feed_state("a", state, 2.0, Poll(kind="error"))
    assert "failing: word word" in call("feeds").output
    assert "word…" in call("feeds").output


def test_what_waits_for_its_time_is_shown_with_that_time(
    call: Call, objects: Objects, rules_dir: Path, tmp_path: Path
) -> None:
    """What quiet hours hold and what a digest will name, in `channels`, `status` and `deliveries --waiting`."""
    (rules_dir / "channels.yaml").write_text(
        "rasid: 1\nchannels:\n  desk:\n    url: json://127.0.0.1:9/x\n    quiet: fri sat 23:00-06:00\n    limit: 5/h\n"
        "  mail:\n    url: json://127.0.0.1:9/y\n    digest: daily 08:30\n"
    )
    desk, _ = objects("channels")
    assert (desk["quiet"], desk["limit"], desk["held"], desk["for_digest"]) == ("fri sat 23:00-06:00", "5/h", 0, 0)
    assert datetime.fromisoformat(desk["next_digest"]).astimezone(ZoneInfo("Asia/Riyadh")).hour == 7
    shown = call("channels").output
    assert re.search(r"digest \S+ 07:00, quiet fri sat 23:00-06:00, at most 5/h +ready", shown)
    assert "held" not in shown
    make_state(tmp_path / "state")
    until = datetime(2026, 11, 22, 3, tzinfo=UTC).timestamp()
    hit = Hit(rule=Rule(id="drones", name="x", match=Expression()), severity=Severity.high, matches=())
    with Store.open(tmp_path / "state", now=2.0) as store, store.batch(2.0) as batch:
        for name in ("a", "b"):
            made = Article(url=f"https://x.example/{name}", title=name, text="", feed="f")
            held = Decision("desk", DecisionKind.held, "quiet hours", until + 60 * (name == "b"))
            batch.add_hit(batch.add_article(made), hit, [held, Decision("mail", DecisionKind.digest, "medium")])
    for verb in (["channels"], ["status"], ["deliveries", "--waiting"]):
        told = call(*verb).output
        assert "2 stories held until 2026-11-22 06:00" in told, verb
        assert re.search(r"2 stories for the digest of \S+ 08:30", told), verb
    assert "for the digest" not in call("deliveries", "--waiting", "--channel", "desk").output
    assert [row["for_digest"] for row in objects("channels")] == [0, 2]
    assert objects("status")[0]["channels"]["desk"]["held_until"] == "2026-11-22T03:00:00+00:00"
