"""Builds the services for commands: the use cases, the dispatcher that transports register with, and the loops."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.api.system.metrics import Figure
from penstock.api.v2.commands.execution_routes import ExecutionEndpoints
from penstock.api.v2.commands.routes import CommandEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.listener import CommandListener
from penstock.core.commands.ports import ObstacleFinder
from penstock.core.commands.queue import CommandQueue
from penstock.core.database import repeated_after_commit
from penstock.core.devices import events
from penstock.core.outbox import OutboxEntry
from penstock.ingress.http.commands import DeviceCommands
from penstock.kit.ids import DeviceId
from penstock.settings import Settings
from penstock.workers.commands import CommandDispatcher, CommandSweeper, CommandVerifier


class Commands(msgspec.Struct, kw_only=True):
    """The services for commands. Transports register with `dispatcher`; `on_wake` is called with each device that has work,
    `finders` are asked what prevents the delivery of a new command.
    """

    definitions: DefinitionService
    executions: ExecutionService
    queue: CommandQueue
    dispatcher: CommandDispatcher
    verifier: CommandVerifier
    on_wake: list[Callable[[DeviceId], None]]
    finders: list[ObstacleFinder]
    sweeper: CommandSweeper
    device_calls: DeviceCommands

    @property
    def part(self) -> Part:
        """Endpoints, loops, follower and figures for commands."""
        return Part(
            endpoints=(CommandEndpoints(self.definitions, self.executions), ExecutionEndpoints(self.executions)),
            raw=(self.device_calls,),
            followers={events.DELETED: self._device_deleted},
            loops={
                "commands": self.dispatcher.run,
                "command_verifier": self.verifier.run,
                "command_sweeper": self.sweeper.run,
            },
            figures=(
                Figure(
                    "commands_handed_over",
                    "Commands delivered through a connection.",
                    lambda: self.dispatcher.delivered,
                    counts=True,
                ),
                Figure("commands_backlog_devices", "Devices whose commands wait for a lane.", lambda: self.dispatcher.backlog),
            ),
        )

    async def _device_deleted(self, entry: OutboxEntry) -> None:
        await self.queue.device_deleted(entry.org_id, DeviceId(entry.subject_id))


def build_commands(services: Services, settings: Settings) -> Commands:
    """Build the services for commands. Their loops are not running yet."""
    database, clock, config = services.database, services.clock, settings.commands

    # Filled later: brokers and network servers have their own dispatchers, and are built from these services.
    on_wake: list[Callable[[DeviceId], None]] = []
    finders: list[ObstacleFinder] = []

    @repeated_after_commit
    def wake(device_id: DeviceId) -> None:
        dispatcher.wake(device_id)
        for notify in on_wake:
            notify(device_id)

    queue = CommandQueue(database=database, clock=clock, last_seq=lambda: services.log.last_seq, on_free=wake)
    dispatcher = CommandDispatcher(database, queue)
    services.connectivity.add(CommandListener(dispatcher))
    return Commands(
        definitions=DefinitionService(database=database, trail=services.trail, ids=services.ids, clock=clock, config=config),
        executions=ExecutionService(
            database=database,
            trail=services.trail,
            ids=services.ids,
            clock=clock,
            config=config,
            on_queued=wake,
            reaches=dispatcher.reaches,
            finders=finders,
        ),
        queue=queue,
        dispatcher=dispatcher,
        on_wake=on_wake,
        finders=finders,
        verifier=CommandVerifier(log=services.log, database=database, queue=queue),
        sweeper=CommandSweeper(
            database=database,
            queue=queue,
            clock=clock,
            settled=services.settled,
            interval_s=config.sweep_interval_s,
            keep_days=config.keep_days,
        ),
        device_calls=DeviceCommands(queue, services.ingest, services.bodies),
    )
