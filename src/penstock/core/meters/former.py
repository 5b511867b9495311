"""Former meters: devices that were deleted after a customer had them. Answers about the past need their settings and readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.meters.models import MeterRole
from penstock.core.registers.models import Register
from penstock.kit.ids import DeviceId


class FormerMeter(msgspec.Struct, frozen=True, kw_only=True):
    """A deleted device that had a placement.

    `registers` are those at its deletion, its own or its profile's; None if it had the default. `points` are the values of its
    readings, None while the readings themselves are still stored.
    """

    device_id: DeviceId
    name: str
    eui: str | None
    role: MeterRole
    registers: tuple[Register, ...] | None
    deleted_us: int
    points: bytes | None


class FormerMeterStore(Protocol):
    """Deleted devices that had a placement. They are added by the deletion of the device."""

    async def of(self, device_ids: Sequence[DeviceId]) -> dict[DeviceId, FormerMeter]:
        """Those of these devices that are former meters."""

    async def keep_points(self, device_id: DeviceId, points: bytes) -> None:
        """Store the values of a former meter's readings, unless some are stored."""


class HasFormerMeters(Protocol):
    """A transaction with former meters."""

    @property
    def former_meters(self) -> FormerMeterStore:
        """Deleted devices that had a placement."""
