"""What downlinks need of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.downlinks.models import DoubtfulExecution, DownlinkNote, Way
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId


class DownlinkStore(Protocol):
    """Downlinks of the transaction's organisation."""

    async def put(self, note: DownlinkNote) -> None:
        """Write down which downlink an execution became, in the place of what was known of it."""

    async def find(self, device_id: DeviceId, connection_id: ConnectionId, name: str) -> ExecutionId | None:
        """The newest execution that became the downlink of a name: of this device, by this connection."""

    async def first_uncounted(self, device_id: DeviceId, connection_id: ConnectionId) -> DownlinkNote | None:
        """The oldest downlink of this device by this connection that a broker has and that no frame counter is known of."""


class SystemWayStore(Protocol):
    """How commands reach devices of every organisation by others' servers of one kind, for workers."""

    async def way(self, device_id: DeviceId) -> Way | None:
        """How they reach a device: it is active, and last reported through an active connection with settings for them."""

    async def ways_waiting(self, limit: int) -> Sequence[Way]:
        """The same for devices for which a command waits that may travel so."""

    async def doubtful(self) -> Sequence[DoubtfulExecution]:
        """Executions of which nobody knows whether a server has them, and that have to be settled after a start."""


class HasDownlinks(Protocol):
    """A transaction with downlinks."""

    @property
    def downlinks(self) -> DownlinkStore:
        """Which downlinks executions became."""


class HasSystemDownlinks(Protocol):
    """A transaction across organisations with ways by network servers."""

    @property
    def downlinks(self) -> SystemWayStore:
        """Which devices downlinks reach, for workers."""


class HasSystemBrokerCommands(Protocol):
    """A transaction across organisations with ways by others' brokers."""

    @property
    def broker_commands(self) -> SystemWayStore:
        """Which devices commands reach by others' brokers, for workers."""
