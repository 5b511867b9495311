"""Converts readings to rows and back.

Each row has a checksum over its payload and its other numbers, as SQLite has none: a bit that has turned on the disk is found
when the row is read. It is in the upper bits of `flags`, where rows of older programs have zeros and older programs do not look.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from penstock.core.telemetry.models import KIND_TELEMETRY, Reading
from penstock.kit.ids import Seq

LOG_COLUMNS = ("seq", "org_id", "device_id", "time_us", "delay_us", "flags", "kind", "channel", "dedupe", "payload")
BACKFILL = 16
CHECKED = 128
"""Says that the bits from `_CHECKSUM_AT` on are a checksum."""
_SOURCE = 15
_CHECKSUM_AT = 8
_PRIME = 4_294_967_291
"""The largest prime below 2^32. One turned bit changes a number by a power of two, which is never a multiple of it."""


def reading_params(readings: Sequence[Reading]) -> list[Any]:
    """The values of a multi-row INSERT, row after row in the order of `LOG_COLUMNS`."""
    params: list[Any] = []
    for reading in readings:
        seq, org_id, device_id, time_us = reading.seq, reading.org_id, reading.device_id, reading.time_us
        # The delay and not the arrival time: it is mostly 0, which SQLite stores without a byte.
        delay_us = reading.received_us - time_us
        # The source uses the low four bits, backfill the next one.
        flags = reading.source | BACKFILL if reading.backfill else reading.source
        kind, channel, payload = reading.kind, reading.channel, reading.payload
        # Here and not in a function, which would take half as long again.
        checksum = crc32(payload, (seq ^ org_id ^ device_id ^ time_us ^ delay_us ^ flags) % _PRIME)
        if channel is not None or kind != KIND_TELEMETRY:
            checksum = crc32(_words(kind, channel), checksum)
        params += (
            seq,
            org_id,
            device_id,
            time_us,
            delay_us,
            flags | CHECKED | checksum << _CHECKSUM_AT,
            None if kind == KIND_TELEMETRY else kind,
            channel,
            reading.dedupe,
            payload,
        )
    return params


def to_readings(rows: sqlite3.Cursor, damaged: Callable[[Seq], None]) -> list[Reading]:
    """Readings from rows of (seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload).

    `damaged` is called with the number of a row whose checksum is wrong, and can raise; otherwise the row is left out.
    """
    found = []
    for row in rows:
        seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload = row
        if not is_sound(row):
            damaged(seq)
            continue
        found.append(
            Reading(
                org_id,
                device_id,
                time_us,
                time_us + delay_us,
                payload,
                kind or KIND_TELEMETRY,
                channel,
                flags & _SOURCE,
                bool(flags & BACKFILL),
                seq=seq,
            )
        )
    return found


def with_payload(row: tuple[Any, ...], payload: bytes, time_us: int) -> int:
    """The flags, with the checksum, of a row of the columns as in `to_readings` once it has another payload and event time."""
    seq, org_id, device_id, earlier_us, delay_us, flags, kind, channel, _ = row
    delay_us += earlier_us - time_us
    own = int(flags & (_SOURCE | BACKFILL))
    checksum = crc32(payload, (seq ^ org_id ^ device_id ^ time_us ^ delay_us ^ own) % _PRIME)
    if kind is not None or channel is not None:
        checksum = crc32(_words(kind or KIND_TELEMETRY, channel), checksum)
    return own | CHECKED | checksum << _CHECKSUM_AT


def is_sound(row: tuple[Any, ...]) -> bool:
    """Whether a row, of the columns as in `to_readings`, has the checksum under which it was stored.

    A row of an older program has none, and counts as sound.
    """
    seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload = row
    try:
        own = flags & (_SOURCE | BACKFILL)
        if flags == own:
            return True
        checksum = crc32(payload, (seq ^ org_id ^ device_id ^ time_us ^ delay_us ^ own) % _PRIME)
        if kind is not None or channel is not None:
            checksum = crc32(_words(kind or KIND_TELEMETRY, channel), checksum)
        return bool(flags == own | CHECKED | checksum << _CHECKSUM_AT)
    except TypeError:  # a bit of the row's description has turned, so that a column has another type
        return False


def _words(kind: str, channel: str | None) -> bytes:
    return f"{kind}\0{channel or ''}".encode()
