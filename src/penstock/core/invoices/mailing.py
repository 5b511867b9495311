"""Sending invoices by mail: automatically when they are issued, and on request.

Theory of operation. The mail and its record commit together, and an invoice has at most one record of an automatic
mail: the event of an invoice can be passed on again after a crash, and finds the record. The queue holds a reference; the PDF
is made when the mail is sent.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.document_errors import RecipientMissing
from penstock.core.invoices.document_store import SendingTransaction
from penstock.core.invoices.documents import DocumentForm, InvoicePrinter, file_name
from penstock.core.invoices.errors import InvoiceNotFound
from penstock.core.invoices.mails import InvoiceMail
from penstock.core.invoices.models import Invoice, IssuedInvoice
from penstock.core.outbox import OutboxEntry
from penstock.core.people.mail import MailComposer
from penstock.core.people.models import Enclosure, MailFile, MailOutcome
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import MAX_ID, IdSource, InvoiceId, MailId, OrgId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of

KIND = "invoice"
"""The kind of enclosure."""
LASTS_US = 3 * DAY_US
"""How long a mail is tried while no server accepts it."""
NO_ADDRESS = "the buyer has no e-mail address"


class InvoiceMailer:
    """Sends invoices. Also the source of the files of its mails (`Enclosures`)."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[SendingTransaction],
        printer: InvoicePrinter,
        post: MailComposer,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._printer = printer
        self._post = post
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def send(self, actor: Actor, invoice_id: InvoiceId, to: str | None) -> InvoiceMail:
        """Queue a mail with an invoice, to the buyer or another address.

        Raises:
            InvoiceNotFound.
            RecipientMissing: the buyer has no address, and none is given.
        """
        async with self._database.transaction(actor.org_id) as tx:
            invoice = (await _found(tx, invoice_id)).invoice
            recipient = to or invoice.buyer.email
            if not recipient:
                raise RecipientMissing(number=invoice.number)
            mail = self._new(invoice, recipient, automatic=False)
            await tx.invoice_mails.add(mail)
            await self._queue(tx, actor.org_id, invoice, mail)
            target = Target("invoice", encode(Prefix.INVOICE, invoice_id), invoice.number)
            await self._trail.record(tx, actor, "invoice.send", target, to=recipient)
        return mail

    async def follow(self, entry: OutboxEntry) -> None:
        """Send an invoice that was issued, if its customer's settings say so. A repetition changes nothing."""
        async with self._database.transaction(entry.org_id) as tx:
            issued = await tx.invoices.find(InvoiceId(entry.subject_id))
            if issued is None or not await _is_sent_by_mail(tx, issued.invoice):
                return
            invoice = issued.invoice
            mail = self._new(invoice, invoice.buyer.email, automatic=True)
            if not mail.recipient:
                mail = msgspec.structs.replace(mail, failed_us=mail.created_us, error=NO_ADDRESS)
            if await tx.invoice_mails.add(mail) and mail.recipient:
                await self._queue(tx, entry.org_id, invoice, mail)

    async def files(self, org_id: OrgId, enclosure: Enclosure) -> list[MailFile]:
        """The invoice of a mail as PDF.

        Raises:
            InvoiceNotFound.
        """
        async with self._database.snapshot(org_id) as tx:
            mail = await tx.invoice_mails.find(MailId(enclosure.number))
            invoice = (await _found(tx, mail.invoice_id if mail else InvoiceId(0))).invoice
            logo = await tx.logo.find()
        content = await self._printer.document(invoice, DocumentForm.PDF, logo)
        return [MailFile(name=file_name(invoice, "pdf"), media_type="application/pdf", content=content)]

    async def record(self, org_id: OrgId, enclosure: Enclosure, outcome: MailOutcome) -> None:
        """Record an attempt to send a mail."""
        sent_us = None if outcome.error else outcome.at_us
        failed_us = outcome.at_us if outcome.error and outcome.final else None
        async with self._database.transaction(org_id) as tx:
            await tx.invoice_mails.record(MailId(enclosure.number), sent_us=sent_us, failed_us=failed_us, error=outcome.error)

    async def list(self, actor: Actor, invoice_id: InvoiceId, limit: int, cursor: str | None) -> Page[InvoiceMail]:
        """The mails of an invoice, newest first.

        Raises:
            InvoiceNotFound.
        """
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await _found(tx, invoice_id)
            found = await tx.invoice_mails.list(invoice_id, limit + 1, before[0] if before else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))

    def _new(self, invoice: Invoice, recipient: str, *, automatic: bool) -> InvoiceMail:
        now_us = self._clock.now_us()
        return InvoiceMail(
            id=self._ids.next(MailId), invoice_id=invoice.id, recipient=recipient, automatic=automatic, created_us=now_us
        )

    async def _queue(self, tx: SendingTransaction, org_id: OrgId, invoice: Invoice, mail: InvoiceMail) -> None:
        letter = self._printer.letter(invoice)
        await self._post.enclose(
            tx,
            org_id,
            mail.recipient,
            (letter.subject, letter.text),
            Enclosure(kind=KIND, number=mail.id),
            reply_to=invoice.seller.email,
            expires_us=self._clock.now_us() + LASTS_US,
        )


async def _found(tx: SendingTransaction, invoice_id: InvoiceId) -> IssuedInvoice:
    found = await tx.invoices.find(invoice_id)
    if found is None:
        raise InvoiceNotFound(invoice_id=encode(Prefix.INVOICE, invoice_id))
    return found


async def _is_sent_by_mail(tx: SendingTransaction, invoice: Invoice) -> bool:
    settings = await tx.invoicing.find(invoice.customer_id)
    return settings is not None and settings.send_by_mail
