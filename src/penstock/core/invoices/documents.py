"""Invoices as documents: their forms, the seller's logo, and the port that prints them. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Protocol

import msgspec

from penstock.core.invoices.models import Invoice
from penstock.kit.secret import hides

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
"""Characters that a file's name does not have, on any system."""


class DocumentForm(StrEnum):
    """The form of a document.

    `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, the two syntaxes of EN 16931; `facturx` is the PDF with CII attached.
    """

    PDF = "pdf"
    XML = "xml"
    CII = "cii"
    FACTURX = "facturx"


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """The seller's logo: an image that was decoded and encoded again. Units: pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


@hides("text")
class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The subject and text of the mail that carries a document, in the language of the invoice."""

    subject: str
    text: str


class InvoicePrinter(Protocol):
    """Prints invoices. The same invoice and logo make the same bytes."""

    async def document(self, invoice: Invoice, form: DocumentForm, logo: Logo | None) -> bytes:
        """An invoice in a form.

        Raises:
            DocumentIncomplete: EN 16931 requires facts that the invoice does not have.
        """

    def letter(self, invoice: Invoice) -> Letter:
        """The mail that carries an invoice."""


class LogoReader(Protocol):
    """Decodes uploaded images."""

    async def read(self, content: bytes) -> Logo:
        """A logo of an image.

        Raises:
            LogoInvalid: it is not a PNG or JPEG, or too large.
        """


def file_name(invoice: Invoice, ending: str) -> str:
    """The name of an invoice's file."""
    return f"{_UNSAFE.sub('-', invoice.number)}.{ending}"
