"""Events of devices as rows: once by kind and key, in a range, and only of a device that is there."""

from __future__ import annotations

from typing import Any

from penstock.core.devices.history import DeviceEvent, DeviceEventQuery
from penstock.kit.ids import DeviceId, EventId
from tests.support.shelf import Shelf

TEN = DeviceId(10)


def event(number: int, **about: Any) -> DeviceEvent:
    known: dict[str, Any] = {
        "id": EventId(number),
        "device_id": TEN,
        "connection_id": None,
        "kind": "join",
        "time_us": number * 10,
        "received_us": 100 - number,
        "details": {"dev_addr": "00bb"},
    }
    return DeviceEvent(**known | about)


async def test_an_event_is_there_once_by_kind_and_key(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        added = [
            await tx.device_events.add(one)
            for one in (
                event(1, dedupe_key="a"),
                event(2, dedupe_key="a"),
                event(3, dedupe_key="a", kind="ack"),
                event(4),
                event(5),
                event(6, device_id=DeviceId(99)),
            )
        ]
    assert added == [True, False, True, True, True, False]
    async with shelf.strange() as tx:
        assert await tx.device_events.add(event(7)) is False, "to a stranger, there is no such device"


async def test_events_by_kind_range_and_page(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        for number in (1, 2, 3):
            assert await tx.device_events.add(event(number, kind="ack" if number == 2 else "join"))

        async def of(limit: int = 10, before: int = 100, **query: Any) -> list[int]:
            found = await tx.device_events.list(DeviceEventQuery(device_id=TEN, **query), limit, before)
            return [one.id for one in found]

        assert await tx.device_events.list(DeviceEventQuery(device_id=TEN), 1, 2) == [event(1)]
        assert await of() == [3, 2, 1]
        assert await of(limit=1, before=3) == [2]
        assert await of(kind="join") == [3, 1]
        assert await of(from_us=10, to_us=20) == [1]
    async with shelf.strange() as tx:
        assert await tx.device_events.list(DeviceEventQuery(device_id=TEN), 10, 100) == []


async def test_what_arrived_first_is_dropped_first(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        for number in (1, 2, 3):
            await tx.device_events.add(event(number))
    async with shelf.system() as tx:
        assert await tx.device_events.drop_before(97, 10) == 0
        assert await tx.device_events.drop_before(99, 1) == 1
    async with shelf.own() as tx:
        assert [one.id for one in await tx.device_events.list(DeviceEventQuery(device_id=TEN), 10, 100)] == [2, 1]
