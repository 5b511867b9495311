"""The accounts of a run, in order, from any of them on."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.core.invoices.accounts import next_accounts
from penstock.core.invoices.runs import InvoiceRun
from penstock.kit.ids import CustomerId, InvoiceRunId, Prefix, ResidentId, decode
from tests.core.invoices.billed import utility


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
async def test_each_account_comes_once(limit: int, tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        house = await acme.customer(target="residents")
        await acme.customer()
        shop = await acme.customer(target="customer")
        await acme.customer(target="customer", period="year")
        flats = [await acme.resident(house) for _ in range(3)]
        empty = await acme.customer(target="residents")
        run = InvoiceRun(id=InvoiceRunId(1), period="2026-05", created_us=0)
        found: list[tuple[int, int | None]] = []
        async with acme.server.database.snapshot(acme.org_id) as tx:
            while accounts := await next_accounts(tx, run, limit):
                assert len(accounts) <= limit
                found += [(one.customer.id, one.resident_id) for one, _ in accounts]
                last = accounts[-1][0]
                after = {"after_customer": last.customer.id, "after_resident": last.resident_id or ResidentId(0)}
                run = msgspec.structs.replace(run, **after)
        house_id, shop_id = (decode(Prefix.CUSTOMER, one) for one in (house, shop))
        assert found == [*((house_id, decode(Prefix.RESIDENT, one)) for one in flats), (shop_id, None)]
        assert empty


async def test_a_customer_that_is_named_and_not_invoiced_is_one(tmp_path: Path) -> None:
    async with utility(tmp_path) as acme:
        nobody = decode(Prefix.CUSTOMER, await acme.customer()) or CustomerId(0)
        run = InvoiceRun(id=InvoiceRunId(1), period="2026-05", customers=(CustomerId(1), nobody), created_us=0)
        async with acme.server.database.snapshot(acme.org_id) as tx:
            assert [one.customer.id for one, _ in await next_accounts(tx, run, 10)] == [nobody]
