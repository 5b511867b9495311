"""Invoices and credit notes: frozen when they are issued, with everything they show. Pure.

The order of computation is that of EN 16931: each line is rounded to the currency's minor unit, VAT is computed once per rate
from the sum of its lines, and the total is the sum of both.

Units: sums are exact decimals in `currency` with its number of decimal places; VAT rates are per cent. Days are calendar days of
`timezone`; `end_us` of a period is the first instant after it, so that its last day is the one before.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from penstock.core.meters.models import Quality
from penstock.core.registers.models import RegisterKind
from penstock.core.tariffs.models import Prices
from penstock.kit.ids import CustomerId, DeviceId, InvoiceId, ResidentId, TariffId


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A seller or a buyer, as it appears on invoices. Empty: not known.

    `address` are the lines above the postal code, `country` is a code of ISO 3166-1 with two letters. `number` is the number that
    the seller gave the buyer. Registration, bank account and `footer` are the seller's.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    registration: str = ""
    number: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""
    bic: str = ""
    footer: str = ""


class InvoiceKind(StrEnum):
    """What a document is. The lines of a credit note are those of its invoice, negated."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceState(StrEnum):
    """The only property of an invoice that changes. A cancelled one has a credit note."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


class LineKind(StrEnum):
    """What a line is for. A correction changes what an earlier invoice billed."""

    USAGE = "usage"
    STANDING = "standing"
    MINIMUM = "minimum"
    CORRECTION = "correction"


class LineMeter(msgspec.Struct, frozen=True, kw_only=True):
    """The register that a line of consumption was read from.

    Units: `first` and `last`, the counter at the ends of the line's period (None: not known), and `estimated`, the part of the
    amount that no reading measured, are in `unit`, the unit in which the register is shown with `decimals` places.
    """

    device_id: DeviceId
    name: str
    eui: str | None = None
    serial: str | None = None
    register: str
    kind: RegisterKind
    unit: str
    decimals: int
    first: Decimal | None = None
    last: Decimal | None = None
    estimated: Decimal = Decimal(0)
    quality: Quality = Quality.MEASURED


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier invoice, with the period that it billed."""

    id: InvoiceId
    number: str
    issued_on: date
    period: str
    begin_us: int
    end_us: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `quantity` of `unit` at `price` is `net`, rounded half up.

    `text` is the tariff's name for it; if it is empty, the document names it by its kind. `tier` is the position of the price
    among those of its item, None if it has only one price. `corrects` is set on corrections, with their `reason`; their quantity
    is the difference to what was billed, and `corrected` is the kind of the line that they correct.
    """

    kind: LineKind
    text: str = ""
    begin_us: int
    end_us: int
    quantity: Decimal
    unit: str
    price: Decimal
    net: Decimal
    vat_rate: Decimal
    tier: int | None = None
    meter: LineMeter | None = None
    corrects: Reference | None = None
    corrected: LineKind | None = None
    reason: str = ""


class VatSum(msgspec.Struct, frozen=True, kw_only=True):
    """The VAT of all lines with one rate: `net` is their sum."""

    rate: Decimal
    net: Decimal
    vat: Decimal


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """The prices that applied in a part of the period, for later corrections."""

    begin_us: int
    end_us: int
    tariff_id: TariffId
    tariff: str
    prices: Prices


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader has to know: the names of meters with an estimated part, and of those without any known consumption.

    `suspects` is the number of values that were not counted because they are suspect.
    """

    estimated: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    suspects: int = 0


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen invoice or credit note. `resident_id` is None if it is the whole customer's.

    `period` is its name: `2026-05`, `2026-Q2` or `2026`. `account` is the name of the customer or resident, `customer` the
    customer's. A credit note has the invoice that it cancels in `cancels`, and the `reason`.
    """

    id: InvoiceId
    number: str
    kind: InvoiceKind = InvoiceKind.INVOICE
    customer_id: CustomerId
    resident_id: ResidentId | None = None
    customer: str
    account: str
    period: str
    begin_us: int
    end_us: int
    timezone: str
    locale: str
    currency: str
    issued_us: int
    issued_on: date
    due_on: date | None = None
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    vat: tuple[VatSum, ...]
    net: Decimal
    vat_total: Decimal
    gross: Decimal
    notes: Notes = Notes()
    applied: tuple[Applied, ...] = ()
    cancels: Reference | None = None
    reason: str = ""


class IssuedInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice with its state. `cancelled_by` is its credit note."""

    invoice: Invoice
    state: InvoiceState = InvoiceState.OPEN
    paid_us: int | None = None
    paid_note: str = ""
    cancelled_by: InvoiceId | None = None
    cancelled_us: int | None = None
