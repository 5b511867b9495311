"""Connectivity is noted when it is news, with history and event; a device in maintenance says so in its event."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.customers.models import Mark, Placement
from penstock.core.devices.connectivity import ConnectivityQuery, Reason
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Connectivity
from penstock.kit.clock import SECOND_US
from tests.core.devices.conftest import Bench


async def note(bench: Bench, state: Connectivity, told: dict[int, tuple[int, Reason]]) -> None:
    async with bench.control.database.transaction(bench.actor.org_id) as tx:
        await bench.notes.note(tx, state, told)


async def history(bench: Bench, wanted: ConnectivityQuery) -> list[tuple[str, str, int]]:
    found = (await bench.connectivity.history(bench.actor, wanted, 10, None)).items
    return [(one.state.value, one.reason.value, one.at_us) for one in found]


async def test_only_news_are_noted(bench: Bench) -> None:
    device, at_us = await bench.make(), bench.clock.now_us()
    await note(bench, Connectivity.ONLINE, {device.id: (at_us, Reason.CONNECTED)})
    await note(bench, Connectivity.ONLINE, {device.id: (at_us + 1, Reason.READING)})
    await note(bench, Connectivity.OFFLINE, {})
    await note(bench, Connectivity.OFFLINE, {device.id: (at_us + 2, Reason.LOST)})
    expected = [("offline", "lost", at_us + 2), ("online", "connected", at_us)]
    assert await history(bench, ConnectivityQuery(device_id=device.id)) == expected
    assert await bench.topics() == ["device.created", "device.online", "device.offline"]
    noted = await bench.devices.get(bench.actor, device.id)
    assert (noted.noted, noted.noted_us) == (Connectivity.OFFLINE, at_us + 2)


async def test_what_is_told_late_does_not_undo_what_came_after(bench: Bench) -> None:
    device, at_us = await bench.make(), bench.clock.now_us()
    await note(bench, Connectivity.ONLINE, {device.id: (at_us, Reason.CONNECTED)})
    await note(bench, Connectivity.OFFLINE, {device.id: (at_us - SECOND_US, Reason.SILENT)})
    assert (await bench.devices.get(bench.actor, device.id)).noted is Connectivity.ONLINE


async def test_the_event_of_a_device_in_maintenance_says_so(bench: Bench) -> None:
    worked_on, other, at_us = await bench.make(), await bench.make(), bench.clock.now_us()
    async with bench.control.database.transaction(bench.actor.org_id) as tx:
        await tx.placements.set(worked_on.id, Placement(mark=Mark.MAINTENANCE, marked_us=at_us))
    await note(bench, Connectivity.ONLINE, {one.id: (at_us, Reason.CONNECTED) for one in (worked_on, other)})
    async with bench.control.database.system_snapshot() as system:
        told = [entry for entry in await system.outbox.next(10) if entry.topic == "device.online"]
    assert {entry.subject_id: msgspec.json.decode(entry.body)["maintenance"] for entry in told} == {
        worked_on.id: True,
        other.id: False,
    }


async def test_history_is_of_a_range_and_of_ones_own_devices(bench: Bench) -> None:
    device, at_us = await bench.make(), bench.clock.now_us()
    for number, state in enumerate([Connectivity.ONLINE, Connectivity.OFFLINE, Connectivity.ONLINE]):
        await note(bench, state, {device.id: (at_us + number, Reason.CONNECTED)})
    some = ConnectivityQuery(device_id=device.id, from_us=at_us + 1, to_us=at_us + 2)
    assert [entry[2] for entry in await history(bench, some)] == [at_us + 1]
    first = await bench.connectivity.history(bench.actor, ConnectivityQuery(device_id=device.id), 2, None)
    rest = await bench.connectivity.history(bench.actor, ConnectivityQuery(device_id=device.id), 2, first.next_cursor)
    assert [one.at_us - at_us for page in (first, rest) for one in page.items] == [2, 1, 0]
    with pytest.raises(DeviceNotFound):
        await bench.connectivity.history(bench.stranger, some, 10, None)
