"""Devices that stay connected: sending to them, and hearing of their coming and going.

Two ports. `DeviceLink` is what the core asks of a transport; `ConnectivityListener` is what a transport tells the core. There
may be several of either: `DeviceLinks` and `ConnectivityListeners` are one for all.
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
    """The device said that it goes."""
    LOST = "lost"
    """The network did, or the device fell silent."""
    LAST_WILL = "last_will"
    """The same, or the device's own doing, and what it left to be said then was said."""
    REPLACED = "replaced"
    """The device connected anew while the old connection was open."""
    CUT = "cut"
    """By us: it was paused, deleted or re-keyed, or it broke the protocol or a limit."""
    STOPPING = "stopping"
    """The server stops; this says nothing about the device."""


class DeviceLink(Protocol):
    """The way down to connected devices, over one transport."""

    def deliver(self, device_id: DeviceId, payload: bytes, command_id: str) -> Awaitable[bool]:
        """Send a payload to a device that waits for commands. The call itself never waits.

        Awaited: True when the device acknowledged it, False when it went out by a way that has no acknowledgement.
        `command_id` is told to the device where the transport can, so that it can name the command in its answer.

        Raises:
            DeviceNotConnected, DeviceBusy, DeliveryRefused: at once; nothing was sent.
            DeliveryRefused: when awaited; the device said so.
            DeliveryUnconfirmed: when awaited; it may have arrived or not.
        """

    def is_listening(self, device_id: DeviceId) -> bool:
        """Whether `deliver` would find the device waiting for commands."""

    def has_room(self, device_id: DeviceId) -> bool:
        """Whether the device waits for commands and takes one more before it acknowledges another."""


class ConnectivityListener(Protocol):
    """Who is told when devices come and go. Called on the event loop; must be quick and must not raise."""

    def connected(self, device: DeviceRef, at_us: int) -> None:
        """A device opened a connection; it may have others."""

    def listening(self, device: DeviceRef, at_us: int) -> None:
        """A device began to wait for commands on one of its connections: what is queued for it can be delivered."""

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        """One of the device's connections ended. Each `connected` is followed by one of these."""


class DeviceLinks:
    """Implements `DeviceLink` over every transport: a command goes to the first that finds the device waiting."""

    def __init__(self) -> None:
        self._links: list[DeviceLink] = []

    def add(self, link: DeviceLink) -> None:
        """Use another transport, after those that are there."""
        self._links.append(link)

    def deliver(self, device_id: DeviceId, payload: bytes, command_id: str) -> Awaitable[bool]:
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
    """Implements `ConnectivityListener` for everybody who wants to hear."""

    def __init__(self) -> None:
        self._listeners: list[ConnectivityListener] = []

    def add(self, listener: ConnectivityListener) -> None:
        """Tell one more, after those that are there."""
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
