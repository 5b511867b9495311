"""What the pages of codecs show of uplinks, versions and re-decodes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from penstock.api.console.shared.formats import ago, moment

FUNCTIONS = (
    ("decodeUplink", "Decode an uplink"),
    ("encodeDownlink", "Encode a downlink"),
    ("decodeDownlink", "Decode a downlink"),
)
TEMPLATE = """function decodeUplink(input) {
  // input: {bytes: [0, 2, 208, 7], fPort: 10, recvTime: Date, variables: {}}
  var bytes = input.bytes;
  return {data: {temperature: (bytes[0] << 8 | bytes[1]) / 10}, warnings: [], errors: []};
}

function encodeDownlink(input) {
  // input: {data: {minutes: 10}, fPort, variables}
  return {fPort: 10, bytes: [1, input.data.minutes], warnings: [], errors: []};
}
"""
"""The beginning of a codec."""
RUNNING = ("queued", "running")


class Uplink(msgspec.Struct, frozen=True, kw_only=True):
    """A stored uplink. `choice` is what a form sends for it: the port and the bytes in hex."""

    choice: str
    label: str
    values: Any


def uplinks_of(readings: Iterable[Mapping[str, Any]], now: float) -> list[Uplink]:
    """The uplinks among readings, as they can be chosen; `now` in seconds."""
    found = []
    for reading in readings:
        radio = (reading.get("data") or {}).get("lorawan") or {}
        payload = _hex(radio.get("data"))
        at = moment(reading["time"])
        if not payload or at is None:
            continue
        port = radio.get("f_port")
        start = payload if len(payload) <= 24 else payload[:24] + "…"
        label = f"{ago(now - at.timestamp())} · port {'–' if port is None else port} · {start}"
        values = {name: value for name, value in reading["data"].items() if name != "lorawan"}
        found.append(Uplink(choice=f"{'' if port is None else port}:{payload}", label=label, values=values))
    return found


def _hex(data: Any) -> str:
    try:
        return base64.b64decode(data, validate=True).hex() if isinstance(data, str) else ""
    except (binascii.Error, ValueError):
        return ""


def is_running(redecodes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of them continues, so that the page should look again."""
    return any(one["state"] in RUNNING for one in redecodes)
