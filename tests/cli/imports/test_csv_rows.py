"""Records of CSV as readings: what becomes of each kind of cell, alone and beside others."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.shared.cells import cell
from penstock.cli.imports.csv_rows import CsvRows, cells_of
from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.rows import Encoded, Named
from penstock.cli.imports.source import Block

HERE = Path("readings.csv")
TIME = "2026-05-02T09:15:04Z"


def encoded(text: str, first: int = 0, **named: Any) -> Encoded:
    lines = text.encode().splitlines(keepends=True)
    rows = CsvRows(HERE, Block(lines[:1], 0), Named(**{"dedupe": "k-", **named}))
    return rows.encode(Block(lines[1:], 0), first)


def readings(text: str, **named: Any) -> list[Any]:
    return [msgspec.json.decode(one) for one in encoded(text, **named).texts]


def data_of(text: str, **named: Any) -> list[Any]:
    return [one["data"] for one in readings(text, **{"device": "dev_1", "timed": False, **named})]


def test_each_reading_has_its_device_its_time_and_a_key_of_its_own() -> None:
    found = readings(f"device,time,kind,channel,a\n70b3d5,{TIME},status,c,1\ndev_2,1777713304,x,,2\n")
    assert found == [
        {"device": "70b3d5", "time": TIME, "kind": "status", "channel": "c", "dedupe_key": "k-0", "data": {"a": 1}},
        {"device_id": "dev_2", "time": 1777713304, "kind": "x", "dedupe_key": "k-1", "data": {"a": 2}},
    ]


def test_keys_count_from_the_first_record_of_a_block_and_those_of_the_file_win() -> None:
    found = encoded("time,dedupe_key,a\n1,,5\n2,own,6\n", first=40, device="dev_1")
    assert [msgspec.json.decode(one)["dedupe_key"] for one in found.texts] == ["k-40", "own"]
    assert (found.numbers, found.records, found.content(41, 40)) == ([40, 41], 2, ["2", "own", "6"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.80", 4.8),
        ("-1e3", -1000.0),
        ("007", "007"),
        ("+5", "+5"),
        ("1.", "1."),
        ("NaN", "NaN"),
        ("TRUE", True),
        ("false", False),
        ("open", "open"),
        ("'=1+1", "=1+1"),
        ("''quoted", "'quoted"),
        ("'n", "'n"),
        ('"[1, ""a""]"', [1, "a"]),
        ("[half", "[half"),
        ('"1\n2"', "1\n2"),
        ("٣", "٣"),
    ],
)
@pytest.mark.parametrize("beside", ["7", "text", ""], ids=["beside a number", "beside a text", "beside nothing"])
def test_a_cell_is_what_it_says_whatever_is_beside_it(text: str, value: object, beside: str) -> None:
    found = data_of(f"a,b\n{text},1\n{beside},1\n")
    assert found[0] == {"a": value, "b": 1}


def test_a_number_keeps_each_of_its_digits() -> None:
    assert '"a":0.10000000000000000001000' in encoded("time,a\n1,0.10000000000000000001000\n", device="dev_1").texts[0]


def test_empty_cells_are_left_out_and_a_record_of_nothing_else_is_rejected() -> None:
    found = encoded("time,a,b\n1,,2\n2,,\n,1,1\n3,1,1\n", device="dev_1")
    assert [msgspec.json.decode(one)["data"] for one in found.texts] == [{"b": 2}, {"a": 1, "b": 1}]
    assert [(one.row, one.content) for one in found.rejected] == [(2, ["2", "", ""]), (3, ["", "1", "1"])]
    assert found.numbers == [0, 3]


def test_a_record_of_another_width_is_rejected_by_itself() -> None:
    found = encoded("time,a\n1,2\n1\n1,2,3\n\n4,5\n", device="dev_1")
    assert [one.detail for one in found.rejected] == [
        "has 1 cells, and the first line has 2",
        "has 3 cells, and the first line has 2",
    ]
    assert (found.numbers, found.records) == ([0, 3], 4)


def test_a_dot_in_a_name_makes_an_object_also_where_its_values_are_apart() -> None:
    assert data_of("a.x,b,a.y.z\n1,2,3\n4,,6\n") == [{"a": {"x": 1, "y": {"z": 3}}, "b": 2}, {"a": {"x": 4, "y": {"z": 6}}}]
    assert data_of("a..b,%s\n1,2\n") == [{"a..b": 1, "%s": 2}]


def test_columns_of_text_are_text() -> None:
    assert data_of("serial,a\n12,1\n,2\n", texts=frozenset({"serial"})) == [{"serial": "12", "a": 1}, {"a": 2}]


def test_the_columns_of_an_export_are_recognised() -> None:
    assert readings(f"time,seq,data.seq,t\n{TIME},9,5,6\n", device="dev_1")[0]["data"] == {"seq": 5, "t": 6}
    assert data_of("seq,t\n9,5\n") == [{"seq": 9, "t": 5}]
    assert readings("device_id,time,a\ndev_9,1,2\n", device="dev_1")[0] == {
        "device_id": "dev_1",
        "time": 1,
        "dedupe_key": "k-0",
        "data": {"a": 2},
    }


def test_columns_can_have_other_names_and_cells_other_delimiters() -> None:
    found = readings("Gerät;Zeit;t\nm1;1;2\n", device_column="Gerät", time_column="Zeit")
    assert found == [{"device": "m1", "time": 1, "dedupe_key": "k-0", "data": {"t": 2}}]
    assert data_of("a\tb\n1\t2\n") == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("text", "named", "said"),
    [
        ("a,b\n", {"device": "dev_1"}, "has no column 'time'"),
        ("time,b\n", {}, "has no column 'device_id'; pass --device"),
        ("time,b\n", {"device_column": "x"}, "has no column 'x'"),
        ("time,device\n", {}, "has no column of values"),
        ("time,a,a\n", {"device": "dev_1"}, "a different name for each column"),
        ("time,a,a.b\n", {"device": "dev_1"}, "a value and an object at once"),
        ("time,a.b.c,a\n", {"device": "dev_1"}, "a value and an object at once"),
        ("time,a\n", {"device": "dev_1", "texts": frozenset("x")}, "has no column 'x', which --text names"),
    ],
)
def test_a_first_line_that_does_not_do_is_an_error(text: str, named: dict[str, Any], said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        encoded(text, **named)


def test_a_file_that_is_not_text_is_an_error() -> None:
    rows = CsvRows(HERE, Block([b"time,a\n"], 7), Named(dedupe="k-", device="dev_1"))
    with pytest.raises(ImportFailed, match="UTF-8"):
        rows.encode(Block([b"1,\xff\n"], 0), 0)


VALUE = st.one_of(
    st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans(), st.text(min_size=1)
)


@given(st.lists(VALUE, min_size=1, max_size=20))
def test_what_an_export_writes_is_what_an_import_sends(values: list[Any]) -> None:
    """But for texts that look like a number, a truth value or an array: CSV does not tell these apart."""
    kept = [one for one in values if not isinstance(one, str) or _stays_text(one)]
    text = io.StringIO()
    csv.writer(text).writerows([["time", "a"], *([1, cell(one)] for one in kept)])
    lines = text.getvalue().encode().splitlines(keepends=True)
    rows = CsvRows(HERE, Block(lines[:1], 0), Named(dedupe="k-", device="dev_1"))
    sent = [msgspec.json.decode(one)["data"]["a"] for one in rows.encode(Block(lines[1:], 0), 0).texts]
    assert sent == pytest.approx(kept) if not any(isinstance(one, str) for one in kept) else sent == kept


def _stays_text(text: str) -> bool:
    if any(ord(one) < 32 or 0xD800 <= ord(one) <= 0xDFFF for one in text):
        return False  # line ends: the reader takes them one way only
    (found,) = cells_of([text])
    return found is not None and found.startswith('"')
