"""Pair codes: used once, replaced by the next, too old after a while, and nowhere in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.devices.errors import DeviceNotFound, PairCodeInvalid
from penstock.core.devices.models import NewDevice
from penstock.core.devices.pairing import StoredPairCodes
from penstock.kit.clock import DAY_US
from penstock.settings import load_settings
from tests.support.days import HeldClock


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[tuple[Server, HeldClock, Actor]]:
    clock = HeldClock()
    async with open_server(DataDir(tmp_path / "data"), load_settings(environment={}), clock, run_workers=False) as server:
        made = await server.tenancy.bootstrap("Acme", "acme@example.org")
        yield server, clock, Actor.system(made.organization.id)


def codes_of(server: Server) -> StoredPairCodes:
    assert isinstance(server.pair_codes, StoredPairCodes)
    return server.pair_codes


async def test_a_code_is_good_once(opened: tuple[Server, HeldClock, Actor]) -> None:
    server, _, actor = opened
    codes, device = codes_of(server), (await server.devices.create(actor, NewDevice(name="Pump"))).device
    code = await codes.issue(actor, device.id)
    assert (await codes.redeem(code)).id == device.id
    with pytest.raises(PairCodeInvalid):
        await codes.redeem(code)


async def test_another_code_replaces_the_first(opened: tuple[Server, HeldClock, Actor]) -> None:
    server, _, actor = opened
    codes, device = codes_of(server), (await server.devices.create(actor, NewDevice(name="Pump"))).device
    first, second = await codes.issue(actor, device.id), await codes.issue(actor, device.id)
    with pytest.raises(PairCodeInvalid):
        await codes.redeem(first)
    assert (await codes.redeem(second)).id == device.id


async def test_a_code_grows_old(opened: tuple[Server, HeldClock, Actor]) -> None:
    server, clock, actor = opened
    codes, device = codes_of(server), (await server.devices.create(actor, NewDevice(name="Pump"))).device
    code = await codes.issue(actor, device.id)
    clock.us += DAY_US
    with pytest.raises(PairCodeInvalid):
        await codes.redeem(code)


async def test_a_deleted_device_has_no_code(opened: tuple[Server, HeldClock, Actor]) -> None:
    server, _, actor = opened
    codes, device = codes_of(server), (await server.devices.create(actor, NewDevice(name="Pump"))).device
    code = await codes.issue(actor, device.id)
    await server.devices.delete(actor, device.id)
    with pytest.raises(PairCodeInvalid):
        await codes.redeem(code)
    with pytest.raises(DeviceNotFound):
        await codes.issue(actor, device.id)


async def test_a_code_is_stored_as_a_keyed_hash_only(opened: tuple[Server, HeldClock, Actor], tmp_path: Path) -> None:
    server, _, actor = opened
    device = (await server.devices.create(actor, NewDevice(name="Pump"))).device
    code = await server.pair_codes.issue(actor, device.id)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert files
    assert not [path.name for path in files if code.encode() in path.read_bytes()]
