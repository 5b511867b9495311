"""Invoices to print: a household's water bill with everything that a bill can have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from penstock.core.invoices.models import (
    Invoice,
    InvoiceKind,
    Line,
    LineKind,
    LineMeter,
    Notes,
    Party,
    Reference,
    VatSum,
)
from penstock.core.registers.models import RegisterKind
from penstock.kit.ids import CustomerId, DeviceId, InvoiceId
from tests.core.billing.closed import us

MAY_US, JUNE_US = us("2026-04-30T22:00:00"), us("2026-05-31T22:00:00")
"""In Berlin."""
SELLER = Party(
    name="Stadtwerke Nordstadt GmbH",
    address=("Am Wasserturm 7",),
    postal_code="24105",
    city="Kiel",
    country="DE",
    vat_id="DE123456789",
    registration="HRB 4711",
    email="rechnung@stadtwerke.example",
    phone="+49 431 12345",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
    footer="Geschäftsführung: Ines Weber",
)
BUYER = Party(
    name="Erika Mustermann",
    address=("Hinterhaus, 3. Stock", "Hafenstraße 12"),
    postal_code="24103",
    city="Kiel",
    country="DE",
    number="K-1042",
    email="erika@example.org",
)
PERIOD = {"begin_us": MAY_US, "end_us": JUNE_US}
METER = LineMeter(
    device_id=DeviceId(5),
    name="Kaltwasser Bad",
    eui="70b3d57ed0061f2a",
    serial="8ZRI-0041",
    register="volume",
    kind=RegisterKind.VOLUME,
    unit="m3",
    decimals=3,
    first=Decimal("1184.327"),
    last=Decimal("1199.077"),
    estimated=Decimal("0.500"),
)
APRIL = Reference(
    id=InvoiceId(3),
    number="2026-000097",
    issued_on=date(2026, 5, 4),
    period="2026-04",
    begin_us=us("2026-03-31T22:00:00"),
    end_us=MAY_US,
)


def line(net: str, quantity: str, price: str, **more: object) -> Line:
    facts = {"kind": LineKind.USAGE, "unit": "m3", "vat_rate": Decimal(7), **PERIOD} | more
    return Line(net=Decimal(net), quantity=Decimal(quantity), price=Decimal(price), **facts)  # type: ignore[arg-type]


LINES = (
    line("22.10", "10", "2.21", tier=0, text="Trinkwasser", meter=METER),
    line("9.03", "4.75", "1.9008", tier=1, text="Trinkwasser", meter=METER),
    line("41.30", "14.75", "2.80", text="Abwasser", vat_rate=Decimal(0)),
    line("9.30", "31", "0.30", kind=LineKind.STANDING, unit="day", vat_rate=Decimal(19)),
    line(
        "-2.65",
        "-1.2",
        "2.21",
        kind=LineKind.CORRECTION,
        meter=METER,
        corrects=APRIL,
        corrected=LineKind.USAGE,
        reason="Ablesung",
    ),
)


def issued(lines: tuple[Line, ...] = LINES, **more: object) -> Invoice:
    """An invoice whose sums follow from its lines."""
    rates = sorted({one.vat_rate for one in lines})
    nets = {rate: sum((one.net for one in lines if one.vat_rate == rate), Decimal(0)) for rate in rates}
    vat = tuple(VatSum(rate=rate, net=net, vat=(net * rate / 100).quantize(Decimal("0.01"))) for rate, net in nets.items())
    net, vat_total = sum(nets.values(), Decimal(0)), sum((one.vat for one in vat), Decimal(0))
    facts = {
        "id": InvoiceId(9),
        "number": "2026-000123",
        "customer_id": CustomerId(4),
        "customer": "Hafenstraße 12",
        "account": "Erika Mustermann",
        "period": "2026-05",
        "timezone": "Europe/Berlin",
        "locale": "de-DE",
        "currency": "EUR",
        "issued_us": us("2026-06-03T08:00:00"),
        "issued_on": date(2026, 6, 3),
        "due_on": date(2026, 6, 17),
        "seller": SELLER,
        "buyer": BUYER,
        "lines": lines,
        "vat": vat,
        "net": net,
        "vat_total": vat_total,
        "gross": net + vat_total,
        "notes": Notes(estimated=("Kaltwasser Bad",), missing=("Warmwasser Küche",), suspects=2),
        **PERIOD,
    } | more
    return Invoice(**facts)  # type: ignore[arg-type]


def cancelled(invoice: Invoice) -> Invoice:
    """The credit note of an invoice."""
    replace = msgspec.structs.replace
    reference = Reference(
        id=invoice.id, number=invoice.number, issued_on=invoice.issued_on, period=invoice.period, begin_us=MAY_US, end_us=JUNE_US
    )
    return replace(
        invoice,
        number="2026-000124",
        kind=InvoiceKind.CREDIT_NOTE,
        lines=tuple(replace(one, quantity=-one.quantity, net=-one.net) for one in invoice.lines),
        vat=tuple(replace(one, net=-one.net, vat=-one.vat) for one in invoice.vat),
        net=-invoice.net,
        vat_total=-invoice.vat_total,
        gross=-invoice.gross,
        cancels=reference,
        reason="Falscher Zähler",
        due_on=None,
    )
