"""Loops around commands: hand them to connected devices, verify them by readings, end what is over.

Theory of operation. The dispatcher is told which devices to look at: a command was queued, one ended, a connection is new.
Each such device is taken by one of a few lanes, never by two, so that its commands leave in order. A lane first settles what an
earlier connection lost, then claims one execution after the other: a claim commits that it counts as sent, and only then
is it delivered. If the connection was replaced in between, nothing has left, and it waits again.
"""

from __future__ import annotations

import asyncio

import structlog

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import Acknowledgement, Execution, Transport
from penstock.core.commands.ports import CommandTransport, NotConnected, Receipt, Undeliverable
from penstock.core.commands.queue import CommandQueue
from penstock.core.commands.store import DueExecution, HasSystemExecutions
from penstock.core.database import SystemDoor
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import DAY_US, HOUR_US, Clock
from penstock.kit.ids import DeviceId, ExecutionId, Prefix, Seq, encode
from penstock.workers.lanes import DeviceLanes
from penstock.workers.loop import run_loop

DELIVER_S = 10.0
"""How long a transport may take to hand one execution over. After that nobody knows whether it left: it stays sent."""
VERIFY_INTERVAL_S = 0.5
STEP_ROWS = 5_000
OVERDUE_AT_ONCE = 200
DROP_AT_ONCE = 1_000
_log = structlog.get_logger()


class CommandDispatcher:
    """Implements `CommandDispatch`."""

    def __init__(self, database: SystemDoor[HasSystemExecutions], queue: CommandQueue) -> None:
        self._database = database
        self._queue = queue
        self._transports: dict[Transport, CommandTransport] = {}
        self._fresh: set[DeviceId] = set()
        self._lanes = DeviceLanes(self._serve)
        self.handed_over = 0

    def register(self, name: Transport, transport: CommandTransport) -> None:
        self._transports[name] = transport

    def connected(self, device_id: DeviceId) -> None:
        self._fresh.add(device_id)
        self._lanes.wake(device_id)

    def wake(self, device_id: DeviceId) -> None:
        """Something may go to a device now: a command was queued, or the one before it ended."""
        if any(one.reaches(device_id) for one in self._transports.values()):
            self._lanes.wake(device_id)

    @property
    def backlog(self) -> int:
        """How many devices are being looked at or wait to be."""
        return self._lanes.backlog

    async def received(self, device: Actor, execution_id: ExecutionId) -> None:
        await self._queue.received(device, execution_id)

    async def acknowledge(self, device: Actor, execution_id: ExecutionId, said: Acknowledgement) -> Execution:
        return await self._queue.acknowledge(device, execution_id, said)

    async def run(self) -> None:
        """Hand out until cancelled."""
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
                await self._queue.lose(device)
                self._fresh.discard(device_id)
            sent = await self._send_next(device)

    async def _send_next(self, device: Actor) -> bool:
        """Send what is first in a device's queue; whether there may be more to send."""
        for name, transport in self._transports.items():
            if not transport.reaches(device.device_id):
                continue
            for execution in await self._queue.claim(device, name, 1):
                return await self._send(device, execution, transport)
        return False

    async def _send(self, device: Actor, execution: Execution, transport: CommandTransport) -> bool:
        # A connection that is new since the claim has not been settled: what goes out now would be lost, and sent, twice.
        gone = device.device_id in self._fresh or not transport.reaches(device.device_id)
        outcome = NotConnected() if gone else await _deliver(transport, execution)
        match outcome:
            case NotConnected(reason=reason):
                await self._queue.unsend(device, execution.id, reason)
                return device.device_id in self._fresh  # otherwise there is nothing to do before it connects again
            case Undeliverable(reason=reason):
                await self._queue.refuse(device, execution.id, reason)
            case Receipt(received=True):
                await self._queue.received(device, execution.id)
        self.handed_over += isinstance(outcome, Receipt)
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

    Each such execution keeps where the log stood at its receipt, so that no cursor has to be kept beside: what is new here is
    looked for from there, and after a restart everything is new.
    """

    def __init__(self, *, log: ReadingLog, database: SystemDoor[HasSystemExecutions], queue: CommandQueue) -> None:
        self._log = log
        self._database = database
        self._queue = queue
        self._known: set[ExecutionId] = set()
        self._cursor = Seq(0)

    async def run(self) -> None:
        """Follow the log until cancelled."""
        await run_loop(self.step, VERIFY_INTERVAL_S, "verification_delayed")

    async def step(self) -> bool:
        """Look at the next stretch of the log; whether there is more at once."""
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
            if reading.backfill or reading.device_id not in by_device:
                continue  # what was measured long ago tells nothing of the command
            for due in [one for one in by_device[reading.device_id] if one.after_seq < reading.seq]:
                await self._queue.verify(Actor.system(due.org_id), due, reading.seq)
                by_device[reading.device_id].remove(due)
        self._cursor = readings[-1].seq if len(readings) == STEP_ROWS else max(self._cursor, last_seq)
        return len(readings) == STEP_ROWS


class CommandSweeper:
    """Ends executions whose time is over, and forgets those that ended long ago."""

    def __init__(
        self, *, database: SystemDoor[HasSystemExecutions], queue: CommandQueue, clock: Clock, interval_s: float, keep_days: int
    ) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock
        self._interval_s = interval_s
        self._keep_us = keep_days * DAY_US
        self._dropped_us = 0

    async def run(self) -> None:
        """Go on until cancelled."""
        await run_loop(self.step, self._interval_s, "command_sweep_delayed")

    async def step(self) -> bool:
        """End what is over; whether there is more at once."""
        now_us = self._clock.now_us()
        async with self._database.system_snapshot() as tx:
            overdue = await tx.executions.overdue(now_us, OVERDUE_AT_ONCE)
        for due in overdue:
            await self._queue.expire(Actor.system(due.org_id), due)
        return len(overdue) == OVERDUE_AT_ONCE or await self._drop(now_us)

    async def _drop(self, now_us: int) -> bool:
        if now_us - self._dropped_us < HOUR_US:
            return False
        async with self._database.system() as tx:
            dropped = await tx.executions.drop_finished(now_us - self._keep_us, DROP_AT_ONCE)
        if dropped < DROP_AT_ONCE:
            self._dropped_us = now_us
        return dropped == DROP_AT_ONCE
