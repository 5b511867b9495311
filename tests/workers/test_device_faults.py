"""Messages that could not be read: written down once, also when the disk is full meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.kit.ids import DeviceId
from penstock.workers.device_faults import DeviceFaultsWorker
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


class FullDisk:
    """A database that takes nothing, as long as it is full."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self.full = shelf, True

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Any]:
        async with self._shelf.system() as tx:
            yield tx
            if self.full:
                raise StorageUnavailable(reason="disk full")


async def counted(shelf: Shelf) -> int:
    async with shelf.own() as tx:
        device = await tx.devices.find(DeviceId(10))
    assert device is not None
    return device.malformed_messages


async def test_what_could_not_be_written_is_written_later_with_what_came_since(shelf: Shelf) -> None:
    await shelf.add_device(10)
    disk, faults = FullDisk(shelf), DeviceFaults(HeldClock())
    worker = DeviceFaultsWorker(disk, faults)  # type: ignore[arg-type]
    device = DeviceRef(DeviceId(10), shelf.acme, shelf.project_id, DeviceStatus.ACTIVE, None)
    await worker.step()
    for _ in range(2):
        faults.record_malformed(device, "not JSON")
    with pytest.raises(StorageUnavailable):
        await worker.step()
    assert await counted(shelf) == 0
    faults.record_malformed(device, "not JSON")
    disk.full = False
    await worker.step()
    await worker.step()
    assert await counted(shelf) == 3
