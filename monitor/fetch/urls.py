"""Addresses taken apart, joined, and shown to people."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

import httpx

from monitor.errors import AddressRefused, FetchError

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8_000  # characters; RFC 9110 asks servers to bear so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address taken apart. `host` is ASCII, `port` always set; user and password stand only in `authorization`."""

    url: str  # without fragment, user and password
    scheme: str
    host: str
    port: int
    path: bytes
    authorization: bytes = b""

    @property
    def key(self) -> str:
        """host:port, the unit of politeness."""
        return f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The host as an address writes it, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        """What one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"


def target(url: str) -> Target:
    """Takes an address apart. Raises FetchError for one that is not on the web."""
    if len(url) > _LONGEST:
        raise FetchError("the address is too long", subject=shown(url))
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("this is no web address", subject=shown(url)) from None  # its words quote parts of a password
    if parsed.scheme not in _PORTS or not host:
        raise AddressRefused("only http and https addresses are fetched", subject=shown(url))
    if parsed.port is not None and not 0 < parsed.port < 65_536:
        raise FetchError("there is no such port", subject=shown(url))
    login = parsed.userinfo and base64.b64encode(f"{parsed.username}:{parsed.password}".encode())
    return Target(
        url=str(parsed.copy_with(userinfo=b"", fragment=None)) if login or parsed.fragment else str(parsed),
        scheme=parsed.scheme,
        host=host,
        port=parsed.port or _PORTS[parsed.scheme],
        path=parsed.raw_path,
        authorization=b"Basic " + login if login else b"",
    )


def shown(url: str) -> str:
    """An address for people: its beginning, without user and password, nor what stands where a port should."""
    bare = re.sub(r"^([^/?#@]*//)?[^?#]*@", r"\1", url.strip())
    return re.sub(r"^((?:[\w+.-]*:?//)?[^/?#:\[]+):(?!\d*(?:[/?#]|$))[^/?#]*", r"\1", bare)[:200]


def mark(url: str) -> str:
    """Tells one address from another; what a state keeps in place of one, since addresses may hold secrets."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def lent(url: str, owner: str) -> str:
    """The address with the user and password of `owner`, where it is the same server asked the same way, or safer."""
    to, own = httpx.URL(url), httpx.URL(owner)
    if to.userinfo or not own.userinfo or to.host != own.host:
        return url
    safer = (own.scheme, own.port, to.scheme, to.port) == ("http", None, "https", None)
    return str(to.copy_with(userinfo=own.userinfo)) if safer or (to.scheme, to.port) == (own.scheme, own.port) else url


def join(base: str, link: str) -> str:
    """The absolute address of a Location, whose letters many servers send as bare UTF-8. Raises FetchError."""
    try:
        link = link.encode("latin-1").decode("utf-8", "surrogateescape")
        return str(httpx.URL(base).join(link.strip()))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("the redirect leads to no web address", subject=shown(link)) from error
