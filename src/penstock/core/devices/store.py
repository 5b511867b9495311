"""The stores of devices and sensors. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.devices.connectivity import HasConnectivity
from penstock.core.devices.faults import FaultCount, FaultKind
from penstock.core.devices.history import HasDeviceEvents
from penstock.core.devices.models import (
    Device,
    DeviceFilter,
    DeviceRef,
    DeviceSort,
    Identifier,
    Sensor,
    SensorPatch,
)
from penstock.core.idempotency import HasIdempotency
from penstock.core.licenses.store import HasLicenses
from penstock.core.outbox import HasOutbox
from penstock.core.profiles.store import HasProfiles
from penstock.core.registers.changes import HasConsumptionChanges
from penstock.core.tenancy.store import HasCredentials, HasProjects
from penstock.kit.ids import CustomerId, DeviceId, ResidentId


class DeviceStore(Protocol):
    """Devices with their identifiers."""

    async def create(self, device: Device, token_digest: bytes) -> None:
        """Add a device and its identifiers.

        Raises:
            IdentifierTaken: another device of the organisation has one of them.
        """

    async def create_all(self, devices: Sequence[tuple[Device, bytes]]) -> None:
        """Add devices, each with its token's digest, and their identifiers, of which none may be taken."""

    async def taken(self, identifiers: Sequence[Identifier]) -> set[Identifier]:
        """Those of these (normalised) identifiers that a device of the organisation has."""

    async def find(self, device_id: DeviceId) -> Device | None:
        """The device with this id."""

    async def find_ref(self, device_id: DeviceId) -> DeviceRef | None:
        """The same, with only the fields that the hot paths need."""

    async def find_by_identifier(self, identifier: Identifier) -> Device | None:
        """The device with this (normalised) identifier."""

    async def find_ids_by_value(self, value: str) -> list[DeviceId]:
        """Devices with this value as an identifier of any kind."""

    async def pause_excess(self, keep: int, now_us: int) -> list[tuple[DeviceId, str]]:
        """Pause all active devices except the `keep` last seen. Returns id and name of each paused device."""

    async def list(
        self, filters: DeviceFilter, limit: int, after: Sequence[int | str] | None, sort: DeviceSort = DeviceSort.NEWEST
    ) -> list[Device]:
        """Devices in an order, after the position of another one in it. Connectivity is the last stored one."""

    async def page(self, filters: DeviceFilter, limit: int, offset: int) -> Sequence[Device]:
        """Devices newest first by offset, for dialects that page by offset."""

    async def count(self, filters: DeviceFilter) -> int:
        """How many devices match in total."""

    async def update(self, device: Device) -> None:
        """Replace the mutable fields of a device, including its identifiers.

        Raises:
            IdentifierTaken: another device of the organisation has one of them.
        """

    async def replace_token(self, device_id: DeviceId, token_digest: bytes, token_prefix: str, now_us: int) -> None:
        """Replace the access token."""

    async def delete(self, device_id: DeviceId, now_us: int) -> None:
        """Delete a device, its identifiers and sensors, and end its placement.

        What answers about its past need is kept: its periods, its EUI and, if it had a placement, its name and meter settings.
        """

    async def mark_seen(self, seen_us: Mapping[DeviceId, int]) -> None:
        """Move `last_seen` of devices forward, by id; never back."""

    async def add_fault(self, device_id: DeviceId, kind: FaultKind, count: FaultCount) -> None:
        """Add to the count of a device's faults. Does nothing if the device has been deleted."""


class SensorStore(Protocol):
    """Sensors of the organisation's devices."""

    async def create(self, sensor: Sensor) -> bool:
        """Add a sensor; False if the device already has one with this key."""

    async def create_all(self, sensors: Sequence[Sensor]) -> None:
        """Add sensors, of any devices, except those that a device already has."""

    async def find(self, device_id: DeviceId, key: str) -> Sensor | None:
        """The sensor with this key."""

    async def list(self, device_id: DeviceId, limit: int, after_key: str) -> list[Sensor]:
        """Sensors of a device by key, after `after_key`."""

    async def keys(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, set[str]]:
        """The keys of the sensors of some devices; a device without any is not among them."""

    async def update(self, sensor: Sensor, patch: SensorPatch, now_us: int) -> None:
        """Update a sensor, which declares it."""

    async def delete(self, device_id: DeviceId, key: str) -> bool:
        """Delete a sensor; False if it does not exist. It is discovered again when the device reports it."""


class HasDevices(Protocol):
    """A transaction with devices."""

    @property
    def devices(self) -> DeviceStore:
        """Devices and their identifiers."""


class HasSensors(Protocol):
    """A transaction with sensors."""

    @property
    def sensors(self) -> SensorStore:
        """Sensors of devices."""


class AssignmentStore(Protocol):
    """The parts of placements that device use cases need."""

    async def assigned_us(self, device_id: DeviceId, resident_id: ResidentId) -> int | None:
        """Since when a device has been assigned to a resident; None if it is not."""

    async def placed_us(self, device_id: DeviceId, customer_id: CustomerId) -> int | None:
        """Since when a device has been with a customer without an interruption; None if it is not."""

    async def in_maintenance(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        """Which of these devices are in maintenance."""


class DeviceTransaction(
    HasDevices,
    HasSensors,
    HasConnectivity,
    HasDeviceEvents,
    HasLicenses,
    HasProfiles,
    HasProjects,
    HasIdempotency,
    HasOutbox,
    HasConsumptionChanges,
    HasAudit,
    Protocol,
):
    """The transaction of use cases on devices."""

    @property
    def placements(self) -> AssignmentStore:
        """Assignments and maintenance of devices."""


class DeviceSystemTransaction(HasCredentials, OpensOrganizations[DeviceTransaction], Protocol):
    """The transaction that finds a device by its access token."""
