"""Several transports are one link: a command goes to the first on which the device waits."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest

from penstock.core.devices.errors import DeviceNotConnected
from penstock.core.devices.link import ConnectivityListeners, DeviceLinks, DisconnectReason
from penstock.core.devices.models import DeviceRef, DeviceStatus

DEVICE = DeviceRef(1, 2, 3, DeviceStatus.ACTIVE)


class OneLink:
    """A transport on which some devices wait, a few of them with room for one more message."""

    def __init__(self, listening: set[int], free: set[int]) -> None:
        self.listening = listening
        self.free = free
        self.sent: list[tuple[int, bytes, str]] = []

    def deliver(self, device_id: int, payload: bytes, command_id: str) -> Awaitable[bool]:
        self.sent.append((device_id, payload, command_id))
        return self._acknowledged()

    async def _acknowledged(self) -> bool:
        return True

    def is_listening(self, device_id: int) -> bool:
        return device_id in self.listening

    def has_room(self, device_id: int) -> bool:
        return device_id in self.free


async def test_a_message_goes_out_once_by_the_first_link_on_which_the_device_waits() -> None:
    first, second, third = OneLink(set(), set()), OneLink({1}, {1}), OneLink({1}, {1})
    links = DeviceLinks()
    for link in (first, second, third):
        links.add(link)
    assert await links.deliver(1, b"open", "cmd_1") is True
    assert (first.sent, second.sent, third.sent) == ([], [(1, b"open", "cmd_1")], [])


def test_a_device_that_waits_nowhere_is_not_connected() -> None:
    links = DeviceLinks()
    links.add(OneLink({2}, {2}))
    assert links.is_listening(2)
    assert not links.is_listening(1)
    with pytest.raises(DeviceNotConnected):
        links.deliver(1, b"open", "cmd_1")


def test_room_counts_only_where_the_device_waits() -> None:
    links = DeviceLinks()
    links.add(OneLink(set(), {1}))
    assert not links.has_room(1)
    links.add(OneLink({1}, set()))
    assert not links.has_room(1)
    links.add(OneLink({1}, {1}))
    assert links.has_room(1)


def test_every_listener_is_told_in_the_order_in_which_they_came() -> None:
    heard: list[tuple[str, str, int]] = []

    class Listener:
        def __init__(self, name: str) -> None:
            self.name = name

        def connected(self, device: DeviceRef, at_us: int) -> None:
            heard.append((self.name, "connected", at_us))

        def listening(self, device: DeviceRef, at_us: int) -> None:
            heard.append((self.name, "listening", at_us))

        def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
            heard.append((self.name, reason.value, at_us))

    all_of_them = ConnectivityListeners()
    for name in ("first", "second"):
        all_of_them.add(Listener(name))
    all_of_them.connected(DEVICE, 1)
    all_of_them.listening(DEVICE, 2)
    all_of_them.disconnected(DEVICE, DisconnectReason.LOST, 3)
    told = [("connected", 1), ("listening", 2), ("lost", 3)]
    assert heard == [(name, what, at_us) for what, at_us in told for name in ("first", "second")]
