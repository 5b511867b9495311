"""Connected devices: sending messages to them, and following their connections.

Two ports. `DeviceLink` is what the core calls to reach devices over a transport; `ConnectivityListener` is what a transport calls
when connections change. There may be several of each: `DeviceLinks` and `ConnectivityListeners` combine them into one.
"""

from __future__ import annotations

from collections.abc import Awaitable
from enum import StrEnum
from typing import Protocol

from penstock.core.devices.errors import DeviceNotConnected
from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId


class DisconnectReason(StrEnum):
    """Why a connection of a device ended."""

    GOODBYE = "goodbye"
    """The device disconnected regularly."""
    LOST = "lost"
    """The network closed the connection, or the device fell silent."""
    LAST_WILL = "last_will"
    """As `lost` or closed by the device, and its last will was published."""
    REPLACED = "replaced"
    """The device opened another connection while the old one was open."""
    CUT = "cut"
    """The server closed it: the device was paused, deleted or re-keyed, or violated the protocol or a limit."""
    STOPPING = "stopping"
    """The server stops; this reveals nothing about the device."""


class DeviceLink(Protocol):
    """Delivers messages to connected devices over one transport."""

    def deliver(self, device_id: DeviceId, payload: bytes, command_id: str) -> Awaitable[bool]:
        """Send a payload to a device that is subscribed to commands. The call itself never waits.

        Awaited: True once the device has acknowledged it, False if it was sent without acknowledgement. `command_id` is sent to
        the device if the transport can carry it, so that the device can refer to the command in its response.

        Raises:
            DeviceNotConnected, DeviceBusy, DeliveryRefused: immediately; nothing was sent.
            DeliveryRefused: when awaited; the device rejected the message.
            DeliveryUnconfirmed: when awaited; the device may or may not have received it.
        """

    def is_listening(self, device_id: DeviceId) -> bool:
        """Whether the device is subscribed to commands, so that `deliver` can reach it."""

    def has_room(self, device_id: DeviceId) -> bool:
        """Whether the device is subscribed to commands and accepts another one before it acknowledges the pending ones."""


class ConnectivityListener(Protocol):
    """Notified when connections of devices open and close. Called on the event loop; must be quick and must not raise."""

    def connected(self, device: DeviceRef, at_us: int) -> None:
        """A device opened a connection; it may have others."""

    def listening(self, device: DeviceRef, at_us: int) -> None:
        """A device subscribed to commands on one of its connections, so its queue can be delivered."""

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        """One of the device's connections ended. Each `connected` is followed by one of these."""


class DeviceLinks:
    """Implements `DeviceLink` over all transports: a command is sent over the first one on which the device is subscribed."""

    def __init__(self) -> None:
        self._links: list[DeviceLink] = []

    def add(self, link: DeviceLink) -> None:
        """Add a transport, after the existing ones."""
        self._links.append(link)

    def deliver(self, device_id: DeviceId, payload: bytes, command_id: str) -> Awaitable[bool]:
        # Over one transport only: over two, the device could execute the command twice.
        for link in self._links:
            if link.is_listening(device_id):
                return link.deliver(device_id, payload, command_id)
        raise DeviceNotConnected()

    def is_listening(self, device_id: DeviceId) -> bool:
        return any(link.is_listening(device_id) for link in self._links)

    def has_room(self, device_id: DeviceId) -> bool:
        listening = (link for link in self._links if link.is_listening(device_id))
        return any(link.has_room(device_id) for link in listening)


class ConnectivityListeners:
    """Implements `ConnectivityListener` by notifying several listeners."""

    def __init__(self) -> None:
        self._listeners: list[ConnectivityListener] = []

    def add(self, listener: ConnectivityListener) -> None:
        """Add a listener, after the existing ones."""
        self._listeners.append(listener)

    def connected(self, device: DeviceRef, at_us: int) -> None:
        for listener in self._listeners:
            listener.connected(device, at_us)

    def listening(self, device: DeviceRef, at_us: int) -> None:
        for listener in self._listeners:
            listener.listening(device, at_us)

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        for listener in self._listeners:
            listener.disconnected(device, reason, at_us)
