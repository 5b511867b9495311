"""The audit entries of devices and sensors: names and values. Of `settings` only the names, because the values may be secrets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from penstock.core.audit.models import Target
from penstock.core.devices.models import Device
from penstock.kit.ids import DeviceId, Prefix, encode

CREATED = "device.create"
UPDATED = "device.update"
PAUSED = "device.pause"
RESUMED = "device.resume"
REKEYED = "device.token.regenerate"
DELETED = "device.delete"
SENSOR_CREATED = "sensor.create"
SENSOR_UPDATED = "sensor.update"
SENSOR_DELETED = "sensor.delete"


def target_of(device: Device) -> Target:
    """The device as the target of an audit entry."""
    return Target("device", encode(Prefix.DEVICE, device.id), device.name)


def target_of_sensor(device_id: DeviceId, key: str) -> Target:
    """The sensor as the target of an audit entry, by device and key."""
    return Target("sensor", encode(Prefix.DEVICE, device_id), key)


def facts(device: Device, names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a device as JSON values; of `settings` only the names."""
    plain = {name: msgspec.to_builtins(getattr(device, name)) for name in names}
    if "settings" in plain:
        plain["settings"] = sorted(device.settings)
    if "project_id" in plain:
        plain["project_id"] = encode(Prefix.PROJECT, device.project_id)
    if device.profile_id is not None and "profile_id" in plain:
        plain["profile_id"] = encode(Prefix.PROFILE, device.profile_id)
    return plain
