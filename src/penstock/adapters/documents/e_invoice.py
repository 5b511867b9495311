"""Invoices in the two syntaxes of EN 16931, UBL 2.1 and UN/CEFACT CII, and the latter attached to a PDF (Factur-X, ZUGFeRD).

The library takes the terms of the standard by their numbers (BT-1 is the invoice's number) and knows where each syntax has them.
Source: EN 16931-1:2017; UN/CEFACT code list 1001 (kinds of documents), 5305 (VAT categories), 4461 (means of payment),
recommendation 20 (units).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from penstock.adapters.documents.coverage import printable
from penstock.adapters.documents.sheet import Sheet
from penstock.core.invoices.countries import COUNTRIES
from penstock.core.invoices.document_errors import CurrencyNotCovered, DocumentIncomplete
from penstock.core.invoices.documents import DocumentForm
from penstock.core.invoices.models import Invoice, InvoiceKind, Line, Party, VatSum
from penstock.core.tariffs.currencies import places_of
from penstock.kit.clock import SECOND_US

LEVEL = "en16931"
INVOICE, CREDIT_NOTE = "380", "381"
CREDIT_TRANSFER = "30"
STANDARD, ZERO_RATED, NOT_SUBJECT = "S", "Z", "O"
UNITS = {
    "m3": "MTQ",
    "L": "LTR",
    "hL": "HLT",
    "kL": "K6",
    "ft3": "FTQ",
    "gal": "GLL",
    "kWh": "KWH",
    "Wh": "WHR",
    "MWh": "MWH",
    "MJ": "3B",
    "GJ": "GV",
    "1": "C62",
    "day": "DAY",
    "month": "MON",
    "year": "ANN",
}
MAX_PLACES = 2
"""Decimal places of amounts (BR-DEC)."""
AGREED_UNIT = "ZZ"
"""A unit without a code: the one that both sides agreed on, which the line's name says."""

OTHER_PREFIXES = frozenset({"EL", "XI"})
"""Greece and Northern Ireland begin their VAT IDs with these."""

_PDF_TIME = re.compile(rb"(D(?::|\\072))\d{14}")  # the colon is escaped in some places
_XMP_TIME = re.compile(rb"Date>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00<")

Terms = dict[str, Any]
"""The library's form of an invoice: business terms by their numbers."""


def xml_of(invoice: Invoice, form: DocumentForm) -> bytes:
    """An invoice as XML.

    Raises:
        DocumentIncomplete: EN 16931 requires facts that the invoice does not have.
        CurrencyNotCovered: its amounts have more decimal places than those of EN 16931.
    """
    from facturx import generate_xml  # here, because the import takes 0.2 s, which would delay the server's start

    flavor = "ubl-2.1" if form is DocumentForm.XML else "factur-x"
    made = generate_xml(terms_of(invoice), flavor=flavor, level=LEVEL, check_xsd=False, check_schematron=None)
    return made if isinstance(made, bytes) else str(made).encode()


def attached(pdf: bytes, xml: bytes, sheet: Sheet) -> bytes:
    """A PDF with an invoice as XML attached."""
    from facturx import generate_from_binary

    title, author = printable(sheet.title), printable(sheet.invoice.seller.name)
    about = {"author": author, "title": title, "subject": title, "keywords": "Factur-X"}
    made = generate_from_binary(
        pdf,
        xml,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        check_schematron=False,
        pdf_metadata=about,
        xmp_compression=False,
    )
    return _dated(bytes(made), sheet.invoice.issued_us)


