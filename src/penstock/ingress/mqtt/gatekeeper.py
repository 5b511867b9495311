"""Admits clients: from CONNECT to CONNACK, and later checks whether a client may stay. `admission.py` authenticates them.

A connection is admitted if its user is a device's id, its password is the device's access token, the device is not paused and
its organisation is not suspended. When the device changes, reading stops immediately, the token is checked again, and the
connection is closed if the token is no longer valid. Programs with an API key are also admitted, to subscribe (`live.py`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter

from penstock.core.actor import Actor
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import DeviceRef
from penstock.core.tenancy.admission import Gate
from penstock.ingress.mqtt.admission import Admission, Refused
from penstock.ingress.mqtt.connection import Connection
from penstock.ingress.mqtt.live import LiveListeners
from penstock.ingress.mqtt.presence import Presence
from penstock.ingress.mqtt.protocol.packets import Connect, Reason
from penstock.ingress.mqtt.protocol.session import Session
from penstock.ingress.mqtt.sessions import DelayedWills, Sessions
from penstock.ingress.mqtt.uplink import Faults
from penstock.kit.errors import PenstockError
from penstock.kit.ids import Prefix, encode


class Gatekeeper:
    """Admits clients unless it is `closed`; `refused` counts the rejected ones by reason."""

    def __init__(
        self,
        *,
        admission: Admission,
        directory: DeviceDirectory,
        gate: Gate,
        presence: Presence,
        live: LiveListeners,
        sessions: Sessions,
        wills: DelayedWills,
        refused: Counter[str],
        faults: Faults,
        max_programs_per_org: int,
    ) -> None:
        self.closed = False
        """Set when the server stops: no further client is admitted."""
        self._admission = admission
        self._directory = directory
        self._gate = gate
        self._presence = presence
        self._live = live
        self._sessions = sessions
        self._wills = wills
        self._refused = refused
        self._faults = faults
        self._max_programs_per_org = max_programs_per_org

    async def decide(self, connection: Connection, connect: Connect) -> None:
        """Admit a client, or reject it."""
        try:
            who = await self._admission.admit(connect, connection.address)
            if connection.ended:
                return
            if isinstance(who, Actor):
                await self._admit_program(connection, connect, who)
            else:
                connection.token_digest = self._directory.digest(connect.password or b"")
                await self._admit_device(connection, connect, who)
        except Refused as refused:
            self._refused[refused.reason.name.lower()] += 1
            if refused.device is not None:
                self._faults.record_cut(refused.device, refused.text)
            connection.reject(refused.reason, refused.text)

    async def _admit_device(self, connection: Connection, connect: Connect, device: DeviceRef) -> None:
        text = encode(Prefix.DEVICE, device.id)
        assigned = None if connect.client_id else f"{text}-{secrets.token_hex(8)}"
        connection.client_id = connect.client_id or assigned or ""
        client = (device.id, connection.client_id)
        # During each wait the device can change or the client can connect again. After this loop there is no wait until it is
        # registered.
        while not self._presence.is_free(client) or self._directory.find_cached_by_digest(connection.token_digest) != device:
            await self._presence.free(client)
            device = await self._admission.reload(connection.token_digest)
        if connection.ended or self.closed:
            return
        self._wills.client_returned(client, session_ends=connect.clean)
        session, present = self._sessions.take(client, clean=connect.clean, now=asyncio.get_running_loop().time())
        connection.admit(device, text)
        connection.will = connect.will
        connection.protocol.accept(connect, session, present=present, assigned_id=assigned)
        self._presence.enter(client, connection, device)
        self._presence.wake_if_listening(connection)
        connection.open()

    async def _admit_program(self, connection: Connection, connect: Connect, actor: Actor) -> None:
        if self.closed:
            return
        if self._live.count(actor.org_id) >= self._max_programs_per_org:
            raise Refused(
                Reason.QUOTA_EXCEEDED, f"an organisation can have at most {self._max_programs_per_org} connected programs"
            )
        if actor.is_first_use:
            actor = await self._admission.use(actor, connection.address)
            if connection.ended or self.closed:
                return
        assigned = None if connect.client_id else f"key-{secrets.token_hex(8)}"
        connection.client_id = connect.client_id or assigned or ""
        self._live.take_over(actor.key_id, connection.client_id)
        self._live.join(connection, connection.admit_program(actor, connect.password or b""))
        connection.protocol.accept(connect, Session(), present=False, assigned_id=assigned)
        connection.open()

    # Checks of admitted clients.

    async def recheck(self, connections: list[Connection]) -> None:
        """A device has changed and its connections are held: resume or close each of them."""
        for connection in connections:
            try:
                connection.resume(await self._admission.reload(connection.token_digest))
            except Refused as refused:
                connection.cut(refused.reason, refused.text)
                if connection.device is not None and refused.reason is Reason.NOT_AUTHORIZED:
                    self._sessions.drop_device(connection.device.id)

    async def recheck_organizations(self) -> None:
        """Close the connections of devices whose organisation is no longer active."""
        for org_id, connections in self._presence.by_organization().items():
            try:
                await self._gate.check_running(org_id)
            except PenstockError as error:
                for connection in connections:
                    connection.cut(Reason.ADMINISTRATIVE_ACTION, error.detail)
