"""Settings of invoicing, parties, holds and closing runs: maps rows to models."""

from __future__ import annotations

import sqlite3

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.invoices.models import Party
from penstock.core.invoices.runs import Hold, InvoiceRun
from penstock.core.invoices.setup import Invoicing, Schedule
from penstock.kit.ids import CustomerId, InvoiceHoldId, InvoiceRunId, OrgId, ResidentId

_INVOICING = msgspec.json.Decoder(Invoicing)
_PARTY = msgspec.json.Decoder(Party)
_RUN = msgspec.json.Decoder(InvoiceRun)


class SqliteInvoicing:
    """Implements `InvoicingStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, customer_id: CustomerId) -> Invoicing | None:
        row = await self._session.one("find_invoicing", {"org_id": self._org_id, "customer_id": customer_id})
        return _INVOICING.decode(row["body"]) if row else None

    async def schedule(self, customer_id: CustomerId) -> Schedule | None:
        row = await self._session.one("find_invoicing", {"org_id": self._org_id, "customer_id": customer_id})
        if row is None or row["next_period"] is None:
            return None
        return Schedule(customer_id=customer_id, period=row["next_period"], due_us=row["close_us"])

    async def set(self, customer_id: CustomerId, settings: Invoicing, schedule: Schedule | None) -> None:
        params = {
            "org_id": self._org_id,
            "customer_id": customer_id,
            "body": msgspec.json.encode(settings),
            "next_period": schedule.period if schedule else None,
            "close_us": schedule.due_us if schedule else None,
        }
        await self._session.run("set_invoicing", params)

    async def customers(self, after_id: int, limit: int) -> list[tuple[CustomerId, Invoicing]]:
        rows = await self._session.all("list_invoicing", {"org_id": self._org_id, "after_id": after_id, "limit": limit})
        return [(row["customer_id"], _INVOICING.decode(row["body"])) for row in rows]

    async def party(self, customer_id: CustomerId | None, resident_id: ResidentId | None) -> Party | None:
        params = {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id}
        row = await self._session.one("find_billing_party", params)
        return _PARTY.decode(row["body"]) if row else None

    async def set_party(self, customer_id: CustomerId | None, resident_id: ResidentId | None, party: Party) -> None:
        params = {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id}
        await self._session.run("set_billing_party", params | {"body": msgspec.json.encode(party)})

    async def hold(self, hold: Hold) -> None:
        params = msgspec.structs.asdict(hold) | {"org_id": self._org_id, "resident_id": hold.resident_id or 0}
        await self._session.run("hold_invoice", params)

    async def find_hold(self, hold_id: InvoiceHoldId) -> Hold | None:
        row = await self._session.one("find_invoice_hold", {"org_id": self._org_id, "id": hold_id})
        return _hold(row) if row else None

    async def hold_of(self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int) -> Hold | None:
        row = await self._session.one("find_invoice_hold_of", self._account(customer_id, resident_id, begin_us))
        return _hold(row) if row else None

    async def holds(self, customer_id: CustomerId | None, limit: int, after_id: int) -> list[Hold]:
        params = {"org_id": self._org_id, "customer_id": customer_id, "limit": limit, "after_id": after_id}
        return [_hold(row) for row in await self._session.all("list_invoice_holds", params)]

    async def release(self, hold_id: InvoiceHoldId, at_us: int, by: str) -> None:
        await self._session.run("release_invoice_hold", {"org_id": self._org_id, "id": hold_id, "at_us": at_us, "by": by})

    async def end_hold(self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int) -> None:
        await self._session.run("end_invoice_hold", self._account(customer_id, resident_id, begin_us))

    def _account(self, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int) -> dict[str, int]:
        return {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id or 0, "begin_us": begin_us}


class SqliteInvoiceRuns:
    """Implements `InvoiceRunStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, run: InvoiceRun) -> None:
        await self._session.run("create_invoice_run", self._row(run))

    async def find(self, run_id: InvoiceRunId) -> InvoiceRun | None:
        row = await self._session.one("find_invoice_run", {"org_id": self._org_id, "id": run_id})
        return _RUN.decode(row["body"]) if row else None

    async def list(self, limit: int, before_id: int) -> list[InvoiceRun]:
        params = {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_RUN.decode(row["body"]) for row in await self._session.all("list_invoice_runs", params)]

    async def update(self, run: InvoiceRun) -> None:
        await self._session.run("update_invoice_run", self._row(run))

    def _row(self, run: InvoiceRun) -> dict[str, object]:
        return {"org_id": self._org_id, "id": run.id, "state": run.state, "body": msgspec.json.encode(run)}


class SqliteSystemInvoices:
    """Implements `SystemInvoiceStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def running(self) -> tuple[OrgId, InvoiceRunId] | None:
        row = await self._session.one("find_running_invoice_run_of_all", {})
        return (row["org_id"], row["id"]) if row else None

    async def due(self, now_us: int, limit: int) -> list[tuple[OrgId, Schedule]]:
        rows = await self._session.all("list_due_invoicing_of_all", {"now_us": now_us, "limit": limit})
        return [
            (row["org_id"], Schedule(customer_id=row["customer_id"], period=row["next_period"], due_us=row["close_us"]))
            for row in rows
        ]

    async def followed(self, after_id: int, limit: int) -> list[OrgId]:
        rows = await self._session.all("list_invoice_positions_of_all", {"after_id": after_id, "limit": limit})
        return [row["org_id"] for row in rows]


def _hold(row: sqlite3.Row) -> Hold:
    return Hold(**(dict(row) | {"resident_id": row["resident_id"] or None}))
