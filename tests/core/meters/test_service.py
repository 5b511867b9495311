"""Meters of devices that end meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.devices.errors import DeviceNotFound
from penstock.core.meters.models import Meter
from tests.support.commands import open_site
from tests.support.patching import replace_in_thread


async def test_a_device_that_went_between_the_look_and_the_change_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        device, meters = await site.add_device(), site.server.parts.meters
        seen = await site.server.directory.get(site.actor.org_id, device.id)

        async def reach(*_: object) -> object:
            return seen

        replace_in_thread(monkeypatch, type(site.server.directory), "reach", reach)
        await site.server.devices.delete(site.actor, device.id)
        with pytest.raises(DeviceNotFound):
            await meters.set(site.actor, device.id, Meter())
        with pytest.raises(DeviceNotFound):
            await meters.reset(site.actor, device.id)
