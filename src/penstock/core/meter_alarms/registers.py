"""The registers of meters that are watched: the only place that reads the settings of meters."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.meters.models import MeterOf, register_of
from penstock.core.meters.store import HasMeters
from penstock.kit.ids import DeviceId


async def registers_of(tx: HasMeters, device_ids: Sequence[DeviceId]) -> dict[DeviceId, tuple[MeterOf, ...]]:
    """The registers of each of some devices."""
    found: dict[DeviceId, tuple[MeterOf, ...]] = {}
    for device_id in device_ids:
        meter = await tx.meters.find(device_id)
        found[device_id] = (MeterOf(device_id=device_id, name="", role=meter.role, versions=(register_of(meter),)),)
    return found
