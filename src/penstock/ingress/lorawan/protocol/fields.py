"""Reading fields that may be missing or of another type than promised: both are None, or empty."""

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
"""Characters of a payload in base64: LoRaWAN's largest has 242 bytes."""
MAX_GATEWAYS = 32
MAX_EXACT = 2**53
"""Up to here a double is a whole number exactly."""
_EUI_BYTES = 8


def group(source: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object."""
    found = source.get(name)
    return found if isinstance(found, dict) else {}


def rows(source: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list."""
    found = source.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def text(source: dict[str, Any], name: str, limit: int = MAX_TEXT) -> str | None:
    """A text that is not empty and not longer than makes sense."""
    found = source.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= limit else None


def number(source: dict[str, Any], name: str) -> float | None:
    """A number, an integer as it is."""
    found = source.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def integer(source: dict[str, Any], name: str) -> int | None:
    """A whole number; ProtoJSON writes those of 64 bits as text, and those of a Struct as 7.0."""
    found = source.get(name)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 15:
        return int(found)
    value = number(source, name)
    return int(value) if value is not None and abs(value) < MAX_EXACT and value == int(value) else None


def moment(source: dict[str, Any], name: str) -> int | None:
    """An RFC 3339 time in microseconds. One that cannot be read must not cost the values that came with it."""
    found = text(source, name)
    try:
        return parse_time(found) if found else None
    except ValueError:
        return None


def eui(source: dict[str, Any], name: str) -> str | None:
    """An EUI in 16 hex digits of any case.

    Raises:
        InvalidInput: it is there and is none.
    """
    found = source.get(name)
    return None if found is None else read_eui(found if isinstance(found, str) else "", name)


def read_eui(value: str, field: str) -> str:
    """An EUI from text.

    Raises:
        InvalidInput: it is none.
    """
    return normalize_identifier(Identifier(kind=IdentifierKind.EUI, value=value), field).value


def hex_of_base64(value: str) -> str | None:
    """Eight bytes in base64 as hex digits, which is how ProtoJSON writes an EUI that is declared as bytes."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded.hex() if len(decoded) == _EUI_BYTES else None


def picked(source: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Plain values by our names, those that are missing left out."""
    return {ours: source[theirs] for theirs, ours in names.items() if isinstance(source.get(theirs), str | int | float)}


def heard(receptions: list[Reception], **facts: Any) -> Radio:
    """Radio facts, with the strength at the gateway that heard it best."""
    kept = receptions[:MAX_GATEWAYS]
    strong = [one for one in kept if one.rssi_dbm is not None]
    best = max(strong, key=lambda one: one.rssi_dbm or -math.inf, default=kept[0] if kept else Reception())
    return Radio(rssi_dbm=best.rssi_dbm, snr_db=best.snr_db, gateways=kept, **facts)
