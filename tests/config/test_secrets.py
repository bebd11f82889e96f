"""A secret is always a reference; one that is missing is named, never guessed, and none is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.secrets import inline_secrets, known_secrets, references, resolve
from monitor.errors import MissingSecret

URL = "tgram://${TOKEN}/-100"


def test_references_are_filled_from_environment_and_credentials(tmp_path: Path) -> None:
    (tmp_path / "smtp.pass").write_text("s3cret\n", "utf-8")
    assert resolve(URL, {"TOKEN": "12:ab"}, None) == "tgram://12:ab/-100"
    assert resolve("mailto://u:${file:smtp.pass}@h", {}, tmp_path) == "mailto://u:s3cret@h"
    assert references("${A}-${file:b}") == ("A", "file:b")
    assert resolve("console://", {}, None) == "console://"


def test_a_password_cannot_break_its_address() -> None:
    """What stands before the host is percent-encoded; a whole address behind a reference is not."""
    assert resolve("mailto://u:${P}@h/x?k=${P}", {"P": "a@b/c"}, None) == "mailto://u:a%40b%2Fc@h/x?k=a@b/c"
    assert resolve("${P}", {"P": "json://u:p@h"}, None) == "json://u:p@h"


@pytest.mark.parametrize(
    "text",
    [
        "${TOKEN}",
        "${file:token}",
        "${file:../secret}",
        "${file:..}",
        "${file:/etc/passwd}",
        "${a b}",
        "${}",
        "${file:}",
    ],
)
def test_a_missing_or_forbidden_reference_is_named(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (tmp_path / "secret").write_text("hidden", "utf-8")
    with pytest.raises(MissingSecret) as caught:
        resolve(text, {"TOKEN": " "}, folder)
    assert text in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_without_a_credentials_folder_the_reason_is_told() -> None:
    with pytest.raises(MissingSecret, match="no credentials folder"):
        resolve("${file:token}", {}, None)


def test_a_credential_that_is_no_text_is_missing(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MissingSecret):
        resolve("${file:token}", {}, tmp_path)


def test_known_secrets_are_all_that_a_log_must_hide(tmp_path: Path) -> None:
    """Referred to or typed in; raw and as a URL writes them; those that are missing are no reason to fail."""
    (tmp_path / "smtp").write_text("p@ssword", "utf-8")
    texts = [URL, "mailto://u:${file:smtp}@h", "json://u:inline-one@h", "x://${GONE}"]
    found = known_secrets(texts, {"TOKEN": "12:abcd"}, tmp_path)
    assert found == {"12:abcd", "12%3Aabcd", "p@ssword", "p%40ssword", "inline-one"}


@pytest.mark.parametrize(
    "url",
    ["tgram://${T}/-1", "mailto://u:${P}@h", "json://h/?token=${T}", "console://", "mailto://u@h", "json://h:80/"],
)
def test_references_and_plain_addresses_hold_no_secret(url: str) -> None:
    assert inline_secrets(url) == set()
