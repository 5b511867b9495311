"""Invoices over the native API, exactly as on the wire.

Units: sums and prices are decimals in `currency`, rates of VAT per cent, quantities in the line's unit; all are strings, so that
no client rounds them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.decimals import Day
from penstock.api.v2.wire import Cursor, Id, Limit, Text
from penstock.core.invoices.models import InvoiceKind, InvoiceState, LineKind
from penstock.core.invoices.runs import RunState
from penstock.core.invoices.setup import InvoiceTarget
from penstock.core.meters.models import Quality
from penstock.core.registers.models import RegisterKind
from penstock.kit.wire_types import Moment, one_of

PeriodName = Annotated[str, Meta(min_length=4, max_length=7, extra_json_schema={"examples": ["2026-05", "2026-Q2", "2026"]})]
Short = Annotated[str, Meta(max_length=200)]
Note = Annotated[str, Meta(max_length=500)]
NumberPrefix = Annotated[
    str, Meta(max_length=20, pattern=r"^[A-Za-z0-9/._-]*$(?!\n)", extra={"form": "letters, digits and / . _ -"})
]
Locale = Annotated[
    str,
    Meta(max_length=16, pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$(?!\n)", extra={"form": "a locale such as de-AT"}),
]


class PartyWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A seller or buyer, as it appears on invoices. `country` is a code of ISO 3166-1 with two letters.

    `number` is the customer's number with the seller. Without a name or e-mail, those of the organisation, customer or resident
    appear.
    """

    name: Short = ""
    address: Annotated[list[Short], Meta(max_length=4)] = []
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    city: Short = ""
    country: Annotated[str, Meta(max_length=2)] = ""
    vat_id: Annotated[str, Meta(max_length=50)] = ""
    registration: Short = ""
    number: Annotated[str, Meta(max_length=50)] = ""
    email: Annotated[str, Meta(max_length=320)] = ""
    phone: Annotated[str, Meta(max_length=50)] = ""
    iban: Annotated[str, Meta(max_length=34)] = ""
    bic: Annotated[str, Meta(max_length=11)] = ""
    footer: Text = ""


class Party(Struct, frozen=True):
    """A seller or buyer, as it appears on invoices."""

    name: str
    address: list[str]
    postal_code: str
    city: str
    country: str
    vat_id: str
    registration: str
    number: str
    email: str
    phone: str
    iban: str
    bic: str
    footer: str


class InvoicingWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """How a customer is invoiced.

    `target` is who gets the invoices: the customer for all its meters, each resident for theirs, or no one. With `auto_close` a
    period is closed `close_after_days` after its end. With `hold_if_suspect` an invoice waits if values are suspect. With
    `send_by_mail` each invoice is mailed to its buyer as it is issued. `locale` is a language with a country, such as de-AT.
    """

    target: Literal["customer", "residents", "none"]
    period: Literal["month", "quarter", "year"] = "month"
    due_days: Annotated[int, Meta(ge=0, le=365)] = 14
    number_prefix: NumberPrefix = ""
    locale: Locale = "en"
    auto_close: bool = False
    close_after_days: Annotated[int, Meta(ge=0, le=90)] = 3
    hold_if_suspect: bool = False
    send_by_mail: bool = False


class Invoicing(Struct, frozen=True):
    """How a customer is invoiced. `next_period` is closed automatically at `next_close_at`; null: none is."""

    target: Annotated[str, one_of(*InvoiceTarget)]
    period: Annotated[str, one_of("month", "quarter", "year")]
    due_days: int
    number_prefix: str
    locale: str
    auto_close: bool
    close_after_days: int
    hold_if_suspect: bool
    send_by_mail: bool
    next_period: str | None
    next_close_at: str | None


class PreviewQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The period, and the resident whose invoice it is; without one, it is the whole customer's."""

    period: PeriodName
    resident_id: Id | None = None


class InvoiceQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for invoices."""

    customer_id: Id | None = None
    resident_id: Id | None = None
    period: PeriodName | None = None
    state: Literal["open", "paid", "cancelled"] | None = None
    number: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class LineMeter(Struct, frozen=True):
    """The register of a line. `first` and `last` are the counter at the ends of the line's period, null if unknown.

    `estimated` is the part of the consumption that no readings in the period measured.

    Units: first, last and estimated in `unit`.
    """

    device_id: str
    name: str
    eui: str | None
    serial: str | None
    register: str
    kind: Annotated[str, one_of(*RegisterKind)]
    unit: str
    first: str | None
    last: str | None
    estimated: str
    quality: Annotated[str, one_of(*Quality)]


class Reference(Struct, frozen=True):
    """An earlier invoice."""

    id: str
    number: str
    issued_on: Day
    period: str


class Line(Struct, frozen=True, rename={"from_": "from"}):
    """One line: `quantity` of `unit` at `price` is `net`. `tier` counts from 1; null: there is only one price.

    A correction has the invoice that it `corrects`, what kind of line was wrong (`corrected`), and the `reason`: one or several,
    separated by commas, of `edit`, `late readings`, `estimated values`, `placement`, `registers`, `replacement`, `profile`,
    `redecode` and `invoice … was cancelled`.

    Units: price and net in the invoice's currency, without VAT; vat_rate in per cent.
    """

    kind: Annotated[str, one_of(*LineKind)]
    text: str
    from_: Moment
    to: Moment
    quantity: str
    unit: str
    price: str
    net: str
    vat_rate: str
    tier: int | None
    meter: LineMeter | None
    corrects: Reference | None
    corrected: str | None
    reason: str


class VatSum(Struct, frozen=True):
    """The VAT of all lines with one rate, in per cent."""

    rate: str
    net: str
    vat: str


class Notes(Struct, frozen=True):
    """The meters with an estimated part, those without known consumption, and the number of suspect values."""

    estimated: list[str]
    missing: list[str]
    suspects: int


class InvoiceSummary(Struct, frozen=True, rename={"from_": "from"}):
    """An invoice or credit note without its lines. `gross` is what is owed; `vat` is part of it."""

    id: str
    number: str
    kind: Annotated[str, one_of(*InvoiceKind)]
    state: Annotated[str, one_of(*InvoiceState)]
    customer_id: str
    customer: str
    resident_id: str | None
    account: str
    period: str
    from_: Moment
    to: Moment
    timezone: str
    issued_at: str
    issued_on: Day
    due_on: Day | None
    currency: str
    net: str
    vat: str
    gross: str
    paid_at: str | None
    note: str
    cancelled_at: str | None
    cancelled_by: str | None
    cancels: Reference | None
    reason: str


class Invoice(InvoiceSummary, frozen=True, rename={"from_": "from"}):
    """An invoice or credit note. Apart from its state it never changes."""

    locale: str
    seller: Party
    buyer: Party
    lines: list[Line]
    vat_sums: list[VatSum]
    notes: Notes


class Preview(Struct, frozen=True, rename={"from_": "from"}):
    """The invoice that would be issued for a period now."""

    customer_id: str
    customer: str
    resident_id: str | None
    account: str
    period: str
    from_: Moment
    to: Moment
    timezone: str
    currency: str
    net: str
    vat: str
    gross: str
    locale: str
    seller: Party
    buyer: Party
    lines: list[Line]
    vat_sums: list[VatSum]
    notes: Notes


class PaymentWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """When an invoice was paid, by default now, and a note about it."""

    at: Annotated[str, Meta(max_length=64)] | None = None
    note: Note = ""


class CancelWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an invoice is cancelled. It appears on the credit note."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class RunCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """The period to close, and for which customers; null: all that are invoiced for periods of this length."""

    period: PeriodName
    customer_ids: Annotated[list[Id], Meta(min_length=1, max_length=1000)] | None = None


class Problem(Struct, frozen=True):
    """Why the period of an account was not closed."""

    customer_id: str
    resident_id: str | None
    code: str
    detail: str


class Run(Struct, frozen=True):
    """The closing of a period for many accounts. `total` is null until they are counted.

    An account is `issued`, `failed` with a problem, or `skipped`, because it was invoiced before or there is nothing to bill. Of
    the problems the first 100 are listed.
    """

    id: str
    period: str
    customer_ids: list[str] | None
    automatic: bool
    state: Annotated[str, one_of(*RunState)]
    total: int | None
    issued: int
    failed: int
    skipped: int
    problems: list[Problem]
    created_at: str
    created_by: str
    finished_at: str | None


class HoldQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for held accounts."""

    customer_id: Id | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Hold(Struct, frozen=True):
    """An account whose period could not be closed, and why. It goes away when the invoice is issued."""

    id: str
    state: Annotated[str, one_of("held", "released")]
    customer_id: str
    resident_id: str | None
    period: str
    code: str
    reason: str
    created_at: str
    released_at: str | None
    released_by: str
