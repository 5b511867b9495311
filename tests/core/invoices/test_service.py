"""Payment, cancellation and lists of invoices over HTTP."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.invoices.errors import InvoiceNotFound
from penstock.core.invoices.store import InvoiceFilter
from penstock.kit.ids import Prefix, ResidentId, decode
from tests.core.invoices.billed import Utility, us, utility
from tests.core.invoices.test_rechecking import corrections


async def billed(acme: Utility, *periods: str) -> tuple[str, str]:
    customer = await acme.customer(target="customer")
    await acme.assign(customer, await acme.tariff())
    meter = await acme.meter(customer)
    await acme.read_daily(meter, "2026-03-31", 62)
    for period in periods:
        await acme.close(period)
    return customer, meter


async def test_a_cancelled_invoice_has_a_credit_note_and_its_period_closes_anew(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        await billed(acme, "2026-05")
        (invoice,) = await acme.invoices()
        note = await acme.call("POST", f"/invoices/{invoice['id']}/cancel", {"reason": "wrong tariff"}, 201)
        assert (note["number"], note["kind"], note["gross"], note["due_on"]) == ("2026-000002", "credit_note", "-68.20", None)
        assert note["cancels"]["number"] == "2026-000001"
        assert [(one["quantity"], one["net"]) for one in note["lines"]] == [("-31", "-62.00")]
        assert note["vat_sums"] == [{"rate": "10", "net": "-62.00", "vat": "-6.20"}]
        cancelled = await acme.call("GET", f"/invoices/{invoice['id']}")
        assert (cancelled["state"], cancelled["cancelled_by"]) == ("cancelled", note["id"])
        changed = {"state", "cancelled_by", "cancelled_at"}
        assert {name for name in invoice if invoice[name] != cancelled[name]} == changed, "apart from its state it is the same"
        for path, body in (("cancel", {"reason": "again"}), ("mark-paid", {}), ("mark-unpaid", None)):
            refused = await acme.call("POST", f"/invoices/{invoice['id']}/{path}", body, 409)
            assert refused["code"] == "invoices.cancelled"
        refused = await acme.call("POST", f"/invoices/{note['id']}/cancel", {"reason": "again"}, 409)
        assert refused["code"] == "invoices.credit_note"
        assert (await acme.close("2026-05"))["issued"] == 1
        found = await acme.invoices()
        assert [one["number"] for one in found] == ["2026-000003", "2026-000002", "2026-000001"]
        assert sum(Decimal(one["gross"]) for one in found) == Decimal("68.20")


async def test_corrections_come_again_after_their_invoice_was_cancelled(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-05-02T00:00:00") as acme:
        customer, meter = await billed(acme, "2026-04")
        await acme.read(meter, ("2026-04-30T23:00:00", 130.5))
        acme.clock.us = us("2026-06-02T00:00:00")
        await acme.close("2026-05")
        may, april = await acme.invoices()
        assert corrections(may) == [("2026-000001", "2026-04", "0.5", "1.00")]
        refused = await acme.call("POST", f"/invoices/{april['id']}/cancel", {"reason": "no"}, 409)
        assert refused["code"] == "invoices.corrected"
        assert "2026-000002" in refused["detail"]
        await acme.call("POST", f"/invoices/{may['id']}/cancel", {"reason": "wrong"})
        await acme.close("2026-05", customer)
        again = (await acme.invoices())[0]
        assert corrections(again) == corrections(may)
        assert again["gross"] == may["gross"]


async def test_a_preview_of_a_billed_period_does_not_correct_it(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-05-02T00:00:00") as acme:
        customer, meter = await billed(acme, "2026-04")
        await acme.read(meter, ("2026-04-30T23:00:00", 130.5))
        await acme.close("2026-04")
        path = f"/customers/{customer}/invoices/preview"
        assert corrections(await acme.call("GET", path, period="2026-05")) == [("2026-000001", "2026-04", "0.5", "1.00")]
        again = await acme.call("GET", path, period="2026-04")
        assert (corrections(again), again["net"]) == ([], "61.00")


async def test_payment_is_recorded_and_taken_back(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        await billed(acme, "2026-05")
        (invoice,) = await acme.invoices()
        path = f"/invoices/{invoice['id']}"
        paid = await acme.call("POST", f"{path}/mark-paid", {"at": "2026-06-01T10:00:00Z", "note": "bank"})
        assert (paid["state"], paid["paid_at"], paid["note"]) == ("paid", "2026-06-01T10:00:00Z", "bank")
        assert [one["id"] for one in (await acme.call("GET", "/invoices", state="paid"))["data"]] == [invoice["id"]]
        assert (await acme.call("GET", "/invoices", state="open"))["data"] == []
        unpaid = await acme.call("POST", f"{path}/mark-unpaid")
        assert unpaid == invoice
        for at in ("yesterday", "2026-06-02T00:00:01Z"):
            refused = await acme.call("POST", f"{path}/mark-paid", {"at": at}, 400)
            assert refused["errors"][0]["field"] == "at"
        audit = (await acme.call("GET", "/logs", action="invoice.*"))["data"]
        assert [one["action"] for one in audit] == ["invoice.unpay", "invoice.pay", "invoice.create", "invoice.run.create"]


async def test_residents_see_their_own(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer = await acme.customer(target="residents")
        await acme.assign(customer, await acme.tariff(standing=[{"amount": "1"}]))
        residents = [await acme.resident(customer, name) for name in ("Ada", "Grace")]
        for resident in residents:
            await acme.meter(customer, resident)
        await acme.close("2026-05")
        service = acme.server.parts.invoices.service
        user = Actor(org_id=acme.org_id, kind=ActorKind.USER, id=1)
        ada, grace = (msgspec.structs.replace(user, resident_id=decode(Prefix.RESIDENT, one)) for one in residents)
        (own,) = (await service.list_own(ada, 10, None)).items
        assert own.invoice.account == "Ada"
        assert await service.get_own(ada, own.invoice.id) == own
        nobody = msgspec.structs.replace(user, resident_id=ResidentId(0))
        for other in (grace, nobody):
            with pytest.raises(InvoiceNotFound):
                await service.get_own(other, own.invoice.id)
        assert (await service.list_own(nobody, 10, None)).items == (await service.list_own(user, 10, None)).items == []
        with pytest.raises(ScopeMissing):
            await service.get_own(user, own.invoice.id)


async def test_filters_and_pages(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        first, _ = await billed(acme)
        second, _ = await billed(acme)
        resident = await acme.resident(first)
        for period in ("2026-04", "2026-05"):
            await acme.close(period)

        async def numbers(**query: str) -> list[str]:
            return [one["number"][-1] for one in (await acme.call("GET", "/invoices", **query))["data"]]

        assert await numbers() == ["4", "3", "2", "1"]
        assert await numbers(customer_id=second) == ["4", "2"]
        assert await numbers(customer_id=first, period="2026-05") == ["3"]
        assert await numbers(number="2026-000002") == ["2"]
        assert await numbers(number="2026-000002", customer_id=first) == []
        assert await numbers(resident_id=resident) == []
        page = await acme.call("GET", "/invoices", limit="3")
        assert await numbers(limit="3", cursor=page["next_cursor"]) == ["1"]
        for field, value in (("period", "2026-14"), ("customer_id", "x"), ("state", "late"), ("resident_id", first)):
            refused = await acme.call("GET", "/invoices", status=400, **{field: value})
            assert refused["errors"][0]["field"] == field
        assert (await acme.call("GET", "/invoices/ivc_x", status=404))["code"] == "invoices.not_found"


async def test_a_manager_sees_the_invoices_of_their_customer(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        customer, _ = await billed(acme, "2026-05")
        (invoice,) = await acme.invoices()
        other = await acme.customer(target="customer")
        parts = acme.server.parts
        invoice_id = decode(Prefix.INVOICE, invoice["id"])
        assert invoice_id is not None
        own, stranger = [
            Actor(org_id=acme.org_id, kind=ActorKind.USER, id=1, customer_id=decode(Prefix.CUSTOMER, one))
            for one in (customer, other)
        ]
        for filters in (InvoiceFilter(), InvoiceFilter(customer_id=own.customer_id)):
            assert [one.invoice.id for one in (await parts.invoices.service.list(own, filters, 9, None)).items] == [invoice_id]
            assert (await parts.invoices.service.list(stranger, filters, 9, None)).items == []
        assert (await parts.invoices.service.get(own, invoice_id)).invoice.id == invoice_id
        assert (await parts.documents.service.get(own, invoice_id)).id == invoice_id
        for get in (parts.invoices.service.get, parts.documents.service.get):
            with pytest.raises(InvoiceNotFound):
                await get(stranger, invoice_id)
