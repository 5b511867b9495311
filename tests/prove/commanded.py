"""A server and its device in one process that can be killed at any step: `python -m tests.prove.commanded FOLDER STEP`.

Steps are counted in statements to the database, and before and after the moment in which a command reaches the device. The
device writes down what it executed before it acknowledges it, as a careful device does. 0 lets it run to its end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import Acknowledgement, DefinitionFilter, Execution, ExecutionRequest, Transport
from penstock.core.commands.ports import Receipt
from penstock.core.devices.models import DeviceFilter
from penstock.core.idempotency import IdempotencyKey
from tests.support.commands import Line, Site, open_site

NAMES = ("once", "again")
NOTEBOOK = "executed"


class Fuse:
    """Kills the process at the n-th step."""

    def __init__(self, step: int) -> None:
        self._left = step

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        """From now on each statement is a step."""
        call = Session.call

        async def counted(session: Session, use: Callable[[Any], Any]) -> Any:
            self.step()
            return await call(session, use)

        Session.call = counted  # type: ignore[method-assign, assignment]


class Wire(Line):
    """The way to the device, and the device's own notebook at its end."""

    def __init__(self, notebook: Path, fuse: Fuse) -> None:
        super().__init__()
        self._notebook = notebook
        self._fuse = fuse

    async def deliver(self, execution: Execution) -> Receipt:
        self._fuse.step()
        with self._notebook.open("a") as notes:
            notes.write(f"{execution.id} {execution.name}\n")
        self._fuse.step()
        return Receipt()


def executed(folder: Path) -> list[tuple[int, str]]:
    """What the device executed: ids and names, in order."""
    notebook = folder / NOTEBOOK
    lines = notebook.read_text().splitlines() if notebook.exists() else []
    return [(int(line.split()[0]), line.split()[1]) for line in lines]


async def prepare(folder: Path) -> None:
    """Make the device and its two commands, of which one can be done twice."""
    async with open_site(folder) as site:
        device = await site.add_device()
        for name in NAMES:
            await site.define(device, name, repeatable=name == "again")


async def story(site: Site, folder: Path, fuse: Fuse) -> None:
    """Ask for both, let the device connect, execute and acknowledge. What was done before a kill is done on from there."""
    devices = await site.server.devices.list(site.actor, DeviceFilter(), 10, None)
    device = Actor(org_id=site.actor.org_id, kind=ActorKind.DEVICE, id=devices.items[0].id)
    definitions = await site.commands.definitions.list(site.actor, DefinitionFilter(), 10, None)
    by_name = {one.name: one for one in definitions.items}
    wire = Wire(folder / NOTEBOOK, fuse)
    site.commands.dispatcher.register(Transport.MQTT, wire)
    fuse.arm()
    for name in NAMES:
        wanted = ExecutionRequest(definition_id=by_name[name].id, parameters={})
        key = IdempotencyKey(key=name, fingerprint=msgspec.json.encode(name))
        await site.commands.executions.execute(site.actor, device.id, wanted, key)
    wire.connect(site.commands.dispatcher, device)
    await idle(site, device)
    for execution_id in dict.fromkeys(one for one, _ in executed(folder)):
        await site.commands.dispatcher.received(device, execution_id)
        await site.commands.dispatcher.acknowledge(device, execution_id, Acknowledgement(ok=True))


async def idle(site: Site, device: Actor) -> None:
    """Wait until nothing waits and the lanes rest."""
    for _ in range(3_000):
        await asyncio.sleep(0.02)
        if not site.commands.dispatcher.backlog and (await site.commands.executions.queue(site.actor, device.id)).queued == 0:
            return
    raise AssertionError("the queue does not empty")


async def main(folder: Path, step: int) -> None:
    async with open_site(folder) as site:
        await story(site, folder, Fuse(step))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
