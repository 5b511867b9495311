"""Use cases on customers and residents, in CRUD order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.errors import CustomerNotFound
from penstock.core.customers.models import Customer, CustomerPatch, NewCustomer, NewResident, Resident
from penstock.core.customers.residence import end_access, end_management
from penstock.core.customers.store import CustomerTransaction, HasCustomers
from penstock.core.database import OrganizationDatabase
from penstock.core.limits.periods import month_of
from penstock.core.people.errors import ResidentNotFound
from penstock.core.telemetry.buckets import parse_zone
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, CustomerId, IdSource, OrgId, Prefix, ResidentId, UserId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

_CUSTOMERS: Ordering[Customer] = by_name("created_at")
_RESIDENTS: Ordering[Resident] = by_name("created_at")


class CustomerService:
    """Customers of an organisation, and their residents.

    `on_leave` is called with each user whose access ended, after the commit and before the call returns; `on_created` after a
    customer was created.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CustomerTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_leave: Callable[[UserId], None],
        on_created: Callable[[OrgId, Customer], Awaitable[None]],
    ) -> None:
        self._on_created = on_created
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._on_leave = on_leave

    async def create(self, actor: Actor, request: NewCustomer) -> Customer:
        """Add a customer. Devices whose uplinks named its tenant are routed to it, or placed if they are registered.

        Raises:
            TenantNameTaken: another customer of the organisation has this tenant name.
            InvalidInput: the time zone is unknown.
        """
        now_us = self._clock.now_us()
        customer = Customer(
            id=self._ids.next(CustomerId),
            name=request.name,
            admin_email=request.admin_email,
            tenant_name=request.tenant_name,
            timezone=parse_zone(request.timezone).key,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            await tx.customers.create(customer)
            await tx.unregistered.route(customer.tenant_name, customer.id)
            after = {"tenant_name": customer.tenant_name, "admin_email": customer.admin_email}
            await self._trail.record(tx, actor, "customer.create", target_of(customer), after=after)
        await self._on_created(actor.org_id, customer)
        return customer

    async def get(self, actor: Actor, customer_id: CustomerId) -> Customer:
        """One customer.

        Raises:
            CustomerNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_customer(tx, customer_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None = None, view: View = WHOLE) -> Page[Customer]:
        """Customers, oldest first. A manager has one."""
        place = _CUSTOMERS.place(view, cursor)
        if actor.customer_id is not None:
            own = await self.get(actor, actor.customer_id)
            return Page(items=_CUSTOMERS.select([own], place, "name", "admin_email", "tenant_name"))
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.customers.list(limit + 1, place)
        return _CUSTOMERS.page(found, limit, view)

    async def update(self, actor: Actor, customer_id: CustomerId, patch: CustomerPatch) -> Customer:
        """Update a customer.

        Raises:
            CustomerNotFound.
            InvalidInput: the time zone is unknown.
        """
        if patch.timezone is not None:
            parse_zone(patch.timezone)
        changes = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not None}
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_customer(tx, customer_id)
            after = msgspec.structs.replace(before, **changes, updated_us=self._clock.now_us())
            await tx.customers.update(after)
            was = {name: getattr(before, name) for name in changes}
            await self._trail.record(tx, actor, "customer.update", target_of(after), before=was, after=changes)
        return after

    async def delete(self, actor: Actor, customer_id: CustomerId) -> None:
        """Delete a customer with its residents. Its devices are kept, without a placement.

        Raises:
            CustomerNotFound.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
            # Before the residents are deleted: their members can be found only through them.
            gone = [
                user_id
                for resident in await tx.residents.list(customer_id, MAX_ID, 0)
                for user_id in await end_access(tx, self._trail, actor, resident.id, now_us)
            ]
            gone += await end_management(tx, self._trail, actor, customer_id, now_us)
            await tx.placements.end_customer(customer_id, now_us)
            await tx.customers.delete(customer_id)
            # Earlier months keep the customer: they are billed as they ended, even if they have no statement yet.
            await tx.bills.clear_customer(customer_id, month_of(now_us)[0])
            before = {"tenant_name": customer.tenant_name}
            await self._trail.record(tx, actor, "customer.delete", target_of(customer), before=before)
        self._forget(gone)

    async def create_resident(self, actor: Actor, customer_id: CustomerId, request: NewResident) -> Resident:
        """Add a resident to a customer.

        Raises:
            CustomerNotFound.
        """
        resident = Resident(
            id=self._ids.next(ResidentId),
            customer_id=customer_id,
            name=request.name,
            email=request.email,
            created_us=self._clock.now_us(),
        )
        async with self._database.transaction(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
            await tx.residents.create(resident)
            await self._trail.record(tx, actor, "resident.create", _target(resident), customer=customer.name)
        return resident

    async def residents(
        self, actor: Actor, customer_id: CustomerId, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[Resident]:
        """Residents of a customer, oldest first.

        Raises:
            CustomerNotFound.
        """
        place = _RESIDENTS.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            await get_customer(tx, customer_id)
            found = await tx.residents.list(customer_id, limit + 1, place)
        return _RESIDENTS.page(found, limit, view)

    async def get_resident(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId) -> Resident:
        """One resident of a customer.

        Raises:
            CustomerNotFound, ResidentNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_customer(tx, customer_id)
            return await _get_resident(tx, customer_id, resident_id)

    async def rename_resident(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId, name: str) -> Resident:
        """Change the name of a resident.

        Raises:
            CustomerNotFound, ResidentNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
            before = await _get_resident(tx, customer_id, resident_id)
            after = msgspec.structs.replace(before, name=name)
            await tx.residents.rename(resident_id, name)
            was, now = {"name": before.name}, {"name": name}
            await self._trail.record(tx, actor, "resident.update", _target(after), customer=customer.name, before=was, after=now)
        return after

    async def delete_resident(self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId) -> None:
        """Delete a resident of a customer, and end their access. Their devices stay assigned to the customer.

        Raises:
            CustomerNotFound, ResidentNotFound.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
            resident = await _get_resident(tx, customer_id, resident_id)
            gone = await end_access(tx, self._trail, actor, resident_id, now_us)
            await tx.placements.end_resident(resident_id, now_us)
            await tx.residents.delete(resident_id)
            await self._trail.record(tx, actor, "resident.delete", _target(resident), customer=customer.name)
        self._forget(gone)

    def _forget(self, user_ids: Iterable[UserId]) -> None:
        for user_id in user_ids:
            self._on_leave(user_id)


async def get_customer(tx: HasCustomers, customer_id: CustomerId) -> Customer:
    """A customer, in a running transaction.

    Raises:
        CustomerNotFound.
    """
    customer = await tx.customers.find(customer_id)
    if customer is None:
        raise CustomerNotFound(customer_id=encode(Prefix.CUSTOMER, customer_id))
    return customer


async def _get_resident(tx: CustomerTransaction, customer_id: CustomerId, resident_id: ResidentId) -> Resident:
    resident = await tx.residents.find(resident_id)
    if resident is None or resident.customer_id != customer_id:
        raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
    return resident


def target_of(customer: Customer) -> Target:
    """The customer as the target of an audit entry."""
    return Target("customer", encode(Prefix.CUSTOMER, customer.id), customer.name)


def _target(resident: Resident) -> Target:
    return Target("resident", encode(Prefix.RESIDENT, resident.id), resident.name)
