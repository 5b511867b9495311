"""The stores of the use cases on connections."""

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
from penstock.core.vault.store import HasSecrets
from penstock.kit.ids import ConnectionId, DeviceId, OrgId
from penstock.kit.ordering import After


class ConnectionStore(Protocol):
    """Connections of the transaction's organisation."""

    async def create(self, connection: Connection, secret_digest: bytes) -> None:
        """Add a connection."""

    async def find(self, connection_id: ConnectionId) -> Connection | None:
        """One connection with its activity as last stored."""

    async def find_ref(self, connection_id: ConnectionId) -> ConnectionRef | None:
        """The fields of a connection that the hot paths need."""

    async def list(self, filters: ConnectionFilter, limit: int, after: After) -> Sequence[Connection]:
        """Connections after a place or an id, by default newest first."""

    async def count(self) -> int:
        """The number of connections."""

    async def update(self, connection: Connection) -> None:
        """Update name, project, status and settings."""

    async def replace_secret(
        self, connection_id: ConnectionId, secret_digest: bytes, secret_prefix: str, previous_until_us: int | None, now_us: int
    ) -> None:
        """Replace the secret; if an end is set, the previous one is valid until then."""

    async def delete(self, connection_id: ConnectionId) -> None:
        """Delete a connection. Devices that reported through it are kept."""

    async def add_counts(self, connection_id: ConnectionId, counts: Counts) -> None:
        """Add to the counts of a connection. Does nothing if it has been deleted."""

    async def set_routes(self, routes: Mapping[DeviceId, Route], now_us: int, *, moves: bool = True) -> None:
        """Store the connections through which devices report. Deleted devices and connections are skipped.

        Without `moves`, so are devices that report through another connection.
        """

    async def find_route(self, device_id: DeviceId) -> Route | None:
        """The connection through which a device last reported."""


class SystemConnectionStore(Protocol):
    """Connections of all organisations."""

    async def find_by_digest(self, secret_digest: bytes, now_us: int) -> tuple[ConnectionRef, int | None] | None:
        """The connection with this secret, and until when the secret is valid if it was replaced."""

    async def running(self) -> Sequence[tuple[OrgId, ConnectionId]]:
        """Organisation and id of each active connection that Penstock opens, for the worker that does so."""


class HasConnections(Protocol):
    """A transaction with connections."""

    @property
    def connections(self) -> ConnectionStore:
        """Connections to network servers and brokers."""


class HasSystemConnections(Protocol):
    """A transaction across organisations with connections."""

    @property
    def connections(self) -> SystemConnectionStore:
        """Connections by the secret that a network server sends."""


class ConnectionTransaction(HasConnections, HasDeviceEvents, HasDevices, HasProjects, HasOutbox, HasAudit, HasSecrets, Protocol):
    """The transaction of use cases on connections."""
