"""Closing periods over the native API: runs, and accounts that are held."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.invoices import wire
from penstock.api.v2.invoices.examples import HOLD, HOLD_PATH, RUN, RUN_PATH
from penstock.api.v2.invoices.translate import from_core_hold, from_core_run
from penstock.api.v2.wire import ListOf, Page
from penstock.core.invoices.invoicing_service import InvoicingService
from penstock.core.invoices.run_service import InvoiceRunService
from penstock.kit.ids import CustomerId, InvoiceRunId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "billing:read", "billing:write"


class ClosingEndpoints:
    """Close periods, and release what is held."""

    routes = Routes("/api/v2/invoice-runs", surface="v2", tag="Invoices")
    routes_of_holds = Routes("/api/v2/invoice-holds", surface="v2", tag="Invoices")

    def __init__(self, runs: InvoiceRunService, invoicing: InvoicingService) -> None:
        self._runs = runs
        self._invoicing = invoicing

    @routes.post(scope=WRITE, status=202, example=Example(body={"period": "2026-05"}, answer=RUN))
    async def create(self, call: Call[None, wire.RunCreate]) -> wire.Run:
        """Close a period.

        Issues the invoices of all accounts that do not have one for the period. To repeat it changes nothing.
        """
        run = await self._runs.create(call.actor, call.body.period, _customers(call.body.customer_ids))
        return from_core_run(run)

    @routes.get(scope=READ, example=Example(answer={"data": [RUN], "next_cursor": None}))
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Run]:
        """List closing runs, newest first."""
        page = await self._runs.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_run(one) for one in page.items], page.next_cursor)

    @routes.get("/{invoice_run_id}", scope=READ, example=Example(path=RUN_PATH, answer=RUN))
    async def get(self, call: Call[None, None]) -> wire.Run:
        """Get a closing run with its progress."""
        return from_core_run(await self._runs.get(call.actor, _run_id(call)))

    @routes.post("/{invoice_run_id}/cancel", scope=WRITE, example=Example(path=RUN_PATH, answer=RUN | {"state": "cancelled"}))
    async def cancel(self, call: Call[None, None]) -> wire.Run:
        """Stop a closing run.

        Invoices that it issued stay. A run that has ended is unchanged.
        """
        return from_core_run(await self._runs.cancel(call.actor, _run_id(call)))

    @routes_of_holds.get(scope=READ, example=Example(answer={"data": [HOLD], "next_cursor": None}))
    async def list_holds(self, call: Call[wire.HoldQuery, None]) -> ListOf[wire.Hold]:
        """List held accounts.

        They are those whose period could not be closed.
        """
        customer = call.query.customer_id
        customer_id = None if customer is None else body_id(Prefix.CUSTOMER, customer, "customer_id")
        page = await self._invoicing.holds(call.actor, customer_id, call.query.limit, call.query.cursor)
        return ListOf([from_core_hold(one) for one in page.items], page.next_cursor)

    @routes_of_holds.post(
        "/{hold_id}/release",
        scope=WRITE,
        status=202,
        example=Example(
            path=HOLD_PATH,
            answer=HOLD | {"state": "released", "released_at": "2026-06-03T08:00:00Z", "released_by": "ada@example.org"},
        ),
    )
    async def release(self, call: Call[None, None]) -> wire.Hold:
        """Close a held account's period.

        Suspect values no longer hold it; what they count is corrected in the next invoice once they are resolved. If another
        reason remains, the account is held again.
        """
        hold_id = path_id(Prefix.INVOICE_HOLD, call.path["hold_id"])
        return from_core_hold(await self._invoicing.release(call.actor, hold_id))


def _customers(texts: list[str] | None) -> tuple[CustomerId, ...] | None:
    if texts is None:
        return None
    return tuple(body_id(Prefix.CUSTOMER, text, f"customer_ids[{at}]") for at, text in enumerate(texts))


def _run_id(call: Call[Any, Any]) -> InvoiceRunId:
    return path_id(Prefix.INVOICE_RUN, call.path["invoice_run_id"])
