"""The stores of meter alarms. Each sees only the transaction's organisation, except those for workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.customers.store import HasPlacements
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices
from penstock.core.meter_alarms.models import Alarm, AlarmFilter, Progress
from penstock.core.meter_alarms.settings import AlarmSettings
from penstock.core.meters.store import HasMeters
from penstock.core.outbox import HasOutbox
from penstock.core.profiles.store import HasProfiles
from penstock.core.telemetry.store import HasCursors
from penstock.kit.ids import DeviceId, MeterAlarmId, ProfileId, RedecodeId, ResidentId


class WatchedMeter(msgspec.Struct, frozen=True, kw_only=True):
    """A device that is a meter, with its own settings of alarms and those of its profile."""

    device_id: DeviceId
    name: str
    own: AlarmSettings | None
    of_profile: AlarmSettings | None


class MeterAlarmStore(Protocol):
    """Alarms of meters, their settings, and how far meters were evaluated."""

    async def create(self, alarm: Alarm) -> None:
        """Add an alarm."""

    async def find(self, alarm_id: MeterAlarmId) -> Alarm | None:
        """One alarm, or None."""

    async def list(self, filters: AlarmFilter, limit: int, before_id: int | None) -> Sequence[Alarm]:
        """Alarms newest first, older than `before_id`."""

    async def list_of_resident(
        self, resident_id: ResidentId, filters: AlarmFilter, limit: int, before_id: int | None
    ) -> Sequence[Alarm]:
        """Alarms of the devices assigned to a resident, as far as they were open since then, newest first."""

    async def list_known(self, device_ids: Sequence[DeviceId], from_us: int) -> Sequence[Alarm]:
        """The alarms of devices that are open, or ended at or after a time."""

    async def update(self, alarm: Alarm) -> None:
        """Store how far an alarm lasts, and its end."""

    async def acknowledge(self, alarm_id: MeterAlarmId, at_us: int, by: str, note: str | None) -> bool:
        """Acknowledge an alarm. Returns whether it was not acknowledged yet."""

    async def watched(self, device_ids: Sequence[DeviceId]) -> Sequence[WatchedMeter]:
        """Those of these devices that are meters."""

    async def find_settings(self, device_id: DeviceId) -> AlarmSettings | None:
        """A device's own settings."""

    async def set_settings(self, device_id: DeviceId, settings: AlarmSettings) -> None:
        """Replace a device's own settings."""

    async def find_profile_settings(self, profile_id: ProfileId) -> AlarmSettings | None:
        """A profile's settings."""

    async def set_profile_settings(self, profile_id: ProfileId, settings: AlarmSettings) -> None:
        """Replace a profile's settings."""

    async def progress(self, device_ids: Sequence[DeviceId]) -> Sequence[Progress]:
        """How far devices were evaluated."""

    async def save_progress(self, rows: Sequence[Progress]) -> None:
        """Store how far devices were evaluated."""

    async def set_back_progress(self, redecode_id: RedecodeId, context_us: int) -> None:
        """Have the counters that a re-decode changed evaluated again, from `context_us` before what it changed."""


class SystemMeterAlarmStore(Protocol):
    """The alarms of all organisations, for workers."""

    async def silent(self, now_us: int, limit: int) -> Sequence[Alarm]:
        """Open alarms that no reading has shown for the time of their kind."""

    async def drop_ended(self, before_us: int, limit: int) -> int:
        """Delete alarms that ended before a time, oldest first. Returns how many."""


class HasMeterAlarms(Protocol):
    """A transaction with meter alarms."""

    @property
    def meter_alarms(self) -> MeterAlarmStore:
        """Alarms of meters."""


class MeterAlarmTransaction(HasMeterAlarms, HasMeters, HasDevices, HasProfiles, HasPlacements, HasOutbox, HasAudit, Protocol):
    """The transaction of use cases on meter alarms."""


class MeterAlarmSystemTransaction(HasCursors, OpensOrganizations[MeterAlarmTransaction], Protocol):
    """The same for all organisations, for the worker."""

    @property
    def meter_alarms(self) -> SystemMeterAlarmStore:
        """Alarms of meters."""
