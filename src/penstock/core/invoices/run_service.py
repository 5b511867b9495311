"""Use cases on closing runs."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.service import get_customer
from penstock.core.database import Database
from penstock.core.invoices.errors import InvoiceRunNotFound
from penstock.core.invoices.periods import parse_period
from penstock.core.invoices.runs import InvoiceRun, RunState
from penstock.core.invoices.setup import Invoicing, next_closing
from penstock.core.invoices.store import InvoiceSystemTransaction, InvoiceTransaction
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, CustomerId, IdSource, InvoiceRunId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of

DUE = 100
"""Automatic closings that are started in one step."""


class InvoiceRunService:
    """Closing runs of an organisation, and the automatic ones of all. `on_run` is called after one was created."""

    def __init__(
        self,
        *,
        database: Database[InvoiceTransaction, InvoiceSystemTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        settled: Clock,
        on_run: Callable[[], None],
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._settled = settled
        self._on_run = on_run

    async def create(self, actor: Actor, period: str, customers: tuple[CustomerId, ...] | None) -> InvoiceRun:
        """Start closing a period for some customers, or for all that are invoiced for periods of this length.

        Raises:
            InvalidInput: the period is invalid.
            CustomerNotFound.
        """
        parsed = parse_period(period)
        chosen = None if customers is None else tuple(sorted(set(customers)))
        run = new_run(self._ids, parsed.name, chosen, self._clock.now_us(), actor.name)
        async with self._database.transaction(actor.org_id) as tx:
            for customer_id in chosen or ():
                await get_customer(tx, customer_id)
            await tx.invoice_runs.create(run)
            shown = None if chosen is None else [encode(Prefix.CUSTOMER, one) for one in chosen]
            await self._trail.record(tx, actor, "invoice.run.create", _target(run), customers=shown)
        self._on_run()
        return run

    async def get(self, actor: Actor, run_id: InvoiceRunId) -> InvoiceRun:
        """One run.

        Raises:
            InvoiceRunNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, run_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[InvoiceRun]:
        """Runs, newest first."""
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.invoice_runs.list(limit + 1, before[0] if before else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))

    async def cancel(self, actor: Actor, run_id: InvoiceRunId) -> InvoiceRun:
        """Stop a run. What it issued stays; one that has ended is unchanged.

        Raises:
            InvoiceRunNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            run = await _get(tx, run_id)
            if run.state is not RunState.RUNNING:
                return run
            cancelled = msgspec.structs.replace(run, state=RunState.CANCELLED, finished_us=self._clock.now_us())
            await tx.invoice_runs.update(cancelled)
            await self._trail.record(tx, actor, "invoice.run.cancel", _target(run), issued=run.issued)
        return cancelled

    async def start_due(self) -> int:
        """Start a run for each automatic closing that is due. Returns how many."""
        now_us = self._settled.now_us()
        async with self._database.system_snapshot() as system:
            due = await system.invoices.due(now_us, DUE)
        for org_id, schedule in due:
            async with self._database.transaction(org_id) as tx:
                current = await tx.invoicing.schedule(schedule.customer_id)
                customer = await tx.customers.find(schedule.customer_id)
                if current != schedule or customer is None:
                    continue  # it was changed since
                settings = await tx.invoicing.find(schedule.customer_id) or Invoicing()
                run = new_run(self._ids, schedule.period, (customer.id,), now_us, "")
                await tx.invoice_runs.create(msgspec.structs.replace(run, automatic=True))
                # In the transaction of the run, so that a crash neither loses nor repeats a closing.
                following = next_closing(schedule, settings, parse_zone(customer.timezone))
                await tx.invoicing.set(customer.id, settings, following)
        return len(due)


def new_run(ids: IdSource, period: str, customers: tuple[CustomerId, ...] | None, now_us: int, by: str) -> InvoiceRun:
    """A run that has not begun."""
    return InvoiceRun(id=ids.next(InvoiceRunId), period=period, customers=customers, created_us=now_us, created_by=by)


async def _get(tx: InvoiceTransaction, run_id: InvoiceRunId) -> InvoiceRun:
    found = await tx.invoice_runs.find(run_id)
    if found is None:
        raise InvoiceRunNotFound(run_id=encode(Prefix.INVOICE_RUN, run_id))
    return found


def _target(run: InvoiceRun) -> Target:
    return Target("invoice_run", encode(Prefix.INVOICE_RUN, run.id), run.period)
