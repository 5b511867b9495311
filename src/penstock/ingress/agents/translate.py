"""Converts an agent's frames to readings and command results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.commands.models import Acknowledgement
from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.models import NewReading, Source
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import read_time
from penstock_agent import wire

TIME_FIELD = "devicetimestamp"
MAX_KEPT_BYTES = 4_096
"""How much of an unstorable reading is quarantined."""


class _Row(msgspec.Struct, gc=False):
    payload: msgspec.Raw = msgspec.Raw(b"null")


class _Rows(msgspec.Struct, gc=False):
    data: list[_Row]


_payloads = msgspec.json.Decoder(_Rows)
_payload = msgspec.json.Decoder(_Row)
_BEFORE_ROWS = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"data"[ \t\r\n]*:')
_AFTER_ROWS = re.compile(rb"\}[ \t\r\n]*\Z")


class Frame(msgspec.Struct, frozen=True):
    """A decoded frame of an agent. `payloads` are those of its rows, each exactly as sent; a report's payload is `null`.

    The payload of a row that cannot be read is the whole row.
    """

    meaning: wire.Hello | wire.Rows | wire.Heartbeat
    payloads: Sequence[bytes] = ()
    faults: dict[int, str] = {}
    """Why a row cannot be read (for example, an integer of more than 64 bits), by the row's index."""


def read_frame(machine: wire.ServerSide, text: bytes) -> Frame:
    """Decode a frame.

    An unreadable row affects only itself: if its whole frame were rejected, the agent would send it again forever.

    Raises:
        wire.ProtocolError: close the connection.
    """
    try:
        value: Any = strict_json.decode(text)
    except InvalidInput:
        return _read_row_by_row(machine, text)
    meaning = machine.receive(value)
    if not isinstance(meaning, wire.Rows):
        return Frame(meaning)
    return Frame(meaning, [bytes(row.payload) for row in _payloads.decode(text).data])


def _read_row_by_row(machine: wire.ServerSide, text: bytes) -> Frame:
    """Decode a frame of which a row cannot be read. Raises: wire.ProtocolError: it is the frame itself."""
    before, after = _BEFORE_ROWS.match(text), _AFTER_ROWS.search(text)
    try:
        rows = strict_json.decode_rows(text[before.end() : after.start()]) if before and after else []
        values = [row.value if row.fault is None else strict_json.decode_shape(row.text) for row in rows]
    except InvalidInput:
        values = []
    if not values:
        raise wire.ProtocolError("not JSON")
    meaning = machine.receive({"data": values})
    payloads = [bytes(_payload.decode(row.text).payload) if row.fault is None else row.text for row in rows]
    return Frame(meaning, payloads, {place: row.error.detail for place, row in enumerate(rows) if row.fault is not None})


def to_new_reading(device: DeviceRef, spool: str, row: wire.Reading, payload: bytes) -> NewReading:
    """Convert a row to a reading. The number of the row in its spool identifies a repeated one."""
    return NewReading(device, payload, _event_time(row.time), row.kind, row.channel, f"agent\n{spool}\n{row.seq}", Source.AGENT)


def _event_time(sent: object) -> int | None:
    """The event time; None if the device sent none, or one that cannot be read (`time_fault` is then why)."""
    try:
        return read_time(sent, TIME_FIELD)
    except InvalidInput:
        return None


def to_malformed(payload: bytes, reason: str) -> bytes:
    """The quarantined form of an unstorable row: a JSON object with the reason and the start of the row."""
    kept = payload[:MAX_KEPT_BYTES].decode("utf-8", "replace").replace("\x00", "�")
    return msgspec.json.encode({"reason": reason, "size_bytes": len(payload), "payload": kept})


def to_acknowledgement(report: wire.Report, fault: str | None = None) -> Acknowledgement:
    """Convert a report to an acknowledgement. A report of mere receipt has no outcome.

    If the report could not be read, its status still counts, and the error replaces its result.
    """
    ok = None if report.status == "received" else report.status == "done"
    if fault is not None:
        return Acknowledgement(ok=ok, error=f"the device's report cannot be read: {fault}")
    return Acknowledgement(ok=ok, result=report.result, error=report.error, progress=report.progress)
