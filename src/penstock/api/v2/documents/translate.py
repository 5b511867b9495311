"""Converts logos and mails of invoices between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.documents import wire
from penstock.core.invoices.documents import Logo
from penstock.core.invoices.mails import InvoiceMail
from penstock.kit.clock import format_time


def from_core_mail(mail: InvoiceMail) -> wire.InvoiceMail:
    return wire.InvoiceMail(
        to=mail.recipient,
        state=mail.state.value,
        automatic=mail.automatic,
        created_at=format_time(mail.created_us),
        sent_at=None if mail.sent_us is None else format_time(mail.sent_us),
        failed_at=None if mail.failed_us is None else format_time(mail.failed_us),
        attempts=mail.attempts,
        error=mail.error,
    )


def from_core_logo(logo: Logo) -> wire.Logo:
    return wire.Logo(media_type=logo.media_type, width=logo.width, height=logo.height, size_bytes=len(logo.content))
