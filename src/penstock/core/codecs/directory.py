"""The codec of each device, cached because every uplink needs it.

Entries are loaded on first use, and dropped when a device or a codec changes. As in the device directory, each drop increments
a generation: a result that was being loaded at the time is used but not cached.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import msgspec

from penstock.core.codecs.ports import Script
from penstock.core.codecs.store import CodecInUse, CodecTransaction
from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.kit.ids import CodecId, DeviceId, OrgId

MAX_KNOWN = 200_000
MAX_SCRIPTS = 512


class Ready(msgspec.Struct, frozen=True):
    """The codec version of a device, and its script."""

    used: CodecInUse
    script: Script


class CodecDirectory:
    """Codecs by device."""

    def __init__(self, database: OrganizationDatabase[CodecTransaction]) -> None:
        self._database = database
        self._by_device: dict[DeviceId, tuple[int, Ready | None]] = {}
        self._scripts: OrderedDict[int, Script] = OrderedDict()
        self._generation = 0

    async def find(self, org_id: OrgId, device_id: DeviceId) -> Ready | None:
        """Return the codec of a device, or None if it has none or the organisation has no such device."""
        known = self._by_device.get(device_id)
        # Another organisation must not see the codec through the cache, whose key is the device alone.
        if known is not None and known[0] == org_id:
            return known[1]
        return (await self._load(org_id, [device_id]))[device_id]

    async def find_all(self, org_id: OrgId, device_ids: Iterable[DeviceId]) -> dict[DeviceId, Ready | None]:
        """The same for many devices."""
        known = {one: self._by_device.get(one) for one in device_ids}
        found = {one: entry[1] for one, entry in known.items() if entry is not None and entry[0] == org_id}
        missing = [one for one in known if one not in found]
        return found | await self._load(org_id, missing) if missing else found

    async def _load(self, org_id: OrgId, device_ids: Sequence[DeviceId]) -> dict[DeviceId, Ready | None]:
        generation = self._generation
        found: dict[DeviceId, Ready | None] = {}
        async with self._database.snapshot(org_id) as tx:
            for device_id in device_ids:
                used = await tx.codecs.find_for_device(device_id)
                found[device_id] = None if used is None else Ready(used, await self._script(tx, used.codec_id))
        if generation == self._generation:
            if len(self._by_device) + len(found) > MAX_KNOWN:
                self._by_device.clear()
            self._by_device |= {device_id: (org_id, ready) for device_id, ready in found.items()}
        return found

    def device_changed(self, device_id: DeviceId) -> None:
        """Reload this device on its next use."""
        self._generation += 1
        self._by_device.pop(device_id, None)

    @repeated_after_commit
    def codecs_changed(self) -> None:
        """Reload every device on its next use: a profile's codec was changed or removed."""
        self._generation += 1
        self._by_device.clear()

    async def _script(self, tx: CodecTransaction, codec_id: CodecId) -> Script:
        """The script of a version, the same object for all devices that use it: a version never changes."""
        script = self._scripts.get(codec_id)
        if script is None:
            version = await tx.codecs.find(codec_id)
            script = Script.from_text(version.script if version else "")
            self._scripts[codec_id] = script
            if len(self._scripts) > MAX_SCRIPTS:
                self._scripts.popitem(last=False)
        else:
            self._scripts.move_to_end(codec_id)
        return script
