"""Invoices are mailed once, whatever happens in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.customers.models import NewCustomer
from penstock.core.invoices.document_errors import RecipientMissing
from penstock.core.invoices.errors import InvoiceNotFound
from penstock.core.invoices.mailing import KIND
from penstock.core.invoices.mails import SendingState
from penstock.core.invoices.models import Invoice
from penstock.core.invoices.setup import Invoicing
from penstock.core.outbox import OutboxEntry
from penstock.core.people.models import Enclosure, MailOutcome
from penstock.kit.ids import EntryId, InvoiceId
from tests.adapters.documents.issued import BUYER, LINES, cancelled, issued
from tests.core.billing.closed import opened, us
from tests.support.days import HeldClock

NOW_US = us("2026-06-03T08:00:00")
PLAIN = issued(LINES[:4])
RIVERSIDE = NewCustomer(name="Riverside", admin_email="o@example.org", tenant_name="riverside")


async def store(server: Server, actor: Actor, *invoices: Invoice, mailed: bool = True) -> None:
    customer = await server.parts.customers.service.create(actor, RIVERSIDE)
    async with server.database.transaction(actor.org_id) as tx:
        await tx.invoices.add_all([replace(one, customer_id=customer.id) for one in invoices])
        await tx.invoicing.set(customer.id, Invoicing(send_by_mail=mailed), None)


async def queued(server: Server) -> list[str]:
    async with server.database.system_snapshot() as tx:
        mails = await tx.mail.due(2**60, 100)
    return [server.people.post.opened(mail).subject for mail in mails]


async def follow(server: Server, actor: Actor, invoice: Invoice) -> None:
    entry = OutboxEntry(id=EntryId(1), org_id=actor.org_id, topic="invoice.created", subject_id=invoice.id, body=b"{}")
    await server.parts.documents.mailer.follow(entry)


async def test_an_event_that_is_passed_on_again_sends_nothing_again(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(NOW_US)) as (server, actor):
        note = replace(cancelled(PLAIN), id=InvoiceId(10))
        await store(server, actor, PLAIN, note)
        for invoice in (PLAIN, PLAIN, note):
            await follow(server, actor, invoice)
    async with opened(tmp_path, HeldClock(NOW_US)) as (server, actor):
        await follow(server, actor, PLAIN)
        assert await queued(server) == [
            "Rechnung 2026-000123 von Stadtwerke Nordstadt GmbH",
            "Gutschrift 2026-000124 von Stadtwerke Nordstadt GmbH",
        ]


async def test_only_what_the_settings_say_is_sent(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(NOW_US)) as (server, actor):
        await store(server, actor, PLAIN, mailed=False)
        await follow(server, actor, PLAIN)
        await follow(server, actor, replace(PLAIN, id=InvoiceId(99)))
        assert await queued(server) == []
        assert (await server.parts.documents.mailer.list(actor, PLAIN.id, 10, None)).items == []


async def test_each_attempt_is_recorded(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(NOW_US)) as (server, actor):
        await store(server, actor, PLAIN)
        mailer = server.parts.documents.mailer
        mail = await mailer.send(actor, PLAIN.id, "x@example.org")
        enclosure = Enclosure(kind=KIND, number=mail.id)
        (file,) = await mailer.files(actor.org_id, enclosure)
        assert (file.name, file.media_type, file.content[:5]) == ("2026-000123.pdf", "application/pdf", b"%PDF-")
        states = []
        for outcome in (
            MailOutcome(at_us=1, error="down", final=False),
            MailOutcome(at_us=2, error="expired"),
            MailOutcome(at_us=3),
        ):
            await mailer.record(actor.org_id, enclosure, outcome)
            (found,) = (await mailer.list(actor, PLAIN.id, 10, None)).items
            states.append((found.state, found.error, found.attempts))
        assert states == [(SendingState.QUEUED, "down", 1), (SendingState.FAILED, "expired", 2), (SendingState.SENT, "", 3)]


async def test_what_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path, HeldClock(NOW_US)) as (server, actor):
        await store(server, actor, replace(PLAIN, buyer=replace(BUYER, email="")))
        mailer = server.parts.documents.mailer
        with pytest.raises(RecipientMissing):
            await mailer.send(actor, PLAIN.id, None)
        with pytest.raises(InvoiceNotFound):
            await mailer.send(actor, InvoiceId(77), "a@b.example")
        with pytest.raises(InvoiceNotFound):
            await mailer.files(actor.org_id, Enclosure(kind=KIND, number=77))
        assert await queued(server) == []
