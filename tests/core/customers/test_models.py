"""How devices stand: by their own interval, by hand, and what their events say of maintenance."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.customers.models import Standing
from penstock.core.devices.connectivity import ConnectivityChanged, Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.models import Connectivity, Identifier, IdentifierKind, NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import HOUR_US
from penstock.settings import load_settings
from tests.support.days import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Server]:
    async with open_server(DataDir(tmp_path / "data"), load_settings(environment={}), clock, run_workers=False) as opened:
        yield opened


async def test_a_device_is_offline_after_one_and_a_half_of_its_own_interval(server: Server, clock: HeldClock) -> None:
    actor = Actor.system((await server.tenancy.bootstrap("Acme", "a@example.org")).organization.id)
    placements = server.parts.customers.placements
    ids = {}
    for eui, interval_us in (("70b3d57ed0061f2a", HOUR_US), ("70b3d57ed0061f2b", None)):
        identifiers = [Identifier(kind=IdentifierKind.EUI, value=eui)]
        wanted = NewDevice(name=eui, identifiers=identifiers, expected_interval_us=interval_us)
        ids[eui] = (await server.devices.create(actor, wanted)).device.id
        ref = await server.directory.get(actor.org_id, ids[eui])
        await server.telemetry.ingest([NewReading(ref, b'{"consumption_m3":1}')])
    await server.workers.observer.step()

    async def standings() -> tuple[list[Standing], int, int]:
        one_by_one = [placements.standing(await placements.get(actor, eui)) for eui in ids]
        online, offline = [len(await placements.page(actor, one, 10, 0)) for one in (Standing.ONLINE, Standing.OFFLINE)]
        return one_by_one, online, offline

    clock.us += HOUR_US * 3 // 2
    assert await standings() == ([Standing.ONLINE, Standing.ONLINE], 2, 0)
    clock.us += 1
    assert await standings() == ([Standing.OFFLINE, Standing.ONLINE], 1, 1)
    clock.us += 24 * HOUR_US
    assert await standings() == ([Standing.OFFLINE, Standing.OFFLINE], 0, 2)
    await placements.mark_by_id(actor, ids["70b3d57ed0061f2a"], Standing.MAINTENANCE)
    assert await standings() == ([Standing.MAINTENANCE, Standing.OFFLINE], 0, 1)


async def test_events_of_a_device_in_maintenance_say_so(server: Server, clock: HeldClock) -> None:
    actor = Actor.system((await server.tenancy.bootstrap("Acme", "a@example.org")).organization.id)
    muted, other = [(await server.devices.create(actor, NewDevice(name=name))).device.id for name in ("muted", "other")]
    await server.parts.customers.placements.mark_by_id(actor, muted, Standing.MAINTENANCE)
    told = dict.fromkeys((muted, other), (clock.us, Reason.READING))
    async with server.database.transaction(actor.org_id) as tx:
        await ConnectivityRecorder(server.ids).note(tx, Connectivity.ONLINE, told)
    async with server.database.system_snapshot() as tx:
        entries = [entry for entry in await tx.outbox.next(100) if entry.topic == "device.online"]
    bodies = [msgspec.json.decode(entry.body, type=ConnectivityChanged) for entry in entries]
    assert {one.device_id: one.maintenance for one in bodies} == {muted: True, other: False}