def _dated(pdf: bytes, issued_us: int) -> bytes:
    """The file with the time of issue instead of the library's "now", of the same length: the same invoice, the same bytes."""
    issued = datetime.fromtimestamp(issued_us // SECOND_US, UTC)
    pdf = _PDF_TIME.sub(rb"\g<1>" + f"{issued:%Y%m%d%H%M%S}".encode(), pdf)
    return _XMP_TIME.sub(f"Date>{issued:%Y-%m-%dT%H:%M:%S}+00:00<".encode(), pdf)


def terms_of(invoice: Invoice) -> Terms:
    """The terms of an invoice.

    Raises:
        DocumentIncomplete: EN 16931 requires facts that the invoice does not have.
        CurrencyNotCovered: its amounts have more decimal places than those of EN 16931.
    """
    _check(invoice)
    sheet, sign = Sheet(invoice), 1 if invoice.kind is InvoiceKind.INVOICE else -1
    category = _category(invoice)
    terms: Terms = {
        "BT-1": printable(invoice.number),
        "BT-2": invoice.issued_on,
        "BT-3": INVOICE if sign == 1 else CREDIT_NOTE,
        "BT-5": invoice.currency,
        "BT-20": printable(sheet.payment()),
        "BT-72": sheet.formats.last_day(invoice.end_us),
        "BT-73": sheet.formats.date_of(invoice.begin_us),
        "BT-74": sheet.formats.last_day(invoice.end_us),
        "BT-106": _digits(invoice.net * sign),
        "BT-109": _digits(invoice.net * sign),
        "BT-110": _digits(invoice.vat_total * sign),
        "BT-112": _digits(invoice.gross * sign),
        "BT-115": _digits(invoice.gross * sign),
        "BG-4": _party(invoice.seller, invoice, seller=True),
        "BG-7": _party(invoice.buyer, invoice, seller=False),
        "BG-23": [_vat(one, sign, category) for one in invoice.vat],
        "BG-25": [_line(number, line, sheet, sign, category) for number, line in enumerate(invoice.lines, 1)],
    }
    return terms | _payment(invoice, sign) | _references(invoice) | _notes(sheet)


def _check(invoice: Invoice) -> None:
    if places_of(invoice.currency) > MAX_PLACES:
        raise CurrencyNotCovered(currency=invoice.currency)
    seller, buyer = invoice.seller, invoice.buyer
    needed = {
        "seller.name": seller.name,
        "seller.country": seller.country,
        "buyer.name": buyer.name or invoice.account,
        # The seller is identified by one of the two (BR-CO-26), and charges VAT under it (BR-S-2).
        "seller.vat_id or seller.registration": seller.vat_id or seller.registration,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise DocumentIncomplete(fields=", ".join(missing))


def _category(invoice: Invoice) -> str:
    """The category of lines without VAT: the seller does not charge it at all, or the rate is zero."""
    taxed = any(one.rate for one in invoice.vat)
    return ZERO_RATED if taxed or invoice.seller.vat_id else NOT_SUBJECT


def _payment(invoice: Invoice, sign: int) -> Terms:
    terms: Terms = {}
    if invoice.due_on:
        terms["BT-9"] = invoice.due_on
    if invoice.seller.iban and sign == 1:
        terms |= {"BT-81": CREDIT_TRANSFER, "BT-83": invoice.number, "BT-84": invoice.seller.iban.replace(" ", "")}
        terms |= {"BT-86": invoice.seller.bic} if invoice.seller.bic else {}
    return terms


def _references(invoice: Invoice) -> Terms:
    earlier = {one.number: one for one in (invoice.cancels, *(line.corrects for line in invoice.lines)) if one is not None}
    return {"BG-3": [{"BT-25": one.number, "BT-26": one.issued_on} for one in earlier.values()]} if earlier else {}


def _notes(sheet: Sheet) -> Terms:
    notes = [note for note in (sheet.intro, *sheet.notes) if note]
    return {"BG-1": [{"BT-22": printable(note)} for note in notes]} if notes else {}


def _party(party: Party, invoice: Invoice, *, seller: bool) -> Terms:
    address = [*party.address[:2], ", ".join(party.address[2:])]
    # A buyer without a country lives where the seller is: utilities bill at home.
    country = (party.country or invoice.seller.country).upper()
    taxed = any(one.rate for one in invoice.vat) or seller
    facts: Terms = {
        "name": party.name or invoice.account,
        "country_code": country,
        "city": party.city,
        "postcode": party.postal_code,
        **dict(zip(("addr_l1", "addr_l2", "addr_l3"), address, strict=False)),
        "vat_identifier": _vat_id(party, country) if taxed else "",
    }
    if seller:
        facts |= {"legal_identifier": party.registration} if party.registration else {}
        facts |= {"tax_identifier": party.registration} if party.registration and not party.vat_id else {}
    elif party.number:
        facts["identifiers"] = {None: printable(party.number)}
    if party.phone or party.email:
        contact = {"name": party.name, "phone": party.phone, "email": party.email}
        facts["contacts"] = [{name: printable(value) for name, value in contact.items()}]
    return _given(facts)


def _vat_id(party: Party, country: str) -> str:
    """A VAT ID begins with a country (BR-CO-09), also where it is written without one, such as a GSTIN."""
    own = party.vat_id.strip()
    return own if not own or own[:2] in COUNTRIES | OTHER_PREFIXES else f"{country}{own}"


def _given(facts: Terms) -> Terms:
    return {name: printable(value) if isinstance(value, str) else value for name, value in facts.items() if value}


def _vat(one: VatSum, sign: int, untaxed: str) -> Terms:
    terms: Terms = {
        "BT-116": _digits(one.net * sign),
        "BT-117": _digits(one.vat * sign),
        "BT-118": STANDARD if one.rate else untaxed,
    }
    if one.rate or untaxed != NOT_SUBJECT:
        terms["BT-119"] = _digits(one.rate)
    else:
        terms |= {"BT-120": "Not subject to VAT", "BT-121": "VATEX-EU-O"}
    return terms


def _line(number: int, line: Line, sheet: Sheet, sign: int, untaxed: str) -> Terms:
    # A price is never negative in the standard (BR-27): the sign is the quantity's.
    sign_of_price = -1 if line.price < 0 else 1
    terms: Terms = {
        "BT-126": str(number),
        "BT-129": _digits(line.quantity * sign * sign_of_price),
        "BT-130": UNITS.get(line.unit, AGREED_UNIT),
        "BT-131": _digits(line.net * sign),
        "BT-134": sheet.formats.date_of(line.begin_us),
        "BT-135": sheet.formats.last_day(line.end_us),
        "BT-146": _digits(abs(line.price)),
        "BT-151": STANDARD if line.vat_rate else untaxed,
        "BT-153": printable(sheet.text_of(line)),
        "BT-154": printable("; ".join(sheet.details_of(line))),
    }
    if line.vat_rate or untaxed != NOT_SUBJECT:
        terms["BT-152"] = _digits(line.vat_rate)
    if line.meter is not None and line.meter.serial:
        terms["BT-128"] = {None: printable(line.meter.serial)}
    return terms


def _digits(amount: Decimal) -> str:
    # Zero has no sign.
    return f"{amount:f}" if amount else f"{abs(amount):f}"
