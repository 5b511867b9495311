"""The store of unregistered devices. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.devices.store import HasDevices
from penstock.kit.ids import CustomerId


class UnregisteredDevice(msgspec.Struct, frozen=True, kw_only=True):
    """An unregistered device that reported. `readings` is the number of stored ones, which are the newest."""

    eui: str
    customer_id: CustomerId | None
    device_name: str | None
    tenant_name: str | None
    network: str
    first_seen_us: int
    last_seen_us: int
    readings: int = 0


class KeptReading(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that waits for its device to be registered. `id` is 0 before it is stored."""

    time_us: int
    received_us: int
    payload: bytes
    dedupe_key: str | None
    id: int = 0


class UnregisteredStore(Protocol):
    """Unregistered devices and their readings."""

    async def keep(self, device: UnregisteredDevice, reading: KeptReading, max_readings: int) -> bool:
        """Store a reading, unless one with its key exists, and the facts about its device. Returns whether the reading is new.

        If there are more than `max_readings`, the oldest are deleted.
        """

    async def find(self, eui: str) -> UnregisteredDevice | None:
        """One unregistered device, or None."""

    async def count(self) -> int:
        """The number of unregistered devices."""

    async def readings(self, eui: str, limit: int) -> list[KeptReading]:
        """The stored readings of a device, oldest first."""

    async def remove_readings(self, eui: str, up_to_id: int) -> None:
        """Delete the readings of a device up to this id."""

    async def remove(self, eui: str) -> None:
        """Delete a device with its readings."""

    async def route(self, tenant_name: str, customer_id: CustomerId) -> None:
        """Route the devices that named a tenant to its customer, unless they are routed to another one."""

    async def list(self, customer_id: CustomerId | None, limit: int, after_eui: str) -> list[UnregisteredDevice]:
        """Devices whose EUI no device of the organisation has, by EUI: all, or those routed to a customer."""


class HasUnregistered(Protocol):
    """A transaction with unregistered devices."""

    @property
    def unregistered(self) -> UnregisteredStore:
        """Devices that report before they are registered."""


class Tenant(Protocol):
    """The customer that a tenant name routes to."""

    @property
    def id(self) -> CustomerId:
        """The customer's id."""


class TenantLookup(Protocol):
    """Customers, as far as uplinks need them."""

    async def find_by_tenant(self, tenant_name: str) -> Tenant | None:
        """The customer that a tenant name routes to, or None."""


class UplinkTransaction(HasUnregistered, HasDevices, HasAudit, Protocol):
    """The transaction of use cases on uplinks."""

    @property
    def customers(self) -> TenantLookup:
        """Customers by their tenant names."""
