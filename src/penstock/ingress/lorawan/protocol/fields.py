"""Reads fields that may be missing or of an unexpected type: both return None or an empty value."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any, NamedTuple

from penstock.core.devices.models import Identifier, IdentifierKind, normalize_identifier
from penstock.core.uplinks.histories import ARRAY
from penstock.core.uplinks.models import Radio, Reception
from penstock.kit.event_time import read_time, shown, time_fault

MAX_TEXT = 200
MAX_DATA = 1024
"""Characters of a payload in base64; LoRaWAN's largest payload has 242 bytes."""
MAX_GATEWAYS = 32
MAX_EXACT = 2**53
"""The largest whole number below which a double is exact."""
_EUI_BYTES = 8
_UNKNOWN = "0001-01-01T00:00:00"


def group(source: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object."""
    found = source.get(name)
    return found if isinstance(found, dict) else {}


def decoded(source: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Decoded values, or an array of readings in the form of `core/uplinks/histories.py`; None if there are none."""
    found = source.get(name)
    if isinstance(found, list) and any(isinstance(row, dict) for row in found):
        return {ARRAY: found}
    return found if isinstance(found, dict) and found else None


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


class Moment(NamedTuple):
    """A time in microseconds, or why the time that was sent cannot be read. Neither, if none was sent."""

    time_us: int | None = None
    fault: str | None = None


def moment(*places: tuple[dict[str, Any], str]) -> Moment:
    """The first readable time of these places. An unreadable time must not discard the values sent with it."""
    unread = Moment()
    for source, name in places:
        # Some servers write an empty string, or the first moment of year 1, for a time that they do not know.
        value = source.get(name)
        if value is None or value == "" or (isinstance(value, str) and value.startswith(_UNKNOWN)):
            continue
        # These servers never write a number: a small one would otherwise become a time in 1970.
        fault = (
            time_fault(value, name) if isinstance(value, str) else f"{name} must be an RFC 3339 string; {shown(value)} was sent"
        )
        if fault is None:
            return Moment(read_time(value, name))
        unread = Moment(fault=unread.fault or f"{fault}; the time of arrival is used")
    return unread


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


def _strength(one: Reception) -> float:
    # Not `or`: 0 dBm is the strongest signal there is.
    return -math.inf if one.rssi_dbm is None else one.rssi_dbm


def to_radio(receptions: list[Reception], **facts: Any) -> Radio:
    """Radio facts, with the signal strength at the gateway with the best reception."""
    kept = receptions[:MAX_GATEWAYS]
    strong = [one for one in kept if one.rssi_dbm is not None]
    best = max(strong, key=_strength, default=kept[0] if kept else Reception())
    return Radio(rssi_dbm=best.rssi_dbm, snr_db=best.snr_db, gateways=kept, **facts)
