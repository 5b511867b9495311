"""The latest readings in memory: whatever order they come in, and whatever memory knew before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import Reading
from penstock.kit.ids import DeviceId, OrgId, Seq

DEVICE, ORG = DeviceId(1), OrgId(1)


def reading(seq: int, time_us: int, device_id: DeviceId = DEVICE) -> Reading:
    return Reading(org_id=ORG, device_id=device_id, time_us=time_us, received_us=100 + seq, payload=b"{}", seq=Seq(seq))


class Stored:
    """A store of these readings, and how often it was asked."""

    def __init__(self, *readings: Reading) -> None:
        self.readings, self.asked = readings, 0

    async def latest(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        self.asked += 1
        mine = [one for one in self.readings if one.device_id == device_id]
        return max(mine, key=lambda one: (one.time_us, one.seq), default=None), max(mine, key=lambda one: one.seq, default=None)

    def memory(self, max_devices: int = 9) -> LatestReadings:
        return LatestReadings(cast(Any, self), max_devices)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(0, 12))
async def test_by_event_time_and_by_arrival(times: list[int], stored: int) -> None:
    readings = [reading(seq, time_us) for seq, time_us in enumerate(times, 1)]
    store = Stored(*readings[:stored])
    memory = store.memory()
    memory.take(readings[stored:])
    for _ in range(2):
        newest, last = await memory.get(ORG, DEVICE)
        assert newest == max(readings, key=lambda one: (one.time_us, one.seq))
        assert last == readings[-1]
    assert store.asked == 1, "memory knows all about it now"


async def test_before_the_first_reading_there_is_none() -> None:
    memory = Stored().memory()
    assert memory.known(DEVICE) is None
    assert await memory.get(ORG, DEVICE) == (None, None)
    assert memory.known(DEVICE) is not None
    assert memory.last_seen_us(DEVICE) == 0


async def test_what_is_dropped_is_looked_up_again() -> None:
    store = Stored(reading(1, 5))
    memory = store.memory()
    for forget in (lambda: memory.drop(DEVICE), memory.clear):
        await memory.get(ORG, DEVICE)
        forget()
        assert memory.known(DEVICE) is None
    await memory.get(ORG, DEVICE)
    assert store.asked == 3


async def test_what_was_replaced_is_read_again_and_last_seen_is_kept() -> None:
    store = Stored(reading(1, 5), reading(2, 4))
    memory = store.memory()
    memory.reread(DEVICE)
    memory.take(store.readings)
    await memory.get(ORG, DEVICE)
    store.readings = tuple(msgspec.structs.replace(one, payload=b'{"v":1}') for one in store.readings)
    memory.reread(DEVICE)
    assert (memory.known(DEVICE), memory.last_seen_us(DEVICE)) == (None, 102)
    assert await memory.get(ORG, DEVICE) == store.readings


def test_last_seen_only_moves_forward() -> None:
    memory = Stored().memory()
    memory.take([reading(7, 1)])
    for stored_us, shown_us in ((None, 107), (50, 107), (107, 107), (500, 500)):
        device = Seen(id=DEVICE, last_seen_us=stored_us)
        assert memory.with_last_seen(cast(Any, device)).last_seen_us == shown_us
    unknown = cast(Any, SimpleNamespace(id=DeviceId(2), last_seen_us=None))
    assert memory.with_last_seen(unknown) is unknown


class Seen(msgspec.Struct):
    id: DeviceId
    last_seen_us: int | None


def test_memory_is_bounded() -> None:
    memory = Stored().memory(max_devices=2)
    memory.take([reading(number, 1, DeviceId(number)) for number in (1, 2, 3)])
    assert [memory.last_seen_us(DeviceId(number)) for number in (1, 2, 3)] == [0, 0, 103]
