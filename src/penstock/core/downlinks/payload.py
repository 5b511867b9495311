"""What a command's parameters say of its downlink, and what fits into one.

Parameters `payload_hex` or `payload_base64` are the bytes themselves, with `f_port` beside them. Otherwise the device's codec
makes bytes of all parameters, and `f_port`, if it is among them, is where it chooses none.
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


class Unfit(msgspec.Struct, frozen=True):
    """Why this can be no downlink."""

    reason: str


def raw_downlink(parameters: Mapping[str, object]) -> Downlink | Unfit | None:
    """The downlink that parameters are themselves; None where a codec has to make it."""
    given = [name for name in RAW if name in parameters]
    if not given:
        return None
    if len(given) == 2:
        return Unfit("payload_hex and payload_base64 exclude one another")
    payload = _bytes(given[0], parameters[given[0]])
    port = asked_port(parameters)
    if payload is None:
        return Unfit(f"{given[0]} is not of its form")
    if port is None:
        return Unfit("beside a payload f_port is required, a whole number from 1 to 223")
    return fitting(Downlink(f_port=port, payload=payload, warnings=[]))


def asked_port(parameters: Mapping[str, object]) -> int | None:
    """The port that parameters ask for."""
    port = parameters.get("f_port")
    return port if isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= MAX_PORT else None


def fitting(downlink: Downlink) -> Downlink | Unfit:
    """A downlink, if LoRaWAN can carry it. What the device's data rate allows, only its network server knows."""
    if not 1 <= downlink.f_port <= MAX_PORT:
        return Unfit(f"port {downlink.f_port} is none for applications, which have 1 to {MAX_PORT}")
    if len(downlink.payload) > MAX_PAYLOAD:
        return Unfit(f"{len(downlink.payload)} bytes are too many: a downlink has at most {MAX_PAYLOAD}")
    return downlink


def _bytes(name: str, value: object) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        return bytes.fromhex(value) if name == "payload_hex" else base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return None
