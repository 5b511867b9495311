"""Every active connection of type mqtt, kept by a link of its own.

What changes wakes the loop at once: it asks for all active connections, ends links that are no longer wanted or have other
settings, and begins new ones. Every half a minute it looks without being woken: a change that went unheard is found.
What a link leaves behind (its memory of the session, its subscriptions) is handed to the next link of the same connection.
"""

from __future__ import annotations

import asyncio
import contextlib

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
from penstock.ingress.mqtt.client.link import BrokerLink, LinkParts
from penstock.ingress.mqtt.client.memory import Memory
from penstock.kit.ids import ConnectionId, OrgId

RECHECK_S = 30.0
MAX_LEFT = 10_000
_log = structlog.get_logger()
STOP_S = 5.0
"""How long links may take to store what came, when the server stops."""
_UNOPENABLE = "its secrets cannot be opened with this server's pepper; set them anew"


class _Kept(msgspec.Struct):
    """A link that runs, and what it was made of."""

    link: BrokerLink
    task: asyncio.Task[None]
    made_of: tuple[ConnectionRef, MqttSettings]


class _Left(msgspec.Struct):
    """What an ended link left behind."""

    memory: Memory
    filters: set[str]
    broker: tuple[object, ...]


class MqttClients:
    """Keeps the links."""

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
        """Look again whether the organisations of connections are still answered."""
        self._wake.set()

    def is_connected(self, connection_id: ConnectionId) -> bool:
        """Whether its broker could be given something now."""
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
            kept.link.hold()  # whoever paused or deleted it may count on nothing more coming in
        self._changed.add(connection_id)
        self._wake.set()

    async def _reconcile(self) -> None:
        changed, self._changed = self._changed, set()
        async with self._database.system_snapshot() as tx:
            active = dict([(connection_id, org_id) for org_id, connection_id in await tx.connections.running()])
        wanted = dict(list(active.items())[: self._parts.config.max_connections])
        for connection_id in list(active)[self._parts.config.max_connections :]:
            self._parts.links.note(connection_id, LinkState.STOPPED, "the server keeps no more connections to brokers")
        running = {org_id: await self._is_answered(org_id) for org_id in set(wanted.values())}
        for connection_id, org_id in wanted.items():
            if not running[org_id]:
                await self._end(connection_id)
                self._parts.links.note(connection_id, LinkState.STOPPED, "the organisation is suspended")
            elif connection_id in changed or connection_id not in self._kept or self._kept[connection_id].task.done():
                await self._begin(org_id, connection_id)
        for connection_id in [one for one in self._kept if one not in wanted]:
            await self._end(connection_id, gone=not await self._exists(connection_id))
        for connection_id in changed - wanted.keys():
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
        """Have a link with the settings of now; one that has them already stays."""
        try:
            connection, settings = await self._service.open_settings(org_id, connection_id)
        except ConnectionNotFound:
            return  # deleted meanwhile; the next look finds it gone
        except ValueError:
            await self._end(connection_id)
            self._parts.links.note(connection_id, LinkState.STOPPED, _UNOPENABLE)
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
            left = _Left(Memory(self._parts.config.max_inflight), set(), broker)
        link = BrokerLink(self._parts, made_of[0], settings, left.memory, left.filters)
        task = asyncio.create_task(link.run(), name="broker_link")
        task.add_done_callback(self._look_at_end)
        self._kept[connection_id] = _Kept(link, task, made_of)

    async def _end(self, connection_id: ConnectionId, *, gone: bool = False) -> None:
        kept = self._kept.get(connection_id)
        if kept is None:
            return
        kept.link.end(forget=gone)
        # Its batch may still wait for the disk. Another link beside it would be a second client in the same session.
        await asyncio.wait([kept.task])
        del self._kept[connection_id]
        self._parts.links.forget(connection_id)
        if not gone:
            # Emptied as a whole. What is forgotten is not lost: the log knows the keys of what may be a repetition.
            if len(self._left) >= MAX_LEFT:
                self._left.clear()
            self._left[connection_id] = _Left(kept.link.memory, kept.link.filters, _broker(kept.made_of[1]))

    def _look_at_end(self, task: asyncio.Task[None]) -> None:
        """A link that ends by an error of ours ends alone; it begins again with the next look."""
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
    """What says which session at which broker it is."""
    return settings.host, settings.port, settings.tls, settings.client_id, settings.username
