"""From where a request came: `X-Forwarded-For` is believed as far as trusted proxies wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.kit.client import MAX_HOPS, ClientAddress

TRUSTED = ("10.0.0.0/8", "2001:db8::/32")


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"host", b"a"), *((b"x-forwarded-for", value.encode("latin-1")) for value in forwarded)]
    return {"client": (peer, 5) if peer is not None else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.5 , 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["10.0.0.3,10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.5, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["\xff"], "10.0.0.1"),
        ("2001:db8::1", ["2001:0DB9:0:0::5"], "2001:db9::5"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.5"], "203.0.113.5"),
        ("unix", ["203.0.113.5"], "unix"),
        (None, ["203.0.113.5"], ""),
    ],
)
def test_the_first_that_is_no_trusted_proxy_is_the_client(peer: str | None, forwarded: list[str], client: str) -> None:
    assert ClientAddress(TRUSTED).of(scope(peer, *forwarded)) == client


def test_without_trusted_proxies_the_header_is_nothing() -> None:
    assert ClientAddress().of(scope("10.0.0.1", "203.0.113.5")) == "10.0.0.1"


def test_hops_are_bounded() -> None:
    hops = ", ".join(["203.0.113.5"] + ["10.0.0.2"] * (MAX_HOPS - 1))
    assert ClientAddress(TRUSTED).of(scope("10.0.0.1", hops)) == "203.0.113.5"
    assert ClientAddress(TRUSTED).of(scope("10.0.0.1", hops + ", 10.0.0.3")) == "10.0.0.2"


def test_who_is_trusted() -> None:
    addresses = ("10.1.2.3", "::ffff:10.1.2.3", "11.0.0.1", "2001:db8::7", "2001:db9::7", "", "unix")
    assert [ClientAddress(TRUSTED).trusts(one) for one in addresses] == [True, True, False, True, False, False, False]
