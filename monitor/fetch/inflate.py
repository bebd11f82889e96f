"""Bodies as they were before gzip or deflate, never larger than allowed."""

from __future__ import annotations

import zlib

from monitor.errors import FetchError, TooBig

_GZIP = b"\x1f\x8b"
_NOT_ASKED = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}
_LAYERS = 2  # a compressed file, sent compressed
_MEMBERS = 64  # each costs a copy of the rest


def inflate(data: bytes, encoding: str, limit: int) -> bytes:
    """The plain body. Raises TooBig over `limit` bytes, FetchError for a cut body or a coding that was not asked for.

    The bytes decide about gzip, since both a missing and a wrong Content-Encoding are common: a charset's name, `none`.
    """
    codings = [coding.strip().lower() for coding in encoding.split(",")]
    if strange := next((coding for coding in codings if coding in _NOT_ASKED), ""):
        raise FetchError(f"the server compressed its answer with “{strange}”, which was not asked for")
    if codings == ["deflate"] and not data.startswith(_GZIP):
        data = _deflate(data, limit)
    for _ in range(_LAYERS):
        if not data.startswith(_GZIP):
            break
        data = _members(data, limit)
    return data


def _members(data: bytes, limit: int) -> bytes:
    """A gzip file is one member or several; what follows the last is dropped."""
    parts: list[bytes] = []
    while data.startswith(_GZIP):
        if len(parts) == _MEMBERS:
            raise TooBig(f"the answer is compressed in more than {_MEMBERS} pieces")
        part, data = _bounded(data, zlib.MAX_WBITS | 16, limit)
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def _deflate(data: bytes, limit: int) -> bytes:
    """RFC 9110 means the zlib format; some servers send bare deflate."""
    try:
        return _bounded(data, zlib.MAX_WBITS, limit)[0]
    except TooBig:
        raise
    except FetchError:
        return _bounded(data, -zlib.MAX_WBITS, limit)[0]


def _bounded(data: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """One compressed stream's content, and the bytes after it."""
    machine = zlib.decompressobj(wbits)
    try:
        plain = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise FetchError(f"the compressed answer is damaged: {error}") from error
    if len(plain) > limit:
        raise TooBig(f"the answer unpacks to more than {limit / 1e6:g} MB")
    if not machine.eof:
        raise FetchError("the compressed answer was cut")
    return plain, machine.unused_data
