"""The bytes decide, not the label."""

from __future__ import annotations

import pytest

from monitor.extract import decode

TEXT = (
    "<rss><title>قال الوزير إن المسيّرة سقطت في البحر على مسافة من الساحل، وأضاف أن التحقيق بدأ بعد الحادث</title></rss>"
    * 20
)
LABELS = [
    "",
    "text/xml; charset=utf-8",
    "text/html; charset=iso-8859-1",
    "text/xml; charset=windows-1256",
    "x; charset=nonsense",
]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "utf-16"])
def test_every_encoding_under_every_label(charset: str, label: str) -> None:
    """X59: the text is read whatever the header says."""
    assert decode(TEXT.encode(charset), label) == TEXT


@pytest.mark.parametrize("label", LABELS)
def test_iso_8859_6(label: str) -> None:
    """ISO-8859-6 has no Arabic comma of windows-1256's kind; letters are told apart by common words."""
    text = TEXT.replace("«", "").replace("»", "")
    assert decode(text.encode("iso-8859-6"), label) == text


def test_little_damage_is_still_utf_8() -> None:
    """One broken byte, or a cut in a character, must not turn the feed into mojibake."""
    data = bytearray(TEXT.encode())
    data[200] = 0xFF
    assert decode(bytes(data[:-1]), "text/xml; charset=windows-1256").count("المسيّرة سقطت") >= 19


def test_a_windows_1256_declaration_inside_utf_8_is_ignored() -> None:
    """Valid UTF-8 wins over every label."""
    text = '<?xml version="1.0" encoding="windows-1256"?>' + TEXT
    assert decode(text.encode()) == text


def test_utf_16_without_a_mark() -> None:
    """Every second byte being zero tells it."""
    text = "<rss version='2.0'><channel><title>قال الوزير</title>"
    assert decode(text.encode("utf-16-le")) == text
    assert decode(text.encode("utf-16-be")) == text


def test_parts_in_windows_1256_do_not_spoil_a_page_in_utf_8() -> None:
    """An advertisement or a menu in another charset is read in its own, the text in UTF-8."""
    foreign = "إعلان شركة الأثاث الحديث " * 8
    assert decode(TEXT.encode() + foreign.encode("cp1256")) == TEXT + foreign
