"""A device that transmits without a reading is seen and online, and whoever waits for it is notified."""

from __future__ import annotations

import msgspec

from penstock.core.devices.connectivity import ConnectivityQuery, Reason
from penstock.core.devices.models import DeviceStatus
from penstock.core.devices.seen import SeenDevices
from penstock.kit.ids import DeviceId
from tests.core.devices.conftest import Bench


async def test_a_device_is_seen_online_and_reported(bench: Bench) -> None:
    device = await bench.make()
    seen = SeenDevices(bench.control.database, bench.notes, bench.clock)
    found: list[tuple[DeviceId, int]] = []
    seen.subscribe(lambda _, device_id, at_us: found.append((device_id, at_us)))
    await seen.record(device.ref())
    now_us = bench.clock.now_us()
    assert found == [(device.id, now_us)]
    assert (await bench.devices.get(bench.actor, device.id)).last_seen_us == now_us
    (change,) = (await bench.connectivity.history(bench.actor, ConnectivityQuery(device_id=device.id), 10, None)).items
    assert (change.reason, change.at_us) == (Reason.SEEN, now_us)


async def test_a_paused_device_stays_silent(bench: Bench) -> None:
    device = await bench.make()
    seen = SeenDevices(bench.control.database, bench.notes, bench.clock)
    await seen.record(msgspec.structs.replace(device.ref(), status=DeviceStatus.PAUSED))
    assert (await bench.devices.get(bench.actor, device.id)).last_seen_us is None


async def test_what_was_noted_is_stored_together_and_once(bench: Bench) -> None:
    device = await bench.make()
    seen = SeenDevices(bench.control.database, bench.notes, bench.clock)
    found: list[tuple[DeviceId, int]] = []
    seen.subscribe(lambda _, device_id, at_us: found.append((device_id, at_us)))
    seen.note(bench.actor.org_id, device.id)
    assert found == []
    for _ in range(2):
        await seen.flush()
    assert found == [(device.id, bench.clock.now_us())]
    assert (await bench.devices.get(bench.actor, device.id)).last_seen_us == bench.clock.now_us()
