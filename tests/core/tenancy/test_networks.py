"""The networks of a request: whatever is accepted admits the addresses that it names."""

from __future__ import annotations

import ipaddress

import pytest

from penstock.core.tenancy.networks import MAX_CIDRS, is_inside, parse_networks
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        (" 192.0.2.7/24 ", "192.0.2.0/24"),
        ("192.0.2.7/255.255.255.0", "192.0.2.0/24"),
        ("2001:db8::1/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7/120", "192.0.2.0/24"),
        ("::ffff:c000:207/128", "192.0.2.7/32"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::/0", "::/0"),
        ("::ffff:0:0/95", "::fffe:0:0/95"),
    ],
)
def test_a_network_is_stored_as_addresses_are_compared_with_it(text: str, network: str) -> None:
    assert parse_networks([text, text]) == (network,)


@pytest.mark.parametrize(
    "text", ["", "127.1", "localhost", "192.0.2.0/33", "192.0.2.0/+8", "fe80::1%eth0", "::1%lo/128", "1.2.3.4/5/6"]
)
def test_what_no_address_can_be_in_is_rejected(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_networks(["10.0.0.0/8", text])
    assert [one.field for one in refused.value.errors] == ["allowed_cidrs[1]"]


def test_there_are_at_most_so_many() -> None:
    many = [f"10.0.0.{number}" for number in range(MAX_CIDRS + 1)]
    assert len(parse_networks(many[1:])) == MAX_CIDRS
    with pytest.raises(InvalidInput, match="at most 50 networks"):
        parse_networks(many)


@pytest.mark.parametrize(
    ("address", "inside"),
    [("192.0.2.7", True), ("::ffff:192.0.2.7", True), ("198.51.100.1", False), ("2001:db8::1", False), ("", False)],
)
def test_an_address_is_inside_or_not(address: str, inside: bool) -> None:
    assert is_inside(address, [ipaddress.ip_network("192.0.2.0/24")]) is inside
