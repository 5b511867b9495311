"""The result of a change of plan."""

from __future__ import annotations

import msgspec

from penstock.core.tenancy.models import Organization
from penstock.kit.ids import DeviceId, KeyId


class PlanChange(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation on another plan, and the ids of the devices and keys that exceeded its limits."""

    organization: Organization
    paused_devices: list[DeviceId]
    revoked_keys: list[KeyId]
