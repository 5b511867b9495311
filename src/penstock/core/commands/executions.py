"""Use cases of users and programs on executions: request, read and cancel one; and a device's queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.config import CommandsConfig
from penstock.core.commands.definitions import device_of, understood
from penstock.core.commands.errors import ExecutionNotFound, QueueFull
from penstock.core.commands.events import TOPICS, command_moved
from penstock.core.commands.models import (
    Definition,
    DeviceQueue,
    Execution,
    ExecutionFilter,
    ExecutionRequest,
    State,
    Transition,
    Transport,
)
from penstock.core.commands.parameters import fit_parameters
from penstock.core.commands.ports import ObstacleFinder
from penstock.core.commands.states import Move, moved
from penstock.core.commands.store import CommandTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.idempotency import IdempotencyKey
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, ExecutionId, IdSource, Prefix, encode, text_of
from penstock.kit.paging import Page, decode_cursor, page_of

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER, ActorKind.DEVICE: Prefix.DEVICE}


class ExecutionService:
    """Executions of an organisation's commands.

    `on_queued` is called with a device's id after the commit of an execution that was queued for it. `finders` say what
    prevents its delivery, unless a transport `reaches` its device.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CommandTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: CommandsConfig,
        on_queued: Callable[[DeviceId], None],
        reaches: Callable[[DeviceId, Transport], bool],
        finders: Sequence[ObstacleFinder],
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._on_queued = on_queued
        self._reaches = reaches
        self._finders = finders

    async def execute(
        self, actor: Actor, device_id: DeviceId, requested: ExecutionRequest, idempotency: IdempotencyKey | None = None
    ) -> Execution:
        """Request a command from a device. It is added to the device's queue, in the order of request.

        If it can never be delivered, it fails at once; if something is missing for now, its reason says what.

        Raises:
            DeviceNotFound, DefinitionNotFound, QueueFull, IdempotencyMismatch.
            InvalidInput: a parameter is invalid, or the expiry is out of range; every invalid field is named.
        """
        async with self._database.transaction(actor.org_id) as tx:
            # Before the limit: repeating a call that succeeded must not fail because the queue is full of its own command.
            if idempotency and (kept := await tx.idempotency.find(actor.id, idempotency)):
                return await get_execution(tx, msgspec.msgpack.decode(kept, type=ExecutionId))
            device = await device_of(tx, device_id)
            definition = await understood(tx, device, requested.definition_id)
            queued, _ = await tx.executions.count(device_id)
            if queued >= self._config.max_queued_per_device:
                raise QueueFull(limit=self._config.max_queued_per_device)
            execution = self._new(actor, device_id, definition, requested)
            await tx.executions.create(execution, _first_row(execution))
            await tx.outbox.add(TOPICS[State.QUEUED], execution.id, command_moved(execution, execution.created_us))
            await self._trail.record(
                tx,
                actor,
                "command.send",
                _target(execution),
                device_id=encode(Prefix.DEVICE, device_id),
                definition_id=encode(Prefix.DEFINITION, definition.id),
                parameters=list(
                    execution.parameters
                ),  # only the names: a value can be a password, and the audit log stores it permanently
            )
            if idempotency:
                answer = msgspec.msgpack.encode(execution.id)
                await tx.idempotency.keep(actor.id, idempotency, answer, execution.created_us)
        try:
            return await self._without_obstacle(execution)
        finally:
            self._on_queued(device_id)

    async def _without_obstacle(self, execution: Execution) -> Execution:
        """The execution after a look at what prevents its delivery: failed, or queued with the reason for which it waits."""
        if self._reaches(execution.device_id, execution.transport):
            return execution
        found = [one for finder in self._finders if (one := await finder.find_obstacle(execution)) is not None]
        if not found:
            return execution
        # Outside the transaction that queued it: a codec runs, and must not hold the one writer.
        async with self._database.transaction(execution.org_id) as tx:
            current = await get_execution(tx, execution.id)
            if current.state is not State.QUEUED or current.leaving or current.hand_outs:
                return current  # a connection of the device has taken it in the meantime
            for obstacle in found:
                if obstacle.final:
                    return await keep_move(tx, current, Move.REFUSE, self._clock.now_us(), obstacle.reason)
            current = msgspec.structs.replace(current, reason=f"it waits: {found[0].reason}")
            await tx.executions.save(current)
            return current

    def _new(self, actor: Actor, device_id: DeviceId, definition: Definition, requested: ExecutionRequest) -> Execution:
        expires_in_us = self._config.expiry_s * SECOND_US if requested.expires_in_us is None else requested.expires_in_us
        if not 0 < expires_in_us <= self._config.max_expiry_s * SECOND_US:
            raise InvalidInput.field("expires_in_s", f"must be between 1 and {self._config.max_expiry_s}")
        now_us = self._clock.now_us()
        prefix = _PREFIXES.get(actor.kind)
        return Execution(
            id=self._ids.next(ExecutionId),
            org_id=actor.org_id,
            device_id=device_id,
            definition_id=definition.id,
            name=definition.name,
            parameters=fit_parameters(definition.parameters, requested.parameters),
            transport=definition.transport,
            verification=definition.verification,
            timeout_us=definition.timeout_us,
            repeatable=definition.repeatable,
            created_by=text_of(prefix, actor.id) if prefix else "",
            chain=actor.chain,
            created_us=now_us,
            expires_us=now_us + expires_in_us,
            reason="requested",
            deadline_us=now_us + expires_in_us,
        )

    async def get(self, actor: Actor, execution_id: ExecutionId) -> tuple[Execution, Sequence[Transition]]:
        """Return an execution with its history, oldest first.

        Raises:
            ExecutionNotFound: the caller's organisation has no execution with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_execution(tx, execution_id), await tx.executions.history(execution_id)

    async def list(self, actor: Actor, filters: ExecutionFilter, limit: int, cursor: str | None) -> Page[Execution]:
        """Return a page of executions, newest first."""
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.executions.list(filters, limit + 1, key[0] if key else None)
        return page_of(found, limit, lambda last: (last.id,))

    async def cancel(self, actor: Actor, execution_id: ExecutionId) -> Execution:
        """Cancel a queued execution. Repeating the call has no effect.

        Raises:
            ExecutionNotFound.
            MoveNotAllowed: it was dispatched, or has ended in another state.
        """
        async with self._database.transaction(actor.org_id) as tx:
            execution = await get_execution(tx, execution_id)
            if execution.state is State.CANCELLED:
                return execution
            now_us = self._clock.now_us()
            execution = await keep_move(tx, execution, Move.CANCEL, now_us, "cancelled")
            await self._trail.record(
                tx, actor, "command.cancel", _target(execution), device_id=encode(Prefix.DEVICE, execution.device_id)
            )
        return execution

    async def queue(self, actor: Actor, device_id: DeviceId) -> DeviceQueue:
        """Return a device's queue.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await device_of(tx, device_id)
            return await _queue(tx, device_id)

    async def set_one_at_a_time(self, actor: Actor, device_id: DeviceId, one_at_a_time: bool) -> DeviceQueue:
        """Set whether a device receives a command only after the previous one has ended.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.transaction(actor.org_id) as tx:
            device = await device_of(tx, device_id)
            before = await tx.executions.one_at_a_time(device_id)
            await tx.executions.set_one_at_a_time(device_id, one_at_a_time)
            target = Target("device", encode(Prefix.DEVICE, device_id), device.name)
            old, new = {"one_at_a_time": before}, {"one_at_a_time": one_at_a_time}
            await self._trail.record(tx, actor, "command.queue", target, before=old, after=new)
            found = await _queue(tx, device_id)
        self._on_queued(device_id)
        return found


async def get_execution(tx: CommandTransaction, execution_id: ExecutionId, device_id: DeviceId | None = None) -> Execution:
    """Return an execution of the transaction's organisation, and of the device if `device_id` is set.

    Raises:
        ExecutionNotFound.
    """
    execution = await tx.executions.find(execution_id)
    if execution is None or device_id not in (None, execution.device_id):
        raise ExecutionNotFound(execution_id=encode(Prefix.EXECUTION, execution_id))
    return execution


def _first_row(execution: Execution) -> Transition:
    """The first row of a new execution's history."""
    return Transition(state=execution.state, at_us=execution.created_us, reason=execution.reason)


async def keep_move(tx: CommandTransaction, execution: Execution, move: Move, now_us: int, reason: str) -> Execution:
    """Move an execution: write its row, its history and the event, in the running transaction.

    Raises:
        MoveNotAllowed.
    """
    after, row = moved(execution, move, now_us, reason)
    await tx.executions.save(after, row)
    await tx.outbox.add(TOPICS[after.state], after.id, command_moved(after, now_us))
    return after


async def _queue(tx: CommandTransaction, device_id: DeviceId) -> DeviceQueue:
    queued, under_way = await tx.executions.count(device_id)
    one_at_a_time = await tx.executions.one_at_a_time(device_id)
    return DeviceQueue(device_id=device_id, one_at_a_time=one_at_a_time, queued=queued, under_way=under_way)


def _target(execution: Execution) -> Target:
    return Target("execution", encode(Prefix.EXECUTION, execution.id), execution.name)
