"""Use cases on invoices: previews, lists, payment and cancellation."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices import events
from penstock.core.invoices.closing import audited
from penstock.core.invoices.drafting import Drafter, is_same, load_facts
from penstock.core.invoices.errors import (
    CreditNoteNotCancellable,
    InvoiceCorrected,
    InvoiceIsCancelled,
    InvoiceNotFound,
)
from penstock.core.invoices.issuing import UNNUMBERED, credit_note_of, invoice_of, number_of, series_of
from penstock.core.invoices.models import Invoice, InvoiceKind, InvoiceState, IssuedInvoice
from penstock.core.invoices.periods import parse_period
from penstock.core.invoices.sellers import Sellers
from penstock.core.invoices.setup import Invoicing
from penstock.core.invoices.store import InvoiceFilter, InvoiceTransaction
from penstock.core.tariffs.accounts import get_account
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import MAX_ID, CustomerId, IdSource, InvoiceId, Prefix, ResidentId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class InvoiceService:
    """Invoices of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InvoiceTransaction],
        drafter: Drafter,
        sellers: Sellers,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._drafter = drafter
        self._sellers = sellers
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def preview(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId | None, period: str) -> Invoice:
        """The invoice that would be issued for a period now. It has no number, and nothing is stored.

        If the period was billed, it is not corrected: its lines are what holds now.

        Raises:
            CustomerNotFound, ResidentNotFound, NoTariff, CurrenciesDiffer.
            InvalidInput: the period is invalid.
        """
        parsed = parse_period(period)
        issuer = await self._sellers.of(actor.org_id)
        async with self._database.snapshot(actor.org_id) as tx:
            account = await get_account(tx, customer_id, resident_id)
            settings = await tx.invoicing.find(customer_id) or Invoicing()
            facts = await load_facts(tx, account, settings, parsed, issuer)
        others = [one for one in facts.marked if not is_same(one.invoice.begin_us, facts.begin_us)]
        facts = msgspec.structs.replace(facts, marked=others)
        draft = await self._drafter.draft(actor.org_id, facts)
        return invoice_of(draft, InvoiceId(0), UNNUMBERED, self._clock.now_us())

    async def get(self, actor: Actor, invoice_id: InvoiceId) -> IssuedInvoice:
        """One invoice or credit note.

        Raises:
            InvoiceNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await _get(tx, invoice_id)
        if actor.customer_id not in (None, found.invoice.customer_id):
            raise _not_found(invoice_id)
        return found

    async def list(self, actor: Actor, matching: InvoiceFilter, limit: int, cursor: str | None) -> Page[IssuedInvoice]:
        """Invoices and credit notes, newest first. A manager sees those of their customer."""
        before = decode_cursor(cursor, tuple[int])
        if actor.customer_id is not None:
            if matching.customer_id not in (None, actor.customer_id):
                return Page(items=[])
            matching = msgspec.structs.replace(matching, customer_id=actor.customer_id)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.invoices.list(matching, limit + 1, before[0] if before else MAX_ID)
        return page_of(found, limit, lambda last: (last.invoice.id,))

    async def list_own(self, actor: Actor, limit: int, cursor: str | None) -> Page[IssuedInvoice]:
        """The invoices of the resident who is the caller. Only residents have any."""
        decode_cursor(cursor, tuple[int])  # raises for everybody alike
        # None for other users, and 0 for a resident without a record.
        if not actor.resident_id:
            return Page(items=[])
        return await self.list(actor, InvoiceFilter(resident_id=actor.resident_id), limit, cursor)

    async def get_own(self, actor: Actor, invoice_id: InvoiceId) -> IssuedInvoice:
        """One invoice of the resident who is the caller. Other users need the scope that reading invoices requires.

        Raises:
            InvoiceNotFound: also if it is another resident's.
            ScopeMissing.
        """
        if actor.resident_id is None:
            actor.require("billing:read")
            return await self.get(actor, invoice_id)
        found = await self.get(actor, invoice_id)
        # A resident without a record has the id 0, which no invoice has.
        if found.invoice.resident_id != actor.resident_id:
            raise _not_found(invoice_id)
        return found

    async def mark_paid(self, actor: Actor, invoice_id: InvoiceId, at_us: int | None, note: str) -> IssuedInvoice:
        """Record that an invoice was paid, or a credit note paid out.

        Raises:
            InvoiceNotFound, InvoiceIsCancelled.
            InvalidInput: the time is in the future.
        """
        now_us = self._clock.now_us()
        if at_us is not None and at_us > now_us:
            raise InvalidInput.field("at", "must not be in the future")
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_open(tx, invoice_id)
            paid_us = now_us if at_us is None else at_us
            after = msgspec.structs.replace(before, state=InvoiceState.PAID, paid_us=paid_us, paid_note=note)
            await tx.invoices.set_state(after)
            if before.state is not InvoiceState.PAID:
                await tx.outbox.add(events.PAID, invoice_id, events.changed(after.invoice, now_us))
            target, _ = audited(after.invoice)
            await self._trail.record(tx, actor, "invoice.pay", target, after={"paid_us": paid_us, "note": note})
        return after

    async def mark_unpaid(self, actor: Actor, invoice_id: InvoiceId) -> IssuedInvoice:
        """Take back that an invoice was paid.

        Raises:
            InvoiceNotFound, InvoiceIsCancelled.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_open(tx, invoice_id)
            after = msgspec.structs.replace(before, state=InvoiceState.OPEN, paid_us=None, paid_note="")
            await tx.invoices.set_state(after)
            target, _ = audited(after.invoice)
            was = {"paid_us": before.paid_us, "note": before.paid_note}
            await self._trail.record(tx, actor, "invoice.unpay", target, before=was)
        return after

    async def cancel(self, actor: Actor, invoice_id: InvoiceId, reason: str) -> Invoice:
        """Cancel an invoice by a credit note, which is returned. Its period can be closed again.

        Raises:
            InvoiceNotFound, InvoiceIsCancelled, CreditNoteNotCancellable, InvoiceCorrected.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            before = await self._cancellable(tx, invoice_id)
            invoice = before.invoice
            settings = await tx.invoicing.find(invoice.customer_id) or Invoicing()
            series = series_of(settings.number_prefix, invoice.timezone, now_us)
            number = number_of(series, await tx.invoices.take_numbers(series, 1))
            note = credit_note_of(invoice, self._ids.next(InvoiceId), number, reason, now_us)
            await tx.invoices.add_all([note])
            after = msgspec.structs.replace(before, state=InvoiceState.CANCELLED, cancelled_by=note.id, cancelled_us=now_us)
            await tx.invoices.set_state(after)
            await self._mark_again(tx, invoice)
            for topic, one in ((events.CANCELLED, invoice), (events.CREATED, note)):
                await tx.outbox.add(topic, one.id, events.changed(one, now_us))
            target, _ = audited(invoice)
            await self._trail.record(tx, actor, "invoice.cancel", target, reason=reason, credit_note=note.number)
        return note

    @staticmethod
    async def _cancellable(tx: InvoiceTransaction, invoice_id: InvoiceId) -> IssuedInvoice:
        before = await _get_open(tx, invoice_id)
        if before.invoice.kind is InvoiceKind.CREDIT_NOTE:
            raise CreditNoteNotCancellable(number=before.invoice.number)
        correcting = await tx.invoices.correcting(invoice_id)
        if correcting:
            raise InvoiceCorrected(number=before.invoice.number, later=correcting[-1].invoice.number)
        return before

    @staticmethod
    async def _mark_again(tx: InvoiceTransaction, invoice: Invoice) -> None:
        """What the cancelled invoice corrected is wrong again, until another one corrects it."""
        await tx.rechecks.unmark([invoice.id])
        corrected = {line.corrects.id for line in invoice.lines if line.corrects is not None}
        await tx.rechecks.mark(sorted(corrected), f"invoice {invoice.number} was cancelled")


async def _get(tx: InvoiceTransaction, invoice_id: InvoiceId) -> IssuedInvoice:
    found = await tx.invoices.find(invoice_id)
    if found is None:
        raise _not_found(invoice_id)
    return found


async def _get_open(tx: InvoiceTransaction, invoice_id: InvoiceId) -> IssuedInvoice:
    found = await _get(tx, invoice_id)
    if found.state is InvoiceState.CANCELLED:
        raise InvoiceIsCancelled(number=found.invoice.number)
    return found


def _not_found(invoice_id: InvoiceId) -> InvoiceNotFound:
    return InvoiceNotFound(invoice_id=encode(Prefix.INVOICE, invoice_id))
