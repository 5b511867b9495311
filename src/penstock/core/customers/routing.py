"""Registered devices are placed by the tenant that their uplinks name, as unregistered ones are when they are registered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from penstock.core.customers.models import Customer
from penstock.core.customers.store import CustomerTransaction
from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import CustomerId, DeviceId, OrgId

MAX_CHECKED = 200_000
PlaceFirst = Callable[[OrgId, DeviceId, CustomerId], Awaitable[None]]
"""Places a device that never had a placement."""


class TenantRouting:
    """Places a device with the customer of the tenant name in its uplinks, unless it has or had a placement.

    Each device is looked up once for a tenant name, and placed at once when the customer of that name is created; only those
    looked up since the server started are known then, the others are placed by their next uplink.
    """

    def __init__(self, database: OrganizationDatabase[CustomerTransaction], place_first: PlaceFirst) -> None:
        self._database = database
        self._place_first = place_first
        self._checked: set[tuple[DeviceId, str]] = set()
        self._generation = 0

    async def created(self, org_id: OrgId, customer: Customer) -> None:
        """Place the devices whose uplinks named the tenant of a customer that was just created."""
        named = sorted(device_id for device_id, tenant_name in self._checked if tenant_name == customer.tenant_name)
        self.forget()
        for device_id in named:
            # Devices of another organisation with such a tenant are not found in this one.
            await self._place_first(org_id, device_id, customer.id)

    @repeated_after_commit
    def forget(self) -> None:
        """Look devices up again, because a tenant name may lead to a customer now."""
        self._generation += 1
        self._checked.clear()

    async def route(self, device: DeviceRef, tenant_name: str | None) -> None:
        """Place a device whose uplink named a tenant."""
        if tenant_name is None or (device.id, tenant_name) in self._checked:
            return
        generation = self._generation
        async with self._database.snapshot(device.org_id) as tx:
            customer = await tx.customers.find_by_tenant(tenant_name)
            history = await tx.placements.periods_of_device(device.id) if customer else []
        if customer is not None and not history:
            await self._place_first(device.org_id, device.id, customer.id)
        if generation == self._generation:
            if len(self._checked) >= MAX_CHECKED:
                self._checked.clear()
            self._checked.add((device.id, tenant_name))
