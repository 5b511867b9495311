"""Connectivity: recording and listing its changes."""

from __future__ import annotations

from collections.abc import Mapping

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.connectivity import TOPICS, ConnectivityChange, ConnectivityChanged, ConnectivityQuery, Reason
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Connectivity
from penstock.core.devices.store import DeviceTransaction
from penstock.kit.ids import MAX_ID, ChangeId, DeviceId, IdSource, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class ConnectivityRecorder:
    """Records that devices went online or offline, with history and event, in a running transaction."""

    def __init__(self, ids: IdSource) -> None:
        self._ids = ids

    async def note(self, tx: DeviceTransaction, state: Connectivity, reported: Mapping[DeviceId, tuple[int, Reason]]) -> None:
        """Record that devices were in a state at a time, for a reason. Devices already in that state are skipped."""
        if not reported:
            return
        changed = await tx.connectivity.would_change(state, {device_id: at_us for device_id, (at_us, _) in reported.items()})
        changes = [
            ConnectivityChange(id=self._ids.next(ChangeId), device_id=device_id, state=state, at_us=at_us, reason=reason)
            for device_id in changed
            for at_us, reason in (reported[device_id],)
        ]
        if not changes:
            return
        await tx.connectivity.add(changes)
        muted = await tx.placements.in_maintenance([one.device_id for one in changes])
        # In one call: each takes a turn of the event loop and of the writer's thread, while other writers wait.
        await tx.outbox.add_all([(TOPICS[state], one.device_id, _changed(one, one.device_id in muted)) for one in changes])


def _changed(change: ConnectivityChange, maintenance: bool) -> ConnectivityChanged:
    return ConnectivityChanged(
        device_id=change.device_id, state=change.state, reason=change.reason, at_us=change.at_us, maintenance=maintenance
    )


class ConnectivityService:
    """Use cases of users and API keys."""

    def __init__(self, database: OrganizationDatabase[DeviceTransaction]) -> None:
        self._database = database

    async def history(self, actor: Actor, query: ConnectivityQuery, limit: int, cursor: str | None) -> Page[ConnectivityChange]:
        """A page of a device's changes, newest first.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            if await tx.devices.find(query.device_id) is None:
                raise DeviceNotFound(device_id=encode(Prefix.DEVICE, query.device_id))
            found = await tx.connectivity.list(query, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))
