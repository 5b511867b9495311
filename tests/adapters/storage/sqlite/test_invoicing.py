"""Settings of invoicing, parties, holds and runs in the database."""

from __future__ import annotations

import msgspec

from penstock.core.invoices.models import Party
from penstock.core.invoices.runs import Hold, InvoiceRun, RunState
from penstock.core.invoices.setup import InvoiceTarget, Invoicing, Schedule
from penstock.kit.ids import MAX_ID, CustomerId, InvoiceHoldId, InvoiceRunId, ResidentId
from tests.adapters.storage.sqlite.test_customers import customer
from tests.support.shelf import Shelf

HOUSE = CustomerId(72)
SETTINGS = Invoicing(target=InvoiceTarget.RESIDENTS, locale="de-DE")


def hold(number: int, **fields: object) -> Hold:
    columns = {
        "id": number,
        "customer_id": HOUSE,
        "period": "2026-05",
        "begin_us": 5,
        "code": "c",
        "reason": "r",
        "created_us": 1,
    }
    return msgspec.convert(columns | fields, Hold)


async def test_settings_and_what_is_due(shelf: Shelf) -> None:
    schedule = Schedule(customer_id=HOUSE, period="2026-05", due_us=100)
    async with shelf.own() as tx:
        await tx.customers.create(customer(HOUSE))
        assert (await tx.invoicing.find(HOUSE), await tx.invoicing.schedule(HOUSE)) == (None, None)
        await tx.invoicing.set(HOUSE, SETTINGS, None)
        assert await tx.invoicing.schedule(HOUSE) is None
        await tx.invoicing.set(HOUSE, SETTINGS, schedule)
        assert (await tx.invoicing.find(HOUSE), await tx.invoicing.schedule(HOUSE)) == (SETTINGS, schedule)
        assert await tx.invoicing.customers(0, 10) == [(HOUSE, SETTINGS)]
        assert await tx.invoicing.customers(HOUSE, 10) == []
    async with shelf.system() as tx:
        assert await tx.invoices.due(99, 10) == []
        assert [one for _, one in await tx.invoices.due(100, 10)] == [schedule]
    async with shelf.strange() as tx:
        assert await tx.invoicing.customers(0, 10) == []


async def test_each_party_is_kept_apart(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.customers.create(customer(HOUSE))
        for name in ("first", "second"):
            await tx.invoicing.set_party(None, None, Party(name=f"{name} seller"))
            await tx.invoicing.set_party(HOUSE, None, Party(name=f"{name} buyer", address=("Mill Lane",)))
        assert await tx.invoicing.party(None, None) == Party(name="second seller")
        assert await tx.invoicing.party(HOUSE, None) == Party(name="second buyer", address=("Mill Lane",))
        assert await tx.invoicing.party(HOUSE, ResidentId(1)) is None
    async with shelf.strange() as tx:
        assert await tx.invoicing.party(None, None) is None


async def test_a_hold_keeps_its_id_until_it_ends(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.customers.create(customer(HOUSE))
        await tx.invoicing.hold(hold(1))
        await tx.invoicing.hold(hold(2, code="other", reason="another", created_us=9))
        await tx.invoicing.hold(hold(3, resident_id=4))
        assert await tx.invoicing.holds(None, 10, 0) == [hold(1, code="other", reason="another"), hold(3, resident_id=4)]
        await tx.invoicing.release(InvoiceHoldId(1), 7, "ada")
        released = await tx.invoicing.hold_of(HOUSE, None, 5)
        assert released == await tx.invoicing.find_hold(InvoiceHoldId(1))
        assert released is not None
        assert (released.released_us, released.released_by) == (7, "ada")
        await tx.invoicing.end_hold(HOUSE, None, 5)
        assert [one.id for one in await tx.invoicing.holds(HOUSE, 10, 0)] == [3]
    async with shelf.strange() as tx:
        assert await tx.invoicing.holds(None, 10, 0) == []


async def test_the_oldest_running_run_comes_first(shelf: Shelf) -> None:
    runs = [InvoiceRun(id=InvoiceRunId(number), period="2026-05", created_us=1) for number in (1, 2)]
    async with shelf.own() as tx:
        for run in runs:
            await tx.invoice_runs.create(run)
        assert await tx.invoice_runs.list(10, MAX_ID) == [runs[1], runs[0]]
    async with shelf.system() as tx:
        assert (await tx.invoices.running() or (0, 0))[1] == 1
    done = msgspec.structs.replace(runs[0], state=RunState.DONE, issued=3)
    async with shelf.own() as tx:
        await tx.invoice_runs.update(done)
        assert await tx.invoice_runs.find(InvoiceRunId(1)) == done
    async with shelf.system() as tx:
        assert (await tx.invoices.running() or (0, 0))[1] == 2
        assert await tx.invoices.followed(0, 10) == []
