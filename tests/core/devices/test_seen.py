"""A device that transmits without a reading is seen and online, and whoever waits for it is notified."""

from __future__ import annotations

import msgspec

from penstock.core.devices.connectivity import ConnectivityQuery, Reason
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.devices.seen import SeenDevices
from tests.core.devices.conftest import Bench


async def test_a_device_is_seen_online_and_reported(bench: Bench) -> None:
    device = await bench.make()
    seen = SeenDevices(bench.control.database, bench.notes, bench.clock)
    found: list[tuple[DeviceRef, int]] = []
    seen.subscribe(lambda ref, at_us: found.append((ref, at_us)))
    await seen.record(device.ref())
    now_us = bench.clock.now_us()
    assert found == [(device.ref(), now_us)]
    assert (await bench.devices.get(bench.actor, device.id)).last_seen_us == now_us
    (change,) = (await bench.connectivity.history(bench.actor, ConnectivityQuery(device_id=device.id), 10, None)).items
    assert (change.reason, change.at_us) == (Reason.SEEN, now_us)


async def test_a_paused_device_stays_silent(bench: Bench) -> None:
    device = await bench.make()
    seen = SeenDevices(bench.control.database, bench.notes, bench.clock)
    await seen.record(msgspec.structs.replace(device.ref(), status=DeviceStatus.PAUSED))
    assert (await bench.devices.get(bench.actor, device.id)).last_seen_us is None
