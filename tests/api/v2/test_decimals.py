"""Numbers and days of requests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from penstock.api.v2.decimals import parse_day, parse_day_or_none, parse_number, parse_number_or_none
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2, "2"), (2.35, "2.35"), (1e-06, "0.000001"), ("0.10", "0.10"), ("-3", "-3"), (0.1 + 0.2, "0.30000000000000004")],
)
def test_numbers_keep_their_digits(value: float | str, expected: str) -> None:
    assert parse_number(value, "price") == Decimal(expected)


@pytest.mark.parametrize("text", ["", "9" * 21, "1e3", "NaN", "Infinity", "1,5", " 1", "1.", "٣", "0x10"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_number(text, "price")
    assert [one.field for one in refused.value.errors] == ["price"]


def test_days() -> None:
    assert parse_day("2026-02-28", "from") == date(2026, 2, 28)
    assert (parse_day_or_none(None, "from"), parse_number_or_none(None, "price")) == (None, None)
    for wrong in ("2026-02-29", "2026-2-1", "20260201", "1969-12-31", "2100-01-01", "today"):
        with pytest.raises(InvalidInput) as refused:
            parse_day(wrong, "to")
        assert [one.field for one in refused.value.errors] == ["to"]
