"""Presence counts connections, and forgets only devices that are gone."""

from __future__ import annotations

import pytest

from penstock.core.devices import presence
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.devices.presence import DevicePresence


def device(number: int) -> DeviceRef:
    return DeviceRef(number, 1, 1, DeviceStatus.ACTIVE)


def test_a_device_is_connected_until_its_last_connection_ends() -> None:
    known = DevicePresence()
    known.connected(device(1), 100)
    known.connected(device(1), 200)
    known.disconnected(device(1), DisconnectReason.REPLACED, 300)
    found = known.find(1)
    assert known.is_connected(1)
    assert found is not None
    assert (found.connections, found.since_us) == (1, 100), "it is there since the first of them"
    known.disconnected(device(1), DisconnectReason.LOST, 400)
    found = known.find(1)
    assert not known.is_connected(1)
    assert found is not None
    assert (found.connections, found.since_us, found.reason) == (0, 400, DisconnectReason.LOST)


def test_a_device_that_comes_back_is_there_since_then() -> None:
    known = DevicePresence()
    known.connected(device(1), 100)
    known.disconnected(device(1), DisconnectReason.GOODBYE, 200)
    known.connected(device(1), 300)
    found = known.find(1)
    assert found is not None
    assert (found.connections, found.since_us, found.reason) == (1, 300, DisconnectReason.GOODBYE)


def test_an_end_that_nobody_saw_the_beginning_of_counts_nothing() -> None:
    known = DevicePresence()
    known.disconnected(device(1), DisconnectReason.CUT, 100)
    found = known.find(1)
    assert found is not None
    assert found.connections == 0
    assert known.find(2) is None
    assert not known.is_connected(2)


def test_of_too_many_devices_the_one_that_is_gone_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "MAX_KNOWN", 3)
    known = DevicePresence()
    for number in (1, 2, 3):
        known.connected(device(number), number)
    known.disconnected(device(2), DisconnectReason.LOST, 10)
    known.connected(device(4), 20)
    assert [known.find(number) is not None for number in (1, 2, 3, 4)] == [True, False, True, True]
    known.connected(device(5), 30)
    assert all(known.is_connected(number) for number in (1, 3, 4, 5)), "devices that are connected are never forgotten"


def test_the_device_that_has_been_gone_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "MAX_KNOWN", 2)
    known = DevicePresence()
    known.connected(device(1), 100)
    known.connected(device(2), 200)
    known.disconnected(device(2), DisconnectReason.LOST, 300)
    known.disconnected(device(1), DisconnectReason.LOST, 400)
    known.connected(device(3), 500)
    assert known.find(2) is None
    assert known.find(1) is not None, "it was connected first, but until just now"
