"""Invoices as CSV."""

from __future__ import annotations

import csv
from decimal import Decimal

from msgspec.structs import replace

from penstock.api.v2.documents.csv_file import COLUMNS, as_csv
from tests.adapters.documents.issued import LINES, METER, issued, line


def rows(*lines: object) -> list[dict[str, str]]:
    return list(csv.DictReader(as_csv(issued(lines)).decode().splitlines()))  # type: ignore[arg-type]


def test_decimals_are_exact_and_never_in_exponents() -> None:
    small = line("0.00", "0.000000001", "1E-7", meter=replace(METER, first=Decimal("1E+3"), last=None))
    (row,) = rows(small)
    assert (row["quantity"], row["price"], row["first"], row["last"]) == ("0.000000001", "0.0000001", "1000", "")


def test_a_spreadsheet_takes_no_text_for_a_formula_but_negative_numbers_for_numbers() -> None:
    (row,) = rows(line("-2.00", "-1", "2", text="=cmd()"))
    assert (row["text"], row["net"], row["quantity"]) == ("'=cmd()", "-2.00", "-1")


def test_every_line_has_every_column() -> None:
    found = rows(*LINES)
    assert len(found) == len(LINES)
    assert all(tuple(row) == COLUMNS and None not in row.values() for row in found)
    assert [row["tier"] for row in found] == ["1", "2", "", "", ""]
    assert {(row["begin"], row["end"]) for row in found} == {("2026-05-01", "2026-05-31")}
