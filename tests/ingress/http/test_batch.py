"""Readings in a body: one, an array, or a line each; a row at fault costs that row."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, cast

import pytest

from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.errors import BatchTooLarge
from penstock.ingress.http.batch import MAX_TEXT, Batch, ReadingIn, RowFailed, read_batch, to_new_reading
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput, PenstockError

DEVICE = cast(DeviceRef, object())


def read(body: bytes, *, lines: bool = False, limit: int = 3) -> Batch:
    return read_batch(body, lines=lines, limit=limit)


def fields(batch: Batch) -> list[str | None]:
    """Of each row the field at fault, None for a good one."""
    return [row.errors[0].field if isinstance(row, RowFailed) else None for row in batch.rows]


def test_one_reading_is_not_a_list_of_one() -> None:
    assert read(b'{"data": {"t": 1}}').single
    assert not read(b'[{"data": {"t": 1}}]').single
    assert not read(b'{"data": {"t": 1}}', lines=True).single


@pytest.mark.parametrize("form", [b"%s", b"[%s]"])
def test_all_faults_of_a_row_are_told(form: bytes) -> None:
    long = b"x" * 201
    row = b'{"data": {}, "time": "noon", "kind": 1, "channel": "", "dedupe_key": "%b", "tiem": 1, "device_id": 5}' % long
    try:
        (failed,) = read(form % row).rows
        assert isinstance(failed, RowFailed)
        errors = failed.errors
    except InvalidInput as error:
        errors = error.errors
    assert sorted(error.field for error in errors) == ["channel", "data", "dedupe_key", "device_id", "kind", "tiem", "time"]


def test_so_are_all_faults_of_a_row_of_the_right_form() -> None:
    row = cast(ReadingIn, read(b'{"data": {"t": 1}, "time": "noon", "kind": "", "channel": ""}').rows[0])
    with pytest.raises(InvalidInput) as refusal:
        to_new_reading(row, DEVICE)
    assert [error.field for error in refusal.value.errors] == ["time", "kind", "channel"]


@pytest.mark.parametrize(("form", "lines"), [(b"[%s]", False), (b"%s", True)])
def test_a_row_at_fault_costs_that_row(form: bytes, *, lines: bool) -> None:
    rows = [b'{"data": {"t": 1}}', b'{"data": {}}', b'{"data": {"t": 2}, "tiem": 1}']
    batch = read(form % (b"\n" if lines else b",").join(rows), lines=lines)
    assert fields(batch) == [None, "data", "tiem"]
    assert bytes(cast(ReadingIn, batch.rows[0]).data) == b'{"t": 1}'


def test_empty_lines_are_none_and_half_a_line_is_one_at_fault() -> None:
    assert fields(read(b'\n{"data": {"t": 1}}\r\n \n{"data"', lines=True)) == [None, ""]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"[", b'{"data": {}}', b'{"data": []}', b'{"data": {"t": 1}, "x": 1}', b'{"time": 1}']
)
def test_a_body_at_fault_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(body)


def test_an_array_as_data_is_a_row_for_each_element() -> None:
    batch = read(b'{"data": [{"t": 1.50, "ts": 5}, 7, {"data": {"t": 2}}], "time": 6, "kind": "k", "dedupe_key": "d"}')
    assert (batch.single, fields(batch)) == (False, [None, "", None])
    assert [(place.row, place.inside) for place in batch.places] == [(None, "data[0]"), (None, "data[1]"), (None, "data[2]")]
    first, _, last = cast(list[ReadingIn], batch.rows)
    assert (bytes(first.data), first.time, first.kind, last.time) == (b'{"t":1.50}', 5, "k", 6)
    assert len({first.dedupe_key, last.dedupe_key, "d"}) == 3


def test_an_array_among_rows_counts_as_its_elements() -> None:
    one, two = b'{"data": {"t": 1}}', b'{"data": [{"t": 2}, {"t": 3}]}'
    batch = read(b"[" + one + b"," + two + b"]")
    assert [(place.row, place.inside) for place in batch.places] == [(0, ""), (1, "data[0]"), (1, "data[1]")]
    for form, lines in ((b"[%s]", False), (b"%s", True)):
        with pytest.raises(BatchTooLarge):
            read(form % (b"\n" if lines else b",").join([two, two]), lines=lines)
    with pytest.raises(BatchTooLarge):
        read(b'{"data": [1, 2, 3, 4]}')


def test_a_value_that_json_cannot_have_costs_its_element() -> None:
    assert fields(read(b'{"data": [{"t": 1}, {"t": 1e999}]}')) == [None, "t"]
    assert fields(read(b'{"data": [{"t": 1}, {"t": 1e999}]}\n{"data": {"t": 1}}', lines=True)) == [None, "t", None]


def test_rows_are_counted_before_they_are_looked_at() -> None:
    good = b'{"data": {"t": 1}}'
    assert len(read(b"[" + b",".join([good] * 3) + b"]").rows) == 3
    for body, lines in ((b"[" + b",".join([b"7"] * 4) + b"]", False), (b"\n".join([b"7"] * 4), True), (b"\n" * 7, True)):
        with pytest.raises(BatchTooLarge):
            read(body, lines=lines)
    with pytest.raises(InvalidInput):
        read(b"\n" * 6, lines=True)


def row(**about: Any) -> ReadingIn:
    return (
        cast(ReadingIn, read_batch(b'{"data": {"t": 1}}', lines=False, limit=1).rows[0])
        if not about
        else ReadingIn(cast(Any, b"{}"), **about)
    )


def test_what_the_core_takes_of_a_row() -> None:
    plain = to_new_reading(row(), DEVICE)
    assert (plain.payload, plain.time_us, plain.kind, plain.channel) == (b'{"t": 1}', None, "telemetry", None)
    full = to_new_reading(row(time="2026-05-02T12:00:00Z", kind="status", channel="c", dedupe_key="k"), DEVICE)
    assert (full.time_us, full.kind, full.channel) == (parse_time("2026-05-02T12:00:00Z"), "status", "c")
    assert to_new_reading(row(channel="c"), DEVICE).kind == "telemetry"


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"time": "yesterday"}, "time"),
        ({"kind": ""}, "kind"),
        ({"channel": "x" * (MAX_TEXT + 1)}, "channel"),
        ({"dedupe_key": ""}, "dedupe_key"),
    ],
)
def test_what_it_does_not_take_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_new_reading(row(**about), DEVICE)
    assert refused.value.errors[0].field == field


@pytest.mark.parametrize("value", [b"9" * 2_000, b"NaN", b'"\\ud800"', b'[{"a":NaN}]', b'[{"a":1},{"a":' + b"9" * 2_000 + b"}]"])
@pytest.mark.parametrize("around", [b'{"data":{"a":%b}}', b'{"data":%b}', b'[{"data":%b}]', b'{"data":%b'])
def test_a_refused_batch_is_freed_at_once(value: bytes, around: bytes) -> None:
    body = around % value
    held = sys.getrefcount(body)
    with suppress(PenstockError):
        read_batch(body, lines=False, limit=10)
    assert sys.getrefcount(body) == held
