"""Statements as files: CSV and PDF. The same statement produces the same bytes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from penstock.api.shared.cells import cell
from penstock.core.billing.models import Statement
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.ids import CustomerId, Prefix, encode

if TYPE_CHECKING:
    from fpdf import FPDF

WITHOUT_CUSTOMER = "(no customer)"
GONE = "(removed)"
WIDTHS = (100, 40, 40)


def month_of(statement: Statement) -> str:
    """The month of a statement, such as 2026-04."""
    return format_time(statement.bill.begin_us)[:7]


def as_csv(statement: Statement) -> bytes:
    """One line per customer, then the total; each with the month and the currency."""
    bill = statement.bill
    month = month_of(statement)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["month", "customer_id", "customer", "active_devices", "amount", "currency"])
    for part in statement.parts:
        customer_id = "" if part.customer_id is None else encode(Prefix.CUSTOMER, part.customer_id)
        out.writerow(
            [month, customer_id, cell(_named(part.customer_id, part.name)), part.active_devices, part.amount, bill.currency]
        )
    out.writerow([month, "", "Total", bill.active_devices, bill.total_cost, bill.currency])
    return text.getvalue().encode()


def as_pdf(statement: Statement) -> bytes:
    """One or more A4 pages. Characters outside Latin-1 become question marks; the CSV contains them."""
    from fpdf import FPDF  # here, because the import takes 0.2 s, which would delay the server's start

    bill = statement.bill
    pdf = FPDF(format="A4")
    # Otherwise the file would contain the current time and differ at each download.
    pdf.set_creation_date(datetime.fromtimestamp(statement.created_us // SECOND_US, UTC))
    pdf.set_title(f"Statement {month_of(statement)}")
    pdf.add_page()
    # A font that every PDF reader has, so the file contains none. It covers only Latin-1.
    pdf.set_font("Helvetica", "B", 16)
    _line(pdf, f"Statement {month_of(statement)}")
    pdf.set_font("Helvetica", "", 10)
    for text in (
        statement.organization,
        f"Statement {encode(Prefix.STATEMENT, statement.id)}, made {format_time(statement.created_us)}",
        f"From {format_time(bill.begin_us)} to {format_time(bill.end_us)}, tier {bill.tier}",
        f"Active devices {bill.active_devices}, included {bill.included_devices}, beyond {bill.overage_devices}",
        f"Base {bill.base_cost} {bill.currency}, devices beyond {bill.overage_cost} {bill.currency}",
    ):
        _line(pdf, text)
    pdf.set_font("Helvetica", "B", 12)
    _line(pdf, f"Total {bill.total_cost} {bill.currency}")
    pdf.ln(4)
    pdf.set_font("Helvetica", "B", 10)
    _row(pdf, "Customer", "Active devices", f"Amount ({bill.currency})")
    pdf.set_font("Helvetica", "", 10)
    for part in statement.parts:
        # 48 characters fit into the first column.
        _row(pdf, _named(part.customer_id, part.name)[:48], str(part.active_devices), str(part.amount))
    pdf.set_font("Helvetica", "B", 10)
    _row(pdf, "Total", str(bill.active_devices), str(bill.total_cost))
    return bytes(pdf.output())


def _named(customer_id: CustomerId | None, name: str) -> str:
    return WITHOUT_CUSTOMER if customer_id is None else name or GONE


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _line(pdf: FPDF, text: str) -> None:
    pdf.cell(0, 6, _latin(text), new_x="LMARGIN", new_y="NEXT")


def _row(pdf: FPDF, *cells: str) -> None:
    for width, text in zip(WIDTHS, cells, strict=True):
        pdf.cell(width, 6, _latin(text), border="B")
    pdf.ln(6)
