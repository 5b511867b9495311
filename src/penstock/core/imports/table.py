"""Reads a CSV file as spreadsheets and databases write it: any of three delimiters, quoted cells, a byte order mark. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

import msgspec

from penstock.core.imports.columns import COLUMNS, column_of
from penstock.core.imports.models import Fault, ImportKind
from penstock.kit.errors import FieldError, InvalidInput

MAX_BYTES = 10_000_000
MAX_ROWS = 50_000
MAX_CELL = 2_000
"""Characters: as many as the longest text of a device has."""
_SHOWN = 64
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""How a file keeps a spreadsheet from reading digits as a number."""
_HEADER = 100_000
"""Characters, in which the header is."""
_LINE = re.compile(r"\r\n|\r|\n")
_EMPTY = " ,;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Row(msgspec.Struct, frozen=True):
    """One row. `number` counts as a spreadsheet does, from the header as 1. `fault` is set if it could not be read."""

    number: int
    cells: dict[str, str]
    fault: Fault | None = None


def read_table(content: bytes, kind: ImportKind) -> list[Row]:
    """The rows of a file; empty ones are left out.

    Raises:
        InvalidInput: the file is not such a file, is too large, has a column that does not exist, or lacks one.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput.field("", f"the file must have at most {MAX_BYTES} bytes", "too_large")
    text, delimiter = _dialect(_decoded(content))
    records = _records(text, delimiter)
    numbered = ((number, record) for number, record in enumerate(records, 1) if any(cell.strip() for cell in record))
    columns = _columns(kind, next(numbered, (1, []))[1])
    rows: list[Row] = []
    for number, record in numbered:
        rows.append(_row(number, columns, record))
        if len(rows) > MAX_ROWS:
            raise InvalidInput.field("", f"the file must have at most {MAX_ROWS} rows", "too_many")
    if not rows:
        raise InvalidInput.field("", "the file must have at least one row below its header", "required")
    return rows


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = f"the file must be UTF-8, and line {line} is not; a spreadsheet saves it as CSV UTF-8"
        raise InvalidInput.field("", detail, "encoding") from None


def _dialect(text: str) -> tuple[str, str]:
    """The text of the table, and its delimiter: the most frequent one of the header, or the one that the first line names."""
    named = _SEPARATOR_LINE.match(text)
    if named is not None and named[1] in _DELIMITERS:
        return text[named.end() :], named[1]
    header = next((line for line in _LINE.split(_QUOTED.sub("", text[:_HEADER])) if line.strip(_EMPTY)), "")
    return text, max(_DELIMITERS, key=header.count)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInput.field("", f"line {reader.line_num} is not CSV: {error}", "malformed") from None


def _columns(kind: ImportKind, header: Sequence[str]) -> list[str]:
    """The columns in the order of the file; spreadsheets add empty ones at the end, which are none.

    Raises:
        InvalidInput: with an entry for each column that does not exist, is repeated, or is missing.
    """
    header = header[: max((number for number, heading in enumerate(header, 1) if heading.strip()), default=0)]
    found = [column_of(kind, heading) for heading in header]
    known = [one for one in found if one is not None]
    faults = [
        FieldError(heading.strip()[:_SHOWN], "is not a column of this kind of file", "unknown")
        for heading, one in zip(header, found, strict=True)
        if one is None
    ]
    faults += [FieldError(name, "must not be repeated", "duplicate") for name in sorted({x for x in known if known.count(x) > 1})]
    faults += [
        FieldError(one.name, "is required", "required") for one in COLUMNS[kind] if one.is_required and one.name not in known
    ]
    if faults:
        accepted = ", ".join(one.name for one in COLUMNS[kind])
        named = ", ".join(f"{one.field or '(empty)'}: {one.detail}" for one in faults)
        raise InvalidInput(reason=f"{named}; the columns of {kind.value} are {accepted}", errors=faults)
    return known


def _row(number: int, columns: Sequence[str], record: Sequence[str]) -> Row:
    if len(record) > len(columns) and any(cell.strip() for cell in record[len(columns) :]):
        detail = f"must have at most {len(columns)} cells, as the header; one with the delimiter in it must be quoted"
        return Row(number, {}, Fault(number, "", detail))
    cells = {name: _plain(cell) for name, cell in zip(columns, record, strict=False)}
    for name, cell in cells.items():
        if len(cell) > MAX_CELL:
            return Row(number, cells, Fault(number, name, f"must have at most {MAX_CELL} characters"))
        if _CONTROL.search(cell):
            return Row(number, cells, Fault(number, name, "must not contain control characters"))
    return Row(number, cells)


def _plain(cell: str) -> str:
    text = cell.strip()
    formula = _TEXT_FORMULA.fullmatch(text)
    return formula[1].strip() if formula else text
