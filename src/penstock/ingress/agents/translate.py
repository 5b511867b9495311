"""From an agent's frames to readings and to what the core says of commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.commands.models import Acknowledgement
from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.models import NewReading, Source
from penstock.kit import strict_json
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock_agent import wire

MAX_KEPT_BYTES = 4_096
"""How much of a reading that cannot be stored is kept."""


class _Row(msgspec.Struct, gc=False):
    payload: msgspec.Raw = msgspec.Raw(b"null")


class _Rows(msgspec.Struct, gc=False):
    data: list[_Row]


class _RawRows(msgspec.Struct, gc=False):
    data: list[msgspec.Raw]


_payloads = msgspec.json.Decoder(_Rows)
_raw_rows = msgspec.json.Decoder(_RawRows)


class Frame(msgspec.Struct, frozen=True):
    """What a text of the agent means. `payloads` are those of its rows, each exactly as sent; of a report `null`."""

    meaning: wire.Hello | wire.Rows | wire.Heartbeat
    payloads: Sequence[bytes] = ()
    faults: dict[int, str] = {}
    """Rows by their place that hold what we do not read, such as an integer beyond 64 bits, and why."""


def read_frame(machine: wire.ServerSide, text: bytes) -> Frame:
    """The meaning of a text.

    A row that cannot be read is at fault alone: a frame refused for it would come again for ever.

    Raises:
        wire.ProtocolError: close the connection.
    """
    faults = False
    try:
        value: Any = strict_json.decode(text)
    except InvalidInput:
        value, faults = _decode_leniently(text), True
    meaning = machine.receive(value)
    if not isinstance(meaning, wire.Rows):
        return Frame(meaning)
    payloads = [bytes(row.payload) for row in _payloads.decode(text).data]
    return Frame(meaning, payloads, _find_faults(_raw_rows.decode(text).data) if faults else {})


def _decode_leniently(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise wire.ProtocolError("not JSON") from None


def _find_faults(rows: Sequence[msgspec.Raw]) -> dict[int, str]:
    faults = {}
    for place, row in enumerate(rows):
        try:
            strict_json.decode(bytes(row))
        except InvalidInput as error:
            faults[place] = error.detail
    return faults


def to_new_reading(device: DeviceRef, spool: str, row: wire.Reading, payload: bytes) -> NewReading:
    """A row as a reading. One sent twice is recognised by its number in its spool."""
    return NewReading(device, payload, _event_time(row.time), row.kind, row.channel, f"agent\n{spool}\n{row.seq}", Source.AGENT)


def _event_time(text: str | None) -> int | None:
    """The event time; that of arrival when the device says none, or one that is none."""
    try:
        return parse_time(text) if text is not None else None
    except ValueError:
        return None


def to_malformed(payload: bytes, reason: str) -> bytes:
    """What is kept of a row that cannot be stored: a JSON object with the reason and its beginning."""
    kept = payload[:MAX_KEPT_BYTES].decode("utf-8", "replace").replace("\x00", "�")
    return msgspec.json.encode({"reason": reason, "size_bytes": len(payload), "payload": kept})


def to_acknowledgement(report: wire.Report, fault: str | None = None) -> Acknowledgement:
    """What a report says of its command; one that is received only says nothing of how it ends.

    Of a report at fault its status counts, and the fault stands in place of what else it said.
    """
    ok = None if report.status == "received" else report.status == "done"
    if fault is not None:
        return Acknowledgement(ok=ok, error=f"what the device said cannot be read: {fault}")
    return Acknowledgement(ok=ok, result=report.result, error=report.error, progress=report.progress)
