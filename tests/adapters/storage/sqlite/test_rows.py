"""Readings to rows and back, over SQLite itself."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from penstock.adapters.storage.sqlite.rows import LOG_COLUMNS, reading_params, to_readings
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
        assert to_readings(connection.execute(f"SELECT {READ} FROM log ORDER BY rowid")) == readings
    connection.close()


def test_what_is_usual_takes_no_room() -> None:
    usual = Reading(OrgId(1), DeviceId(2), 5, 5, b"{}", seq=Seq(3))
    stored = dict(zip(LOG_COLUMNS, reading_params([usual]), strict=True))
    assert (stored["delay_us"], stored["kind"], stored["channel"], stored["dedupe"]) == (0, None, None, None)
