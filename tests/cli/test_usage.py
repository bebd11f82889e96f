"""What a person is told of a command line that cannot be read: one style, what and what to do, the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.cli.show import cut, width

Say = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def say(
    rules_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The whole command: exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        folders = ["--rules", str(rules_dir), "--state", str(tmp_path / "state")]
        monkeypatch.setattr(sys, "argv", ["rasid", *folders, *arguments])
        with pytest.raises(SystemExit) as done:
            main()
        code = done.value.code
        return (code if isinstance(code, int) else -1, *capsys.readouterr())

    return run


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cheek", "there is no verb `cheek` (did you mean `check`?)"),
        ("feeds bogus", "feeds: there is no verb `bogus` (there are add, check, export, import, poll)"),
        ("channels tst", "channels: there is no verb `tst` (did you mean `test`?)"),
        ("check --jsn", "check: there is no option `--jsn` (did you mean `--json`?)"),
        ("check extra", "check: got unexpected extra argument (extra)"),
        ("why", "why: URL is missing (see `rasid why --help`)"),
        ("forms x --al maybe", "forms: --al: 'maybe' is not one of 'any', 'no', 'must' (see `rasid forms --help`)"),
        ("hits x", "hits: NUMBER: 'x' is not a valid integer (see `rasid hits --help`)"),
        (
            "silence drones --for 6x",
            "silence: --for: `6x` is no duration: a number and s, m, h, d or w, as in 90s, 3m, 48h "
            "(see `rasid silence --help`)",
        ),
        ("silence --off", "silence: which rule? As in `rasid silence shahed --for 6h` (see `rasid silence --help`)"),
    ],
)
def test_a_wrong_line_is_told_in_one_line_and_ends_with_2(say: Say, line: str, told: str) -> None:
    assert say(*line.split()) == (2, "", f"rasid: {told}\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("match /nowhere", "/nowhere: there is no such file"),
        ("match /", "/: this is a folder, not a file"),
        ("fmt /nowhere", "/nowhere: there is no such file"),
        ("restore /nowhere", "/nowhere: there is no such file"),
        ("feeds import /nowhere", "/nowhere: there is no such file"),
        ("article nowhere.html", "nowhere.html: there is no such file"),
        ("match - --feed nope", "nope: there is no such feed"),
        ("explain dornes -", "dornes: there is no such rule (did you mean `drones`?)"),
        ("explain nope -", "nope: there is no such rule (there are drones, plant)"),
        ("why https://a.example/ --rule dornes", "dornes: there is no such rule (did you mean `drones`?)"),
        ("channels test nope", "nope: there is no such channel (there are console)"),
    ],
)
def test_what_is_not_there_ends_with_1(say: Say, monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    monkeypatch.setattr("monitor.cli.match.text_of", lambda file: "نص")
    assert say(*line.split()) == (1, "", f"rasid: {told}\n")


@pytest.mark.parametrize(
    "line",
    [
        "hits --limit -5",
        "search x --limit 0",
        "deliveries --dead --waiting",
        "silence drones --for infd",
        "silence drones --for -6h",
        "hits --since nanh",
        "hits --evidence page.html",
    ],
)
def test_numbers_and_choices_that_make_no_sense_are_usage_errors(say: Say, line: str) -> None:
    code, out, told = say(*line.split())
    assert (code, out, told.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("feeds add https://a.example/ --id سد", "سد: this is no id (ids have Latin letters, digits, _ and -)"),
        ("feeds add https://a.example/ --id a", "a: there is a feed of this id already (give another --id)"),
    ],
)
def test_an_id_that_cannot_be_is_told_before_any_site_is_asked(say: Say, rules_dir: Path, line: str, told: str) -> None:
    (rules_dir / "feeds.yaml").write_text("rasid: 1\nfeeds:\n  a:\n    url: https://a.example/rss\n")
    assert say(*line.split()) == (1, "", f"rasid: {told}\n")


def test_no_address_is_not_every_article(say: Say) -> None:
    told = "rasid: '': this is no address (give the article's, as a browser shows it)\n"
    assert say("why", "") == (1, "", told)


def test_mistakes_of_a_file_are_told_with_its_name_by_every_verb(say: Say, rules_dir: Path, tmp_path: Path) -> None:
    """Of all files, while those that can be read are still formatted; the exit code is that of wrong input."""
    (rules_dir / "feeds.yaml").write_text("rasid: 1\nfeeds:\n  a:\n    url: x\n   b: c\n")
    (rules_dir / "old.yaml").write_bytes("rasid: 1 # سد".encode("cp1256"))
    (rules_dir / "wide.yaml").write_bytes(b"rasid: 1\r\nrules:\r\n    a:\r\n        match: b\r\n")
    (tmp_path / "a.opml").write_text('<opml><body><outline xmlUrl="https://b.example/rss" text="b"/></body></opml>')
    broken = f"{rules_dir}/feeds.yaml:5:4: error: "
    code, out, told = say("fmt")
    assert (code, out) == (1, f"{rules_dir}/wide.yaml: formatted\n")
    assert [line.partition("error")[0] for line in told.splitlines()] == [
        f"{rules_dir}/feeds.yaml:5:4: ",
        f"{rules_dir}/old.yaml:1:1: ",
    ]
    assert (rules_dir / "wide.yaml").read_bytes() == b"rasid: 1\r\nrules:\r\n  a:\r\n    match: b\r\n"
    code, out, told = say("feeds", "import", str(tmp_path / "a.opml"))
    assert (code, out, broken in told) == (1, "", True)
    code, out, told = say("feeds")
    assert (code, told) == (0, "some feeds or channels cannot be read: `rasid check` says why\n")


@pytest.mark.parametrize("line", ["match -", "explain x -", "feeds", "feeds import a.opml", "channels", "fmt"])
def test_a_wrong_folder_of_rules_is_told_as_such(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Not as no feeds, or files that are all canonical."""
    (tmp_path / "a.opml").write_text("<opml/>")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("monitor.cli.match.text_of", lambda file: "نص")
    for folder, words in (
        ("nowhere", "there is no such folder"),
        ("a.opml", "this is a file, not the folder of rules"),
    ):
        code, out, told = say("--rules", folder, *line.split())
        assert (code, out, told) == (1, "", f"rasid: {folder}: {words} (name the folder of rules with --rules)\n")


