"""Converts readings to rows and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from penstock.core.telemetry.models import KIND_TELEMETRY, Reading

LOG_COLUMNS = ("seq", "org_id", "device_id", "time_us", "delay_us", "flags", "kind", "channel", "dedupe", "payload")
BACKFILL = 16
_SOURCE = 15


def reading_params(readings: Sequence[Reading]) -> list[Any]:
    """The values of a multi-row INSERT, row after row in the order of `LOG_COLUMNS`."""
    params: list[Any] = []
    for reading in readings:
        params += (
            reading.seq,
            reading.org_id,
            reading.device_id,
            reading.time_us,
            # The delay and not the arrival time: it is mostly 0, which SQLite stores without a byte.
            reading.received_us - reading.time_us,
            # The source uses the low four bits, backfill the next one.
            reading.source | BACKFILL if reading.backfill else reading.source,
            None if reading.kind == KIND_TELEMETRY else reading.kind,
            reading.channel,
            reading.dedupe,
            reading.payload,
        )
    return params


def to_readings(rows: sqlite3.Cursor) -> list[Reading]:
    """Readings from rows of (seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload)."""
    return [
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
        for seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload in rows
    ]
