"""Countries are those of ISO 3166-1."""

from __future__ import annotations

from penstock.core.invoices.countries import COUNTRIES


def test_codes() -> None:
    assert len(COUNTRIES) == 249
    assert {"DE", "GB", "IN", "KW", "US"} <= COUNTRIES
    assert not COUNTRIES & {"UK", "EU", "ZZ", "EL"}
