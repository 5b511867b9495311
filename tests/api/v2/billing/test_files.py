"""Statements as CSV."""

from __future__ import annotations

from penstock.api.v2.billing.files import as_csv
from tests.core.billing.printed import statement


def test_a_line_for_each_customer_and_the_total() -> None:
    rows = as_csv(statement(["", "Riverside", "=cmd()", "Дом", ""])).decode().splitlines()
    assert rows[0] == "month,customer_id,customer,active_devices,amount,currency"
    assert rows[1].startswith("2026-04,,(no customer),8,")
    assert rows[-1] == "2026-04,,Total,42,59.03,EUR"
    assert any(",'=cmd()," in row for row in rows), "a spreadsheet takes no name for a formula"
    assert any(",Дом," in row for row in rows)
    assert ",(removed)," in rows[-2]
