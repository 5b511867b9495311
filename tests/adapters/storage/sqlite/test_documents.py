"""The tables of documents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from penstock.adapters.storage.sqlite.transaction import SqliteTransaction
from penstock.core.invoices.documents import Logo
from penstock.core.invoices.mails import InvoiceMail
from penstock.kit.ids import InvoiceId, MailId
from tests.core.billing.closed import opened, us
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

LOGO = Logo(media_type="image/png", content=b"\x89PNG", width=3, height=2)


def mail(number: int, *, automatic: bool, invoice: int = 9) -> InvoiceMail:
    return InvoiceMail(
        id=MailId(number), invoice_id=InvoiceId(invoice), recipient="a@b.example", automatic=automatic, created_us=1
    )


@asynccontextmanager
async def transaction(folder: Path) -> AsyncIterator[SqliteTransaction]:
    async with (
        opened(folder, HeldClock(us("2026-06-01T00:00:00"))) as (server, actor),
        server.database.transaction(actor.org_id) as tx,
    ):
        yield tx


async def test_a_logo_is_replaced_and_deleted(tmp_path: Path) -> None:
    async with transaction(tmp_path) as tx:
        assert await tx.logo.find() is None
        for width in (3, 4):
            await tx.logo.set(replace(LOGO, width=width), 7)
        assert await tx.logo.find() == replace(LOGO, width=4)
        assert [await tx.logo.delete(), await tx.logo.delete()] == [True, False]


async def test_each_organisation_has_a_logo_of_its_own(shelf: Shelf) -> None:
    wider = replace(LOGO, width=4)
    async with shelf.own() as tx:
        await tx.logo.set(LOGO, 7)
    async with shelf.strange() as tx:
        assert await tx.logo.find() is None
        assert not await tx.logo.delete()
        await tx.logo.set(wider, 7)
        assert await tx.logo.find() == wider
    async with shelf.own() as tx:
        assert await tx.logo.find() == LOGO


async def test_an_invoice_has_one_automatic_mail_and_any_number_of_others(tmp_path: Path) -> None:
    async with transaction(tmp_path) as tx:
        mails = [mail(1, automatic=True), mail(2, automatic=True), mail(3, automatic=False), mail(4, automatic=False)]
        assert [await tx.invoice_mails.add(one) for one in mails] == [True, False, True, True]
        assert await tx.invoice_mails.add(mail(5, automatic=True, invoice=10))
        assert [one.id for one in await tx.invoice_mails.list(InvoiceId(9), 2, 100)] == [4, 3]
        assert await tx.invoice_mails.list(InvoiceId(9), 2, 3) == mails[:1]
        await tx.invoice_mails.record(MailId(3), sent_us=None, failed_us=None, error="x")
        await tx.invoice_mails.record(MailId(3), sent_us=8, failed_us=None, error="")
        assert await tx.invoice_mails.find(MailId(3)) == replace(mails[2], attempts=2, sent_us=8)
        assert await tx.invoice_mails.find(MailId(2)) is None
