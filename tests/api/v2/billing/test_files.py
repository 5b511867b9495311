"""Statements as files."""

from __future__ import annotations

import io
from decimal import Decimal

from pypdf import PdfReader

from penstock.api.v2.billing.files import as_csv, as_pdf
from penstock.core.billing.models import ActiveDevices, Statement, bill_of, parts_of
from penstock.core.tenancy.models import Price
from tests.core.billing.closed import us


def statement(names: list[str]) -> Statement:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
    bill = bill_of(price, 42, (us("2026-04-01T00:00:00"), us("2026-05-01T00:00:00")))
    active = [ActiveDevices(customer_id=n or None, name=name, devices=42 // len(names)) for n, name in enumerate(names)]
    return Statement(
        id=7, organization="Acme", plan="p", bill=bill, parts=parts_of(bill, active), created_us=us("2026-05-01T00:10:00")
    )


def test_the_pdf_says_what_the_statement_says() -> None:
    one = statement(["", "Riverside", "Straße", "=cmd()", "Дом", "x" * 200, ""])
    pdf = as_pdf(one)
    assert pdf == as_pdf(one)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for wanted in ("Statement 2026-04", "Total 59.03 EUR", "Riverside", "Straße", "???", "(no customer)", "(removed)", "8.43"):
        assert wanted in text
    rows = as_csv(one).decode().splitlines()
    assert rows[0] == "month,customer_id,customer,active_devices,amount,currency"
    assert rows[-1] == "2026-04,,Total,42,59.03,EUR"
    assert any(",'=cmd()," in row for row in rows), "a spreadsheet takes no name for a formula"
    assert len(PdfReader(io.BytesIO(as_pdf(statement([f"c{n}" for n in range(200)])))).pages) > 3
