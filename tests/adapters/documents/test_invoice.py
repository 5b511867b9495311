"""Invoices as PDF, and the mail that carries them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader

from penstock.adapters.documents.invoice import PrintedInvoices, transfer_code
from penstock.adapters.documents.typesetting import Typesetter
from penstock.core.invoices.documents import DocumentForm, Logo
from penstock.core.invoices.models import Invoice
from tests.adapters.documents.issued import BUYER, METER, SELLER, cancelled, issued, line

PRINTER = PrintedInvoices(Typesetter())


def logo() -> Logo:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(out, "PNG")
    return Logo(media_type="image/png", content=out.getvalue(), width=40, height=20)


async def pdf(invoice: Invoice, image: Logo | None = None) -> PdfReader:
    return PdfReader(io.BytesIO(await PRINTER.document(invoice, DocumentForm.PDF, image)))


async def text_of(invoice: Invoice) -> str:
    return "\n".join(page.extract_text() for page in (await pdf(invoice)).pages).replace("\xa0", " ")


async def test_an_invoice_in_german() -> None:
    text = await text_of(issued())
    for wanted in (
        *(
            "Rechnung 2026-000123",
            "3. Juni 2026",
            "01.05.2026 – 31.05.2026",
            "17. Juni 2026",
            "K-1042",
            "Erika Mustermann",
            "24103 Kiel",
        ),
        *("Stadtwerke Nordstadt GmbH", "USt-IdNr.: DE123456789", "HRB 4711", "DE02 1203 0000 0000 2020 51", "BYLADEM1001"),
        *("Trinkwasser, Stufe 1", "Zähler Kaltwasser Bad, Nr. 8ZRI-0041, EUI 70b3d57ed0061f2a", "davon geschätzt: 0,500 m³"),
        *("01.05.2026: 1.184,327 m³ → 31.05.2026: 1.199,077 m³", "10,000 m³", "1,9008 €", "14,75 m³", "31 Tage", "Grundpreis"),
        *(
            "Korrektur zu 2026-000097 (01.04.2026 – 30.04.2026)",
            "Ablesung",
            "-2,65 €",
            "USt. 7 % auf 28,48 €",
            "1,99 €",
            "82,84 €",
        ),
        *("Bitte überweisen Sie 82,84 € bis zum 17. Juni 2026", "Warmwasser Küche", "Unplausible Zählerwerte", "Seite 1 von 1"),
    ):
        assert wanted in text
    assert text.count("Nr. 8ZRI-0041") == 2, "the meter is named once for the tiers of a price, and once for the correction"


async def test_an_invoice_in_english_with_other_formats() -> None:
    seller = msgspec.structs.replace(SELLER, country="GB", postal_code="EC1A 1BB", city="London")
    text = await text_of(
        issued(locale="en-GB", currency="JPY", seller=seller, buyer=msgspec.structs.replace(BUYER, country="DE"))
    )
    for wanted in ("Invoice 2026-000123", "3 June 2026", "1,184.327 m³", "31 days", "London EC1A 1BB", "Germany", "¥83"):
        assert wanted in text


async def test_every_script_is_printed() -> None:
    whole = (
        "Ύδρευση Αθηνών",
        "Горводоканал",
        "Cấp nước Đà Nẵng",
        "水务公司 東京都水道局",
        "수도사업소",
        "การประปานครหลวง",
        "நீர்",
        "pump � x",
    )
    # Only a word of those whose order or shapes an extraction does not undo.
    words = {"شركة المياه الوطنية": "المياه", "תאגיד המים": "המים", "जल निगम": "जल", "জল বোর্ড": "জল"}
    names = [name.replace("�", "\U0001f600") for name in (*whole, *words)]
    text = await text_of(issued(tuple(line("1.00", "1", "1", text=name) for name in names)))
    assert [name for name in (*whole, *words.values()) if name not in text] == []


async def test_text_of_a_customer_is_never_markup() -> None:
    name = '#panic("x") *bold* {total} $x$ <label> \\'
    assert name in await text_of(issued(buyer=msgspec.structs.replace(BUYER, name=name)))


async def test_a_long_invoice_repeats_the_head_on_every_page() -> None:
    many = await pdf(issued(tuple(line("2.21", "1", "2.21", text=f"Flat {n} " + "x" * 90, meter=METER) for n in range(200))))
    assert len(many.pages) > 8
    texts = [page.extract_text() for page in many.pages]
    assert all(f"Seite {n} von {len(texts)}" in text for n, text in enumerate(texts, 1))
    # The last page can have no line.
    assert all("Einzelpreis" in text for text in texts[:-1])
    assert sum(text.count("Flat ") for text in texts) == 200


async def test_a_credit_note_credits() -> None:
    text = await text_of(cancelled(issued()))
    for wanted in (
        "Gutschrift 2026-000124",
        "storniert die Rechnung 2026-000123 vom 3. Juni 2026",
        "Falscher Zähler",
        "82,84 € gut",
    ):
        assert wanted in text
    assert "Bitte überweisen" not in text


async def test_nothing_is_due_for_nothing() -> None:
    assert "Es ist keine Zahlung fällig." in await text_of(issued((line("0.00", "0", "2.21"),)))


async def test_an_invoice_without_any_facts_of_the_parties() -> None:
    bare = issued(
        seller=msgspec.structs.replace(SELLER, **dict.fromkeys(("iban", "bic", "country", "footer"), "")), buyer=type(BUYER)()
    )
    text = await text_of(bare)
    assert "Erika Mustermann" in text, "the account's name stands for the buyer's"
    assert "IBAN" not in text


async def test_the_same_invoice_makes_the_same_bytes() -> None:
    one = issued()
    assert await PRINTER.document(one, DocumentForm.PDF, logo()) == await PRINTER.document(one, DocumentForm.PDF, logo())


async def test_the_logo_and_the_code_are_drawn() -> None:
    pages = (await pdf(issued(), logo())).pages
    assert [(image.image.size, image.image.getpixel((0, 0))) for image in pages[0].images if image.image] == [
        ((40, 20), (0, 0, 128))
    ]
    assert "Zum Bezahlen scannen" in pages[0].extract_text()


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "CHF"},
        {"gross": Decimal(0)},
        {"gross": Decimal("-3.00")},
        {"seller": msgspec.structs.replace(SELLER, iban="")},
        {"seller": msgspec.structs.replace(SELLER, iban="x" * 40)},
        {"seller": msgspec.structs.replace(SELLER, name="")},
    ],
)
async def test_there_is_no_code_where_nothing_can_be_transferred(other: dict[str, object]) -> None:
    assert transfer_code(issued())
    assert transfer_code(issued(**other)) == ""
    assert "Zum Bezahlen scannen" not in await text_of(issued(**other))


def test_the_mail_is_in_the_language_of_the_invoice() -> None:
    letter = PRINTER.letter(issued(locale="fr-FR"))
    assert letter.subject == "Facture 2026-000123 de Stadtwerke Nordstadt GmbH"
    text = str.__str__(letter.text).replace("\xa0", " ")
    assert text.startswith(
        "Bonjour Erika Mustermann,\n\nveuillez trouver ci-joint la facture 2026-000123 pour 1 mai 2026 – 31 mai 2026."
    )
    assert "Le montant de 82,84 € est à régler avant le 17 juin 2026." in text
    assert PRINTER.letter(cancelled(issued())).subject.startswith("Gutschrift 2026-000124")
    assert "due" not in PRINTER.letter(issued(locale="en", due_on=None)).text
    assert date(2026, 6, 17) == issued().due_on
