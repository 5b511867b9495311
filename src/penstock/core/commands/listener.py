"""The effect of a device's connections on its commands."""

from __future__ import annotations

from penstock.core.commands.ports import CommandDispatch
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef


class CommandListener:
    """Implements `ConnectivityListener`: a device that subscribes to commands receives its queue."""

    def __init__(self, dispatch: CommandDispatch) -> None:
        self._dispatch = dispatch

    def connected(self, device: DeviceRef, at_us: int) -> None:
        """Nothing to do until the device subscribes to commands."""

    def listening(self, device: DeviceRef, at_us: int) -> None:
        self._dispatch.connected(device.id)

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        """Nothing to do: the next connection settles what this one left open."""
