"""Builds a downlink from a command's parameters, and checks LoRaWAN's limits.

The parameter `payload_hex` or `payload_base64` contains the bytes themselves, and `f_port` is then required. Otherwise the
device's codec encodes all parameters, and the parameter `f_port` applies if the codec returns no port.
Source: LoRaWAN 1.0.4, 4.3.2 (ports), RP002-1.0.4 (242 bytes at the fastest data rates).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

from penstock.core.codecs.ports import Downlink

MAX_PAYLOAD = 242
MAX_PORT = 223
RAW = ("payload_hex", "payload_base64")


class InvalidDownlink(msgspec.Struct, frozen=True):
    """Why these parameters cannot be sent as a downlink."""

    reason: str


def raw_downlink(parameters: Mapping[str, object]) -> Downlink | InvalidDownlink | None:
    """The downlink that the parameters contain; None if a codec must encode it."""
    given = [name for name in RAW if name in parameters]
    if not given:
        return None
    if len(given) == 2:
        return InvalidDownlink("payload_hex and payload_base64 must not both be set")
    payload = _bytes(given[0], parameters[given[0]])
    port = requested_port(parameters)
    if payload is None:
        return InvalidDownlink(f"{given[0]} is malformed")
    if port is None:
        return InvalidDownlink("f_port is required with a payload and must be an integer between 1 and 223")
    return fitting(Downlink(f_port=port, payload=payload, warnings=[]))


def requested_port(parameters: Mapping[str, object]) -> int | None:
    """The port in the parameters."""
    port = parameters.get("f_port")
    return port if isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= MAX_PORT else None


def fitting(downlink: Downlink) -> Downlink | InvalidDownlink:
    """A downlink, if LoRaWAN can carry it. Only the network server knows the limits of the device's data rate."""
    if not 1 <= downlink.f_port <= MAX_PORT:
        return InvalidDownlink(f"f_port must be between 1 and {MAX_PORT}, not {downlink.f_port}")
    if len(downlink.payload) > MAX_PAYLOAD:
        return InvalidDownlink(f"the payload must be at most {MAX_PAYLOAD} bytes, not {len(downlink.payload)}")
    return downlink


def _bytes(name: str, value: object) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        return bytes.fromhex(value) if name == "payload_hex" else base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None
