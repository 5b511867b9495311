"""The mails with which invoices are sent. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import InvoiceId, MailId


class SendingState(StrEnum):
    """The state of a mail: it waits for its next attempt, a mail server accepted it, or no attempt is left."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class InvoiceMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that sends an invoice; `automatic`: because it was issued, not on request. `error` is that of the last attempt."""

    id: MailId
    invoice_id: InvoiceId
    recipient: str
    automatic: bool
    created_us: int
    attempts: int = 0
    sent_us: int | None = None
    failed_us: int | None = None
    error: str = ""

    @property
    def state(self) -> SendingState:
        """Its state."""
        if self.sent_us is not None:
            return SendingState.SENT
        return SendingState.QUEUED if self.failed_us is None else SendingState.FAILED
