"""The columns of many meters: which source counts, and in whose row."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from penstock.core.meters.counters import NONE
from penstock.core.meters.rows import Rows, raw_of, together
from penstock.core.meters.values import Reason
from penstock.core.registers.models import DEFAULT_REGISTERS, NANO
from penstock.core.telemetry.fields import joined_columns
from penstock.core.telemetry.store import Joined
from tests.core.meters.series_of import START

FIELDS = tuple(source.field for source in DEFAULT_REGISTERS[0].sources)


def joined(device: int, *rows: tuple[int, dict[str, object]]) -> Joined:
    times, payloads = zip(*rows, strict=True)
    return Joined(device, len(rows), b",".join(b"%d" % one for one in times), b",".join(map(msgspec.json.encode, payloads)))


def add(rows: Rows, *chunk: Joined) -> None:
    rows.add_joined(chunk, joined_columns(FIELDS, b",".join(one.payloads for one in chunk)))


def test_the_first_source_that_a_reading_has_counts() -> None:
    rows = Rows(FIELDS)
    add(
        rows,
        joined(7, (START + 2, {"cumulativeFlow": 12345.6}), (START + 1, {"water": "x", "cumulativeFlow": 5})),
        joined(9, (START, {"consumption_m3": 1.5})),
    )
    add(rows, joined(7, (START, {"battery": 3.6}), (START + 3, {"water": 3, "consumption_m3": 4.25}), (0, {"water": 2})))
    raw = raw_of(DEFAULT_REGISTERS[0], rows.of(7), FIELDS)
    assert (raw.times - START).tolist() == [-START, 0, 1, 2, 3]
    assert raw.counters.tolist() == [NONE, NONE, NONE, 12_345_600_000, 4_250_000_000]
    assert raw.reasons == {0: Reason.CLOCK, 2: Reason.NOT_A_NUMBER}
    assert [raw.original(row) for row in range(5)] == [2.0, None, "x", 12345.6, 4.25]
    assert raw_of(DEFAULT_REGISTERS[0], rows.of(9), FIELDS).counters.tolist() == [3 * NANO // 2]
    assert len(rows.of(8).times) == 0


def test_a_version_has_the_values_of_its_time() -> None:
    rows = Rows(FIELDS)
    add(rows, joined(7, *((START + n, {"water": n}) for n in range(6))))
    version = msgspec.structs.replace(DEFAULT_REGISTERS[0], from_us=START + 2, to_us=START + 4)
    assert raw_of(version, rows.of(7), FIELDS).counters.tolist() == [2 * NANO, 3 * NANO]
    halves = [rows.of(7).within(START, START + 3), rows.of(7).within(START + 3, START + 6)]
    assert np.array_equal(together(halves).columns[2].numbers, np.arange(6.0))


def test_a_chunk_that_does_not_fit_is_refused() -> None:
    rows = Rows(FIELDS)
    broken = Joined(7, 2, b"1,2", b'{"water":1}')
    with pytest.raises(msgspec.DecodeError):
        add(rows, broken)


def test_no_meter_reported_anything() -> None:
    assert [len(column.numbers) for column in Rows(FIELDS).of(1).columns] == [0, 0, 0, 0]
