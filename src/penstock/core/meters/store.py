"""The store of meter settings. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.customers.store import HasCustomers, HasPlacements
from penstock.core.devices.store import HasDevices
from penstock.core.meters.former import HasFormerMeters
from penstock.core.meters.models import Meter, MeterOf, MeterRole
from penstock.kit.ids import CustomerId, DeviceId


class MeterStore(Protocol):
    """Meter settings of devices. A device without any has the default."""

    async def find(self, device_id: DeviceId) -> Meter:
        """The meter settings of a device."""

    async def set(self, device_id: DeviceId, meter: Meter) -> None:
        """Replace the meter settings of a device."""

    async def delete(self, device_id: DeviceId) -> None:
        """Restore the default."""

    async def of_customer(self, customer_id: CustomerId, role: MeterRole | None, limit: int, after_id: int) -> list[MeterOf]:
        """The devices of a customer by id, above `after_id`: all, or those of a role."""


class HasMeters(Protocol):
    """A transaction with meter settings."""

    @property
    def meters(self) -> MeterStore:
        """Meter settings of devices."""


class MeterTransaction(HasMeters, HasFormerMeters, HasDevices, HasCustomers, HasPlacements, HasAudit, Protocol):
    """The transaction of use cases on meters."""
