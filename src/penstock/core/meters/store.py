"""The stores of meter settings and of edits. Each sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.customers.store import HasCustomers, HasPlacements
from penstock.core.devices.store import HasDevices
from penstock.core.meters.former import HasFormerMeters
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.values import Edit
from penstock.core.outbox import HasOutbox
from penstock.core.registers.changes import HasConsumptionChanges
from penstock.kit.clock import MAX_US
from penstock.kit.ids import DeviceId, EditId


class MeterStore(Protocol):
    """Meter settings of devices. A device without any has the default."""

    async def find(self, device_id: DeviceId) -> MeterSettings:
        """The meter settings of a device."""

    async def of_devices(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, MeterSettings]:
        """The meter settings of some devices; those that do not exist are left out."""

    async def set(self, device_id: DeviceId, settings: MeterSettings) -> None:
        """Replace the role and the own registers of a device."""

    async def delete(self, device_id: DeviceId) -> None:
        """Restore the default."""


class EditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which edits to list; None means any. The times are those of the values."""

    register: str | None = None
    from_us: int = 0
    to_us: int = MAX_US
    withdrawn: bool | None = None


class EditStore(Protocol):
    """Edits of values. They are only added and withdrawn, and outlive their device."""

    async def add(self, edit: Edit) -> None:
        """Add an edit of a value that has none in effect."""

    async def find(self, device_id: DeviceId, edit_id: EditId) -> Edit | None:
        """One edit of a device's values, or None."""

    async def find_at(self, device_id: DeviceId, register: str, time_us: int) -> Edit | None:
        """The edit in effect of a value, or None."""

    async def count(self, device_id: DeviceId) -> int:
        """The number of edits in effect of a device."""

    async def withdraw(self, edit: Edit) -> None:
        """Store that an edit was withdrawn, with its time, author and reason."""

    async def in_effect(self, device_ids: Sequence[DeviceId]) -> list[Edit]:
        """The edits of some devices that are not withdrawn."""

    async def list(self, device_id: DeviceId, filters: EditFilter, limit: int, before_id: int | None) -> list[Edit]:
        """Edits of a device, newest first, older than `before_id`."""


class HasMeters(Protocol):
    """A transaction with meter settings and edits."""

    @property
    def meters(self) -> MeterStore:
        """Meter settings of devices."""

    @property
    def edits(self) -> EditStore:
        """Edits of values."""


class MeterTransaction(
    HasMeters,
    HasFormerMeters,
    HasDevices,
    HasCustomers,
    HasPlacements,
    HasConsumptionChanges,
    HasOutbox,
    HasAudit,
    Protocol,
):
    """The transaction of use cases on meters."""
