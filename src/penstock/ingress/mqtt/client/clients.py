"""Keeps one link for every active connection of type mqtt.

A change wakes the loop immediately. It loads all active connections, ends links that are no longer configured or have other
settings, and starts new ones. It also runs every half a minute, so that a missed notification is noticed. The state that a link
leaves behind (its session state, its subscriptions) is passed to the next link of the same connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection

import msgspec
import structlog

from penstock.core.connections.directory import ConnectionDirectory
from penstock.core.connections.errors import ConnectionNotFound
from penstock.core.connections.links import LinkState
from penstock.core.connections.models import Connection, ConnectionRef
from penstock.core.connections.publishing import Publication
from penstock.core.connections.service import ConnectionService
from penstock.core.connections.settings import MqttSettings
from penstock.core.connections.store import HasConnections, HasSystemConnections
from penstock.core.database import Database
from penstock.core.downlinks.ports import NotAccepted, Outcome
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.core.vault.errors import SecretsUnreadable
from penstock.ingress.mqtt.client.link import BrokerLink, LinkParts
from penstock.ingress.mqtt.client.memory import ClientSessionState
from penstock.kit.ids import ConnectionId, OrgId

RECHECK_S = 30.0
MAX_LEFT = 10_000
_log = structlog.get_logger()
STOP_S = 5.0
"""How long links may take to store their received messages when the server stops."""


class _Kept(msgspec.Struct):
    """A running link, and the settings it was created from."""

    link: BrokerLink
    task: asyncio.Task[None]
    made_of: tuple[ConnectionRef, MqttSettings]


class _Left(msgspec.Struct):
    """The state that an ended link left behind."""

    memory: ClientSessionState
    filters: set[str]
    broker: tuple[object, ...]


class MqttClients:
    """Starts and ends links."""

    def __init__(
        self,
        *,
        parts: LinkParts,
        database: Database[HasConnections, HasSystemConnections],
        service: ConnectionService,
        directory: ConnectionDirectory,
        gate: Gate,
    ) -> None:
        self._parts = parts
        self._database = database
        self._service = service
        self._gate = gate
        self._kept: dict[ConnectionId, _Kept] = {}
        self._left: dict[ConnectionId, _Left] = {}
        self._changed: set[ConnectionId] = set()
        self._wake = asyncio.Event()
        directory.subscribe(self._note_change)

    def organizations_changed(self) -> None:
        """Check again whether the organisations of connections are active."""
        self._wake.set()

    def is_connected(self, connection_id: ConnectionId) -> bool:
        """Whether messages can currently be published to the connection's broker."""
        kept = self._kept.get(connection_id)
        return kept is not None and kept.link.is_connected

    async def publish(self, connection_id: ConnectionId, message: Publication) -> Outcome:
        """Implements `BrokerPublisher`."""
        kept = self._kept.get(connection_id)
        return NotAccepted("the broker is not connected") if kept is None else await kept.link.publish(message)

    async def run(self) -> None:
        """Keep links until cancelled."""
        try:
            while True:
                self._wake.clear()
                await self._reconcile()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), RECHECK_S)
        finally:
            await self._stop_all()

    def _note_change(self, connection_id: ConnectionId) -> None:
        kept = self._kept.get(connection_id)
        if kept is not None:
            kept.link.hold()  # after a pause or a deletion, no further message is stored
        self._changed.add(connection_id)
        self._wake.set()

    async def _reconcile(self) -> None:
        changed, self._changed = self._changed, set()
        try:
            await self._apply(changed)
        except BaseException:
            self._changed |= changed  # to be looked at again
            raise

    async def _apply(self, changed: Collection[ConnectionId]) -> None:
        async with self._database.system_snapshot() as tx:
            active = dict([(connection_id, org_id) for org_id, connection_id in await tx.connections.running()])
        selected = dict(list(active.items())[: self._parts.config.max_connections])
        for connection_id in list(active)[self._parts.config.max_connections :]:
            self._parts.links.note(connection_id, LinkState.STOPPED, "the server's limit of connections to brokers is reached")
        running = {org_id: await self._is_answered(org_id) for org_id in set(selected.values())}
        for connection_id, org_id in selected.items():
            if not running[org_id]:
                await self._end(connection_id)
                self._parts.links.note(connection_id, LinkState.STOPPED, "the organisation is suspended")
            elif connection_id in changed or connection_id not in self._kept or self._kept[connection_id].task.done():
                await self._begin(org_id, connection_id)
        for connection_id in [one for one in self._kept if one not in selected]:
            await self._end(connection_id, gone=not await self._exists(connection_id))
        for connection_id in changed - selected.keys():
            self._parts.links.forget(connection_id)

    async def _is_answered(self, org_id: OrgId) -> bool:
        try:
            await self._gate.check_running(org_id)
        except OrganizationSuspended:
            return False
        return True

    async def _exists(self, connection_id: ConnectionId) -> bool:
        org_id = self._kept[connection_id].link.connection.org_id
        async with self._database.snapshot(org_id) as tx:
            return await tx.connections.find_ref(connection_id) is not None

    async def _begin(self, org_id: OrgId, connection_id: ConnectionId) -> None:
        """Start a link with the current settings, unless one with the same settings is running."""
        try:
            connection, settings = await self._service.open_settings(org_id, connection_id)
        except ConnectionNotFound:
            return  # it was deleted; the next pass removes it
        except SecretsUnreadable as error:
            await self._end(connection_id)
            self._parts.links.note(connection_id, LinkState.STOPPED, error.detail)
            return
        assert isinstance(settings, MqttSettings)
        made_of = (_ref(connection), settings)
        kept = self._kept.get(connection_id)
        if kept is not None and kept.made_of == made_of and not kept.task.done():
            if connection_id not in self._changed:
                kept.link.release()
            return
        await self._end(connection_id)
        left = self._left.pop(connection_id, None)
        broker = _broker(settings)
        if left is None or left.broker != broker:
            left = _Left(ClientSessionState(self._parts.config.max_inflight), set(), broker)
        link = BrokerLink(self._parts, made_of[0], settings, left.memory, left.filters)
        task = asyncio.create_task(link.run(), name="broker_link")
        task.add_done_callback(self._report_end)
        self._kept[connection_id] = _Kept(link, task, made_of)

    async def _end(self, connection_id: ConnectionId, *, gone: bool = False) -> None:
        kept = self._kept.get(connection_id)
        if kept is None:
            return
        kept.link.end(forget=gone)
        # Its batch may still be waiting for the disk. A second link would be a second client in the same session.
        await asyncio.wait([kept.task])
        del self._kept[connection_id]
        self._parts.links.forget(connection_id)
        if not gone:
            # Cleared as a whole. No reading is duplicated by it: the log stores the keys of messages that may be repetitions.
            if len(self._left) >= MAX_LEFT:
                self._left.clear()
            self._left[connection_id] = _Left(kept.link.memory, kept.link.filters, _broker(kept.made_of[1]))

    def _report_end(self, task: asyncio.Task[None]) -> None:
        """Report a link that failed by a bug in Penstock. Only this link ends; the next pass starts it again."""
        if not task.cancelled() and task.exception() is not None:
            _log.error("broker_link_failed", exc_info=task.exception())

    async def _stop_all(self) -> None:
        for kept in self._kept.values():
            kept.link.stop()
        tasks = [kept.task for kept in self._kept.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._kept.clear()


def _ref(connection: Connection) -> ConnectionRef:
    return ConnectionRef(connection.id, connection.org_id, connection.project_id, connection.type, connection.status)


def _broker(settings: MqttSettings) -> tuple[object, ...]:
    """The fields that identify the session and the broker."""
    return settings.host, settings.port, settings.tls, settings.client_id, settings.username
