"""Invoices in the database: numbers, one per period, and which of them are compared again."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import msgspec
import pytest

from penstock.core.invoices.corrections import reference_to
from penstock.core.invoices.models import Invoice, InvoiceKind, InvoiceState, IssuedInvoice
from penstock.core.invoices.store import InvoiceFilter
from penstock.kit.ids import MAX_ID, ChangeId, DeviceId, InvoiceId, ResidentId, Seq, created_at_us
from tests.core.invoices.test_corrections import invoice, lines
from tests.support.shelf import Shelf

MAY = invoice(lines("12"))
ACCOUNT = (MAY.customer_id, None)


def other(at: int, **fields: object) -> Invoice:
    return msgspec.structs.replace(MAY, **({"id": InvoiceId(at), "number": f"N-{at}"} | fields))


async def test_numbers_are_taken_in_order_and_given_back_with_the_transaction(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        assert [await tx.invoices.take_numbers("2026", count) for count in (1, 3, 2)] == [1, 2, 5]
        assert await tx.invoices.take_numbers("RIV-2026", 1) == 1
    with suppress(RuntimeError):
        async with shelf.own() as tx:
            assert await tx.invoices.take_numbers("2026", 10) == 7
            raise RuntimeError
    async with shelf.own() as tx:
        assert await tx.invoices.take_numbers("2026", 1) == 7
    async with shelf.strange() as tx:
        assert await tx.invoices.take_numbers("2026", 1) == 1


async def test_an_account_has_one_invoice_per_period_that_is_not_cancelled(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.invoices.add_all([MAY])
        with pytest.raises(sqlite3.IntegrityError):
            await tx.invoices.add_all([other(8)])
        await tx.invoices.set_state(IssuedInvoice(invoice=MAY, state=InvoiceState.CANCELLED, cancelled_us=5))
        assert await tx.invoices.billed(*ACCOUNT, MAY.begin_us, MAY.end_us) == []
        await tx.invoices.add_all([other(8)])
        assert [one.number for one in await tx.invoices.billed(*ACCOUNT, MAY.end_us - 1, MAY.end_us)] == ["N-8"]
        assert await tx.invoices.billed(*ACCOUNT, MAY.end_us, MAY.end_us + 1) == []
        with pytest.raises(sqlite3.IntegrityError):
            await tx.invoices.add_all([other(9, number="N-8", begin_us=1)])
        found = await tx.invoices.find(MAY.id)
        assert found == IssuedInvoice(invoice=MAY, state=InvoiceState.CANCELLED, cancelled_us=5)
    async with shelf.strange() as tx:
        assert await tx.invoices.find(MAY.id) is None
        assert await tx.invoices.list(InvoiceFilter(), 10, MAX_ID) == []


async def test_two_organisations_with_the_same_numbers_and_accounts_have_their_own_invoices(shelf: Shelf) -> None:
    correction = msgspec.structs.replace(MAY.lines[0], corrects=reference_to(MAY))
    mine, theirs = [other(at, number="N-7", resident_id=ResidentId(4), lines=(correction,)) for at in (7, 8)]
    own = InvoiceFilter(number="N-7"), InvoiceFilter(resident_id=ResidentId(4)), InvoiceFilter(customer_id=MAY.customer_id)
    pairs = ((shelf.own, mine, theirs), (shelf.strange, theirs, mine))
    for opened, made, _ in pairs:
        async with opened() as tx:
            await tx.invoices.add_all([made])
    for opened, made, foreign in pairs:
        async with opened() as tx:
            await tx.invoices.set_state(IssuedInvoice(invoice=foreign, state=InvoiceState.CANCELLED))
            await tx.rechecks.mark([foreign.id], "theirs")
            await tx.rechecks.mark([made.id], "own")
            await tx.rechecks.unmark([foreign.id])
            for found in [await tx.invoices.list(one, 10, MAX_ID) for one in own] + [await tx.invoices.correcting(MAY.id)]:
                assert [(one.invoice.id, one.state) for one in found] == [(made.id, InvoiceState.OPEN)]
            assert [one.invoice_id for one in await tx.invoices.billed(MAY.customer_id, ResidentId(4), 0, MAX_ID)] == [made.id]
    for opened, made, _ in pairs:
        async with opened() as tx:
            found = await tx.rechecks.marked(MAY.customer_id, ResidentId(4), 10)
            assert [(one.id, reason) for one, reason in found] == [(made.id, "own")]


async def test_changes_mark_the_invoices_that_they_reach(shelf: Shelf) -> None:
    june = other(8, begin_us=MAY.end_us, end_us=MAY.end_us + 10)
    note = other(9, kind=InvoiceKind.CREDIT_NOTE)
    device_id = DeviceId(0)

    async def marked() -> list[tuple[int, str]]:
        return [(one.id, reason) for one, reason in await tx.rechecks.marked(*ACCOUNT, 10)]

    async with shelf.own() as tx:
        await tx.invoices.add_all([MAY, june, note])
        assert await tx.rechecks.closed_until() == (june.end_us, created_at_us(note.id))
        await tx.rechecks.mark_device(device_id, june.end_us, "late")
        await tx.rechecks.mark_device(DeviceId(5), 0, "late")
        assert await marked() == []
        await tx.rechecks.mark_device(device_id, MAY.end_us, "late")
        assert await marked() == [(8, "late")]
        await tx.rechecks.mark_device(device_id, MAY.end_us - 1, "edit")
        assert await marked() == [(7, "edit"), (8, "edit, late")]
        await tx.rechecks.unmark([june.id])
        await tx.rechecks.mark([note.id], "a credit note is not compared")
        assert await marked() == [(7, "edit")]
    async with shelf.strange() as tx:
        assert await tx.rechecks.closed_until() == (0, 0)
        assert await tx.rechecks.marked(*ACCOUNT, 10) == []


async def test_corrections_are_found_by_the_invoice_that_they_correct(shelf: Shelf) -> None:
    correction = msgspec.structs.replace(MAY.lines[0], corrects=reference_to(MAY))
    june = other(8, begin_us=MAY.end_us, end_us=MAY.end_us + 10, lines=(correction,))
    note = other(9, kind=InvoiceKind.CREDIT_NOTE, lines=(correction,))
    async with shelf.own() as tx:
        await tx.invoices.add_all([MAY, june, note])
        assert [one.invoice.id for one in await tx.invoices.correcting(MAY.id)] == [8], "a credit note corrects nothing"
        await tx.invoices.set_state(IssuedInvoice(invoice=june, state=InvoiceState.CANCELLED))
        assert await tx.invoices.correcting(MAY.id) == []


async def test_the_position_is_kept(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        assert (await tx.rechecks.position(), await tx.rechecks.last_change()) == (None, 0)
        for change, seq in ((1, 2), (3, 4)):
            await tx.rechecks.set_position(ChangeId(change), Seq(seq))
        assert await tx.rechecks.position() == (3, 4)
        assert await tx.rechecks.changes(ChangeId(0), 10) == []
    async with shelf.strange() as tx:
        assert await tx.rechecks.position() is None
