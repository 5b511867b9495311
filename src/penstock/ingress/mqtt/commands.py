"""Commands over MQTT: delivered to subscribed devices, and acknowledged by them.

A command is published as `{"command": …, "params": {…}, "id": "cmd_…"}` to the topic that the device is subscribed to. Its
PUBACK counts as receipt. The device acknowledges with `{"id": "cmd_…", "ok": true, "result": …}` on `d/{id}/c/ack` or in a
status.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

import msgspec
import structlog
from msgspec import Meta

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.messages import compact_message
from penstock.core.commands.models import Acknowledgement, Execution
from penstock.core.commands.ports import CommandDispatch, NotConnected, Receipt, Undeliverable
from penstock.core.devices.errors import DeliveryRefused, DeliveryUnconfirmed, DeviceBusy, DeviceNotConnected
from penstock.core.devices.link import DeviceLink
from penstock.core.devices.models import DeviceRef
from penstock.kit.conditions import conditions
from penstock.kit.decoding import decode_body
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.ids import DeviceId, ExecutionId, Prefix, decode, encode

_log = structlog.get_logger()


class Answer(msgspec.Struct, frozen=True):
    """A device's acknowledgement of a command; unknown fields are ignored.

    `ok` true: done; false: failed, with the reason in `error`; omitted: received and in progress, perhaps with `progress`.
    """

    id: Annotated[str, Meta(max_length=64)]
    ok: bool | None = None
    result: Any = None
    error: Annotated[str, Meta(max_length=2000)] | None = None
    progress: Any = None


def to_answer(payload: bytes) -> tuple[ExecutionId, Acknowledgement]:
    """Parse an acknowledgement: its execution and outcome.

    Raises:
        InvalidInput: the payload is not an acknowledgement.
    """
    answer: Answer = decode_body(payload, Answer)
    execution_id = decode(Prefix.EXECUTION, answer.id)
    if execution_id is None:
        raise InvalidInput.field("id", f"must be the id of a command; {answer.id[:64]} is not one")
    return execution_id, Acknowledgement(ok=answer.ok, result=answer.result, error=answer.error, progress=answer.progress)


def holds_answer(payload: bytes) -> bool:
    """Whether a status also contains an acknowledgement."""
    if b'"cmd_' not in payload:
        return False
    try:
        to_answer(payload)
    except InvalidInput:
        return False
    return True


class MqttCommands:
    """Implements `CommandTransport` over a `DeviceLink`, and carries out devices' acknowledgements."""

    def __init__(self, link: DeviceLink, dispatch: CommandDispatch) -> None:
        self._link = link
        self._dispatch = dispatch
        self._full: set[DeviceId] = set()
        """Devices whose connection had no room for another command: more commands may be waiting for them."""
        self._tasks: set[asyncio.Task[None]] = set()

    def reaches(self, device_id: DeviceId) -> bool:
        if self._link.has_room(device_id):
            return True
        if self._link.is_listening(device_id):
            self._full.add(device_id)
        return False

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        command_id = encode(Prefix.EXECUTION, execution.id)
        try:
            sent = self._link.deliver(execution.device_id, compact_message(execution, command_id), command_id)
        except (DeviceNotConnected, DeviceBusy):
            return NotConnected()
        except DeliveryRefused as error:
            return Undeliverable(reason=error.detail)
        self._run(self._wait_for_receipt(execution, sent))
        return Receipt()

    async def _wait_for_receipt(self, execution: Execution, sent: Awaitable[bool]) -> None:
        device = Actor(org_id=execution.org_id, kind=ActorKind.DEVICE, id=execution.device_id)
        try:
            await self._take_receipt(device, execution.id, sent)
        except DeliveryUnconfirmed:
            pass  # it remains sent; the device's next connection determines the outcome
        except PenstockError as error:
            conditions().failing("mqtt_receipt_not_kept", error)
        else:
            conditions().over("mqtt_receipt_not_kept")
        if device.device_id in self._full:
            self._full.discard(device.device_id)
            self._dispatch.wake(device.device_id)

    async def _take_receipt(self, device: Actor, execution_id: ExecutionId, sent: Awaitable[bool]) -> None:
        try:
            acknowledged = await sent
        except DeliveryRefused as error:
            await self._dispatch.acknowledge(device, execution_id, Acknowledgement(ok=False, error=error.detail))
        else:
            if acknowledged:
                await self._dispatch.received(device, execution_id)

    def take_answer(self, device: DeviceRef, payload: bytes, then: Callable[[PenstockError | None], None]) -> None:
        """Carry out a device's acknowledgement. Calls `then` when it is on disk, or with the error."""
        task = self._run(self._take_answer(Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id), payload))
        task.add_done_callback(lambda done: then(_error_of(done)))

    async def _take_answer(self, device: Actor, payload: bytes) -> None:
        execution_id, acknowledgement = to_answer(payload)
        await self._dispatch.acknowledge(device, execution_id, acknowledgement)

    async def settle(self) -> None:
        """Wait until everything received is handled. Also waits for pending receipts: close connections first."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _error_of(task: asyncio.Task[None]) -> PenstockError | None:
    """The error that a finished task failed with."""
    error = task.exception()
    if error is None or isinstance(error, PenstockError):
        return error
    _log.error("mqtt_answer_failed", exc_info=error)
    return InternalError()
