"""Which network addresses may be reached. Pure: it judges addresses that were resolved elsewhere.

A name proves nothing, nor does its spelling (`127.1`, `0x7f000001`, `127。0。0。1`): who connects resolves first, asks
here about every answer, and connects to exactly the address that was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Special ranges that Python's `is_global` lets through, or has let through in one of its versions.
_NOT_THE_WEB = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # Azure's own, behind each of its machines
            "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
            "192.0.0.0/24",  # protocol assignments, RFC 6890
            "192.88.99.0/24",  # 6to4 relays, RFC 7526
            "198.18.0.0/15",  # benchmarks, RFC 2544
            "240.0.0.0/4",  # reserved, RFC 1112
            "2001::/32",  # Teredo, RFC 4380
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)
_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out of IPv6; the rest holds translations (RFC 2765) too
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, deprecated


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting such as `allow_networks`; raises ValueError for one that is none."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts)


def refusal(address: str, allowed: Sequence[Network] = ()) -> str:
    """Why this resolved address must not be reached; empty where it may.

    Every address that stands inside another one (mapped, NAT64, 6to4, compatible) must be permitted as well.
    """
    try:
        found = ip_address(address.split("%", 1)[0])
    except ValueError:
        return f"{address} is no network address"
    return next(filter(None, (_refusal(one, allowed) for one in _unwrapped(found))), "")


def _refusal(address: Address, allowed: Sequence[Network]) -> str:
    if any(address in network for network in allowed):
        return ""
    if address.is_multicast:
        return f"{address} is a multicast address"
    beyond = isinstance(address, IPv6Address) and address not in _UNICAST
    if beyond or not address.is_global or any(address in network for network in _NOT_THE_WEB):
        return f"{address} is a private or reserved address; `allow_networks` in settings.yaml can permit it"
    return ""


def _unwrapped(address: Address) -> list[Address]:
    """The addresses that a packet to this one may reach: the embedded one in place of its wrapping."""
    if not isinstance(address, IPv6Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address, address.sixtofour]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]
