"""Mails of invoices on the wire."""

from __future__ import annotations

from msgspec.structs import replace

from penstock.api.v2.documents.translate import from_core_logo, from_core_mail
from penstock.core.invoices.documents import Logo
from penstock.core.invoices.mails import InvoiceMail
from penstock.kit.ids import InvoiceId, MailId

MAIL = InvoiceMail(id=MailId(1), invoice_id=InvoiceId(2), recipient="a@b.example", automatic=True, created_us=10**15)


def test_a_mail_has_one_state() -> None:
    sent, failed = replace(MAIL, sent_us=10**15 + 1), replace(MAIL, failed_us=10**15, error="x")
    assert [from_core_mail(one).state for one in (MAIL, sent, failed)] == ["queued", "sent", "failed"]
    assert from_core_mail(sent).sent_at == "2001-09-09T01:46:40.000001Z"
    assert (from_core_mail(failed).sent_at, from_core_mail(failed).failed_at) == (None, "2001-09-09T01:46:40Z")


def test_a_logo_is_described() -> None:
    assert from_core_logo(Logo(media_type="image/png", content=b"1234", width=2, height=1)).size_bytes == 4
