"""Invoices and their rechecks: maps rows to models. An invoice is stored as one document, so that it never changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.invoices.models import Invoice, InvoiceKind, InvoiceState, IssuedInvoice
from penstock.core.invoices.runs import BilledPeriod
from penstock.core.invoices.store import InvoiceFilter
from penstock.kit.ids import ChangeId, CustomerId, DeviceId, InvoiceId, OrgId, ResidentId, Seq, created_at_us

_DECODER = msgspec.json.Decoder(Invoice)


class SqliteInvoices:
    """Implements `InvoiceStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def take_numbers(self, series: str, count: int) -> int:
        params = {"org_id": self._org_id, "series": series, "count": count}
        row = await self._session.one("take_invoice_numbers", params)
        assert row is not None
        return int(row["last"]) - count + 1

    async def add_all(self, invoices: Sequence[Invoice]) -> None:
        await self._session.run_many("add_invoice", [self._row(one) for one in invoices])
        # A credit note neither bills readings nor corrects invoices: it takes back the one that does.
        billing = [one for one in invoices if one.kind is InvoiceKind.INVOICE]
        await self._session.run_many("add_invoice_device", [row for one in billing for row in self._devices(one)])
        await self._session.run_many("add_invoice_correction", [row for one in billing for row in self._corrections(one)])

    async def find(self, invoice_id: InvoiceId) -> IssuedInvoice | None:
        row = await self._session.one("find_invoice", {"org_id": self._org_id, "id": invoice_id})
        return _issued(row) if row else None

    async def list(self, matching: InvoiceFilter, limit: int, before_id: int) -> list[IssuedInvoice]:
        params = msgspec.structs.asdict(matching) | {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_issued(row) for row in await self._session.all(_list_of(matching), params)]

    async def billed(
        self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int, end_us: int
    ) -> Sequence[BilledPeriod]:
        params = {
            "org_id": self._org_id,
            "customer_id": customer_id,
            "resident_id": resident_id or 0,
            "begin_us": begin_us,
            "end_us": end_us,
        }
        rows = await self._session.all("list_billed_periods", params)
        return [
            BilledPeriod(invoice_id=row["id"], number=row["number"], begin_us=row["begin_us"], end_us=row["end_us"])
            for row in rows
        ]

    async def set_state(self, changed: IssuedInvoice) -> None:
        params = {
            "org_id": self._org_id,
            "id": changed.invoice.id,
            "state": changed.state,
            "paid_us": changed.paid_us,
            "paid_note": changed.paid_note,
            "cancelled_by": changed.cancelled_by,
            "cancelled_us": changed.cancelled_us,
        }
        await self._session.run("set_invoice_state", params)

    async def correcting(self, invoice_id: InvoiceId) -> Sequence[IssuedInvoice]:
        rows = await self._session.all("list_correcting_invoices", {"org_id": self._org_id, "id": invoice_id})
        return [_issued(row) for row in rows]

    def _row(self, invoice: Invoice) -> dict[str, object]:
        return {
            "id": invoice.id,
            "org_id": self._org_id,
            "number": invoice.number,
            "kind": invoice.kind,
            "customer_id": invoice.customer_id,
            "resident_id": invoice.resident_id or 0,
            "period": invoice.period,
            "begin_us": invoice.begin_us,
            "end_us": invoice.end_us,
            "body": msgspec.json.encode(invoice),
        }

    def _devices(self, invoice: Invoice) -> Sequence[dict[str, int]]:
        # Those of corrections belong to the invoice that is corrected.
        devices = {line.meter.device_id for line in invoice.lines if line.meter is not None and line.corrects is None}
        return [{"org_id": self._org_id, "device_id": one, "invoice_id": invoice.id} for one in sorted(devices)]

    def _corrections(self, invoice: Invoice) -> Sequence[dict[str, int]]:
        corrected = {line.corrects.id for line in invoice.lines if line.corrects is not None}
        return [{"org_id": self._org_id, "corrected_id": one, "invoice_id": invoice.id} for one in sorted(corrected)]


class SqliteRechecks:
    """Implements `RecheckStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def closed_until(self) -> tuple[int, int]:
        row = await self._session.one("find_closed_until", {"org_id": self._org_id})
        return (int(row["end_us"]), created_at_us(row["id"])) if row and row["id"] else (0, 0)

    async def position(self) -> tuple[ChangeId, Seq] | None:
        row = await self._session.one("find_invoice_position", {"org_id": self._org_id})
        return (ChangeId(row["change_id"]), Seq(row["seq"])) if row else None

    async def set_position(self, change_id: ChangeId, seq: Seq) -> None:
        await self._session.run("set_invoice_position", {"org_id": self._org_id, "change_id": change_id, "seq": seq})

    async def last_change(self) -> ChangeId:
        row = await self._session.one("find_last_consumption_change", {"org_id": self._org_id})
        return ChangeId(row["id"] if row else 0)

    async def changes(self, after_id: ChangeId, limit: int) -> list[tuple[ChangeId, DeviceId, int, str]]:
        params = {"org_id": self._org_id, "after_id": after_id, "limit": limit}
        rows = await self._session.all("list_consumption_changes", params)
        return [(row["id"], row["device_id"], row["from_us"], row["reason"]) for row in rows]

    async def mark_device(self, device_id: DeviceId, from_us: int, reason: str) -> None:
        params = {"org_id": self._org_id, "device_id": device_id, "from_us": from_us, "reason": reason}
        await self._session.run("mark_invoices_of_device", params)
        await self._session.run("mark_invoices_of_periods", params)

    async def mark(self, invoice_ids: Sequence[InvoiceId], reason: str) -> None:
        rows = [{"org_id": self._org_id, "id": one, "reason": reason} for one in invoice_ids]
        await self._session.run_many("mark_invoices", rows)

    async def marked(self, customer_id: CustomerId, resident_id: ResidentId | None, limit: int) -> list[tuple[Invoice, str]]:
        params = {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id or 0, "limit": limit}
        rows = await self._session.all("list_marked_invoices", params)
        return [(_DECODER.decode(row["body"]), row["reason"]) for row in rows]

    async def unmark(self, invoice_ids: Sequence[InvoiceId]) -> None:
        await self._session.run_many("unmark_invoice", [{"org_id": self._org_id, "id": one} for one in invoice_ids])


def _list_of(matching: InvoiceFilter) -> str:
    if matching.number is not None:
        return "find_invoice_by_number"
    if matching.resident_id is not None:
        return "list_invoices_of_resident"
    return "list_invoices" if matching.customer_id is None else "list_invoices_of_customer"


def _issued(row: sqlite3.Row) -> IssuedInvoice:
    return IssuedInvoice(
        invoice=_DECODER.decode(row["body"]),
        state=InvoiceState(row["state"]),
        paid_us=row["paid_us"],
        paid_note=row["paid_note"],
        cancelled_by=row["cancelled_by"],
        cancelled_us=row["cancelled_us"],
    )
