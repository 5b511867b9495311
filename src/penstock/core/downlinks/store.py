"""The stores of downlinks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.downlinks.models import DownlinkNote, DownlinkRoute, UnconfirmedExecution
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId


class DownlinkStore(Protocol):
    """Downlinks of the transaction's organisation."""

    async def put(self, note: DownlinkNote) -> None:
        """Store the downlink of an execution, replacing an earlier one."""

    async def find(self, device_id: DeviceId, connection_id: ConnectionId, name: str) -> ExecutionId | None:
        """The newest execution whose downlink has this name, for this device and connection."""

    async def first_uncounted(self, device_id: DeviceId, connection_id: ConnectionId) -> DownlinkNote | None:
        """The oldest downlink for this device and connection that a broker has and whose frame counter is unknown."""


class SystemDownlinkStore(Protocol):
    """The connections through which external servers of one kind reach devices of all organisations, for workers."""

    async def find_route(self, device_id: DeviceId) -> DownlinkRoute | None:
        """The connection of a device.

        The device must be active and have last reported through an active one with downlink settings.
        """

    async def waiting_routes(self, limit: int) -> Sequence[DownlinkRoute]:
        """The same for devices with a queued command that can be sent this way."""

    async def unconfirmed(self) -> Sequence[UnconfirmedExecution]:
        """Executions for which it is unknown whether a server accepted them; they must be settled after a start."""


class HasDownlinks(Protocol):
    """A transaction with downlinks."""

    @property
    def downlinks(self) -> DownlinkStore:
        """The downlinks of executions."""


class HasSystemDownlinks(Protocol):
    """A transaction across organisations with the connections to network servers."""

    @property
    def downlinks(self) -> SystemDownlinkStore:
        """The devices that downlinks can reach, for workers."""


class HasSystemBrokerCommands(Protocol):
    """A transaction across organisations with the connections to external brokers."""

    @property
    def broker_commands(self) -> SystemDownlinkStore:
        """The devices that commands can reach through external brokers, for workers."""
