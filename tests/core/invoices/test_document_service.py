"""Whose invoices are printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from penstock.core.invoices.errors import InvoiceNotFound
from penstock.kit.ids import CustomerId, InvoiceId, OrgId, ResidentId
from tests.adapters.documents.issued import LINES, issued
from tests.core.billing.closed import opened, us
from tests.support.days import HeldClock


async def test_an_invoice_is_its_organisations_and_its_residents(tmp_path: Path) -> None:
    own, whole = (
        issued(LINES[:4], id=InvoiceId(1), resident_id=ResidentId(7)),
        issued(LINES[:4], id=InvoiceId(2), number="2", customer_id=CustomerId(8)),
    )
    async with opened(tmp_path, HeldClock(us("2026-06-03T08:00:00"))) as (server, actor):
        async with server.database.transaction(actor.org_id) as tx:
            await tx.invoices.add_all([own, whole])
        service = server.parts.documents.service
        assert await service.get(actor, own.id) == own
        assert await service.get_own(replace(actor, resident_id=ResidentId(7)), own.id) == own
        for other in (replace(actor, resident_id=ResidentId(8)), replace(actor, resident_id=ResidentId(0))):
            for invoice in (own, whole):
                with pytest.raises(InvoiceNotFound):
                    await service.get_own(other, invoice.id)
        with pytest.raises(InvoiceNotFound):
            await service.get(replace(actor, org_id=OrgId(5)), own.id)
