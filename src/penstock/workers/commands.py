"""Loops for commands: dispatch them to connected devices, verify them by readings, and end them at their deadlines.

Theory of operation. The dispatcher is notified of devices that may have work: a command was queued, one ended, a connection is
new. Each such device is served by one of a few lanes, never by two, so that its commands leave in order. A lane first settles
executions that an earlier connection lost, then claims one execution at a time: a claim commits that it counts as sent, and
only then is it delivered. If the connection was replaced in between, nothing has left, and the execution waits again.
"""

from __future__ import annotations

import asyncio

import structlog

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import Acknowledgement, Execution, Transport
from penstock.core.commands.ports import CommandTransport, NotConnected, Receipt, Undeliverable
from penstock.core.commands.queue import CommandQueue
from penstock.core.commands.store import DueExecution, HasSystemExecutions
from penstock.core.database import SystemDatabase
from penstock.core.devices.availability import reports_offline
from penstock.core.telemetry.connection_records import is_connection_record
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import DAY_US, HOUR_US, Clock, has_passed
from penstock.kit.ids import DeviceId, ExecutionId, Prefix, Seq, encode
from penstock.workers.lanes import DeviceLanes
from penstock.workers.loop import run_loop

DELIVER_S = 10.0
"""How long a transport may take to deliver one execution. After that its outcome is unknown, and it remains sent."""
VERIFY_INTERVAL_S = 0.5
STEP_ROWS = 5_000
OVERDUE_AT_ONCE = 200
DROP_AT_ONCE = 1_000
_log = structlog.get_logger()


class CommandDispatcher:
    """Implements `CommandDispatch`."""

    def __init__(self, database: SystemDatabase[HasSystemExecutions], queue: CommandQueue) -> None:
        self._database = database
        self._queue = queue
        self._transports: dict[Transport, CommandTransport] = {}
        self._fresh: set[DeviceId] = set()
        self._lanes = DeviceLanes(self._serve)
        self.delivered = 0

    def register(self, name: Transport, transport: CommandTransport) -> None:
        self._transports[name] = transport

    def connected(self, device_id: DeviceId) -> None:
        self._fresh.add(device_id)
        self._lanes.wake(device_id)

    def wake(self, device_id: DeviceId) -> None:
        """Wake the device's lane: a command was queued, or the previous one ended."""
        if any(one.reaches(device_id) for one in self._transports.values()):
            self._lanes.wake(device_id)

    def reaches(self, device_id: DeviceId, transport: Transport) -> bool:
        """Whether a device is connected over a transport, or over any of them."""
        candidates = self._transports.items()
        return any(one.reaches(device_id) for name, one in candidates if transport in (Transport.ANY, name))

    @property
    def backlog(self) -> int:
        """The number of devices being served or waiting."""
        return self._lanes.backlog

    async def received(self, device: Actor, execution_id: ExecutionId) -> None:
        await self._queue.received(device, execution_id)

    async def acknowledge(self, device: Actor, execution_id: ExecutionId, acknowledgement: Acknowledgement) -> Execution:
        return await self._queue.acknowledge(device, execution_id, acknowledgement)

    async def run(self) -> None:
        """Dispatch until cancelled."""
        await self._lanes.run()

    async def _serve(self, device_id: DeviceId) -> None:
        async with self._database.system_snapshot() as tx:
            org_id = await tx.executions.organization_of(device_id)
        if org_id is None:
            self._fresh.discard(device_id)
            return
        device = Actor(org_id=org_id, kind=ActorKind.DEVICE, id=device_id)
        sent = True
        while sent:
            if device_id in self._fresh:
                # Before anything is claimed, because a lost repeatable command returns to its old place in the order.
                await self._queue.lose(device)
                self._fresh.discard(device_id)
            sent = await self._send_next(device)

    async def _send_next(self, device: Actor) -> bool:
        """Send the first command in a device's queue. Returns whether there may be more."""
        for name, transport in self._transports.items():
            if not transport.reaches(device.device_id):
                continue
            for execution in await self._queue.claim(device, name, 1):
                return await self._send(device, execution, transport)
        return False

    async def _send(self, device: Actor, execution: Execution, transport: CommandTransport) -> bool:
        # A connection that is new since the claim is not settled yet: a command sent now would be lost, and would count as sent.
        gone = device.device_id in self._fresh or not transport.reaches(device.device_id)
        outcome = NotConnected() if gone else await _deliver(transport, execution)
        match outcome:
            case NotConnected(reason=reason):
                await self._queue.unsend(device, execution.id, reason)
                return device.device_id in self._fresh  # otherwise there is nothing to do until it connects again
            case Undeliverable(reason=reason):
                await self._queue.refuse(device, execution.id, reason)
            case Receipt(received=True):
                await self._queue.received(device, execution.id)
        self.delivered += isinstance(outcome, Receipt)
        return True


