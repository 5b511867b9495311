"""The state of a mail."""

from __future__ import annotations

from msgspec.structs import replace

from penstock.core.invoices.mails import InvoiceMail, SendingState
from penstock.kit.ids import InvoiceId, MailId


def test_a_mail_that_was_sent_at_last_did_not_fail() -> None:
    mail = InvoiceMail(id=MailId(1), invoice_id=InvoiceId(2), recipient="a@b.example", automatic=True, created_us=1)
    assert mail.state is SendingState.QUEUED
    assert replace(mail, failed_us=2).state is SendingState.FAILED
    assert replace(mail, failed_us=2, sent_us=3).state is SendingState.SENT
