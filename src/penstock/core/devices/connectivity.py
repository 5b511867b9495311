"""Whether devices are online: what changes it, and what is kept of it.

A device is online while it has a connection open, and otherwise as long as it is heard of: for one and a half of its expected
interval, or for the time of the settings. A connection that is lost, or cut by us, ends that at once; a goodbye does not, since
devices that sleep say one after each message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import Connectivity
from penstock.kit.ids import ChangeId, DeviceId, OrgId

TOPICS = {Connectivity.ONLINE: "device.online", Connectivity.OFFLINE: "device.offline"}


class Reason(StrEnum):
    """Why a device came online or went offline."""

    CONNECTED = "connected"
    READING = "reading"
    SILENT = "silent"
    """Nothing was heard of it for one and a half of its expected interval."""
    LOST = "lost"
    LAST_WILL = "last_will"
    CUT = "cut"


OFFLINE_AT_ONCE = {
    DisconnectReason.LOST: Reason.LOST,
    DisconnectReason.LAST_WILL: Reason.LAST_WILL,
    DisconnectReason.CUT: Reason.CUT,
}
"""Ends of a device's last connection after which it is offline."""


class ConnectivityChange(msgspec.Struct, frozen=True):
    """A device came online or went offline."""

    id: ChangeId
    device_id: DeviceId
    state: Connectivity
    reason: Reason
    at_us: int


class ConnectivityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes of a device to list; None means any. From (included) to (not included)."""

    device_id: DeviceId
    from_us: int | None = None
    to_us: int | None = None


class ConnectivityChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The event of a change; fields are only ever added. `maintenance`: the device stood so by hand, so nobody need be told."""

    device_id: DeviceId
    state: str
    reason: str
    at_us: int
    maintenance: bool = False


class SilentDevice(msgspec.Struct, frozen=True):
    """A device that is noted as online and was not heard of for `patience_us`."""

    org_id: OrgId
    id: DeviceId
    patience_us: int


class ConnectivityStore(Protocol):
    """Connectivity of the organisation's devices."""

    async def would_change(self, state: Connectivity, moments: Mapping[DeviceId, int]) -> Sequence[DeviceId]:
        """Which devices, of those that were in a state at a moment, are noted in another since before that moment."""

    async def add(self, changes: Sequence[ConnectivityChange]) -> None:
        """Note changes, and add them to the history."""

    async def list(self, wanted: ConnectivityQuery, limit: int, before_id: int) -> Sequence[ConnectivityChange]:
        """Changes newest first, older than `before_id`."""

    async def between(self, from_us: int, to_us: int, after_id: int, limit: int) -> Sequence[ConnectivityChange]:
        """Changes of all devices from a moment (included) to another (not included), oldest first, newer than `after_id`."""

    async def set_connected(self, connected: Mapping[DeviceId, tuple[bool, int]]) -> None:
        """Note whether devices have a connection open, and since when."""


class SystemConnectivityStore(Protocol):
    """Connectivity of every organisation's devices, for workers."""

    async def disconnect_all(self) -> None:
        """Note that no device has a connection open: the server has just started."""

    async def silent(self, now_us: int, since_us: int, offline_after_us: int, limit: int) -> Sequence[SilentDevice]:
        """Devices noted as online, without a connection, that should have been heard of; silence counts from `since_us` on."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Remove history from before a moment, oldest first; how much."""


class HasConnectivity(Protocol):
    """A transaction with devices' connectivity."""

    @property
    def connectivity(self) -> ConnectivityStore:
        """Whether devices are online."""


class HasSystemConnectivity(Protocol):
    """A transaction across organisations with devices' connectivity."""

    @property
    def connectivity(self) -> SystemConnectivityStore:
        """Whether devices are online, for workers."""
