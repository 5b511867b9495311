"""Finds devices by the names in messages: a Penstock id, or an identifier of any kind. Mostly from the cache."""

from __future__ import annotations

from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId, OrgId, Prefix, decode

MAX_KNOWN = 50_000


class NamedDevices:
    """Names by organisation. An entry is dropped when its device changes. Unknown names are not cached."""

    def __init__(self, directory: DeviceDirectory) -> None:
        self._directory = directory
        self._ids: dict[tuple[OrgId, str], DeviceId] = {}
        self._names: dict[DeviceId, list[tuple[OrgId, str]]] = {}
        self._generation = 0
        directory.subscribe(self._forget)

    async def find(self, org_id: OrgId, name: str) -> DeviceRef | None:
        """Return the one device with a name, or None."""
        device_id = self._ids.get((org_id, name))
        if device_id is not None:
            known = self._directory.known(org_id, device_id)
            if known is not None:
                return known
        generation = self._generation
        try:
            found = await self._look_up(org_id, name)
        except DeviceNotFound:
            return None
        if generation == self._generation:
            if len(self._ids) >= MAX_KNOWN:
                self._ids.clear()
                self._names.clear()
            self._ids[org_id, name] = found.id
            self._names.setdefault(found.id, []).append((org_id, name))
        return found

    async def _look_up(self, org_id: OrgId, name: str) -> DeviceRef:
        device_id = decode(Prefix.DEVICE, name)
        if device_id is not None:
            return await self._directory.get(org_id, device_id)
        return await self._directory.get_by_name(org_id, name)

    def _forget(self, device_id: DeviceId) -> None:
        self._generation += 1
        for name in self._names.pop(device_id, ()):
            self._ids.pop(name, None)
