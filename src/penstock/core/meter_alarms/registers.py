"""The role and the registers of meters that are watched: the only place that reads the settings of meters."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.meters.models import MeterOf, MeterRole, register_of
from penstock.core.meters.store import HasMeters
from penstock.kit.ids import DeviceId


class WatchedRegisters(msgspec.Struct, frozen=True, kw_only=True):
    """What a meter counts."""

    role: MeterRole
    registers: tuple[MeterOf, ...]


async def registers_of(tx: HasMeters, names: Mapping[DeviceId, str]) -> dict[DeviceId, WatchedRegisters]:
    """What each of some devices counts, which are given with their names."""
    found = {}
    for device_id, name in names.items():
        meter = await tx.meters.find(device_id)
        one = MeterOf(device_id=device_id, name=name, role=meter.role, versions=(register_of(meter),))
        found[device_id] = WatchedRegisters(role=meter.role, registers=(one,))
    return found
