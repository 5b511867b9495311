"""The door to transports: how an execution reaches a device that is connected, and what its connection tells.

A transport is registered with the dispatcher under its name. It knows which devices are connected by it and hands one
execution over; when, in which order and how often is not its business. What goes over the wire is in `messages.py`.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.commands.models import Acknowledgement, Execution, Transport
from penstock.kit.ids import DeviceId, ExecutionId


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """It left for the device. `received` when the device itself has said so already; otherwise it says so later."""

    received: bool = False


class NotConnected(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing left: the device is not connected, or not any more. Only for when that is certain, or does no harm."""

    reason: str = "the connection was gone, nothing left"


class Undeliverable(msgspec.Struct, frozen=True, kw_only=True):
    """This transport can never bring this execution to this device, whenever it is tried: too large, no such topic."""

    reason: str


class CommandTransport(Protocol):
    """One way to devices: those that keep a connection, or that somebody else's server reaches."""

    def reaches(self, device_id: DeviceId) -> bool:
        """Whether the device is connected by this transport now. From memory; called often."""

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        """Hand an execution to the device's connection, once.

        The connection is chosen before the first await. A failure after which it is not certain that nothing left is a
        `Receipt`: at most once goes before at least once.
        """


class CommandDispatch(Protocol):
    """What transports tell about their devices."""

    def register(self, name: Transport, transport: CommandTransport) -> None:
        """Make a transport known. The first that reaches a device carries what may go by any."""

    def connected(self, device_id: DeviceId) -> None:
        """A device's connection is new: what waits for it may go, and what an earlier one lost is settled.

        Called in the same step of the event loop in which `reaches` becomes true, so that nothing goes out in between.
        """

    def look_at(self, device_id: DeviceId) -> None:
        """Something more may go to a device that was connected all the while: it has room again."""

    async def received(self, device: Actor, execution_id: ExecutionId) -> None:
        """The device has it, as its protocol tells by itself (a PUBACK). Repetitions and ends are ignored.

        Raises:
            ExecutionNotFound: none of this device.
        """

    async def acknowledge(self, device: Actor, execution_id: ExecutionId, said: Acknowledgement) -> Execution:
        """The device has it and says more.

        Raises:
            ExecutionNotFound: none of this device.
            MoveNotAllowed: it was never handed out, or has ended otherwise.
        """
