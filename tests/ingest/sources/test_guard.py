"""Which addresses are asked: those of the open internet, and what a setting allows, whatever they are called."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.web.guard import Allowed, Guard, inside
from searchsvc.errors import RefusedError, UnreachableError

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1",
    "127.255.255.254", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192",
    "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1", "3fff::1", "2001:0:53aa:64c::1",
    "2002:7f00:1::1", "2002:808:808::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "5f00::1",
    "not-an-address", "localhost", "127.1",
]  # fmt: skip
OUTSIDE = [
    "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]  # fmt: skip


def guard(*allowed: str, found: tuple[str, ...] = ()) -> Guard:
    return Guard(Allowed(allowed), resolve=lambda host, port: found)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_a_network_is_not_asked(address: str) -> None:
    assert inside(address)
    with pytest.raises(RefusedError, match="source_hosts"):
        guard(found=(address,)).addresses("innocent.example.org", 443)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is_asked(address: str) -> None:
    assert guard(found=(address,)).addresses("www.example.org", 443) == (address,)


@given(st.ip_addresses(v=4))
def test_an_address_of_a_network_stays_inside_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    written = [str(address), f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | number))]
    assert len({inside(one) for one in written}) == 1
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert inside(str(address))


@given(st.ip_addresses(v=6))
def test_of_ipv6_nothing_but_what_is_given_out_to_the_public_is_outside(address: ipaddress.IPv6Address) -> None:
    if not inside(str(address)) and not address.ipv4_mapped:
        assert address.is_global or str(address).startswith("64:ff9b::")


def test_of_many_addresses_only_those_outside_are_connected_to() -> None:
    assert guard(found=("10.0.0.1", "8.8.8.8", "::1")).addresses("mixed.example.org", 80) == ("8.8.8.8",)


@pytest.mark.parametrize(
    ("allowed", "host", "address", "port", "may"),
    [
        ("intranet.example.org", "intranet.example.org", "10.0.0.5", 80, True),
        ("intranet.example.org", "INTRANET.example.org.", "10.0.0.5", 80, True),
        ("intranet.example.org", "other.example.org", "10.0.0.5", 80, False),
        ("intranet.example.org:8080", "intranet.example.org", "10.0.0.5", 80, False),
        ("intranet.example.org:8080", "intranet.example.org", "10.0.0.5", 8080, True),
        ("10.0.0.0/24", "any.example.org", "10.0.0.5", 80, True),
        ("10.0.0.0/24", "any.example.org", "10.0.1.5", 80, False),
        ("10.0.0.0/24", "any.example.org", "::ffff:10.0.0.5", 80, True),
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", 6333, False),
        ("[fd00::5]:8080", "any.example.org", "fd00::5", 8080, True),
        ("[fd00::5]:8080", "any.example.org", "fd00::6", 8080, False),
    ],
)
def test_a_setting_allows_a_host_and_nothing_beside_it(
    allowed: str, host: str, address: str, port: int, may: bool
) -> None:
    one = guard(allowed, found=(address,))
    if may:
        assert one.addresses(host, port) == (address,)
    else:
        with pytest.raises(RefusedError):
            one.addresses(host, port)


@pytest.mark.parametrize("wrong", ["10.0.0.0/99", "host:0", "host:port", "", ".", "a/b"])
def test_what_is_no_host_is_said(wrong: str) -> None:
    with pytest.raises(ValueError, match="no "):
        Allowed([wrong])


def test_a_name_without_an_address_is_not_reached() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(UnreachableError, match="has no address"):
        Guard(Allowed([]), resolve=nobody).addresses("nowhere.example.org", 80)
