"""Invoices as EN 16931, checked with the schemas of UBL and CII and with the official rules, which other projects publish."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader

from penstock.adapters.documents.e_invoice import xml_of
from penstock.adapters.documents.invoice import PrintedInvoices
from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.invoices.document_errors import CurrencyNotCovered, DocumentIncomplete
from penstock.core.invoices.documents import DocumentForm
from penstock.core.invoices.models import Invoice, LineKind, Party
from tests.adapters.documents.issued import BUYER, LINES, SELLER, cancelled, issued, line

UNTAXED = (line("5.00", "2", "2.50", vat_rate=Decimal(0)),)
INVOICES: dict[str, Invoice] = {
    "with everything": issued(),
    "a credit note": cancelled(issued()),
    "with little": issued(
        UNTAXED,
        seller=Party(name="Gemeinde", country="AT", registration="7"),
        buyer=Party(),
        due_on=None,
        currency="CHF",
        locale="ja",
    ),
    "of a seller who is not taxed, but registered": issued(UNTAXED, seller=msgspec.structs.replace(SELLER, vat_id="")),
    "of a company": issued(
        buyer=msgspec.structs.replace(BUYER, vat_id="FR40303265045", country="FR", address=("a", "b", "c", "d")),
    ),
    "with a price below zero and units without a code": issued(
        (line("-4.00", "2", "-2", unit="CCF"), line("40.00", "2", "20", unit="kgal"), line("1.00", "1", "1", unit="month"))
    ),
    "below zero": issued((line("-22.10", "-10", "2.21", kind=LineKind.CORRECTION),)),
    "with VAT IDs without a country": issued(
        seller=msgspec.structs.replace(SELLER, vat_id="123456789"), buyer=msgspec.structs.replace(BUYER, vat_id="29ABCDE1234F2Z5")
    ),
    "in yen, with other scripts": issued(
        (line("1200", "3.5", "342.857143", text="水 \x00 شركة"),),
        currency="JPY",
        buyer=msgspec.structs.replace(BUYER, name="東京"),
    ),
}

CHECKED = ("with everything", "a credit note")
"""Against the schemas too, which takes longer than the rules."""


def test_the_official_rules_find_nothing(tmp_path: Path) -> None:
    for name, one in INVOICES.items():
        for form, suffix in ((DocumentForm.XML, "xml"), (DocumentForm.CII, "cii")):
            xml = xml_of(one, form)
            assert name not in CHECKED or xml_check_xsd(xml, level="en16931"), name
            (tmp_path / f"{name}.{suffix}").write_bytes(xml)
    (tmp_path / "wrong.xml").write_bytes(xml_of(issued(), DocumentForm.XML).replace(b"82.84", b"82.85"))
    checked = subprocess.run(
        [sys.executable, "-m", "tests.adapters.documents.rules", str(tmp_path)], check=True, capture_output=True, timeout=600
    )
    found = json.loads(checked.stdout)
    assert "BR-CO-15" in found.pop("wrong.xml"), "the rules find a total that is wrong"
    assert found == {f"{name}.{suffix}": [] for name in INVOICES for suffix in ("xml", "cii")}


def test_the_sums_are_those_of_the_invoice() -> None:
    root = etree.fromstring(xml_of(issued(), DocumentForm.XML))

    def texts(name: str) -> list[str]:
        return [found.text or "" for found in root.iter(f"{{*}}{name}")]

    assert texts("PayableAmount") == ["82.84"]
    assert texts("InvoicedQuantity") == ["10", "4.75", "14.75", "31", "-1.2"]
    assert texts("PriceAmount") == ["2.21", "1.9008", "2.80", "0.30", "2.21"]
    assert texts("LineExtensionAmount") == ["79.08", *(str(one.net) for one in LINES)]
    assert [found.get("unitCode") for found in root.iter("{*}InvoicedQuantity")] == ["MTQ", "MTQ", "MTQ", "DAY", "MTQ"]
    assert texts("TaxAmount") == ["3.76", "0.00", "1.99", "1.77"]


def test_a_credit_note_has_the_sums_of_its_invoice() -> None:
    root = etree.fromstring(xml_of(cancelled(issued()), DocumentForm.XML))
    assert root.tag.endswith("}CreditNote")
    assert [found.text for found in root.iter("{*}PayableAmount")] == ["82.84"]
    assert next(found.text for found in root.iter("{*}CreditedQuantity")) == "10"


async def test_the_pdf_with_the_invoice_attached_is_archivable() -> None:
    pdf = await PrintedInvoices(Typesetter()).document(issued(), DocumentForm.FACTURX, None)
    name, xml = get_facturx_xml_from_pdf(pdf)
    assert name == "factur-x.xml"
    assert xml == xml_of(issued(), DocumentForm.CII)
    reader = PdfReader(io.BytesIO(pdf))
    assert "Rechnung 2026-000123" in reader.pages[0].extract_text()
    about = reader.root_object["/Metadata"].get_object().get_data().decode()  # type: ignore[attr-defined]
    assert re.search(r"pdfaid:part>3<", about), about
    assert re.search(r"<fx:ConformanceLevel>EN 16931<", about)


async def test_the_same_invoice_makes_the_same_file_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    printer, made = PrintedInvoices(Typesetter()), set()
    for year in (2026, 2031):
        now = datetime(year, 1, 1, tzinfo=UTC)
        monkeypatch.setattr("facturx.facturx.datetime", SimpleNamespace(now=lambda *_, now=now: now))
        made.add(await printer.document(issued(), DocumentForm.FACTURX, None))
    assert len(made) == 1


def test_a_currency_that_the_standard_cannot_express_is_refused() -> None:
    with pytest.raises(CurrencyNotCovered, match="KWD"):
        xml_of(issued(currency="KWD"), DocumentForm.CII)


@pytest.mark.parametrize(
    ("given", "written"), [("DE1", "DE1"), ("EL1", "EL1"), ("CHE-1 MWST", "CHE-1 MWST"), ("29ABC", "IN29ABC"), ("1", "IN1")]
)
def test_a_vat_id_begins_with_a_country(given: str, written: str) -> None:
    seller = msgspec.structs.replace(SELLER, vat_id=given, country="IN")
    root = etree.fromstring(xml_of(issued(seller=seller), DocumentForm.XML))
    assert next(root.iter("{*}CompanyID")).text == written


async def test_a_character_that_xml_does_not_have_is_replaced() -> None:
    bad = {name: "\x1b🚰" for name in ("name", "city", "postal_code", "vat_id", "registration", "number", "email", "phone")}
    one = issued(seller=msgspec.structs.replace(SELLER, **bad), buyer=msgspec.structs.replace(BUYER, **bad))
    assert "��".encode() in xml_of(one, DocumentForm.XML)
    await PrintedInvoices(Typesetter()).document(one, DocumentForm.FACTURX, None)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"seller": msgspec.structs.replace(SELLER, country="")}, "seller.country"),
        ({"seller": msgspec.structs.replace(SELLER, name="")}, "seller.name"),
        ({"seller": msgspec.structs.replace(SELLER, vat_id="", registration="")}, "seller.vat_id or seller.registration"),
        ({"buyer": Party(), "account": ""}, "buyer.name"),
    ],
)
def test_what_the_standard_requires_is_named(other: dict[str, object], field: str) -> None:
    with pytest.raises(DocumentIncomplete, match=re.escape(field)):
        xml_of(issued(**other), DocumentForm.XML)
