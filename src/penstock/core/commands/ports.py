"""The ports between commands and transports: delivering an execution to a connected device, and reporting the outcome.

A transport is registered with the dispatcher under its name. It knows which devices are connected over it and delivers one
execution; the dispatcher decides when, in which order and how often. The messages are in `messages.py`.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.commands.models import Acknowledgement, Execution, Transport
from penstock.kit.ids import DeviceId, ExecutionId


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The message was sent. `received` if the device has already confirmed it; otherwise the confirmation follows."""

    received: bool = False


class NotConnected(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was sent, because the device is not connected. Only if that is certain, or if sending again does no harm."""

    reason: str = "the connection was closed and nothing was sent"


class Undeliverable(msgspec.Struct, frozen=True, kw_only=True):
    """This transport can never deliver this execution to this device: it is too large, or has no valid topic."""

    reason: str


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """Why a command cannot be delivered as things stand. `final` if it never can be, unless a user changes something."""

    reason: str
    final: bool


class ObstacleFinder(Protocol):
    """Looks at a requested command before anything is sent, so that its requester learns at once what is wrong."""

    async def find_obstacle(self, execution: Execution) -> Obstacle | None:
        """What prevents the delivery of a queued execution; None if nothing does, or if it cannot be said."""


class CommandTransport(Protocol):
    """One way to deliver commands: to devices with an open connection, or through an external server."""

    def reaches(self, device_id: DeviceId) -> bool:
        """Whether the device is connected over this transport. Called often, so it uses memory only."""

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        """Deliver an execution to the device's connection, once.

        The connection is chosen before the first await. A failure that leaves it uncertain whether the message was sent is a
        `Receipt`,
        because at most once takes precedence over at least once.
        """


class CommandDispatch(Protocol):
    """The dispatcher, as transports see it."""

    def register(self, name: Transport, transport: CommandTransport) -> None:
        """Register a transport. An execution for any transport uses the first one that reaches the device."""

    def connected(self, device_id: DeviceId) -> None:
        """A device has opened a connection: settle what an earlier connection left open, and dispatch its queue.

        Called in the same step of the event loop in which `reaches` becomes true, so that nothing is dispatched in between.
        """

    def wake(self, device_id: DeviceId) -> None:
        """A connected device can receive more: it has capacity again."""

    async def received(self, device: Actor, execution_id: ExecutionId) -> None:
        """The device has received it, as its protocol confirms (a PUBACK). Ignored if it was already received or has ended.

        Raises:
            ExecutionNotFound: the device has no execution with this id.
        """

    async def acknowledge(self, device: Actor, execution_id: ExecutionId, report: Acknowledgement) -> Execution:
        """The device acknowledges an execution.

        Raises:
            ExecutionNotFound: the device has no execution with this id.
            MoveNotAllowed: it was never dispatched, or has ended in another state.
        """