def test_the_system_s_own_errors_are_words_too(say: Say) -> None:
    code, _, told = say("match", "/proc/self/mem")
    assert (code, told.startswith("rasid: ")) == (1, True)
    assert "Traceback" not in told


def test_without_a_verb_it_says_where_they_are_listed(say: Say) -> None:
    assert say() == (2, "", "rasid: a verb is missing (see `rasid --help`)\n")


def test_an_empty_text_is_not_taken_for_one_that_fires_nothing(say: Say, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    assert say("match", str(tmp_path / "empty.txt")) == (0, "no rule fires\n", "the text is empty\n")


def test_a_reader_that_goes_away_is_no_mistake(rules_dir: Path) -> None:
    """`rasid forms … | head -1` ends with 0 and says nothing."""
    code = "from monitor.cli import main; main()"
    command = [sys.executable, "-c", code, "--rules", str(rules_dir), "forms", "صاروخ", "--all", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as done:
        assert done.stdout is not None
        assert done.stderr is not None
        done.stdout.readline()
        done.stdout.close()
        assert done.stderr.read() == b""
    assert done.returncode == 0


def on_a_terminal(arguments: list[str], columns: int, **environ: str) -> str:
    """What the command prints on a terminal of so many columns."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")} | environ
    code = "from monitor.cli import main; main()"
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=theirs, cwd=ROOT, env=env) as done:
        os.close(theirs)
        told = b""
        while True:
            try:
                told += (part := os.read(ours, 65536))
            except OSError:
                break
            if not part:
                break
    os.close(ours)
    assert done.returncode == 0
    return told.decode()


def test_a_table_fits_its_terminal_and_no_color_is_obeyed(rules_dir: Path, tmp_path: Path) -> None:
    """LANG=C spoils no Arabic; without colours what fired stands between stars."""
    (rules_dir / "channels.yaml").write_text(
        "rasid: 1\nchannels:\n  a:\n    url: tgram://${RASID_NO_SUCH_TOKEN}/-1001234567890\n", "utf-8"
    )
    folders = ["--rules", str(rules_dir), "--state", str(tmp_path / "state")]
    lines = on_a_terminal([*folders, "channels"], 60, LANG="C").splitlines()
    assert len(lines) == 2
    assert all(width(line) <= 60 for line in lines)
    assert "…" in lines[1]
    (tmp_path / "a.txt").write_text("أسقطت طائرة مسيّرة.", "utf-8")
    for environ, marked in (({"NO_COLOR": "1"}, "*طائرة مسيّرة*"), ({}, "\x1b[1mطائرة مسيّرة\x1b[0m")):
        told = on_a_terminal([*folders, "match", str(tmp_path / "a.txt")], 60, LANG="C", **environ)
        assert marked in told
        assert ("\x1b" in told) == (not environ)


def test_a_text_is_cut_to_cells_not_to_characters() -> None:
    assert cut("مُسَيَّرَة", 6) == "مُسَيَّرَة"
    assert cut("one two three", 9) == "one two…"
    assert width(cut("漢字漢字漢字", 6)) <= 6
