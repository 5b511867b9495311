"""Use cases on how customers are invoiced: settings, sellers and buyers, and accounts that are held."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.service import get_customer, target_of
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.errors import InvoiceHoldNotFound
from penstock.core.invoices.models import Party
from penstock.core.invoices.parties import check_party
from penstock.core.invoices.run_service import new_run
from penstock.core.invoices.runs import Hold
from penstock.core.invoices.setup import Invoicing, Schedule, first_closing
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.tariffs.accounts import get_account
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import Clock
from penstock.kit.ids import CustomerId, IdSource, InvoiceHoldId, Prefix, ResidentId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class InvoicingService:
    """Settings of invoicing in an organisation. `on_run` is called after a run was created."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InvoiceTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_run: Callable[[], None],
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._on_run = on_run

    async def get(self, actor: Actor, customer_id: CustomerId) -> tuple[Invoicing, Schedule | None]:
        """How a customer is invoiced, and its next automatic closing.

        Raises:
            CustomerNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_customer(tx, customer_id)
            found = await tx.invoicing.find(customer_id)
            return found or Invoicing(), await tx.invoicing.schedule(customer_id)

    async def set(self, actor: Actor, customer_id: CustomerId, settings: Invoicing) -> tuple[Invoicing, Schedule | None]:
        """Replace how a customer is invoiced. The first automatic closing is the earliest that is not due yet.

        Raises:
            CustomerNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
            before = await tx.invoicing.find(customer_id) or Invoicing()
            now_us = self._clock.now_us()
            schedule = first_closing(customer_id, settings, parse_zone(customer.timezone), now_us)
            due = await tx.invoicing.schedule(customer_id)
            if due is not None and due.due_us <= now_us and schedule is not None and settings.period is before.period:
                schedule = due  # the worker is about to close it
            await tx.invoicing.set(customer_id, settings, schedule)
            was, now = msgspec.to_builtins(before), msgspec.to_builtins(settings)
            await self._trail.record(tx, actor, "invoicing.set", target_of(customer), before=was, after=now)
        return settings, schedule

    async def seller(self, actor: Actor) -> Party:
        """The seller on the organisation's invoices."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.invoicing.party(None, None) or Party()

    async def set_seller(self, actor: Actor, party: Party) -> Party:
        """Replace the seller on the organisation's invoices.

        Raises:
            InvalidInput: a field does not have its form.
        """
        check_party(party)
        async with self._database.transaction(actor.org_id) as tx:
            before = await tx.invoicing.party(None, None)
            await tx.invoicing.set_party(None, None, party)
            target = Target("organization", encode(Prefix.ORGANIZATION, actor.org_id))
            await self._record(tx, actor, target, before, party)
        return party

    async def buyer(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId | None) -> Party:
        """A customer or resident as a buyer.

        Raises:
            CustomerNotFound, ResidentNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_account(tx, customer_id, resident_id)
            return await tx.invoicing.party(customer_id, resident_id) or Party()

    async def set_buyer(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId | None, party: Party) -> Party:
        """Replace a customer or resident as a buyer.

        Raises:
            CustomerNotFound, ResidentNotFound.
            InvalidInput: a field does not have its form.
        """
        check_party(party)
        async with self._database.transaction(actor.org_id) as tx:
            account = await get_account(tx, customer_id, resident_id)
            before = await tx.invoicing.party(customer_id, resident_id)
            await tx.invoicing.set_party(customer_id, resident_id, party)
            await self._record(tx, actor, account.target, before, party)
        return party

    async def holds(self, actor: Actor, customer_id: CustomerId | None, limit: int, cursor: str | None) -> Page[Hold]:
        """The accounts whose period could not be closed, oldest first."""
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.invoicing.holds(customer_id, limit + 1, after[0] if after else 0)
        return page_of(found, limit, lambda last: (last.id,))

    async def release(self, actor: Actor, hold_id: InvoiceHoldId) -> Hold:
        """Close a held account's period now, also if values are suspect.

        A run of the account's customer is started; if another reason remains, the account is held again.

        Raises:
            InvoiceHoldNotFound.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            held = await tx.invoicing.find_hold(hold_id)
            if held is None:
                raise InvoiceHoldNotFound(hold_id=encode(Prefix.INVOICE_HOLD, hold_id))
            await tx.invoicing.release(hold_id, now_us, actor.name)
            await tx.invoice_runs.create(new_run(self._ids, held.period, (held.customer_id,), now_us, actor.name))
            target = Target("invoice_hold", encode(Prefix.INVOICE_HOLD, hold_id), held.period)
            await self._trail.record(tx, actor, "invoice.release", target, reason=held.reason)
        self._on_run()
        return msgspec.structs.replace(held, released_us=now_us, released_by=actor.name)

    async def _record(self, tx: InvoiceTransaction, actor: Actor, target: Target, before: Party | None, after: Party) -> None:
        was, now = msgspec.to_builtins(before or Party()), msgspec.to_builtins(after)
        await self._trail.record(tx, actor, "billing_party.set", target, before=was, after=now)
