"""What the use cases on connections need of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.connections.activity import Counts
from penstock.core.connections.models import Connection, ConnectionFilter, ConnectionRef, Route
from penstock.core.devices.history import HasDeviceEvents
from penstock.core.devices.store import HasDevices
from penstock.core.outbox import HasOutbox
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import ConnectionId, DeviceId, OrgId


class ConnectionStore(Protocol):
    """Connections of the transaction's organisation."""

    async def create(self, connection: Connection, secret_digest: bytes) -> None:
        """Add a connection."""

    async def find(self, connection_id: ConnectionId) -> Connection | None:
        """One connection with its activity as it was last written down."""

    async def find_ref(self, connection_id: ConnectionId) -> ConnectionRef | None:
        """What the hot paths need of one."""

    async def list(self, wanted: ConnectionFilter, limit: int, before_id: int | None) -> Sequence[Connection]:
        """Connections newest first, older than a given one."""

    async def count(self) -> int:
        """How many there are."""

    async def update(self, connection: Connection) -> None:
        """Write name, project, status and settings."""

    async def replace_secret(
        self, connection_id: ConnectionId, secret_digest: bytes, secret_prefix: str, previous_until_us: int | None, now_us: int
    ) -> None:
        """Make another secret the one that counts; the one before counts on until a moment, if one is given."""

    async def delete(self, connection_id: ConnectionId) -> None:
        """Remove a connection. Devices stay, and report through none."""

    async def add_counts(self, connection_id: ConnectionId, counts: Counts) -> None:
        """Add to what came through a connection, if it is still there."""

    async def set_routes(self, routes: Mapping[DeviceId, Route], now_us: int) -> None:
        """Note by which connection devices report. Those of either that are gone are passed over."""

    async def find_route(self, device_id: DeviceId) -> Route | None:
        """By which connection a device last reported."""


class SystemConnectionStore(Protocol):
    """Connections of every organisation."""

    async def find_by_digest(self, secret_digest: bytes, now_us: int) -> tuple[ConnectionRef, int | None] | None:
        """The connection with this secret, and until when the secret is good where it was replaced."""

    async def running(self) -> Sequence[tuple[OrgId, ConnectionId]]:
        """Organisation and id of each active connection that fetches messages itself, for whoever connects them."""


class HasConnections(Protocol):
    """A transaction with connections."""

    @property
    def connections(self) -> ConnectionStore:
        """Connections to network servers and brokers."""


class HasSystemConnections(Protocol):
    """A transaction across organisations with connections."""

    @property
    def connections(self) -> SystemConnectionStore:
        """Connections by what a network server shows."""


class ConnectionTransaction(HasConnections, HasDeviceEvents, HasDevices, HasProjects, HasOutbox, HasAudit, Protocol):
    """What use cases on connections work with."""
