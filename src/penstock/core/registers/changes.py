"""Notes that past consumption may be different from now on, for those who have billed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from penstock.kit.ids import DeviceId, ProfileId

REDECODE = "redecode"
"""The reason of changes that a re-decode made."""


class ConsumptionChanges(Protocol):
    """Which devices' consumption has changed, and from when. The note commits with the change that it is about."""

    async def add(self, device_id: DeviceId, from_us: int, reason: str, at_us: int) -> None:
        """Note that a device's consumption from `from_us` on may have changed; `reason` says by what, such as `edit`."""

    async def add_all(self, changes: Mapping[DeviceId, int], reason: str, at_us: int) -> None:
        """The same for many devices, each with its `from_us`."""

    async def add_of_profile(self, profile_id: ProfileId, from_us: int, reason: str, at_us: int) -> None:
        """The same for each device that has its registers from a profile."""


class HasConsumptionChanges(Protocol):
    """A transaction with notes about changed consumption."""

    @property
    def consumption_changes(self) -> ConsumptionChanges:
        """Notes about changed consumption."""
