"""Use cases on device events."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.history import DeviceEvent, DeviceEventQuery
from penstock.core.devices.store import DeviceTransaction
from penstock.kit.ids import MAX_ID
from penstock.kit.paging import Page, decode_cursor, page_of


class DeviceEventService:
    """Events of an organisation's devices."""

    def __init__(self, database: OrganizationDatabase[DeviceTransaction], directory: DeviceDirectory) -> None:
        self._database = database
        self._directory = directory

    async def list(self, actor: Actor, query: DeviceEventQuery, limit: int, cursor: str | None) -> Page[DeviceEvent]:
        """A page of a device's events, newest first.

        Raises:
            DeviceNotFound: no such device is visible to the caller.
        """
        key = decode_cursor(cursor, tuple[int])
        await self._directory.reach(actor, query.device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.device_events.list(query, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda one: (one.id,))
