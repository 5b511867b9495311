"""Whether devices are online: what changes it, and how changes are stored.

A device is online while it has an open connection, and otherwise while it keeps reporting: for one and a half times its expected
interval, or the time in the settings. A connection that is lost, or closed by the server, ends that immediately. A regular
disconnect does not, because devices that sleep disconnect after each message.
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
    """Why a device went online or offline."""

    CONNECTED = "connected"
    READING = "reading"
    SEEN = "seen"
    """It transmitted without a reading: a network server reported its join, an acknowledgement or an empty uplink."""
    SILENT = "silent"
    """Nothing was received from it for one and a half times its expected interval."""
    REPORTED = "reported"
    """A message said so: a status of the device, or what a broker published in its place."""
    LOST = "lost"
    LAST_WILL = "last_will"
    CUT = "cut"


OFFLINE_AT_ONCE = {
    DisconnectReason.LOST: Reason.LOST,
    DisconnectReason.LAST_WILL: Reason.LAST_WILL,
    DisconnectReason.CUT: Reason.CUT,
}
"""If a device's last connection ends for one of these reasons, the device is offline immediately."""


class ConnectivityChange(msgspec.Struct, frozen=True):
    """A device went online or offline."""

    id: ChangeId
    device_id: DeviceId
    state: Connectivity
    reason: Reason
    at_us: int


class ConnectivityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of a device to list; None matches all. `from_us` is included, `to_us` is not."""

    device_id: DeviceId
    from_us: int | None = None
    to_us: int | None = None


class ConnectivityChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The event of a change; fields are only ever added.

    `maintenance`: the device is in maintenance, so no one need be notified.
    """

    device_id: DeviceId
    state: str
    reason: str
    at_us: int
    maintenance: bool = False


class SilentDevice(msgspec.Struct, frozen=True):
    """A device that is recorded as online and from which nothing was received for `patience_us`."""

    org_id: OrgId
    id: DeviceId
    patience_us: int


class ConnectivityStore(Protocol):
    """Connectivity of the organisation's devices."""

    async def would_change(self, state: Connectivity, moments: Mapping[DeviceId, int]) -> Sequence[DeviceId]:
        """Of devices that were in a state at a time, those recorded in another state since before that time."""

    async def add(self, changes: Sequence[ConnectivityChange]) -> None:
        """Record changes, and add them to the history."""

    async def list(self, query: ConnectivityQuery, limit: int, before_id: int) -> Sequence[ConnectivityChange]:
        """Changes newest first, older than `before_id`."""

    async def between(self, from_us: int, to_us: int, after_id: int, limit: int) -> Sequence[ConnectivityChange]:
        """Changes of all devices from one time (included) to another (not included), oldest first, with ids above `after_id`."""

    async def set_connected(self, connected: Mapping[DeviceId, tuple[bool, int]]) -> None:
        """Record whether devices have an open connection, and since when."""


class SystemConnectivityStore(Protocol):
    """Connectivity of the devices of all organisations, for workers."""

    async def disconnect_all(self) -> None:
        """Record that no device has an open connection, because the server has just started."""

    async def silent(self, now_us: int, since_us: int, offline_after_us: int, limit: int) -> Sequence[SilentDevice]:
        """Devices recorded as online, without a connection, that are overdue; silence counts from `since_us`."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Delete history before a time, oldest first. Returns the number of deleted rows."""


class HasConnectivity(Protocol):
    """A transaction with the connectivity of devices."""

    @property
    def connectivity(self) -> ConnectivityStore:
        """Whether devices are online."""


class HasSystemConnectivity(Protocol):
    """A transaction across organisations with the connectivity of devices."""

    @property
    def connectivity(self) -> SystemConnectivityStore:
        """Whether devices are online, for workers."""
