"""Numbers in the form of SMPP: a type of number, and digits without a plus. Pure. Source: SMPP 3.4, 5.2.5."""

from __future__ import annotations

UNKNOWN, INTERNATIONAL, NETWORK, NAME = 0, 1, 3, 5
MIN_DIGITS = 8
"""Digits of a number with its country's code; what is shorter is a short code."""


def to_smpp(address: str) -> tuple[int, str]:
    """The type and the digits of an address: a number with a plus is international, a name is a name."""
    if address.startswith("+"):
        return INTERNATIONAL, address[1:]
    if address.isdigit():
        return (NETWORK if len(address) < MIN_DIGITS else UNKNOWN), address
    return NAME, address[:11]


def from_smpp(kind: int, address: str) -> str:
    """An address as Penstock stores it. Digits of unknown type are international if they can be."""
    digits = address.removeprefix("+")
    if not digits.isdigit() or kind == NAME:
        return address
    if kind == INTERNATIONAL or address.startswith("+"):
        return f"+{digits}"
    return f"+{digits}" if kind == UNKNOWN and len(digits) >= MIN_DIGITS and digits[0] != "0" else digits
