"""Errors of invoices as documents."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DocumentIncomplete(PenstockError):
    """EN 16931 requires facts that the invoice does not have, such as the seller's country."""

    kind, code = Kind.CONFLICT, "invoices.document_incomplete"
    message = (
        "EN 16931 requires {fields}, which this invoice does not have; set it, cancel the invoice and close the period again"
    )
    shown = ("fields",)


class CurrencyNotCovered(PenstockError):
    """EN 16931 has amounts with at most two decimal places, and the invoice's currency has more."""

    kind, code = Kind.CONFLICT, "invoices.currency_not_covered"
    message = "EN 16931 has no amounts with more than two decimal places, which {currency} has; use the format pdf or csv"
    shown = ("currency",)


class LogoInvalid(PenstockError):
    """The body is not an image that can be a logo."""

    kind, code = Kind.INVALID, "organization.logo_invalid"
    message = "{reason}"


class LogoNotFound(PenstockError):
    """The organisation has no logo."""

    kind, code = Kind.NOT_FOUND, "organization.logo_not_found"
    message = "the organisation has no logo"


class RecipientMissing(PenstockError):
    """The invoice has no e-mail address to send it to."""

    kind, code = Kind.CONFLICT, "invoices.recipient_missing"
    message = "the buyer of invoice {number} has no e-mail address; give one in `to`"