async def _deliver(transport: CommandTransport, execution: Execution) -> Receipt | NotConnected | Undeliverable:
    try:
        async with asyncio.timeout(DELIVER_S):
            return await transport.deliver(execution)
    except TimeoutError:
        _log.warning("command_delivery_slow", execution=encode(Prefix.EXECUTION, execution.id))
        return Receipt()


class CommandVerifier:
    """Follows the reading log for devices whose next reading verifies a command.

    Each such execution stores the log's position at its receipt, so no separate cursor is needed: new executions are searched
    for from there, and after a restart all are new.
    """

    def __init__(self, *, log: ReadingLog, database: SystemDatabase[HasSystemExecutions], queue: CommandQueue) -> None:
        self._log = log
        self._database = database
        self._queue = queue
        self._known: set[ExecutionId] = set()
        self._cursor = Seq(0)

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log; 0 if no command waits for a reading."""
        return self._log.last_seq - self._cursor if self._known else 0

    async def run(self) -> None:
        """Follow the log until cancelled."""
        await run_loop(self.step, VERIFY_INTERVAL_S, "verification_delayed")

    async def step(self) -> bool:
        """Verify with the next part of the log. Returns whether there is more immediately."""
        last_seq = self._log.last_seq
        async with self._database.system_snapshot() as tx:
            awaiting = await tx.executions.awaiting_reading()
        start = min([self._cursor, *(one.after_seq for one in awaiting if one.id not in self._known)])
        self._known = {one.id for one in awaiting}
        self._cursor = start
        if not awaiting:
            self._cursor = last_seq
        if self._cursor >= last_seq:
            return False
        readings = await self._log.read_after(self._cursor, STEP_ROWS)
        by_device: dict[DeviceId, list[DueExecution]] = {}
        for one in awaiting:
            by_device.setdefault(one.device_id, []).append(one)
        for reading in readings:
            if reading.device_id not in by_device or not _is_evidence(reading):
                continue
            for due in [one for one in by_device[reading.device_id] if one.after_seq < reading.seq]:
                await self._queue.verify(Actor.system(due.org_id), due, reading.seq)
                by_device[reading.device_id].remove(due)
        self._cursor = readings[-1].seq if len(readings) == STEP_ROWS else max(self._cursor, last_seq)
        return len(readings) == STEP_ROWS


def _is_evidence(reading: Reading) -> bool:
    """Whether a reading can show that a command had its effect.

    Not an old measurement, what a rule computed, the server's record of a connection, or a last will.
    """
    if reading.backfill or reading.source == Source.RULE or is_connection_record(reading):
        return False
    return not reports_offline(reading.kind, reading.payload)


class CommandSweeper:
    """Ends executions whose deadline has passed, and removes those that ended long ago."""

    def __init__(
        self,
        *,
        database: SystemDatabase[HasSystemExecutions],
        queue: CommandQueue,
        clock: Clock,
        settled: Clock,
        interval_s: float,
        keep_days: int,
    ) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock
        self._settled = settled
        self._interval_s = interval_s
        self._keep_us = keep_days * DAY_US
        self._dropped_us = 0

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, self._interval_s, "command_sweep_delayed")

    async def step(self) -> bool:
        """End overdue executions. Returns whether there are more immediately."""
        now_us = self._clock.now_us()
        async with self._database.system_snapshot() as tx:
            overdue = await tx.executions.overdue(now_us, OVERDUE_AT_ONCE)
        for due in overdue:
            await self._queue.expire(Actor.system(due.org_id), due)
        return len(overdue) == OVERDUE_AT_ONCE or await self._drop()

    async def _drop(self) -> bool:
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return False
        async with self._database.system() as tx:
            dropped = await tx.executions.drop_finished(now_us - self._keep_us, DROP_AT_ONCE)
        if dropped < DROP_AT_ONCE:
            self._dropped_us = now_us
        return dropped == DROP_AT_ONCE
