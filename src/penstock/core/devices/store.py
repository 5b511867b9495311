"""What the device use cases need of a store. Every method sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.devices.connectivity import HasConnectivity
from penstock.core.devices.faults import Malformed
from penstock.core.devices.history import HasDeviceEvents
from penstock.core.devices.models import (
    Device,
    DeviceFilter,
    DeviceRef,
    Identifier,
    Sensor,
    SensorPatch,
)
from penstock.core.idempotency import HasIdempotency
from penstock.core.licenses.store import HasLicenses
from penstock.core.outbox import HasOutbox
from penstock.core.profiles.store import HasProfiles
from penstock.core.tenancy.store import HasCredentials, HasProjects
from penstock.kit.ids import DeviceId, ResidentId


class DeviceStore(Protocol):
    """Devices with their identifiers."""

    async def create(self, device: Device, token_digest: bytes) -> None:
        """Add a device and its identifiers.

        Raises:
            IdentifierTaken: another device of the organisation has one of them.
        """

    async def find(self, device_id: DeviceId) -> Device | None:
        """The device with this id."""

    async def find_ref(self, device_id: DeviceId) -> DeviceRef | None:
        """The same, with only what the hot paths need."""

    async def find_by_identifier(self, identifier: Identifier) -> Device | None:
        """The device known by this (normalised) identifier."""

    async def find_ids_by_value(self, value: str) -> list[DeviceId]:
        """Devices known by this text under any kind of identifier."""

    async def pause_beyond(self, keep: int, now_us: int) -> list[tuple[DeviceId, str]]:
        """Pause active devices but for those that were heard of last; id and name of each that was paused."""

    async def list(self, wanted: DeviceFilter, limit: int, before_id: int | None) -> list[Device]:
        """Devices newest first, older than `before_id`. Connectivity is what was noted last."""

    async def page(self, wanted: DeviceFilter, limit: int, offset: int) -> Sequence[Device]:
        """Devices newest first by offset, for the dialects that page so."""

    async def count(self, wanted: DeviceFilter) -> int:
        """How many devices `page` could show in all."""

    async def update(self, device: Device) -> None:
        """Replace what can be changed of a device, its identifiers included.

        Raises:
            IdentifierTaken: another device of the organisation has one of them.
        """

    async def replace_token(self, device_id: DeviceId, token_digest: bytes, token_prefix: str, now_us: int) -> None:
        """Make another access token the only one."""

    async def delete(self, device_id: DeviceId) -> None:
        """Remove a device, its identifiers and sensors."""

    async def mark_seen(self, seen_us: Mapping[DeviceId, int]) -> None:
        """Move `last_seen` of devices forward, by id; never back."""

    async def add_malformed(self, device_id: DeviceId, malformed: Malformed) -> None:
        """Add to what a device sent that could not be read. A device that is gone is left alone."""


class SensorStore(Protocol):
    """Sensors of the organisation's devices."""

    async def create(self, sensor: Sensor) -> bool:
        """Add a sensor; False when the device has one with this key."""

    async def find(self, device_id: DeviceId, key: str) -> Sensor | None:
        """The sensor with this key."""

    async def list(self, device_id: DeviceId, limit: int, after_key: str) -> list[Sensor]:
        """Sensors of a device by key, after `after_key`."""

    async def update(self, sensor: Sensor, patch: SensorPatch, now_us: int) -> None:
        """Change and thereby declare a sensor."""

    async def delete(self, device_id: DeviceId, key: str) -> bool:
        """Remove a sensor; False when there is none. It is discovered again when the device reports it."""


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


class Assignment(Protocol):
    """Whom a device is assigned to."""

    @property
    def resident_id(self) -> ResidentId | None:
        """The resident who may see the device, None for nobody."""


class AssignmentStore(Protocol):
    """What devices have to know of their placements."""

    async def find(self, device_id: DeviceId) -> Assignment:
        """Whom a device is assigned to."""

    async def in_maintenance(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        """Which of these devices stand in maintenance."""


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
    HasAudit,
    Protocol,
):
    """What use cases on devices work with."""

    @property
    def placements(self) -> AssignmentStore:
        """Where devices belong, and what was said of them."""


class DeviceSystemTransaction(HasCredentials, OpensOrganizations[DeviceTransaction], Protocol):
    """What finds a device by its access token."""
