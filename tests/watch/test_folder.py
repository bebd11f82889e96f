"""The rules folder as a whole: nothing goes live with a mistake in it, nothing that was live is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial, partialmethod
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ConfigError
from monitor.watch.folder import keep, open_folder, read, stamp

TODAY = date(2026, 11, 21)


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "watch.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_all_mistakes_of_all_files_are_told_at_once(rules_dir: Path) -> None:
    """Rules, feeds, channels and settings; each with its place."""
    change(rules_dir, "match:", "mtach:")
    (rules_dir / "feeds.yaml").write_text("rasid: 1\nfeeds:\n  a:\n    url: ftp://example.org\n", "utf-8")
    (rules_dir / "settings.yaml").write_text("rasid: 1\npoll:\n  late: soon\n", "utf-8")
    folder, problems = read(rules_dir, TODAY)
    assert folder is None
    errors = {Path(p.place.file).name for p in problems if p.level == "error"}
    assert errors == {"watch.yaml", "feeds.yaml", "settings.yaml"}


def test_a_rule_that_fails_its_own_test_keeps_the_folder_from_going_live(rules_dir: Path) -> None:
    change(rules_dir, "أسقطت طائرة مسيّرة", "أسقطت طائرة ورقية")
    folder, problems = read(rules_dir, TODAY)
    assert folder is None
    assert any("drones" in p.message and p.place.line == 10 for p in problems)


def test_a_rule_that_names_an_unknown_channel_is_an_error(rules_dir: Path) -> None:
    change(rules_dir, "    match:", "    to:\n      - dsek\n    match:")
    (rules_dir / "channels.yaml").write_text('rasid: 1\nchannels:\n  desk:\n    url: "console://"\n', "utf-8")
    folder, problems = read(rules_dir, TODAY)
    assert folder is None
    assert any("desk" in p.hint for p in problems)


def test_a_rule_lives_through_its_last_day(rules_dir: Path) -> None:
    """`expires` is dropped at load, the day after."""
    change(rules_dir, "    match:", "    expires: 2026-11-21\n    match:")
    live, _ = read(rules_dir, TODAY)
    past, _ = read(rules_dir, date(2026, 11, 22))
    assert live is not None
    assert past is not None
    assert (list(live.ruleset.rules), list(past.ruleset.rules)) == (["drones"], [])


def test_an_expired_rule_is_still_there_for_the_rules_that_refer_to_it(rules_dir: Path) -> None:
    """It fires no more itself; a `not` that names it goes on silencing."""
    (rules_dir / "more.yaml").write_text(
        "rasid: 1\nrules:\n  sport:\n    expires: 2026-11-20\n    match: مباراة\n"
        "  strikes:\n    match:\n      any:\n        - هجوم\n      not:\n        - rule: sport\n",
        "utf-8",
    )
    folder, _ = read(rules_dir, TODAY)
    assert folder is not None
    assert list(folder.ruleset.rules) == ["strikes", "drones"]
    assert [hit.rule.id for hit in folder.matcher.match("", "هجوم على الميناء")] == ["strikes"]
    assert folder.matcher.match("", "خط هجوم الفريق في المباراة") == []


def test_the_last_good_version_is_used_where_the_folder_is_broken(rules_dir: Path, state_dir: Path) -> None:
    """Degraded, and it says by which mistake; without an earlier version it is an error."""
    change(rules_dir, "any:", "anny:")
    with pytest.raises(ConfigError):
        open_folder(rules_dir, state_dir, TODAY)
    change(rules_dir, "anny:", "any:")
    keep(rules_dir, state_dir)
    change(rules_dir, "any:", "anny:")
    folder = open_folder(rules_dir, state_dir, TODAY)
    assert list(folder.ruleset.rules) == ["drones"]
    assert "watch.yaml:6:" in folder.degraded


@pytest.mark.parametrize("harm", ["deleted", "emptied", "a folder", "a loop", "unreadable text"])
def test_a_rule_file_that_is_gone_or_no_file_leaves_no_empty_set_of_rules(
    rules_dir: Path, state_dir: Path, harm: str
) -> None:
    """X43: whatever happens to the only rule file, the last good version stays."""
    keep(rules_dir, state_dir)
    path = rules_dir / "watch.yaml"
    path.unlink()
    if harm == "emptied":
        path.write_text("")
    elif harm == "a folder":
        path.mkdir()
    elif harm == "a loop":
        path.symlink_to(path)
    elif harm == "unreadable text":
        path.write_bytes(b"\xff\xfe\x00rasid: 1")
    folder = open_folder(rules_dir, state_dir, TODAY)
    assert folder.degraded
    assert list(folder.ruleset.rules) == ["drones"]


def test_a_kept_version_is_replaced_whole(rules_dir: Path, state_dir: Path) -> None:
    """A file that the new version no longer has is gone from the copy too."""
    (rules_dir / "more.yaml").write_text("rasid: 1\nlists:\n  words:\n    - خبر\n", "utf-8")
    keep(rules_dir, state_dir)
    (rules_dir / "more.yaml").unlink()
    keep(rules_dir, state_dir)
    assert [p.name for p in (state_dir / "rules.good").iterdir()] == ["watch.yaml"]


@pytest.mark.parametrize("kills", [(0,), (1,), (2,), (2, 0), (2, 1)])
def test_wherever_keeping_is_killed_a_good_version_is_left(
    rules_dir: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch, kills: tuple[int, ...]
) -> None:
    """X44: after so many of its steps, which are a copy and two renames; and again at the next try."""
    keep(rules_dir, state_dir)
    for steps in kills:
        left = iter([True] * steps)

        def step(way: Callable[..., Any], *where: Path, left: Iterator[bool] = left) -> Any:
            if not next(left, False):
                raise KeyboardInterrupt
            return way(*where)

        with monkeypatch.context() as patch:
            patch.setattr(shutil, "copyfile", partial(step, shutil.copyfile))
            patch.setattr(Path, "rename", partialmethod(partial(step, Path.rename)))
            with pytest.raises(KeyboardInterrupt):
                keep(rules_dir, state_dir)
    change(rules_dir, "any:", "anny:")
    assert list(open_folder(rules_dir, state_dir, TODAY).ruleset.rules) == ["drones"]
    change(rules_dir, "anny:", "any:")
    keep(rules_dir, state_dir)
    assert (state_dir / "rules.good" / "watch.yaml").is_file()


def test_the_stamp_changes_with_every_way_of_saving(rules_dir: Path) -> None:
    """Written in place, replaced by rename, added, removed, a list's text changed."""
    seen = [stamp(rules_dir)]
    (rules_dir / "watch.yaml").write_text("rasid: 1\n# longer than before, and other\n", "utf-8")
    seen.append(stamp(rules_dir))
    (rules_dir / "new").write_text("rasid: 1\n", "utf-8")
    (rules_dir / "new").rename(rules_dir / "watch.yaml")
    seen.append(stamp(rules_dir))
    (rules_dir / "lists").mkdir()
    (rules_dir / "lists" / "words.txt").write_text("خبر\n", "utf-8")
    seen.append(stamp(rules_dir))
    (rules_dir / "watch.yaml").unlink()
    seen.append(stamp(rules_dir))
    assert len(set(seen)) == 5
