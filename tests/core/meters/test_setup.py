"""Settings of meters: of devices that end meanwhile, and what is noted about the past."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DevicePatch
from penstock.core.meters.definitions import Replacement
from penstock.core.meters.editing import NewEdit
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.values import EditKind
from penstock.core.profiles.models import NewProfile, ProfilePatch
from tests.core.meters.test_settings import LITRES
from tests.support.commands import open_site
from tests.support.days import NOON_US
from tests.support.patching import replace_in_thread


async def test_a_device_that_went_between_the_look_and_the_change_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        device, setup = await site.add_device(), site.server.parts.meters.setup
        seen = await site.server.directory.get(site.actor.org_id, device.id)

        async def reach(*_: object) -> object:
            return seen

        replace_in_thread(monkeypatch, type(site.server.directory), "reach", reach)
        await site.server.devices.delete(site.actor, device.id)
        with pytest.raises(DeviceNotFound):
            await setup.set(site.actor, device.id, MeterSettings())
        with pytest.raises(DeviceNotFound):
            await setup.reset(site.actor, device.id)
        with pytest.raises(DeviceNotFound):
            await setup.replace(site.actor, device.id, Replacement(register="volume", at_us=NOON_US))


def changes_in(data_dir: Path) -> list[tuple[int, str]]:
    """From when on consumption may be different, and by what."""
    with closing(sqlite3.connect(data_dir / "data" / CONTROL_FILE)) as connection:
        return connection.execute("SELECT from_us, reason FROM consumption_changes ORDER BY id").fetchall()


async def test_what_changes_the_past_is_noted_with_it(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        device, parts = (await site.add_device()).device_id, site.server.parts
        setup, editing = parts.meters.setup, parts.meters.editing
        for role in (MeterRole.LEAF, MeterRole.PRINCIPAL, MeterRole.PRINCIPAL):
            await setup.set(site.actor, device, MeterSettings(role=role))
        assert changes_in(tmp_path) == [(0, "registers")], "only what differs is noted"
        await setup.replace(site.actor, device, Replacement(register="volume", at_us=NOON_US))
        new = NewEdit(register=None, kind=EditKind.ADD, time_us=NOON_US + 5, value=Decimal(7), reason="read on site")
        edit = (await editing.create(site.actor, device, new)).edit
        await editing.withdraw(site.actor, device, edit.id, "another flat")
        profile = await parts.profiles.create(site.actor, NewProfile(name="Pulse meter"))
        await site.server.devices.update(site.actor, device, DevicePatch(profile_id=profile.id))
        await setup.reset(site.actor, device)
        await parts.profiles.update(site.actor, profile.id, ProfilePatch(registers=(LITRES,)))
        await parts.profiles.update(site.actor, profile.id, ProfilePatch(name="L", registers=(LITRES,)))
        assert changes_in(tmp_path)[1:] == [
            (NOON_US, "replacement"),
            (NOON_US + 5, "edit"),
            (NOON_US + 5, "edit"),
            (0, "profile"),
            (0, "registers"),
            (0, "registers"),
        ]
