"""A server in this process with devices to command, and a transport whose connections the test holds in its hands."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import Definition, Execution, ExecutionRequest, NewDefinition, State, Verification
from penstock.core.commands.ports import CommandDispatch, CommandTransport, NotConnected, Receipt, Undeliverable
from penstock.core.devices.models import NewDevice
from penstock.kit.clock import SECOND_US, Clock
from penstock.settings import load_settings
from tests.support.waiting import CEILING_S


class Line:
    """A transport. `outcome` is what it says to the next delivery; `handed_over` what left, by device, in order."""

    def __init__(self) -> None:
        self.connected: set[int] = set()
        self.handed_over: list[int] = []
        self.outcome: Receipt | NotConnected | Undeliverable = Receipt()

    def reaches(self, device_id: int) -> bool:
        return device_id in self.connected

    async def deliver(self, execution: Execution) -> Receipt | NotConnected | Undeliverable:
        if execution.device_id not in self.connected:
            return NotConnected()
        if isinstance(self.outcome, Receipt):
            self.handed_over.append(execution.id)
        return self.outcome

    def connect(self, dispatch: CommandDispatch, device: Actor) -> None:
        self.connected.add(device.id)
        dispatch.connected(device.id)


def check_port(line: Line, server: Server) -> tuple[CommandTransport, CommandDispatch]:
    """Says to the type checker that both fit their ports."""
    return line, server.parts.commands.dispatcher


class Site:
    """One organisation of a server, and the shortest way to each use case of commands."""

    def __init__(self, server: Server, org_id: int) -> None:
        self.server = server
        self.commands = server.parts.commands
        self.actor = Actor.system(org_id)

    async def add_device(self, name: str = "Pump") -> Actor:
        made = await self.server.devices.create(self.actor, NewDevice(name=name))
        return Actor(org_id=self.actor.org_id, kind=ActorKind.DEVICE, id=made.device.id)

    async def define(
        self,
        device: Actor,
        name: str = "restart",
        *,
        verification: Verification = Verification.ACKNOWLEDGEMENT,
        repeatable: bool = False,
        timeout_s: int = 600,
        **about: Any,
    ) -> Definition:
        wanted = NewDefinition(
            name=name,
            device_id=device.id,
            verification=verification,
            repeatable=repeatable,
            timeout_us=timeout_s * SECOND_US,
            **about,
        )
        return await self.commands.definitions.create(self.actor, wanted)

    async def execute(self, definition: Definition, expires_in_s: int = 3600) -> int:
        assert definition.device_id is not None
        wanted = ExecutionRequest(definition_id=definition.id, parameters={}, expires_in_us=expires_in_s * SECOND_US)
        return (await self.commands.executions.execute(self.actor, definition.device_id, wanted)).id

    async def look(self, execution_id: int) -> Execution:
        return (await self.commands.executions.get(self.actor, execution_id))[0]

    async def states(self, execution_id: int) -> list[State]:
        return [row.state for row in (await self.commands.executions.get(self.actor, execution_id))[1]]

    async def wait_for(self, execution_id: int, state: State) -> Execution:
        deadline = time.monotonic() + CEILING_S
        while (found := await self.look(execution_id)).state is not state:
            assert time.monotonic() < deadline, f"{found.state}, not {state}: {found.reason}"
            await asyncio.sleep(0.01)
        return found


@asynccontextmanager
async def open_site(folder: Path, clock: Clock | None = None, *, run_workers: bool = True) -> AsyncIterator[Site]:
    """A server over a folder with one organisation, made when it is opened first."""
    config = load_settings(environment={"PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed"})
    async with open_server(DataDir(folder / "data"), config, clock, run_workers=run_workers) as server:
        async with server.database.system_snapshot() as tx:
            found = await tx.organizations.find_by_name("Acme")
        if found is None:
            found = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
        yield Site(server, found.id)
