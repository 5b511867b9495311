"""Documents over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.people.wire import Email
from penstock.core.invoices.mails import SendingState
from penstock.kit.wire_types import Moment, one_of


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The format of the file.

    `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, both according to EN 16931; `facturx` is the PDF with CII attached (PDF/A-3).
    """

    format: Literal["pdf", "csv", "xml", "cii", "facturx"] = "pdf"


class InvoiceSend(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to send an invoice; to its buyer if nothing is given."""

    to: Email | None = None


class InvoiceMail(Struct, frozen=True):
    """A mail that sends an invoice. `automatic`: because the invoice was issued. `error` is that of the last attempt."""

    to: str
    state: Annotated[str, one_of(*SendingState)]
    automatic: bool
    created_at: Moment
    sent_at: Moment | None
    failed_at: Moment | None
    attempts: int
    error: str


class LogoWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """An image, PNG or JPEG, in base64. It can also be sent as it is, with its own media type."""

    content: Annotated[bytes, Meta(max_length=262_144)]


class Logo(Struct, frozen=True):
    """The logo as it was stored: it was decoded and encoded again, and made smaller if it was larger than 1200 × 600.

    Units: pixels, bytes.
    """

    media_type: str
    width: int
    height: int
    size_bytes: int
