"""Use cases on connections, in CRUD order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.connections import events
from penstock.core.connections.directory import SECRET_PREFIX
from penstock.core.connections.errors import ConnectionLimitReached, ConnectionNotFound
from penstock.core.connections.models import (
    SETTINGS,
    Connection,
    ConnectionFilter,
    ConnectionPatch,
    ConnectionStatus,
    ConnectionType,
    CreatedConnection,
    NewConnection,
    Route,
)
from penstock.core.connections.secrets import (
    WITHIN,
    check_given,
    filled,
    kept_paths,
    merged,
    owner_of,
    secrets_in,
    stripped,
)
from penstock.core.connections.settings import (
    COMMANDS_SCOPE,
    ChirpStackMqtt,
    Settings,
    check,
    passes_commands_on,
    read_settings,
)
from penstock.core.connections.store import ConnectionTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.vault.fields import SecretFields
from penstock.kit.clock import DAY_US, SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId, DeviceId, IdSource, OrgId, Prefix, decode, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page
from penstock.kit.secret import SHOWN_PREFIX, Pepper, new_credential

MAX_CONNECTIONS = 1_000
"""Per organisation."""
MAX_OVERLAP_US = 7 * DAY_US
_ORDERING: Ordering[Connection] = by_name("-created_at")


class ConnectionService:
    """Connections of an organisation. `on_change` is called with the id of each changed connection."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[ConnectionTransaction],
        devices: DeviceDirectory,
        secrets: SecretFields,
        trail: AuditTrail,
        pepper: Pepper,
        ids: IdSource,
        clock: Clock,
        on_change: Callable[[ConnectionId], None],
    ) -> None:
        self._database = database
        self._devices = devices
        self._secrets = secrets
        self._trail = trail
        self._pepper = pepper
        self._ids = ids
        self._clock = clock
        self._on_change = on_change

    async def create(self, actor: Actor, request: NewConnection) -> CreatedConnection:
        """Create a connection with its secret, which only this response contains.

        Raises:
            InvalidInput: a setting is invalid; the error names the field.
            ScopeMissing: the connection passes commands on, and the caller must not read them; or a setting refers to a secret,
            and the caller must not read secrets.
            SecretsUnreadable: a secret that a setting refers to cannot be decrypted.
            Unavailable: the vault's master key cannot be reached; retry later.
            ProjectNotFound, ConnectionLimitReached.
        """
        check(request.settings)
        _check_rights(actor, request.settings)
        connection_id, now_us, secret = self._ids.next(ConnectionId), self._clock.now_us(), new_credential(SECRET_PREFIX)
        given = await self._secrets.given(actor, secrets_in(msgspec.to_builtins(request.settings)), WITHIN)
        check_given(given)
        connection = Connection(
            id=connection_id,
            org_id=actor.org_id,
            project_id=request.project_id,
            name=request.name,
            type=request.type,
            status=ConnectionStatus.ACTIVE,
            settings=stripped(request.settings),
            secret_paths=given.paths,
            secret_prefix=secret[:SHOWN_PREFIX],
            previous_until_us=None,
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.connections.count() >= MAX_CONNECTIONS:
                raise ConnectionLimitReached(limit=MAX_CONNECTIONS)
            await _check_places(tx, connection)
            await tx.connections.create(connection, self._pepper.digest(secret.encode()))
            await self._secrets.store(tx, actor, owner_of(connection_id), given)
            await self._trail.record(tx, actor, "connection.create", target_of(connection), after=_facts(connection))
            await tx.outbox.add(events.CREATED, connection.id, _changed(connection, now_us, actor))
        return CreatedConnection(connection=connection, secret=secret)

    async def get(self, actor: Actor, connection_id: ConnectionId) -> Connection:
        """One connection.

        Raises:
            ConnectionNotFound: the caller's organisation has no connection with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, connection_id)

    async def open_settings(self, org_id: OrgId, connection_id: ConnectionId) -> tuple[Connection, Settings]:
        """A connection, and its settings including secrets: for the worker that connects to the other server.

        Raises:
            ConnectionNotFound: it has been deleted.
            SecretsUnreadable: a secret is missing or cannot be decrypted.
            Unavailable: the vault's master key cannot be reached; retry later.
        """
        async with self._database.snapshot(org_id) as tx:
            connection = await _get(tx, connection_id)
        values = await self._secrets.read(org_id, owner_of(connection_id), connection.secret_paths)
        return connection, filled(connection, values)

    async def list(
        self, actor: Actor, filters: ConnectionFilter, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[Connection]:
        """A page of connections, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.connections.list(filters, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, connection_id: ConnectionId, patch: ConnectionPatch) -> Connection:
        """Update the fields in the patch. The type never changes.

        Raises:
            InvalidInput: a setting is invalid, or would send a stored secret to another address; the error names the field.
            ScopeMissing: the connection passes commands on, and the caller must not read them; or a setting refers to a secret,
            and the caller must not read secrets.
            ConnectionNotFound, ProjectNotFound, SecretsUnreadable, Unavailable.
        """
        sent: Mapping[str, Any] = {} if patch.settings is UNSET else patch.settings
        given = await self._secrets.given(actor, secrets_in(sent), WITHIN)
        check_given(given)
        owner = owner_of(connection_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, connection_id)
            changes: dict[str, Any] = {
                name: value for name in ("name", "project_id") if (value := getattr(patch, name)) is not UNSET
            }
            dropped: Set[str] = frozenset()
            if patch.settings is not UNSET:
                new = read_settings(SETTINGS[before.type], merged(msgspec.to_builtins(before.settings), sent))
                # Before as well: waiting commands are sent to the new address.
                _check_rights(actor, before.settings, new)
                changes["settings"] = stripped(new)
                kept = kept_paths(before, new, sent, given)
                changes["secret_paths"] = kept | given.paths
                dropped = before.secret_paths.keys() - changes["secret_paths"].keys()
            after = msgspec.structs.replace(before, updated_us=self._clock.now_us(), **changes)
            await _check_places(tx, after)
            await self._secrets.drop(tx, owner, dropped)
            await self._secrets.store(tx, actor, owner, given)
            replaced = sorted(dropped | given.values.keys())
            await self._write(tx, actor, "connection.update", before, after, replaced=replaced)
        self._secrets.forget(actor.org_id, owner)
        self._on_change(connection_id)
        return after

    async def set_status(self, actor: Actor, connection_id: ConnectionId, status: ConnectionStatus) -> Connection:
        """Pause or resume a connection. Pausing a paused connection has no effect.

        Raises:
            ConnectionNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, connection_id)
            if before.status is status:
                return before
            after = msgspec.structs.replace(before, status=status, updated_us=self._clock.now_us())
            action = "connection.pause" if status is ConnectionStatus.PAUSED else "connection.resume"
            await self._write(tx, actor, action, before, after)
        self._on_change(connection_id)
        return after

    async def rotate_secret(self, actor: Actor, connection_id: ConnectionId, overlap_us: int = 0) -> CreatedConnection:
        """Replace a connection's secret; the previous one is invalid when this returns, or after an overlap.

        Raises:
            InvalidInput: the overlap is longer than seven days.
            ConnectionNotFound.
        """
        if not 0 <= overlap_us <= MAX_OVERLAP_US:
            raise InvalidInput.field("overlap_s", f"must be between 0 and {MAX_OVERLAP_US // SECOND_US} seconds")
        secret, now_us = new_credential(SECRET_PREFIX), self._clock.now_us()
        until_us = now_us + overlap_us if overlap_us else None
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get(tx, connection_id)
            prefix, digest = secret[:SHOWN_PREFIX], self._pepper.digest(secret.encode())
            after = msgspec.structs.replace(before, secret_prefix=prefix, previous_until_us=until_us, updated_us=now_us)
            await tx.connections.replace_secret(connection_id, digest, prefix, until_us, now_us)
            overlap_s = overlap_us // SECOND_US
            await self._trail.record(tx, actor, "connection.rotate_secret", target_of(before), overlap_s=overlap_s)
            await tx.outbox.add(events.SECRET_ROTATED, connection_id, _changed(after, now_us, actor))
        self._on_change(connection_id)
        return CreatedConnection(connection=after, secret=secret)

    async def route(self, actor: Actor, device_id: DeviceId) -> Route | None:
        """The connection through which a device last reported, or None.

        Raises:
            DeviceNotFound: no such device is visible to the caller.
        """
        await self._devices.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.connections.find_route(device_id)

    async def set_route(self, actor: Actor, device_id: DeviceId, route: Route) -> Route:
        """Set the connection through which commands reach a device, until it reports through another.

        Raises:
            DeviceNotFound: no such device is visible to the caller.
            ConnectionNotFound: the caller's organisation has no connection with this id.
            InvalidInput: the connection cannot access the device's project.
        """
        device = await self._devices.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            connection = await _get(tx, route.connection_id)
            if connection.project_id not in (None, device.project_id):
                raise InvalidInput.field("connection_id", "must be a connection with access to the device's project")
            await tx.connections.set_routes({device_id: route}, self._clock.now_us())
            found = await tx.connections.find_route(device_id) or route
            public_id = encode(Prefix.DEVICE, device_id)
            await self._trail.record(tx, actor, "connection.assign", target_of(connection), device_id=public_id)
        self._devices.drop(device_id)  # caches of its route then look it up again
        return found

    async def delete(self, actor: Actor, connection_id: ConnectionId) -> None:
        """Delete a connection. Its devices and their readings are kept.

        Raises:
            ConnectionNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            connection = await _get(tx, connection_id)
            await tx.connections.delete(connection_id)
            await self._secrets.drop_all(tx, owner_of(connection_id))
            await self._trail.record(tx, actor, "connection.delete", target_of(connection), before=_facts(connection))
            await tx.outbox.add(events.DELETED, connection_id, _changed(connection, self._clock.now_us(), actor))
        self._secrets.forget(actor.org_id, owner_of(connection_id))
        self._on_change(connection_id)

    async def _write(
        self,
        tx: ConnectionTransaction,
        actor: Actor,
        action: str,
        before: Connection,
        after: Connection,
        *,
        replaced: Sequence[str] = (),
    ) -> None:
        await tx.connections.update(after)
        old, new = _facts(before), _facts(after)
        differing = [name for name in new if old[name] != new[name]]
        await self._trail.record(
            tx,
            actor,
            action,
            target_of(before),
            before={name: old[name] for name in differing},
            after={name: new[name] for name in differing},
            secrets=list(replaced) or None,
        )
        await tx.outbox.add(events.UPDATED, after.id, _changed(after, after.updated_us, actor))


def _check_rights(actor: Actor, *settings: Settings) -> None:
    if any(passes_commands_on(one) for one in settings):
        actor.require(COMMANDS_SCOPE)


async def _get(tx: ConnectionTransaction, connection_id: ConnectionId) -> Connection:
    connection = await tx.connections.find(connection_id)
    if connection is None:
        raise ConnectionNotFound(connection_id=encode(Prefix.CONNECTION, connection_id))
    return connection


async def _check_places(tx: ConnectionTransaction, connection: Connection) -> None:
    """Check that the project and the other connection that a connection refers to exist."""
    project_id = connection.project_id
    if project_id is not None and await tx.projects.find(project_id) is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
    downlink = getattr(connection.settings, "downlink", None)
    if isinstance(downlink, ChirpStackMqtt):
        other = await tx.connections.find_ref(decode(Prefix.CONNECTION, downlink.connection_id) or ConnectionId(0))
        if other is None or other.type is not ConnectionType.MQTT:
            raise InvalidInput.field("settings.downlink.connection_id", "must be a connection of type mqtt", "unknown")


def target_of(connection: Connection) -> Target:
    """The connection as the target of an audit entry."""
    return Target("connection", encode(Prefix.CONNECTION, connection.id), connection.name)


def _facts(connection: Connection) -> dict[str, Any]:
    """The facts about a connection in the audit log, without secrets."""
    project_id = connection.project_id
    return {
        "name": connection.name,
        "type": connection.type.value,
        "status": connection.status.value,
        "project_id": None if project_id is None else encode(Prefix.PROJECT, project_id),
        "settings": msgspec.to_builtins(connection.settings),
    }


def _changed(connection: Connection, at_us: int, actor: Actor) -> events.ConnectionChanged:
    return events.ConnectionChanged(
        connection_id=connection.id,
        type=connection.type.value,
        status=connection.status.value,
        name=connection.name,
        at_us=at_us,
        chain=actor.chain,
    )
