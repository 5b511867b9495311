"""Reads fields that may be missing or of an unexpected type: both return None or an empty value."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any

from penstock.core.devices.models import Identifier, IdentifierKind, normalize_identifier
from penstock.core.uplinks.models import Radio, Reception
from penstock.kit.clock import parse_time

MAX_TEXT = 200
MAX_DATA = 1024
"""Characters of a payload in base64; LoRaWAN's largest payload has 242 bytes."""
MAX_GATEWAYS = 32
MAX_EXACT = 2**53
"""The largest whole number below which a double is exact."""
_EUI_BYTES = 8


def group(source: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object."""
    found = source.get(name)
    return found if isinstance(found, dict) else {}


def rows(source: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in a list."""
    found = source.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def text(source: dict[str, Any], name: str, limit: int = MAX_TEXT) -> str | None:
    """A string that is neither empty nor longer than `limit`."""
    found = source.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= limit else None


def number(source: dict[str, Any], name: str) -> float | None:
    """A number; integers stay integers."""
    found = source.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def integer(source: dict[str, Any], name: str) -> int | None:
    """A whole number. ProtoJSON writes 64-bit integers as strings, and those of a Struct as 7.0."""
    found = source.get(name)
    # Fifteen digits are below the limit for numbers that follows.
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 15:
        return int(found)
    value = number(source, name)
    return int(value) if value is not None and abs(value) < MAX_EXACT and value == int(value) else None


def moment(source: dict[str, Any], name: str) -> int | None:
    """An RFC 3339 time in microseconds. An unreadable time must not discard the values sent with it."""
    found = text(source, name)
    try:
        return parse_time(found) if found else None
    except ValueError:
        return None


def eui(source: dict[str, Any], name: str) -> str | None:
    """An EUI of 16 hexadecimal digits in either case.

    Raises:
        InvalidInput: the field is present and is not a valid EUI.
    """
    found = source.get(name)
    return None if found is None else read_eui(found if isinstance(found, str) else "", name)


def read_eui(value: str, field: str) -> str:
    """Parse an EUI.

    Raises:
        InvalidInput: the value is not a valid EUI.
    """
    return normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=value), field).value


def hex_of_base64(value: str) -> str | None:
    """Convert eight bytes in base64 to hexadecimal digits. ProtoJSON writes an EUI that is declared as bytes this way."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded.hex() if len(decoded) == _EUI_BYTES else None


def picked(source: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Plain values under Penstock's names, without those that are missing."""
    return {ours: source[theirs] for theirs, ours in names.items() if isinstance(source.get(theirs), str | int | float)}


def to_radio(receptions: list[Reception], **facts: Any) -> Radio:
    """Radio facts, with the signal strength at the gateway with the best reception."""
    kept = receptions[:MAX_GATEWAYS]
    strong = [one for one in kept if one.rssi_dbm is not None]
    best = max(strong, key=lambda one: one.rssi_dbm or -math.inf, default=kept[0] if kept else Reception())
    return Radio(rssi_dbm=best.rssi_dbm, snr_db=best.snr_db, gateways=kept, **facts)
