"""Which resolved addresses may be reached."""

from __future__ import annotations

import pytest

from monitor.addresses import networks, refusal

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "100::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::ffff:0:127.0.0.1",  # translated, RFC 2765
    "::ffff:0:8.8.8.8",
    "64:ff9b:2::1",
    "100:0:0:1::1",
    "400::1",
    "4000::1",
    "fe00::1",
    "168.63.129.16",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2a00:1450:4001:81b::200e",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_web_are_not(address: str) -> None:
    assert refusal(address) == ""


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "::1::"])
def test_what_is_no_resolved_address_is_refused(text: str) -> None:
    assert "no network address" in refusal(text)


def test_allowed_networks_are_reached_also_inside_of_other_addresses() -> None:
    allowed = networks(["127.0.0.0/8", "fd00::/8"])
    assert refusal("127.0.0.1", allowed) == refusal("::ffff:127.0.0.1", allowed) == refusal("fd00::5", allowed) == ""
    assert refusal("10.0.0.1", allowed)
    assert refusal("::ffff:10.0.0.1", allowed)


def test_6to4_needs_both_its_addresses() -> None:
    """The wrapping address reaches what is inside, so allowing the wrapping alone is not enough."""
    assert refusal("2002:a00:1::1", networks(["2002::/16"]))


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0"):
        networks(["10.0.0"])
