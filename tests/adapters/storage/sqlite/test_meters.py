"""What devices count, edits of their values, and notes about changed consumption, as rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import msgspec

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings, SettingsSource
from penstock.core.meters.store import EditFilter
from penstock.core.meters.values import Edit, EditKind
from penstock.core.registers.models import DEFAULT_REGISTERS, Checks, Register, RegisterKind, Source
from penstock.kit.ids import DeviceId, EditId, ProfileId
from tests.adapters.storage.sqlite.test_profiles import profile
from tests.support.days import NOON_US
from tests.support.shelf import Shelf

TEN, ELEVEN = DeviceId(10), DeviceId(11)
ENERGY = Register(
    name="energy",
    kind=RegisterKind.ENERGY,
    sources=(Source(field="wh", unit="Wh"),),
    unit="kWh",
    factor=Decimal("0.1"),
    rolls_over_at=Decimal("99999.99"),
    checks=Checks(max_flow=Decimal("2.5")),
    to_us=NOON_US,
    last_value=Decimal("184.327"),
)
MAIN = MeterSettings(role=MeterRole.PRINCIPAL, own=(ENERGY,))
EDIT = Edit(
    id=EditId(1),
    device_id=TEN,
    register="volume",
    kind=EditKind.CORRECT,
    time_us=NOON_US,
    counter=12_345_600_000,
    reason="read on site",
    author="ada@example.org",
    created_us=NOON_US + 5,
)


async def test_what_was_said_replaces_the_usual_until_it_is_taken_back(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        usual = await tx.meters.find(TEN)
        assert (usual, usual.registers, usual.source) == (MeterSettings(), DEFAULT_REGISTERS, SettingsSource.DEFAULT)
        for settings in (MeterSettings(role=MeterRole.INTERMEDIATE), MAIN):
            await tx.meters.set(TEN, settings)
    async with shelf.strange() as tx:
        assert await tx.meters.find(TEN) == MeterSettings()
        await tx.meters.set(TEN, MeterSettings(role=MeterRole.LEAF))
        await tx.meters.delete(TEN)
        assert await tx.meters.of_devices([TEN]) == {}
    async with shelf.own() as tx:
        assert await tx.meters.find(TEN) == MAIN, "a stranger changed it"
        assert await tx.meters.of_devices([TEN, ELEVEN]) == {TEN: MAIN}
        await tx.meters.delete(TEN)
        assert await tx.meters.find(TEN) == MeterSettings()


async def test_edits_are_kept_and_those_in_effect_told(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.edits.add(EDIT)
        later = msgspec.structs.replace(EDIT, id=EditId(2), time_us=NOON_US + 1, kind=EditKind.VOID, counter=None)
        await tx.edits.add(later)
        gone = msgspec.structs.replace(EDIT, withdrawn_us=NOON_US + 9, withdrawn_by="bob", withdrawn_reason="wrong meter")
        await tx.edits.withdraw(gone)
        assert await tx.edits.find(TEN, EDIT.id) == gone
        assert await tx.edits.find(ELEVEN, EDIT.id) is None
        assert await tx.edits.find_at(TEN, "volume", NOON_US) is None, "it was withdrawn"
        assert await tx.edits.find_at(TEN, "volume", NOON_US + 1) == later
        assert await tx.edits.in_effect([TEN, ELEVEN]) == [later]
        assert await tx.edits.count(TEN) == 1
        assert await tx.edits.list(TEN, EditFilter(), 9, None) == [later, gone]
        assert await tx.edits.list(TEN, EditFilter(), 9, 2) == [gone]
        assert await tx.edits.list(TEN, EditFilter(withdrawn=True), 9, None) == [gone]
        assert await tx.edits.list(TEN, EditFilter(withdrawn=False, register="volume"), 9, None) == [later]
        assert await tx.edits.list(TEN, EditFilter(register="energy"), 9, None) == []
        assert await tx.edits.list(TEN, EditFilter(from_us=NOON_US, to_us=NOON_US + 1), 9, None) == [gone]
    async with shelf.strange() as tx:
        assert await tx.edits.find(TEN, EDIT.id) is None
        assert await tx.edits.in_effect([TEN]) == []
        await tx.edits.withdraw(msgspec.structs.replace(later, withdrawn_us=1))
    async with shelf.own() as tx:
        assert await tx.edits.in_effect([TEN]) == [later], "a stranger withdrew it"


async def test_changes_are_noted_of_a_device_and_of_those_with_a_profile_s_registers(shelf: Shelf, tmp_path: Path) -> None:
    for number in (10, 11, 12):
        await shelf.add_device(number)
    async with shelf.own() as tx:
        await tx.profiles.create(profile(shelf, 1, registers=(ENERGY,)))
        for number in (10, 11):
            device = await tx.devices.find(DeviceId(number))
            assert device is not None
            await tx.devices.update(msgspec.structs.replace(device, profile_id=ProfileId(1)))
        await tx.meters.set(TEN, MAIN)
        await tx.meters.set(ELEVEN, MeterSettings(role=MeterRole.PRINCIPAL))
        found = await tx.meters.of_devices([TEN, ELEVEN])
        assert (found[TEN].source, found[ELEVEN].source) == (SettingsSource.DEVICE, SettingsSource.PROFILE)
        assert found[ELEVEN].registers == (ENERGY,)
        await tx.consumption_changes.add(TEN, 5, "edit", 9)
        await tx.consumption_changes.add_of_profile(ProfileId(1), 0, "registers", 9)
    async with shelf.strange() as tx:
        await tx.consumption_changes.add_of_profile(ProfileId(1), 0, "stolen", 9)
    with closing(sqlite3.connect(tmp_path / "data" / CONTROL_FILE)) as connection:
        found_rows = connection.execute("SELECT org_id, device_id, from_us, reason, at_us FROM consumption_changes").fetchall()
    assert found_rows == [(shelf.acme, 10, 5, "edit", 9), (shelf.acme, 11, 0, "registers", 9)]
