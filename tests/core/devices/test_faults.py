"""Messages that could not be read are counted once, also when writing the counts down fails."""

from __future__ import annotations

from penstock.core.devices.faults import MAX_REASON, DeviceFaults
from penstock.core.devices.models import DeviceRef, DeviceStatus
from tests.support.days import HeldClock

PUMP = DeviceRef(1, 2, 3, DeviceStatus.ACTIVE)
VALVE = DeviceRef(4, 2, 3, DeviceStatus.ACTIVE)


def test_counts_are_by_device_with_the_last_reason() -> None:
    clock = HeldClock()
    faults = DeviceFaults(clock)
    faults.record_malformed(PUMP, "not JSON")
    faults.record_malformed(VALVE, "not an object")
    faults.record_malformed(PUMP, "x" * 1_000)
    taken = faults.drain()
    assert {key: one.count for key, one in taken.items()} == {(2, 1): 2, (2, 4): 1}
    assert taken[2, 1].reason == "x" * MAX_REASON
    assert taken[2, 1].last_us == clock.now_us()
    assert faults.drain() == {}


def test_what_is_given_back_is_added_to_what_came_since_and_the_newer_reason_stays() -> None:
    faults = DeviceFaults(HeldClock())
    faults.record_malformed(PUMP, "old")
    faults.record_malformed(VALVE, "old")
    taken = faults.drain()
    faults.record_malformed(PUMP, "new")
    faults.restore(taken)
    again = faults.drain()
    assert {key: (one.count, one.reason) for key, one in again.items()} == {(2, 1): (2, "new"), (2, 4): (1, "old")}
