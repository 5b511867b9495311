"""Currencies have as many decimal places as ISO 4217 says."""

from __future__ import annotations

import pytest

from penstock.core.tariffs.currencies import CODES, places_of


@pytest.mark.parametrize(("code", "places"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("CLP", 0), ("KWD", 3), ("TND", 3), ("HUF", 2)])
def test_places(code: str, places: int) -> None:
    assert places_of(code) == places


def test_codes_have_three_letters() -> None:
    assert len(CODES) > 150
    assert {len(code) for code in CODES} == {3}
    assert "EUT" not in CODES
