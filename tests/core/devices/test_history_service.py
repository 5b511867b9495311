"""Events of a device: newest first, of whoever may see the device."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.history import DeviceEvent, DeviceEventQuery
from penstock.kit.ids import EventId
from tests.core.devices.conftest import Bench


async def tell(bench: Bench, device_id: int, kind: str, at_us: int, key: str | None = None) -> bool:
    event = DeviceEvent(
        id=bench.ids.next(EventId),
        device_id=device_id,
        connection_id=None,
        kind=kind,
        time_us=at_us,
        received_us=at_us,
        details={"f_cnt": at_us},
        dedupe_key=key,
    )
    async with bench.control.database.transaction(bench.actor.org_id) as tx:
        return await tx.device_events.add(event)


async def test_events_are_listed_newest_first_by_kind_and_range(bench: Bench) -> None:
    device = await bench.make()
    for at_us, kind in enumerate(["join", "status", "ack", "status"]):
        await tell(bench, device.id, kind, at_us)

    async def listed(wanted: DeviceEventQuery) -> list[int]:
        return [one.time_us for one in (await bench.events.list(bench.actor, wanted, 10, None)).items]

    assert await listed(DeviceEventQuery(device_id=device.id)) == [3, 2, 1, 0]
    assert await listed(DeviceEventQuery(device_id=device.id, kind="status")) == [3, 1]
    assert await listed(DeviceEventQuery(device_id=device.id, from_us=1, to_us=3)) == [2, 1]


async def test_pages_go_on_where_the_one_before_ended(bench: Bench) -> None:
    device = await bench.make()
    for at_us in range(3):
        await tell(bench, device.id, "status", at_us)
    wanted = DeviceEventQuery(device_id=device.id)
    first = await bench.events.list(bench.actor, wanted, 2, None)
    second = await bench.events.list(bench.actor, wanted, 2, first.next_cursor)
    assert [[one.time_us for one in page.items] for page in (first, second)] == [[2, 1], [0]]
    assert second.next_cursor is None


async def test_what_is_told_twice_is_written_down_once(bench: Bench) -> None:
    device = await bench.make()
    assert [await tell(bench, device.id, "join", at_us, "join-1") for at_us in (1, 2)] == [True, False]
    assert len((await bench.events.list(bench.actor, DeviceEventQuery(device_id=device.id), 10, None)).items) == 1


async def test_events_are_for_those_who_may_see_the_device(bench: Bench) -> None:
    device = await bench.make()
    elsewhere = Actor(org_id=bench.actor.org_id, kind=ActorKind.KEY, id=1, project_id=device.project_id + 1)
    for actor in (elsewhere, bench.stranger):
        with pytest.raises(DeviceNotFound):
            await bench.events.list(actor, DeviceEventQuery(device_id=device.id), 10, None)
