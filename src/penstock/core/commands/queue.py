"""Use cases of devices, transports and workers on executions: dispatch, receive, acknowledge, verify, expire.

Theory of operation. A dispatch is a separate transaction that commits before anything is sent. An execution that was dispatched
is therefore never dispatched again, whatever crashes in between, unless its definition states that executing it twice does no
harm and its receipt is still open (docs/decisions/0010-commands-at-most-once.md).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.commands.executions import get_execution, keep_move
from penstock.core.commands.models import Acknowledgement, Execution, State, Transport, Verification
from penstock.core.commands.states import ENDS, Move, follows
from penstock.core.commands.store import CommandTransaction, DueExecution
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, ExecutionId, OrgId, Prefix, Seq, encode

UNVERIFIED = "received, and no verification is required"
_TOO_LATE = {
    State.QUEUED: "it expired in the queue",
    State.SENT: "the device never acknowledged its receipt",
    State.RECEIVED: "received, but not verified in time",
}


class CommandQueue:
    """The queues of devices.

    `last_seq` returns the last sequence number of the reading log. `on_free` is called with a device's id after the commit that
    ends
    one of its executions: if the device executes one at a time, the next can be dispatched.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CommandTransaction],
        clock: Clock,
        last_seq: Callable[[], Seq],
        on_free: Callable[[DeviceId], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._last_seq = last_seq
        self._on_free = on_free

    async def claim(self, device: Actor, transport: Transport, limit: int) -> list[Execution]:
        """Dispatch a device's queued executions for a transport, in order. They are `sent` from the commit on."""
        # A snapshot first: most look-ups find nothing, and must not wait for the one writer.
        async with self._database.snapshot(device.org_id) as tx:
            if not await tx.executions.waiting(device.device_id, transport, self._clock.now_us(), 1):
                return []
        async with self._database.transaction(device.org_id) as tx:
            return await self._claim(tx, device, transport, limit)

    async def find_last_dispatched(self, device: Actor) -> Execution | None:
        """The newest command that was dispatched to a device and can use MQTT."""
        async with self._database.snapshot(device.org_id) as tx:
            return await tx.executions.find_last_dispatched(device.device_id, Transport.MQTT)

    async def poll(self, device: Actor, limit: int, *, confirm: bool) -> list[Execution]:
        """Dispatch executions to a polling device. The poll counts as their receipt, unless the device will `confirm` each of
        them.

        With `confirm`, executions that an earlier poll dispatched and the device did not confirm are settled first: repeatable
        ones are
        queued again, in their old position.
        """
        async with self._database.snapshot(device.org_id) as tx:
            now_us = self._clock.now_us()
            idle = not await tx.executions.waiting(device.device_id, Transport.HTTP, now_us, 1)
            if idle and not (confirm and await tx.executions.sent(device.device_id)):
                return []
        async with self._database.transaction(device.org_id) as tx:
            # Without `confirm` a poll is the receipt, so nothing that an earlier one fetched is open.
            if confirm:
                await self._lose(tx, device, polled=True)
            found = await self._claim(tx, device, Transport.HTTP, limit)
            if not confirm:
                found = [await self._receive(tx, one, "fetched by the device") for one in found]
        if any(one.state in ENDS for one in found):
            self._on_free(device.device_id)
        return found

    async def _claim(self, tx: CommandTransaction, device: Actor, transport: Transport, limit: int) -> list[Execution]:
        now_us = self._clock.now_us()
        if await tx.executions.one_at_a_time(device.device_id):
            _, under_way = await tx.executions.count(device.device_id)
            limit = 0 if under_way else min(limit, 1)
        found = []
        for waiting in await tx.executions.waiting(device.device_id, transport, now_us, limit):
            execution = msgspec.structs.replace(waiting, sent_by=transport)
            found.append(await keep_move(tx, execution, Move.SEND, now_us, f"dispatched over {transport.value}"))
        return found

    async def begin(self, device: Actor, transport: Transport) -> Execution | None:
        """The first queued execution of a device for a transport, marked as leaving: it is being published to an external
        broker.

        Until `mark_dispatched`, `put_back` or `refuse_leaving` it cannot be dispatched by another caller, cancelled or expired.
        """
        now_us = self._clock.now_us()
        async with self._database.snapshot(device.org_id) as tx:
            if not await tx.executions.waiting(device.device_id, transport, now_us, 1):
                return None
        async with self._database.transaction(device.org_id) as tx:
            if await tx.executions.one_at_a_time(device.device_id) and (await tx.executions.count(device.device_id))[1]:
                return None
            for waiting in await tx.executions.waiting(device.device_id, transport, now_us, 1):
                execution = msgspec.structs.replace(waiting, leaving=True)
                await tx.executions.save(execution)
                return execution
        return None

    async def mark_dispatched(self, device: Actor, execution_id: ExecutionId, transport: Transport, reason: str) -> None:
        """The broker has confirmed it. If the device will not acknowledge it, the broker's confirmation counts as the receipt."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if not execution.leaving:
                return  # the device responded before its broker confirmed
            execution = await self._leave(tx, execution, transport, reason)
            if execution.verification is not Verification.ACKNOWLEDGEMENT:
                execution = await self._receive(tx, execution, f"{reason}; the device does not confirm receipt")
        self._notify_if_ended(execution)

    async def put_back(self, device: Actor, execution_id: ExecutionId, reason: str) -> None:
        """The broker certainly does not have it: it is queued again. `reason` states the cause."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.leaving:
                # Without a row in its history: nothing left, so for users it has waited all the time.
                await tx.executions.save(msgspec.structs.replace(execution, leaving=False, reason=reason))

    async def refuse_leaving(self, device: Actor, execution_id: ExecutionId, reason: str) -> None:
        """The broker will never accept it."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.leaving:
                await keep_move(tx, execution, Move.REFUSE, self._clock.now_us(), reason)
        self._on_free(device.device_id)

    async def mark_leaving_unconfirmed(self, device: Actor, execution_id: ExecutionId, transport: Transport, reason: str) -> None:
        """It is unknown whether the broker has it: it counts as sent, and is queued again if it is repeatable."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.leaving:
                execution = await self._leave(tx, execution, transport, reason)
                if execution.repeatable:
                    await keep_move(tx, execution, Move.LOSE, self._clock.now_us(), "it is repeatable, so it is sent again")

    async def _leave(self, tx: CommandTransaction, execution: Execution, transport: Transport, reason: str) -> Execution:
        execution = msgspec.structs.replace(execution, sent_by=transport)
        return await keep_move(tx, execution, Move.SEND, self._clock.now_us(), reason)

    async def lose(self, device: Actor) -> None:
        """A device has opened a new connection: executions without a receipt on an earlier one are queued again if repeatable."""
        async with self._database.snapshot(device.org_id) as tx:
            if not await tx.executions.sent(device.device_id):
                return
        async with self._database.transaction(device.org_id) as tx:
            await self._lose(tx, device, polled=False)

    async def _lose(self, tx: CommandTransaction, device: Actor, *, polled: bool) -> None:
        for execution in await tx.executions.sent(device.device_id):
            # A new connection proves nothing about executions that a poll fetched, nor a poll about those of a connection.
            if execution.repeatable and (execution.sent_by is Transport.HTTP) == polled:
                await keep_move(tx, execution, Move.LOSE, self._clock.now_us(), "no receipt before the next connection")

    async def unsend(self, device: Actor, execution_id: ExecutionId, reason: str) -> None:
        """The transport reports that nothing was sent: it is queued again in its old position. Ignored if it has moved on."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            # The device may have acknowledged it, or its deadline have passed, in the meantime.
            if execution.state is State.SENT:
                await keep_move(tx, execution, Move.UNSEND, self._clock.now_us(), reason)

    async def refuse(self, device: Actor, execution_id: ExecutionId, reason: str) -> None:
        """The transport can never deliver it. Ignored if it has moved on."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.state is State.SENT:
                await keep_move(tx, execution, Move.FAIL, self._clock.now_us(), reason)
        self._on_free(device.device_id)

    async def received(self, device: Actor, execution_id: ExecutionId) -> Execution:
        """The device has received it, as its protocol confirms. Ignored if it was already received or has ended.

        Raises:
            ExecutionNotFound: the device has no execution with this id.
            MoveNotAllowed: it was never dispatched.
        """
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.state in (State.RECEIVED, *ENDS):
                return execution
            execution = await self._receive(tx, execution, "received by the device")
        self._notify_if_ended(execution)
        return execution

    async def report(
        self, device: Actor, execution_id: ExecutionId, reason: str, *, arrived: bool, acknowledged: bool = False
    ) -> Execution:
        """A network server's report: it arrived (`acknowledged` by the device itself), or never will. Ignored if it has ended.

        Raises:
            ExecutionNotFound: the device has no execution with this id.
        """
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            # The failure of an earlier dispatch does not end an execution that waits to be dispatched again.
            if execution.state in ENDS or not execution.hand_outs or (execution.state is State.QUEUED and not arrived):
                return execution
            now_us = self._clock.now_us()
            if not arrived:
                execution = await keep_move(tx, execution, Move.FAIL, now_us, reason)
            else:
                if execution.state is not State.RECEIVED:
                    execution = await self._take_receipt(tx, execution, reason)
                evidence = Verification.ACKNOWLEDGEMENT if acknowledged else Verification.NONE
                if execution.verification in (Verification.NONE, evidence):
                    execution = await keep_move(tx, execution, Move.FINISH, now_us, reason)
        self._notify_if_ended(execution)
        return execution

    async def mark_unconfirmed(self, device: Actor, execution_id: ExecutionId) -> None:
        """It is unknown whether it was sent before the server stopped: it is queued again if it is repeatable."""
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if execution.state is State.SENT and execution.repeatable:
                await keep_move(tx, execution, Move.LOSE, self._clock.now_us(), "it is unknown whether it was sent")

    async def acknowledge(self, device: Actor, execution_id: ExecutionId, report: Acknowledgement) -> Execution:
        """The device acknowledges an execution. Repeating the same result has no effect.

        Raises:
            ExecutionNotFound: the device has no execution with this id.
            MoveNotAllowed: it was never dispatched, or has ended in another state.
        """
        async with self._database.transaction(device.org_id) as tx:
            execution = await get_execution(tx, execution_id, device.device_id)
            if report.ok is not None and execution.state is (State.DONE if report.ok else State.FAILED):
                return await _add_result(tx, execution, report)
            execution = await self._acknowledge(tx, execution, report)
        self._notify_if_ended(execution)
        return execution

    async def _acknowledge(self, tx: CommandTransaction, execution: Execution, report: Acknowledgement) -> Execution:
        now_us = self._clock.now_us()
        if execution.state is not State.RECEIVED:
            execution = await self._take_receipt(tx, execution, "acknowledged by the device")
        execution = msgspec.structs.replace(
            execution,
            progress=execution.progress if report.progress is None else report.progress,
            result=execution.result if report.result is None else report.result,
            error=execution.error if report.error is None else report.error,
            deadline_us=now_us + execution.timeout_us,  # a device that reports is alive: the time for verification restarts
        )
        if report.ok is False:
            return await keep_move(tx, execution, Move.FAIL, now_us, "the device reported that it failed")
        if execution.verification is Verification.NONE:
            return await keep_move(tx, execution, Move.FINISH, now_us, UNVERIFIED)
        if report.ok and execution.verification is Verification.ACKNOWLEDGEMENT:
            return await keep_move(tx, execution, Move.FINISH, now_us, "the device reported that it is done")
        await tx.executions.save(execution)
        return execution

    async def _receive(self, tx: CommandTransaction, execution: Execution, reason: str) -> Execution:
        execution = await self._take_receipt(tx, execution, reason)
        if execution.verification is Verification.NONE:
            execution = await keep_move(tx, execution, Move.FINISH, self._clock.now_us(), UNVERIFIED)
        return execution

    async def _take_receipt(self, tx: CommandTransaction, execution: Execution, reason: str) -> Execution:
        # The device's response overtook the broker's confirmation, and proves that the message left.
        if execution.leaving:
            execution = await self._leave(tx, execution, Transport.MQTT, "sent, as the device confirmed")
        execution = msgspec.structs.replace(execution, after_seq=self._last_seq())
        return await keep_move(tx, execution, Move.RECEIVE, self._clock.now_us(), reason)

    async def verify(self, actor: Actor, due: DueExecution, seq: Seq) -> None:
        """A reading of the device arrived after the receipt: done. Idempotent; ignored if it has moved on."""
        async with self._database.transaction(actor.org_id) as tx:
            execution = await tx.executions.find(due.id)
            if execution is None or execution.state is not State.RECEIVED:
                return
            reason = f"verified by the reading {encode(Prefix.READING, seq)}"
            execution = await keep_move(tx, execution, Move.FINISH, self._clock.now_us(), reason)
        self._notify_if_ended(execution)

    async def expire(self, actor: Actor, due: DueExecution) -> None:
        """Expire an execution whose deadline has passed. Idempotent; ignored if its deadline was extended in the meantime."""
        async with self._database.transaction(actor.org_id) as tx:
            execution, now_us = await tx.executions.find(due.id), self._clock.now_us()
            # Checked again: it may have moved, or been published to a broker, since the sweeper read it.
            if execution is None or execution.deadline_us is None or execution.deadline_us > now_us or execution.leaving:
                return
            execution = await keep_move(tx, execution, Move.EXPIRE, now_us, _TOO_LATE[execution.state])
        self._notify_if_ended(execution)

    async def device_deleted(self, org_id: OrgId, device_id: DeviceId) -> None:
        """End the open executions of a device that was deleted. Repeating the call has no effect."""
        async with self._database.transaction(org_id) as tx:
            if await tx.devices.find_ref(device_id) is not None:
                return
            for execution in await tx.executions.list_open(device_id):
                move = next(move for move in (Move.CANCEL, Move.EXPIRE, Move.REFUSE) if follows(execution, move) is not None)
                await keep_move(tx, execution, move, self._clock.now_us(), "the device was deleted")

    def _notify_if_ended(self, execution: Execution) -> None:
        if execution.state in ENDS:
            self._on_free(execution.device_id)


async def _add_result(tx: CommandTransaction, execution: Execution, report: Acknowledgement) -> Execution:
    """Store the result of an execution that was already done by its receipt alone."""
    if report.result is None or execution.result is not None:
        return execution
    execution = msgspec.structs.replace(execution, result=report.result)
    await tx.executions.save(execution)
    return execution
