"""Bytes to text. What a server says about its encoding is a hint; what the bytes are decides."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_USABLE = re.compile(r"utf-?(?:8|16)|(?:windows-?|cp-?)\d+|iso-?8859|latin|mac|koi8|gb|big5|shift|euc|ascii|asmo", re.I)
# Words that hardly any Arabic (or Persian, Urdu) text of some length does without.
_COMMON = re.compile(
    r"(?<![ء-ي])(?:في|من|على|إلى|الى|عن|أن|ان|إن|التي|الذي|هذا|هذه|مع|بعد|ما|لا|كان|قال|بين|أو|خلال|أخبار|كل|ذلك|یا|که|از|این|کے|میں)(?![ء-ي])"
)
_ARABIC_LETTER = re.compile("[ء-ي]")
DAMAGE = 0.02  # share of broken characters up to which they are damage; measured on cut and patched feeds
FOREIGN = 0.5  # share up to which they are parts in windows-1256, as menus; of a text in it nearly all break
SAMPLE = 12_000  # bytes beyond ASCII, and spaces, on which encodings are compared
_MARKUP = bytes(range(33, 127))


def decode(data: bytes, content_type: str = "") -> str:
    """The text of a feed or page; never raises, broken bytes become U+FFFD.

    Valid UTF-8 wins over every label, then UTF-8 with damage or with parts in windows-1256, then whichever of the
    declared charset, windows-1256 and ISO-8859-6 yields the most common Arabic words.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        name, errors = _best(data, content_type)
        return data.decode(name, errors)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark shows as every second byte being zero."""
    head = data[:400]
    if len(head) < 8 or head.count(0) < len(head) // 8:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """Bytes that aren't UTF-8 as windows-1256."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1256", "replace"), error.end


codecs.register_error("windows-1256", _foreign)


def _best(data: bytes, content_type: str) -> tuple[str, str]:
    """The likeliest charset, and what becomes of bytes that don't fit it."""
    sample = data.translate(None, _MARKUP)[:SAMPLE]
    damage = _damage(sample)
    if damage <= FOREIGN:
        return "utf-8", "replace" if damage <= DAMAGE else "windows-1256"
    declared = [name for name in declared_charsets(data, content_type) if name != "utf-8"]
    candidates = dict.fromkeys([*declared, "cp1256", "iso8859-6", "utf-8"])
    scores = {name: _score(sample.decode(name, "replace")) for name in candidates}
    best = max(candidates, key=lambda name: scores[name])
    return best if scores[best] > 0 else (declared or ["utf-8"])[0], "replace"


def _damage(data: bytes) -> float:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - (1 if text.endswith("\ufffd") else 0)  # the sample may end inside a character
    strange = len(text) - len(text.encode("ascii", "ignore"))
    return broken / strange if strange else 0.0


def _score(text: str) -> float:
    """Common words, a few letters' worth where there are none, less what could not be read."""
    letters = len(_ARABIC_LETTER.findall(text))
    return len(_COMMON.findall(text)) + letters / 1000 - text.count("\ufffd") / 4


def declared_charsets(data: bytes, content_type: str) -> list[str]:
    """The charsets that the header, then the document's head, name; as Python knows them, unknown ones left out."""
    found = _DECLARED.findall(content_type.encode("ascii", "replace")) + _DECLARED.findall(data[:4096])[:3]
    names = [_known(name.decode("ascii")) for name in found]
    return list(dict.fromkeys(name for name in names if name))


def _known(name: str) -> str:
    if not _USABLE.match(name):
        return ""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8"}.get(known, known)
