"""The stores of customers, residents and placements. Each sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.billing.store import HasBills
from penstock.core.customers.models import Customer, PlacedDevice, Placement, Resident, Standing
from penstock.core.customers.periods import Period, PlacedSpans
from penstock.core.devices.store import DeviceTransaction
from penstock.core.people.store import HasMembers, HasSessions
from penstock.core.uplinks.store import HasUnregistered
from penstock.kit.ids import CustomerId, DeviceId, ResidentId
from penstock.kit.ordering import After


class CustomerStore(Protocol):
    """Customers."""

    async def create(self, customer: Customer) -> None:
        """Add a customer.

        Raises:
            TenantNameTaken: another customer has this tenant name.
        """

    async def find(self, customer_id: CustomerId) -> Customer | None:
        """One customer, or None."""

    async def find_by_tenant(self, tenant_name: str) -> Customer | None:
        """The customer that a tenant name routes to, or None."""

    async def list(self, limit: int, after: After) -> list[Customer]:
        """Customers after a place or an id, by default by id."""

    async def update(self, customer: Customer) -> None:
        """Update the mutable fields of a customer."""

    async def delete(self, customer_id: CustomerId) -> None:
        """Delete a customer with its residents; its devices are kept, without a placement."""


class ResidentStore(Protocol):
    """Residents of customers."""

    async def create(self, resident: Resident) -> None:
        """Add a resident."""

    async def find(self, resident_id: ResidentId) -> Resident | None:
        """One resident, or None."""

    async def list(self, customer_id: CustomerId, limit: int, after: After) -> list[Resident]:
        """Residents of a customer after a place or an id, by default by id."""

    async def rename(self, resident_id: ResidentId, name: str) -> None:
        """Change the name of a resident."""

    async def delete(self, resident_id: ResidentId) -> None:
        """Delete a resident; their devices stay assigned to the customer."""


class PlacementStore(Protocol):
    """Placements of devices. A device without one is not assigned and not marked."""

    async def find(self, device_id: DeviceId) -> Placement:
        """The placement of a device."""

    async def set(self, device_id: DeviceId, placement: Placement) -> None:
        """Replace the placement of a device. Its periods are separate."""

    async def periods_of_device(self, device_id: DeviceId) -> list[Period]:
        """Where a device was placed, oldest first; also a deleted one."""

    async def replace_periods(self, device_id: DeviceId, periods: Sequence[Period]) -> None:
        """Replace the periods of a device."""

    async def periods_of_customer(
        self, customer_id: CustomerId, from_us: int, to_us: int, limit: int, after_id: int
    ) -> list[PlacedSpans]:
        """The devices, also deleted ones, that were at a customer's at some time in [from_us, to_us), by id, above `after_id`.

        The spans are complete: all times that the device was there, also outside of the range.
        """

    async def periods_of_resident(
        self, resident_id: ResidentId, from_us: int, to_us: int, limit: int, after_id: int
    ) -> list[PlacedSpans]:
        """The same for the devices that were assigned to a resident."""

    async def end_customer(self, customer_id: CustomerId, now_us: int) -> None:
        """End the periods of a customer that is being deleted. They are kept."""

    async def end_resident(self, resident_id: ResidentId, now_us: int) -> None:
        """End the periods of a resident who is being deleted; their devices stay with the customer. They are kept."""

    async def assigned_us(self, device_id: DeviceId, resident_id: ResidentId) -> int | None:
        """Since when a device has been assigned to a resident; None if it is not."""

    async def placed_us(self, device_id: DeviceId, customer_id: CustomerId) -> int | None:
        """Since when a device has been with a customer without an interruption; None if it is not."""

    async def in_maintenance(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        """Which of these devices are in maintenance."""

    async def of_resident(self, resident_id: ResidentId, limit: int, after_id: int) -> list[PlacedDevice]:
        """The devices of a resident by id, above `after_id`."""

    async def page(
        self, standing: Standing | None, now_us: int, offline_after_us: int, limit: int, offset: int
    ) -> list[PlacedDevice]:
        """Devices that have an EUI, newest first, of all or one standing."""


class HasCustomers(Protocol):
    """A transaction with customers."""

    @property
    def customers(self) -> CustomerStore:
        """Customers."""


class HasResidents(Protocol):
    """A transaction with residents."""

    @property
    def residents(self) -> ResidentStore:
        """Residents of customers."""


class HasPlacements(Protocol):
    """A transaction with devices' placements."""

    @property
    def placements(self) -> PlacementStore:
        """Placements and marks of devices."""


class CustomerTransaction(
    HasPlacements, DeviceTransaction, HasCustomers, HasResidents, HasUnregistered, HasBills, HasMembers, HasSessions, Protocol
):
    """The transaction of use cases on customers, residents and placements. Devices are created in it too."""
