"""Connectivity as rows: what is news, what a range holds, and who has been silent for too long."""

from __future__ import annotations

from penstock.core.devices.connectivity import ConnectivityChange, ConnectivityQuery, Reason, SilentDevice
from penstock.core.devices.models import Connectivity
from penstock.kit.clock import DAY_US
from penstock.kit.ids import ChangeId, DeviceId
from tests.support.shelf import Shelf

ONLINE, OFFLINE = Connectivity.ONLINE, Connectivity.OFFLINE
TEN, ELEVEN = DeviceId(10), DeviceId(11)


def change(number: int, at_us: int, state: Connectivity = ONLINE, device_id: DeviceId = TEN) -> ConnectivityChange:
    return ConnectivityChange(ChangeId(number), device_id, state, Reason.READING, at_us)


async def test_only_another_state_at_a_later_time_is_news(shelf: Shelf) -> None:
    await shelf.add_device(10)
    await shelf.add_device(12, org_id=shelf.other)
    async with shelf.own() as tx:
        would = tx.connectivity.would_change
        assert await would(ONLINE, {TEN: 0, DeviceId(12): 5, DeviceId(99): 5}) == [10], "of strangers and nobody there is none"
        await tx.connectivity.add([change(1, 5)])
        assert await would(ONLINE, {TEN: 6}) == []
        assert await would(OFFLINE, {TEN: 5}) == []
        assert await would(OFFLINE, {TEN: 6}) == [10]


async def test_the_history_is_of_a_range_by_pages(shelf: Shelf) -> None:
    for number in (10, 11):
        await shelf.add_device(number)
    changes = [change(1, 5), change(2, 6, OFFLINE), change(3, 7, device_id=ELEVEN), change(4, 7)]
    async with shelf.own() as tx:
        await tx.connectivity.add(changes)

        async def of(query: ConnectivityQuery, limit: int = 10, before: int = 100) -> list[int]:
            return [one.id for one in await tx.connectivity.list(query, limit, before)]

        assert await of(ConnectivityQuery(device_id=TEN)) == [4, 2, 1]
        assert await of(ConnectivityQuery(device_id=TEN, from_us=6, to_us=7)) == [2]
        assert await of(ConnectivityQuery(device_id=TEN), 1, 4) == [2]
        assert list(await tx.connectivity.between(6, 8, 2, 10)) == changes[2:]
        assert [one.id for one in await tx.connectivity.between(5, 7, 0, 1)] == [1]
    async with shelf.strange() as tx:
        assert await tx.connectivity.list(ConnectivityQuery(device_id=TEN), 10, 100) == []
        assert await tx.connectivity.between(0, 100, 0, 10) == []
    async with shelf.system() as tx:
        assert await tx.connectivity.drop_before(7, 1) == 1
        assert await tx.connectivity.drop_before(7, 10) == 1
        assert await tx.connectivity.drop_before(7, 10) == 0


async def test_silence_counts_for_who_is_online_without_a_connection(shelf: Shelf) -> None:
    for number in (10, 11):
        await shelf.add_device(number)
    async with shelf.own() as tx:
        await tx.connectivity.add([change(1, 5), change(2, 5, device_id=ELEVEN)])
        await tx.devices.mark_seen({TEN: 100})
        await tx.connectivity.set_connected({ELEVEN: (True, 100)})
    async with shelf.system() as tx:

        async def silent(now_us: int, since_us: int = 0) -> list[SilentDevice]:
            return list(await tx.connectivity.silent(now_us, since_us, 50, 10))

        assert await silent(150) == []
        assert await silent(151) == [SilentDevice(shelf.acme, TEN, 50)]
        assert await silent(151, since_us=120) == [], "silence begins when the server starts at the earliest"
        await tx.connectivity.disconnect_all()
        assert {one.id for one in await silent(151)} == {10, 11}


async def test_a_time_of_a_clock_that_was_ahead_hides_no_silence(shelf: Shelf) -> None:
    for number in (10, 11):
        await shelf.add_device(number)
    async with shelf.own() as tx:
        await tx.connectivity.add([change(1, 5), change(2, 5, device_id=ELEVEN)])
        await tx.devices.mark_seen({TEN: 2 * DAY_US})
        await tx.connectivity.set_connected({ELEVEN: (False, 2 * DAY_US)})
    async with shelf.system() as tx:
        assert {one.id for one in await tx.connectivity.silent(151, 0, 50, 10)} == {10, 11}
    for seen_us, kept_us in ((150, 150), (149, 150), (151, 151), (2 * DAY_US, 2 * DAY_US), (152, 152)):
        async with shelf.own() as tx:
            await tx.devices.mark_seen({TEN: seen_us})
            device = await tx.devices.find(TEN)
            assert device is not None
            assert device.last_seen_us == kept_us
