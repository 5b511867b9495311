"""What keeps meters. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.customers.store import HasCustomers, HasPlacements
from penstock.core.devices.store import HasDevices
from penstock.core.meters.models import Meter, MeterOf, MeterRole
from penstock.kit.ids import CustomerId, DeviceId


class MeterStore(Protocol):
    """What devices count. One of which nothing is kept is the usual meter."""

    async def find(self, device_id: DeviceId) -> Meter:
        """What a device counts."""

    async def set(self, device_id: DeviceId, meter: Meter) -> None:
        """Replace what a device counts."""

    async def delete(self, device_id: DeviceId) -> None:
        """Make it the usual meter again."""

    async def of_customer(self, customer_id: CustomerId, role: MeterRole | None, limit: int, after_id: int) -> list[MeterOf]:
        """The devices of a customer by id, after one: all, or those of a role."""


class HasMeters(Protocol):
    """A transaction with what devices count."""

    @property
    def meters(self) -> MeterStore:
        """What devices count."""


class MeterTransaction(HasMeters, HasDevices, HasCustomers, HasPlacements, HasAudit, Protocol):
    """What use cases on meters work with."""
