"""Values of cells, and their faults."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from penstock.core.imports.cells import InvalidRowError
from penstock.core.meters.models import MeterRole
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from tests.core.imports.rows import cells_of, shown


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("12,5", "no comma"),
        ("1.234,5", "no comma"),
        ("1e3", "a decimal number"),
        ("1 000", "a decimal number"),
        ("٣", "a decimal number"),
        ("NaN", "a decimal number"),
    ],
)
def test_numbers_are_exact_or_refused(text: str, detail: str) -> None:
    cells = cells_of(x=text)
    assert cells.decimal("x") is None
    assert detail in cells.faults[0].detail
    assert cells_of(x="-184.327000").decimal("x") == Decimal("-184.327")


def test_dates_are_midnights_of_the_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert cells_of(x="2026-07-01").moment("x", berlin) == parse_time("2026-06-30T22:00:00Z")
    assert cells_of(x="2026-07-01T00:00:00Z").moment("x", berlin) == parse_time("2026-07-01T00:00:00Z")
    for text in ("01.07.2026", "2026-02-30", "2026-07-01T00:00:00", "1800-01-01"):
        cells = cells_of(x=text)
        assert (cells.moment("x", UTC), shown(cells)) == (None, ["x"]), text


def test_each_fault_of_a_row_is_collected() -> None:
    cells = cells_of(a="x" * 9, b="11", c="none", d="200")
    assert (cells.text("a", 8), cells.whole("b", 1, 10), cells.choice("c", MeterRole), cells.degrees("d", 180)) == (None,) * 4
    assert cells.text("e", 8, required=True) is None
    assert shown(cells) == ["a", "b", "c", "d", "e"]
    with pytest.raises(InvalidRowError):
        cells.check()
    empty = cells_of(a="")
    assert (empty.text("a", 8), empty.whole("b", 1, 10), empty.choice("c", MeterRole), empty.faults) == (None, None, None, [])
    empty.check()


def test_the_field_of_an_error_becomes_a_column_if_it_is_one() -> None:
    cells = cells_of()
    cells.fail_by(InvalidInput.field("registers[1].unit", "must be a unit"), ("unit",))
    cells.fail_by(InvalidInput.field("registers", "too many"), ("unit",))
    cells.fail_by(InvalidInput(reason="no"))
    assert [(one.column, one.detail) for one in cells.faults] == [("unit", "must be a unit"), ("", "too many"), ("", "no")]
