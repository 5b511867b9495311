"""Messages that could not be read are counted once, also when writing the counts down fails."""

from __future__ import annotations

from penstock.core.devices.faults import MAX_REASON, DeviceFaults, FaultKind
from penstock.core.devices.models import DeviceRef, DeviceStatus
from tests.support.days import HeldClock

PUMP = DeviceRef(1, 2, 3, DeviceStatus.ACTIVE)
VALVE = DeviceRef(4, 2, 3, DeviceStatus.ACTIVE)
MALFORMED = FaultKind.MALFORMED


def test_counts_are_by_device_with_the_last_reason() -> None:
    clock = HeldClock()
    faults = DeviceFaults(clock)
    faults.record_malformed(PUMP, "not JSON")
    faults.record_malformed(VALVE, "not an object")
    faults.record_malformed(PUMP, "x" * 1_000)
    taken = faults.drain()
    assert {key: one.count for key, one in taken.items()} == {(2, 1, MALFORMED): 2, (2, 4, MALFORMED): 1}
    assert taken[2, 1, MALFORMED].reason == "x" * MAX_REASON
    assert taken[2, 1, MALFORMED].last_us == clock.now_us()
    assert faults.drain() == {}


def test_what_is_given_back_is_added_to_what_came_since_and_the_newer_reason_stays() -> None:
    faults = DeviceFaults(HeldClock())
    faults.record_malformed(PUMP, "old")
    faults.record_malformed(VALVE, "old")
    taken = faults.drain()
    faults.record_malformed(PUMP, "new")
    faults.restore(taken)
    again = faults.drain()
    assert {key: (one.count, one.reason) for key, one in again.items()} == {
        (2, 1, MALFORMED): (2, "new"),
        (2, 4, MALFORMED): (1, "old"),
    }


def test_kinds_are_counted_apart() -> None:
    faults = DeviceFaults(HeldClock())
    faults.record_malformed(PUMP, "not JSON")
    faults.record_cut(PUMP, "too fast")
    assert {key[2]: one.reason for key, one in faults.drain().items()} == {MALFORMED: "not JSON", FaultKind.CUT: "too fast"}
