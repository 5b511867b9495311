"""Errors of invoices."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class InvoiceNotFound(PenstockError):
    """No invoice with this id exists in the caller's organisation, or it is not the resident's."""

    kind, code = Kind.NOT_FOUND, "invoices.not_found"
    message = "invoice {invoice_id} was not found"


class InvoiceRunNotFound(PenstockError):
    """No run with this id exists in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "invoices.run_not_found"
    message = "invoice run {run_id} was not found"


class InvoiceHoldNotFound(PenstockError):
    """No hold with this id exists in the caller's organisation: its invoice may have been issued since."""

    kind, code = Kind.NOT_FOUND, "invoices.hold_not_found"
    message = "invoice hold {hold_id} was not found"


class NotBillable(PenstockError):
    """An account cannot be billed for a period. Each reason has its own code."""


class NotInvoiced(NotBillable):
    """The customer's settings do not say who is invoiced."""

    kind, code = Kind.CONFLICT, "invoices.not_invoiced"
    message = "customer {customer_id} is not invoiced; set its invoicing first"


class NoTariff(NotBillable):
    """No tariff is assigned in the period, or an assigned one has no prices on a day."""

    kind, code = Kind.CONFLICT, "invoices.no_tariff"
    message = "no prices hold on {day}; assign a tariff with a version for that day"


class CurrenciesDiffer(NotBillable):
    """The tariffs of the period have more than one currency."""

    kind, code = Kind.CONFLICT, "invoices.currencies_differ"
    message = "the tariffs of {period} are in {currencies}; an invoice has one currency"


class PeriodNotEnded(NotBillable):
    """The period has not ended, so it cannot be closed."""

    kind, code = Kind.CONFLICT, "invoices.period_not_ended"
    message = "period {period} ends at {ends_at}; it can be closed then"


class PeriodMismatch(NotBillable):
    """The customer is invoiced for periods of another length."""

    kind, code = Kind.CONFLICT, "invoices.period_mismatch"
    message = "period must be a {length}, as the customer is invoiced by the {length}; {period} is not one"


class PeriodBilled(NotBillable):
    """Part of the period was billed already, with another length of period."""

    kind, code = Kind.CONFLICT, "invoices.period_billed"
    message = "invoice {number} bills a part of {period} already"


class ValuesSuspect(NotBillable):
    """Values in the period are suspect, and the customer's settings hold the invoice then."""

    kind, code = Kind.CONFLICT, "invoices.values_suspect"
    message = "suspect values in {period}: {suspects}; confirm or correct them, or release the invoice"


class InvoiceIsCancelled(PenstockError):
    """The invoice was cancelled, and can neither be paid nor be cancelled again."""

    kind, code = Kind.CONFLICT, "invoices.cancelled"
    message = "invoice {number} is cancelled"


class CreditNoteNotCancellable(PenstockError):
    """A credit note cannot be cancelled."""

    kind, code = Kind.CONFLICT, "invoices.credit_note"
    message = "credit note {number} cannot be cancelled; close the period again instead"


class InvoiceCorrected(PenstockError):
    """A later invoice has corrections of this one, so it must be cancelled first."""

    kind, code = Kind.CONFLICT, "invoices.corrected"
    message = "invoice {later} corrects invoice {number}; cancel {later} first"
