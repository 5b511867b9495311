"""Files as spreadsheets and databases write them."""

from __future__ import annotations

import pytest

from penstock.core.imports.models import ImportKind
from penstock.core.imports.table import MAX_BYTES, read_table
from penstock.kit.errors import InvalidInput

ROW = {"eui": "1", "name": 'Flat "A"; 1'}


@pytest.mark.parametrize(
    "content",
    [
        b'eui,name\n1,"Flat ""A""; 1"\n',
        b'\xef\xbb\xbfEUI;Name\r\n1;"Flat ""A""; 1"\r\n',
        b'dev_eui\tNAME\r1\tFlat "A"; 1\r'.replace(b'"A"', b'"A"'),
        b'sep=;\r\nEUI;name\r\n="1";"Flat ""A""; 1"\r\n',
        b'"Dev EUI","name"\n\n 1 ,"Flat ""A""; 1"',
    ],
)
def test_delimiters_quotes_marks_and_line_ends(content: bytes) -> None:
    (row,) = read_table(content, ImportKind.DEVICES)
    assert row.cells == ROW


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    rows = read_table(b'eui,name\n,\n1,"two\nlines"\n2\n3,x,,\n4,x,y\n5,\x07\n', ImportKind.DEVICES)
    assert [one.number for one in rows] == [3, 4, 5, 6, 7]
    assert [one.fault and (one.fault.row, one.fault.column) for one in rows] == [None, None, None, (6, ""), (7, "name")]
    assert rows[0].cells["name"] == "two\nlines"


def test_labels_are_columns_of_devices_alone() -> None:
    (row,) = read_table(b"eui,Label.Site\n1,Harbour\n", ImportKind.DEVICES)
    assert row.cells == {"eui": "1", "label.Site": "Harbour"}
    with pytest.raises(InvalidInput, match=r"label\.x: is not a column"):
        read_table(b"device,label.x\n1,2\n", ImportKind.REGISTERS)


@pytest.mark.parametrize("before", ["", "\n\n", ";;\r\n", " ;\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_and_columns_are_none(before: str, end: str) -> None:
    text = before + "eui;name;;" + end + "1;a,b,c,d;;" + end + ";;;" + end + "2;e" + end
    skipped = before.count("\n")
    rows = read_table(text.encode(), ImportKind.DEVICES)
    assert [(one.number - skipped, one.cells) for one in rows] == [
        (2, {"eui": "1", "name": "a,b,c,d"}),
        (4, {"eui": "2", "name": "e"}),
    ]
    (row,) = read_table(b"eui,name,\n1,a,b\n", ImportKind.DEVICES)
    assert row.fault is not None, "a value below no heading"


def test_each_column_that_is_wrong_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_table(b"Colour,name,,name,,\nred,a,,b,,\n", ImportKind.RESIDENTS)
    found = [(one.field, one.code) for one in caught.value.errors]
    assert found == [
        ("Colour", "unknown"),
        ("", "unknown"),
        ("name", "duplicate"),
        ("customer", "required"),
        ("email", "required"),
    ]


@pytest.mark.parametrize("content", [b"", b"eui\n", b"eui\n\n", b"\xff\xfee\x00", b'eui\n"a\n', b"eui\n" + b"1" * MAX_BYTES])
def test_what_is_no_such_file(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_table(content, ImportKind.DEVICES)
