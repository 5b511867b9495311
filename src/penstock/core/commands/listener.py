"""What the coming and going of devices means for their commands."""

from __future__ import annotations

from penstock.core.commands.ports import CommandDispatch
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef


class CommandListener:
    """Implements `ConnectivityListener`: a device that begins to wait for commands gets what is queued for it."""

    def __init__(self, dispatch: CommandDispatch) -> None:
        self._dispatch = dispatch

    def connected(self, device: DeviceRef, at_us: int) -> None:
        """Nothing to do before it waits for commands."""

    def listening(self, device: DeviceRef, at_us: int) -> None:
        self._dispatch.connected(device.id)

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        """Nothing to do: what the connection left open is settled by the next."""
