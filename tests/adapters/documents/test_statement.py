"""The platform's statement as a PDF."""

from __future__ import annotations

import io

from pypdf import PdfReader

from penstock.adapters.documents.statement import PdfStatements
from penstock.adapters.documents.typesetting import Typesetter
from tests.core.billing.printed import statement


async def test_the_pdf_says_what_the_statement_says() -> None:
    printer = PdfStatements(Typesetter())
    one = statement(["", "Riverside", "Straße", "=cmd()", "Дом", "शहर", "x" * 200, ""])
    pdf = await printer.pdf(one)
    assert pdf == await printer.pdf(one)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for wanted in (
        "Statement 2026-04",
        "Total 59.03 EUR",
        "Riverside",
        "Straße",
        "Дом",
        "शहर",
        "(no customer)",
        "(removed)",
        "7.38",
    ):
        assert wanted in text
    long = PdfReader(io.BytesIO(await printer.pdf(statement([f"c{n}" for n in range(200)]))))
    assert len(long.pages) > 3
    assert all("Amount (EUR)" in page.extract_text() for page in long.pages), "the head is repeated on every page"
    assert f"Page 2 of {len(long.pages)}" in long.pages[1].extract_text()
