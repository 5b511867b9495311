"""Numbers in the form of SMPP."""

from __future__ import annotations

import pytest

from penstock.adapters.sms.addresses import from_smpp, to_smpp


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("+447700900123", (1, "447700900123")),
        ("80888", (3, "80888")),
        ("447700900123", (0, "447700900123")),
        ("Penstock", (5, "Penstock")),
        ("A long name of a sender", (5, "A long name")),
    ],
)
def test_addresses_to_send(address: str, sent: tuple[int, str]) -> None:
    assert to_smpp(address) == sent


@pytest.mark.parametrize(
    ("received", "address"),
    [
        ((1, "447700900123"), "+447700900123"),
        ((1, "+447700900123"), "+447700900123"),
        ((0, "447700900123"), "+447700900123"),
        ((0, "+447700900123"), "+447700900123"),
        ((0, "07700900123"), "07700900123"),
        ((2, "7700900123"), "7700900123"),
        ((0, "80888"), "80888"),
        ((3, "80888"), "80888"),
        ((5, "Bank"), "Bank"),
        ((5, "12345678"), "12345678"),
        ((1, ""), ""),
    ],
)
def test_received_addresses(received: tuple[int, str], address: str) -> None:
    assert from_smpp(*received) == address
