"""Readings to rows and back, over SQLite itself."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from penstock.adapters.storage.sqlite.connection import refuse_damaged
from penstock.adapters.storage.sqlite.rows import BACKFILL, LOG_COLUMNS, is_sound, reading_params, to_readings
from penstock.core.telemetry.models import KIND_TELEMETRY, Reading, Source
from penstock.kit.ids import DeviceId, OrgId, Seq

TIMES = st.integers(-(2**50), 2**50)
READINGS = st.builds(
    Reading,
    org_id=st.integers(1, 2**62).map(OrgId),
    device_id=st.integers(1, 2**62).map(DeviceId),
    time_us=TIMES,
    received_us=TIMES,
    payload=st.binary(max_size=9),
    kind=st.sampled_from([KIND_TELEMETRY, "status", "x"]),
    channel=st.none() | st.sampled_from(["a", ""]),
    source=st.sampled_from(list(Source)).map(int),
    backfill=st.booleans(),
    seq=st.integers(1, 2**62).map(Seq),
)
READ = "seq, org_id, device_id, time_us, delay_us, flags, kind, channel, payload"


@given(st.lists(READINGS, min_size=1, max_size=5))
def test_readings_come_back(readings: list[Reading]) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE log ({', '.join(LOG_COLUMNS)})")
        row = f"({', '.join('?' * len(LOG_COLUMNS))})"
        connection.execute(f"INSERT INTO log VALUES {', '.join([row] * len(readings))}", reading_params(readings))
        assert to_readings(connection.execute(f"SELECT {READ} FROM log ORDER BY rowid"), refuse_damaged) == readings
    connection.close()


def test_what_is_usual_takes_no_room() -> None:
    usual = Reading(OrgId(1), DeviceId(2), 5, 5, b"{}", seq=Seq(3))
    stored = dict(zip(LOG_COLUMNS, reading_params([usual]), strict=True))
    assert (stored["delay_us"], stored["kind"], stored["channel"], stored["dedupe"]) == (0, None, None, None)


@given(READINGS, st.integers(0, 8), st.integers(0, 61))
def test_a_turned_bit_is_found_in_every_column(reading: Reading, column: int, bit: int) -> None:
    row = reading_params([reading])
    del row[LOG_COLUMNS.index("dedupe")]
    value = row[column]
    if isinstance(value, int):
        row[column] = value ^ 1 << bit
    elif value:
        content = bytearray(value.encode() if isinstance(value, str) else value)
        content[bit % len(content)] ^= 1 << bit % 7
        row[column] = content.decode() if isinstance(value, str) else bytes(content)
    assert is_sound(tuple(row)) == (row[column] == value)


def test_a_row_of_an_older_program_has_no_checksum() -> None:
    assert is_sound((1, 2, 3, 4, 5, Source.HTTP | BACKFILL, None, None, b"{}"))
